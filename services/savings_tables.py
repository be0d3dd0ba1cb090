"""The savings report as tables, for the writers of files."""

from collections.abc import Iterator

from core.text import Text
from models.case import Origin
from models.ledger import Commodity
from services.basis_words import baseline_fact, price_fact, tariff_fact
from services.ledger_documents import NEVER_ADDED, period_document
from services.ledger_words import COMMODITIES, ORIGIN_TAGS, ORIGINS
from services.report_tables import (
    ORIGIN,
    Checksum,
    Column,
    ColumnKind,
    Fact,
    Labelled,
    ReportFile,
    ReportTable,
    Value,
)
from services.savings import DEFINITIONS, OriginTotals, Row, SavingsReport
from services.savings_dimensions import HEADS, TITLES, Dimension

TITLE = Text(zh="节省账", en="Savings")
TOTALS = Text(zh="合计", en="Totals")
ORIGIN_COLUMN = Column(ORIGIN, Text(zh="数据来源", en="Origin"), ColumnKind.TEXT)
FIGURES = (
    Column("entities", DEFINITIONS["entities"][0], ColumnKind.COUNT),
    Column("seals", DEFINITIONS["seals"][0], ColumnKind.COUNT),
    Column("cash_avoided_fen", DEFINITIONS["cash_avoided"][0], ColumnKind.FEN),
    Column("public_cost_fen", DEFINITIONS["public_cost"][0], ColumnKind.FEN),
    Column("n", Text(zh="金额账目行数", en="Ledger rows of money"), ColumnKind.COUNT),
    Column("minutes", COMMODITIES[Commodity.MINUTE], ColumnKind.QUANTITY),
    Column("trips", COMMODITIES[Commodity.TRIP], ColumnKind.QUANTITY),
    Column("pages", COMMODITIES[Commodity.PAGE], ColumnKind.QUANTITY),
    Column("burden_low_fen", Text(zh="负担估算（低）", en="Burden, low"), ColumnKind.FEN),
    Column("burden_central_fen", Text(zh="负担估算（中）", en="Burden, central"), ColumnKind.FEN),
    Column("burden_high_fen", Text(zh="负担估算（高）", en="Burden, high"), ColumnKind.FEN),
    Column("burden_n", Text(zh="负担账目行数", en="Ledger rows of burden"), ColumnKind.COUNT),
)
TABLES = {
    "totals": TOTALS,
    **{f"by_{dimension.value}": title for dimension, title in TITLES.items()},
}
"""Every table that the report consists of."""
ADDED = Text(zh="相加", en="Adding")
NO_PARTS_OF_BURDEN = Text(
    zh="办事负担没有刻章企业和资金来源，不按此分列。",
    en="Burden has neither seal maker nor fund, and stands in a row of its own.",
)
CHECKSUM_LABEL = Text(zh="{figure}（{origin}）", en="{figure} ({origin})")


def report_file(report: SavingsReport) -> ReportFile:
    """The savings report with its totals and a table per dimension that it breaks down."""
    return ReportFile(
        code="savings",
        title=TITLE,
        as_of=report.as_of,
        filters_document=period_document(report.filters),
        notes=(
            *(Fact(code, label, text) for code, (label, text) in DEFINITIONS.items()),
            Fact("never_added", ADDED, NEVER_ADDED),
        ),
        parameters=tuple(_parameters(report)),
        checksums=tuple(_checksums(report)),
        tables=(_totals(report), *(_table(report, each) for each in report.parts)),
        holds_synthetic=any(
            each.origin is Origin.SYNTHETIC and not each.is_empty for each in report.totals
        ),
    )


def _parameters(report: SavingsReport) -> Iterator[Fact]:
    basis = report.basis
    yield from (tariff_fact(each) for each in basis.tariffs)
    yield from (price_fact(each, basis.prices.version) for each in basis.prices.prices)
    yield from (baseline_fact(each) for each in basis.baselines)


def _checksums(report: SavingsReport) -> Iterator[Checksum]:
    for totals in report.totals:
        for each in (totals.cash_avoided, totals.public_cost, totals.burden):
            yield Checksum(
                code=f"{totals.origin.value}.{each.code}",
                label=CHECKSUM_LABEL.format(figure=each.label, origin=ORIGINS[totals.origin]),
                sha256=each.rows.sha256,
                n=each.rows.n,
            )


def _totals(report: SavingsReport) -> ReportTable:
    return ReportTable(
        code="totals",
        title=TOTALS,
        columns=(ORIGIN_COLUMN, *FIGURES),
        rows=tuple((_origin(each.origin), *_total(each)) for each in report.totals),
        note=NEVER_ADDED,
    )


def _total(totals: OriginTotals) -> tuple[Value, ...]:
    burden = totals.burden
    return (
        totals.entities.value,
        totals.seals.value,
        totals.cash_avoided.value,
        totals.public_cost.value,
        totals.cash_avoided.n + totals.public_cost.n,
        burden.minutes,
        burden.trips,
        burden.pages,
        burden.estimate.low_fen,
        burden.estimate.central_fen,
        burden.estimate.high_fen,
        burden.n,
    )


def _table(report: SavingsReport, dimension: Dimension) -> ReportTable:
    return ReportTable(
        code=f"by_{dimension.value}",
        title=TITLES[dimension],
        columns=(ORIGIN_COLUMN, Column("key", HEADS[dimension], ColumnKind.TEXT), *FIGURES),
        rows=tuple(
            (_origin(row.origin), Labelled(row.key, row.label), *_figures(row))
            for row in report.parts[dimension]
        ),
        note=NO_PARTS_OF_BURDEN if dimension.is_of_money else None,
    )


def _figures(row: Row) -> tuple[Value, ...]:
    return (
        row.entities,
        row.seals,
        row.cash_avoided_fen,
        row.public_cost_fen,
        row.n,
        row.minutes,
        row.trips,
        row.pages,
        row.estimate.low_fen,
        row.estimate.central_fen,
        row.estimate.high_fen,
        row.burden_n,
    )


def _origin(origin: Origin) -> Labelled:
    return Labelled(origin.value, ORIGIN_TAGS[origin])
