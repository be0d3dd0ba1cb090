"""The parameters of the figures as one reads them: price lists, burden prices, baselines."""

from catalog.burden_prices import BurdenPrice
from core.text import Text
from models.ledger import Commodity
from services.ledger_words import COMMODITIES, quantity_words
from services.report_tables import Fact
from services.savings_basis import BaselineUse, TariffUse

TARIFF = Text(zh="价目 {code} 第 {version} 版", en="Tariff {code}, version {version}")
TARIFF_WORDS = Text(
    zh="市场价 {market}，合同价 {contract}，自 {day} 起；来源：{source}",
    en="Market price {market}, contract price {contract}, from {day}. Source: {source}",
)
PRICE = Text(zh="负担单价：{unit}（第 {version} 版）", en="Burden price: {unit}, version {version}")
PRICE_WORDS = Text(
    zh="低 {low}，中 {central}，高 {high}，截至 {day}；来源：{source}",
    en="Low {low}, central {central}, high {high}, as of {day}. Source: {source}",
)
BASELINE = Text(
    zh="基准：{item}，{line}（{thing}第 {version} 版）",
    en="Baseline: {item}, {line} ({thing}, version {version})",
)
BASELINE_WORDS = Text(
    zh="基准 {baseline}（{baseline_day}，{baseline_source}）；实际 {actual}（{actual_day}，"
    "{actual_source}）",
    en="Baseline {baseline} ({baseline_day}: {baseline_source}); actual {actual} "
    "({actual_day}: {actual_source})",
)


def tariff_fact(use: TariffUse) -> Fact:
    """One version of a price list, with both prices, its first day and its source."""
    return Fact(
        f"tariff.{use.code}.{use.version}",
        TARIFF.format(code=use.code, version=use.version),
        TARIFF_WORDS.format(
            market=_yuan(use.market_price_fen),
            contract=_yuan(use.contract_price_fen),
            day=use.valid_from.isoformat(),
            source=use.source,
        ),
    )


def price_fact(price: BurdenPrice, version: int) -> Fact:
    """What a minute, a trip or a page is reckoned at, with its source."""
    return Fact(
        f"burden_price.{price.commodity}.{version}",
        PRICE.format(unit=COMMODITIES[Commodity(price.commodity)], version=version),
        PRICE_WORDS.format(
            low=_yuan(price.low_fen),
            central=_yuan(price.central_fen),
            high=_yuan(price.high_fen),
            day=price.as_of.isoformat(),
            source=price.source,
        ),
    )


def baseline_fact(use: BaselineUse) -> Fact:
    """Baseline and actual of a burden line, each with its day and source."""
    line, commodity = use.line, Commodity(use.line.commodity)
    return Fact(
        f"baseline.{use.definition_hash[:12]}.{use.item_code}.{line.code}",
        BASELINE.format(
            item=use.item_title, line=line.title, thing=use.thing_title, version=use.thing_version
        ),
        BASELINE_WORDS.format(
            baseline=quantity_words(commodity, line.baseline.amount),
            baseline_day=line.baseline.as_of.isoformat(),
            baseline_source=line.baseline.source,
            actual=quantity_words(commodity, line.actual.amount),
            actual_day=line.actual.as_of.isoformat(),
            actual_source=line.actual.source,
        ),
    )


def _yuan(fen: int) -> Text:
    return quantity_words(Commodity.CNY, fen)
