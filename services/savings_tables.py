"""The savings report as tables, for the writers of files."""

from collections.abc import Iterable

from core.text import Text
from services.ledger_documents import NEVER_ADDED, period_document
from services.ledger_words import ORIGIN_TAGS
from services.report_tables import (
    ORIGIN,
    Column,
    ColumnKind,
    Fact,
    Labelled,
    ReportFile,
    ReportTable,
)
from services.savings import DEFINITIONS, Row, SavingsReport

TITLE = Text(zh="节省账", en="Savings")
BY_MONTH = Text(zh="按月", en="By month")
BY_DISTRICT = Text(zh="按区域", en="By district")
BY_MAKER = Text(zh="按刻章企业", en="By seal maker")
TOTALS = Text(zh="合计", en="Totals")
MONTH = Text(zh="月份", en="Month")
DISTRICT = Text(zh="区域", en="District")
MAKER = Text(zh="刻章企业", en="Seal maker")
ORIGIN_COLUMN = Column(ORIGIN, Text(zh="数据来源", en="Origin"), ColumnKind.TEXT)
FIGURES = (
    Column("entities", DEFINITIONS["entities"][0], ColumnKind.COUNT),
    Column("seals", DEFINITIONS["seals"][0], ColumnKind.COUNT),
    Column("cash_avoided_fen", DEFINITIONS["cash_avoided"][0], ColumnKind.FEN),
    Column("public_cost_fen", DEFINITIONS["public_cost"][0], ColumnKind.FEN),
    Column("n", Text(zh="账目行数", en="Ledger lines"), ColumnKind.COUNT),
)
TABLES = {
    "totals": TOTALS,
    "by_month": BY_MONTH,
    "by_district": BY_DISTRICT,
    "by_maker": BY_MAKER,
}
ADDED = Text(zh="相加", en="Adding")


def report_file(report: SavingsReport) -> ReportFile:
    """The savings report with every table of its page."""
    return ReportFile(
        code="savings",
        title=TITLE,
        as_of=report.as_of,
        filters_document=period_document(report.filters),
        notes=(
            *(Fact(code, label, text) for code, (label, text) in DEFINITIONS.items()),
            Fact("never_added", ADDED, NEVER_ADDED),
        ),
        tables=(
            _totals(report),
            _table("by_month", MONTH, report.by_month),
            _table("by_district", DISTRICT, report.by_district),
            _table("by_maker", MAKER, report.by_maker),
        ),
        holds_synthetic=any(each.origin == "synthetic" for each in report.totals),
    )


def _totals(report: SavingsReport) -> ReportTable:
    return ReportTable(
        code="totals",
        title=TABLES["totals"],
        columns=(ORIGIN_COLUMN, *FIGURES),
        rows=tuple(
            (
                Labelled(each.origin.value, ORIGIN_TAGS[each.origin]),
                each.entities.value,
                each.seals.value,
                each.cash_avoided.value,
                each.public_cost.value,
                each.cash_avoided.n,
            )
            for each in report.totals
        ),
    )


def _table(code: str, head: Text, rows: Iterable[Row]) -> ReportTable:
    return ReportTable(
        code=code,
        title=TABLES[code],
        columns=(ORIGIN_COLUMN, Column("key", head, ColumnKind.TEXT), *FIGURES),
        rows=tuple(
            (
                Labelled(row.origin.value, row.origin_label),
                Labelled(row.key, row.label),
                row.entities,
                row.seals,
                row.cash_avoided_fen,
                row.public_cost_fen,
                row.n,
            )
            for row in rows
        ),
    )
