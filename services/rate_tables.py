"""The three rates as tables, for the writers of files: none is ever printed without the others."""

from collections.abc import Iterable

from core.text import Text
from services.case_tables import ORIGIN_COLUMN, filters_document, share
from services.ledger_words import ORIGIN_TAGS
from services.rates import DEFINITIONS, Rate, RateRow, RatesReport
from services.report_tables import (
    Column,
    ColumnKind,
    Fact,
    Labelled,
    ReportFile,
    ReportTable,
    Value,
)

TITLE = Text(zh="网办率", en="Online rates")
TABLES = {
    "totals": Text(zh="三个比率", en="The three rates"),
    "by_thing": Text(zh="按一件事", en="By one-thing"),
    "by_department": Text(zh="按部门", en="By department"),
    "items": Text(zh="每一个事项", en="Every item"),
}
"""Every table by its code, in the order of the page."""
ITEMS_OF = Text(zh="事项目录中的事项数", en="Items of the catalogue")
NO_CASES = Text(
    zh="前两个比率按事项目录计算，与数据来源无关；每一行的数据来源指的是第三个比率的办件。",
    en="The first two rates are counted over the catalogue, whatever the origin; the origin of a "
    "row is that of the cases of the third.",
)
CATALOGUE = Labelled("catalogue", Text(zh="事项目录", en="Catalogue"))
ITEM_COLUMNS = (
    ORIGIN_COLUMN,
    Column("thing", Text(zh="一件事", en="One-thing"), ColumnKind.TEXT),
    Column("item", Text(zh="事项", en="Item"), ColumnKind.TEXT),
    Column("department", Text(zh="部门", en="Department"), ColumnKind.TEXT),
    Column("online", Text(zh="可以网上申请", en="Can be applied for online"), ColumnKind.TEXT),
    Column("visits", Text(zh="最少到现场次数", en="Fewest visits"), ColumnKind.COUNT),
    Column("reason", Text(zh="为什么", en="Why"), ColumnKind.TEXT),
    Column("source", Text(zh="依据", en="Rests on"), ColumnKind.TEXT),
)
YES, NO = Text(zh="是", en="yes"), Text(zh="否", en="no")


def report_file(report: RatesReport) -> ReportFile:
    """The rates with the items behind them, by one-thing and by department."""
    return ReportFile(
        code="rates",
        title=TITLE,
        as_of=report.as_of,
        filters_document=filters_document(report.filters),
        notes=tuple(Fact(code, label, text) for code, (label, text) in DEFINITIONS.items()),
        tables=(
            _totals(report),
            _rows("by_thing", report.by_thing),
            _rows("by_department", report.by_department),
            _items(report),
        ),
        holds_synthetic=any(
            each.origin == "synthetic" and each.online_cases.of for each in report.online_cases
        ),
    )


def _columns() -> tuple[Column, ...]:
    label = {code: words for code, (words, _) in DEFINITIONS.items()}
    return (
        Column("online_items", Text(zh="可网上申请的事项", en="Items online"), ColumnKind.COUNT),
        Column("no_visit_items", Text(zh="不用到现场的事项", en="No visit"), ColumnKind.COUNT),
        Column("items", ITEMS_OF, ColumnKind.COUNT),
        Column("online_items_share", label["online_items"], ColumnKind.SHARE),
        Column("no_visit_items_share", label["no_visit_items"], ColumnKind.SHARE),
        Column("online_cases", Text(zh="网上提交的办件", en="Cases online"), ColumnKind.COUNT),
        Column("cases", Text(zh="已提交的办件", en="Cases sent"), ColumnKind.COUNT),
        Column("online_cases_share", label["online_cases"], ColumnKind.SHARE),
    )


def _cells(online: Rate, no_visit: Rate, cases: Rate) -> tuple[Value, ...]:
    return (
        online.count,
        no_visit.count,
        online.of,
        share(online.count, online.of),
        share(no_visit.count, no_visit.of),
        cases.count,
        cases.of,
        share(cases.count, cases.of),
    )


def _totals(report: RatesReport) -> ReportTable:
    return ReportTable(
        code="totals",
        title=TABLES["totals"],
        columns=(ORIGIN_COLUMN, *_columns()),
        rows=tuple(
            (
                Labelled(each.origin.value, ORIGIN_TAGS[each.origin]),
                *_cells(report.online_items, report.no_visit_items, each.online_cases),
            )
            for each in report.online_cases
        ),
        note=NO_CASES,
    )


def _rows(code: str, rows: Iterable[RateRow]) -> ReportTable:
    head = Column("key", Text(zh="分组", en="Group"), ColumnKind.TEXT)
    return ReportTable(
        code=code,
        title=TABLES[code],
        columns=(ORIGIN_COLUMN, head, *_columns()),
        rows=tuple(
            (
                Labelled(row.origin.value, row.origin_label),
                Labelled(row.key, row.label),
                *_cells(row.online_items, row.no_visit_items, row.online_cases),
            )
            for row in rows
        ),
        note=NO_CASES,
    )


def _items(report: RatesReport) -> ReportTable:
    return ReportTable(
        code="items",
        title=TABLES["items"],
        columns=ITEM_COLUMNS,
        rows=tuple(
            (
                CATALOGUE,
                Labelled(line.thing_code, line.thing_title),
                Labelled(line.item_code, line.title),
                Labelled(line.department_code, line.department_label),
                Labelled("yes", YES) if line.is_online else Labelled("no", NO),
                line.visit_count,
                line.reason,
                line.source,
            )
            for line in report.items
        ),
    )
