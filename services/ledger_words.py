"""What the savings ledger's codes mean, in words: accounts, payers, origins, makers."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import registry
from core.text import Text
from models.case import Origin
from models.definition import Maker
from models.ledger import Commodity
from services.door.posting import (
    BENEFITS_GRANTED,
    BURDEN_AVOIDED,
    BURDEN_BASELINE,
    CASH_AVOIDED,
    PUBLIC_COST,
)

PUBLIC_BUDGET = "public_budget"

ACCOUNTS: Mapping[str, Text] = {
    CASH_AVOIDED: Text(zh="申请人少付的现金", en="Cash avoided by applicants"),
    BENEFITS_GRANTED: Text(zh="公共财政给予的实惠", en="Benefits granted by the public budget"),
    PUBLIC_COST: Text(zh="公共财政支出", en="Cost to the public budget"),
    BURDEN_AVOIDED: Text(zh="申请人少花的办事负担", en="Burden that applicants are spared"),
    BURDEN_BASELINE: Text(zh="逐项单独办理的负担（基准）", en="Burden item by item (baseline)"),
}
COMMODITIES: Mapping[Commodity, Text] = {
    Commodity.CNY: Text(zh="金额（元）", en="Money (yuan)"),
    Commodity.MINUTE: Text(zh="填表时间（分钟）", en="Filling in forms (minutes)"),
    Commodity.TRIP: Text(zh="跑动（次）", en="Trips"),
    Commodity.PAGE: Text(zh="复印件（页）", en="Copies (pages)"),
}
"""What is counted, each by itself, for the head of a column."""
UNITS: Mapping[Commodity, tuple[str, str, str]] = {
    Commodity.MINUTE: ("分钟", "minute", "minutes"),
    Commodity.TRIP: ("次", "trip", "trips"),
    Commodity.PAGE: ("页", "page", "pages"),
}
DEMONSTRATION = Text(zh="{title}（演示）", en="{title} (demonstration)")
MAKER_PAYABLE = Text(zh="应付刻章企业：{maker}", en="Payable to the seal maker {maker}")
PAYERS: Mapping[str, Text] = {PUBLIC_BUDGET: Text(zh="公共财政", en="the public budget")}
ORIGINS: Mapping[Origin, Text] = {
    Origin.LIVE: Text(zh="在本系统办理的办件", en="Cases handled in this system"),
    Origin.SYNTHETIC: Text(
        zh="演示数据（合成，不是实际办件）", en="Demonstration data (synthetic, not real cases)"
    ),
    Origin.IMPORTED: Text(zh="导入的历史数据", en="Imported records of earlier cases"),
}
ORIGIN_TAGS: Mapping[Origin, Text] = {
    Origin.LIVE: Text(zh="本系统办理", en="Handled here"),
    Origin.SYNTHETIC: Text(zh="演示（合成）", en="Synthetic"),
    Origin.IMPORTED: Text(zh="历史导入", en="Imported"),
}
"""The same, short, for a table."""


def maker_names(session: Session) -> dict[str, Text]:
    """The name of every recorded seal maker, by code."""
    rows = session.execute(select(Maker.code, Maker.name))
    return {row.code: Text(zh=str(row.name["zh"]), en=str(row.name["en"])) for row in rows}


def account_label(account: str, makers: Mapping[str, Text]) -> Text:
    """The words for an account code; an unknown code speaks for itself."""
    if account in ACCOUNTS:
        return ACCOUNTS[account]
    kind, _, rest = account.partition(":")
    if kind == "makers":
        code = rest.partition(":")[0]
        return MAKER_PAYABLE.format(maker=maker_label(code, makers))
    return Text(zh=account, en=account)


def maker_label(code: str, makers: Mapping[str, Text]) -> Text:
    """The maker's name, or its code if no such maker is recorded."""
    return makers.get(code) or Text(zh=code, en=code)


def quantity_words(commodity: Commodity, amount: int) -> Text:
    """An amount with its unit: yuan, minutes, trips or pages."""
    if commodity is Commodity.CNY:
        sign, yuan, fen = "-" if amount < 0 else "", *divmod(abs(amount), 100)
        return Text(zh=f"{sign}¥{yuan:,}.{fen:02}", en=f"{sign}¥{yuan:,}.{fen:02}")
    chinese, one, several = UNITS[commodity]
    unit = one if abs(amount) == 1 else several
    return Text(zh=f"{amount:,} {chinese}", en=f"{amount:,} {unit}")


def fund_label(code: str) -> Text:
    """The fund's title, marked if it is made up for the demonstration; or its code."""
    fund = registry.catalogue().funds.get(code)
    if fund is None:
        return Text(zh=code, en=code)
    return DEMONSTRATION.format(title=fund.title) if fund.is_demonstration else fund.title


def payer_label(code: str) -> Text:
    """The words for who bears an amount."""
    return PAYERS.get(code) or Text(zh=code, en=code)
