"""The times report as tables, for the writers of files."""

from collections.abc import Iterable
from datetime import timedelta

from catalog.limits import LimitDefinition
from core.text import Text
from services.case_measures import Missing
from services.case_tables import ORIGIN_COLUMN, PERIOD_MEANS, filters_document, share
from services.item_times import ItemFigures
from services.rates import Rate
from services.report_tables import (
    Column,
    ColumnKind,
    Fact,
    Labelled,
    ReportFile,
    ReportTable,
    Value,
)
from services.time_spread import Spread
from services.time_words import (
    ACCEPTANCE_LABEL,
    APPLICANT_LABEL,
    CORE_LABEL,
    DEFINITIONS,
    REASONS,
    TO_END_LABEL,
)
from services.times import Bar, CaseFigures, OriginTimes, TimesReport
from workflows.clocks import words_of_limit

TITLE = Text(zh="用时", en="Times")
TABLES = {
    "totals": Text(zh="合计", en="Totals"),
    "outcomes": Text(zh="按结果", en="By outcome"),
    "distribution": Text(zh="核心用时的分布", en="Distribution of T_core"),
    "by_month": Text(zh="按提交的月份", en="By month of submission"),
    "by_item": Text(zh="按事项", en="By item"),
    "by_department": Text(zh="按部门", en="By department"),
    "by_district": Text(zh="按区域", en="By district"),
    "by_channel": Text(zh="按办理渠道", en="By channel"),
    "by_thing": Text(zh="按一件事", en="By one-thing"),
    "delay_reasons": Text(zh="超期原因", en="Reasons for being overdue"),
}
"""Every table by its code, in the order of the page."""
PERIOD = Text(zh="期间怎么算", en="How the period counts")
LONGEST = Text(zh="最长", en="longest")


def report_file(report: TimesReport) -> ReportFile:
    """The times report with every table of its page."""
    case_tables = {
        "by_month": Text(zh="月份", en="Month"),
        "by_district": Text(zh="区域", en="District"),
        "by_channel": Text(zh="办理渠道", en="Channel"),
        "by_thing": Text(zh="一件事", en="One-thing"),
    }
    tables = {
        "totals": _cases("totals", None, [each.total for each in report.origins]),
        "outcomes": _outcomes(report),
        "distribution": _distribution(report),
        **{
            code: _cases(
                code, head, [row for each in report.origins for row in getattr(each, code)]
            )
            for code, head in case_tables.items()
        },
        **{
            code: _items(code, [row for each in report.origins for row in getattr(each, code)])
            for code in ("by_item", "by_department")
        },
        "delay_reasons": _delays(report),
    }
    return ReportFile(
        code="times",
        title=TITLE,
        as_of=report.as_of,
        filters_document=filters_document(report.filters),
        notes=(
            *(Fact("core", CORE_LABEL, words) for _, words in report.core_definitions),
            *(Fact(code, label, words) for code, (label, words) in DEFINITIONS.items()),
            Fact("period", PERIOD, PERIOD_MEANS),
        ),
        tables=tuple(tables[code] for code in TABLES),
        holds_synthetic=any(
            each.origin == "synthetic" and each.total.sent + each.total.drafts
            for each in report.origins
        ),
    )


def limit_words(limit: LimitDefinition | None) -> Text | None:
    """A limit as it is said: 1 个工作日."""
    return words_of_limit(limit.limit) if limit else None


def _count(code: str, zh: str, en: str) -> Column:
    return Column(code, Text(zh=zh, en=en), ColumnKind.COUNT)


def _share(code: str, zh: str, en: str) -> Column:
    return Column(code, Text(zh=zh, en=en), ColumnKind.SHARE)


def _spread_columns(code: str, label: Text) -> tuple[Column, ...]:
    words = Text(zh="{label}：{part}", en="{label}: {part}")
    count = Text(zh="{label}：件数", en="{label}: n").format(label=label)
    parts = (("p50", Text(zh="P50", en="p50")), ("p90", Text(zh="P90", en="p90")))
    return (
        Column(f"{code}_n", count, ColumnKind.COUNT),
        *(
            Column(f"{code}_{part}", words.format(label=label, part=name), ColumnKind.SECONDS)
            for part, name in (*parts, ("longest", LONGEST))
        ),
    )


def _spread_cells(spread: Spread) -> tuple[Value, ...]:
    return (spread.n, *(_seconds(each) for each in (spread.p50, spread.p90, spread.longest)))


def _seconds(length: timedelta | None) -> float | None:
    return length.total_seconds() if length is not None else None


def _part(rate: Rate) -> Value:
    return share(rate.count, rate.of)


def _case_columns() -> tuple[Column, ...]:
    return (
        _count("sent", "已提交", "Sent"),
        _count("ended", "已结束", "Ended"),
        _count("drafts", "草稿", "Drafts"),
        *_spread_columns("core", CORE_LABEL),
        _count("core_within", "核心用时 25 分钟以内", "T_core within 25 minutes"),
        _share("within_of_measured", "占量得到的", "Of those measured"),
        _share("within_of_ended", "占已结束的", "Of those that ended"),
        _share("within_of_sent", "占已提交的", "Of those sent"),
        *_spread_columns("applicant", APPLICANT_LABEL),
        _count("applicant_within", "申请人用时 25 分钟以内", "T_applicant within 25 minutes"),
        *_spread_columns("acceptance", ACCEPTANCE_LABEL),
        _count("on_time", "守诺的办件", "Cases that kept the promise"),
        _count("late", "超期的办件", "Cases that broke it"),
        _share("promise", "在承诺时限内", "Within the promise"),
        *(
            Column(
                f"core_missing_{why}",
                Text(zh="没有核心用时：{why}", en="No T_core: {why}").format(why=words),
                ColumnKind.COUNT,
            )
            for why, words in REASONS.items()
        ),
    )


def _case_cells(row: CaseFigures) -> tuple[Value, ...]:
    return (
        row.sent,
        row.ended,
        row.drafts,
        *_spread_cells(row.core),
        row.core_within,
        _part(row.of_measured),
        _part(row.of_ended),
        _part(row.of_sent),
        *_spread_cells(row.applicant),
        row.applicant_within,
        *_spread_cells(row.acceptance),
        row.on_time,
        row.late,
        _part(row.promise),
        *(row.core_missing[why] for why in Missing),
    )


def _cases(code: str, head: Text | None, rows: Iterable[CaseFigures]) -> ReportTable:
    key = (Column("key", head, ColumnKind.TEXT),) if head else ()
    return ReportTable(
        code=code,
        title=TABLES[code],
        columns=(ORIGIN_COLUMN, *key, *_case_columns()),
        rows=tuple(
            (
                Labelled(row.origin.value, row.origin_label),
                *((Labelled(row.key, row.label),) if head else ()),
                *_case_cells(row),
            )
            for row in rows
        ),
    )


def _outcomes(report: TimesReport) -> ReportTable:
    return ReportTable(
        code="outcomes",
        title=TABLES["outcomes"],
        columns=(
            ORIGIN_COLUMN,
            Column("outcome", Text(zh="结果", en="Outcome"), ColumnKind.TEXT),
            *_spread_columns("to_end", TO_END_LABEL),
        ),
        rows=tuple(
            (
                Labelled(row.origin.value, row.origin_label),
                Labelled(row.outcome.value, row.label),
                *_spread_cells(row.to_end),
            )
            for each in report.origins
            for row in each.outcomes
        ),
    )


def _distribution(report: TimesReport) -> ReportTable:
    return ReportTable(
        code="distribution",
        title=TABLES["distribution"],
        columns=(
            ORIGIN_COLUMN,
            _count("over_minutes", "超过（分钟）", "Over (minutes)"),
            _count("up_to_minutes", "不超过（分钟）", "Up to (minutes)"),
            _count("cases", "办件数", "Cases"),
        ),
        rows=tuple(_bar(each, bar) for each in report.origins for bar in each.distribution),
    )


def _bar(each: OriginTimes, bar: Bar) -> tuple[Value, ...]:
    origin = Labelled(each.origin.value, each.tag)
    return (origin, bar.over_minutes, bar.up_to_minutes, bar.count)


def _delays(report: TimesReport) -> ReportTable:
    return ReportTable(
        code="delay_reasons",
        title=TABLES["delay_reasons"],
        columns=(
            ORIGIN_COLUMN,
            Column("reason", Text(zh="原因", en="Reason"), ColumnKind.TEXT),
            _count("tasks", "分办件数", "Parts of cases"),
            _count("cases", "办件数", "Cases"),
        ),
        rows=tuple(
            (
                Labelled(row.origin.value, row.origin_label),
                Labelled(row.code, row.label),
                row.count,
                row.cases,
            )
            for each in report.origins
            for row in each.delays
        ),
    )


def _items(code: str, rows: Iterable[ItemFigures]) -> ReportTable:
    is_item = code == "by_item"
    head = Text(zh="事项", en="Item") if is_item else Text(zh="部门", en="Department")
    return ReportTable(
        code=code,
        title=TABLES[code],
        columns=(
            ORIGIN_COLUMN,
            Column("key", head, ColumnKind.TEXT),
            *((Column("department", Text(zh="部门", en="Department"), ColumnKind.TEXT),) * is_item),
            *_item_columns(),
        ),
        rows=tuple(
            (
                Labelled(row.origin.value, row.origin_label),
                Labelled(row.key, row.label),
                *((row.department_label,) * is_item),
                *_item_cells(row),
            )
            for row in rows
        ),
    )


def _item_columns() -> tuple[Column, ...]:
    return (
        _count("tasks", "需要办理", "To be done"),
        _count("approved", "办成", "Granted"),
        _count("refused", "不予办理", "Refused"),
        _count("at_once", "其中随上游结果即办", "Of them at once, without a clock"),
        _count("void", "取消", "Cancelled"),
        _count("unfinished", "没有办完", "Not finished"),
        _count("unfinished_late", "其中已超期", "Of them late"),
        *_spread_columns("own", Text(zh="事项用时", en="Own time")),
        Column("limit", Text(zh="承诺时限", en="Promised limit"), ColumnKind.TEXT),
        _count("on_time", "在承诺时限内", "Within the promise"),
        _count("late", "超过承诺时限", "Past the promise"),
        _share("promise", "在承诺时限内的占比", "Share within the promise"),
        Column("by_law", Text(zh="法定时限", en="Statutory limit"), ColumnKind.TEXT),
        _count("lawful", "在法定时限内", "Within the law's limit"),
        _count("unlawful", "超过法定时限", "Past the law's limit"),
        _share("statutory", "在法定时限内的占比", "Share within the law's limit"),
    )


def _item_cells(row: ItemFigures) -> tuple[Value, ...]:
    return (
        row.tasks,
        row.approved,
        row.refused,
        row.at_once,
        row.void,
        row.unfinished,
        row.unfinished_late,
        *_spread_cells(row.own),
        limit_words(row.limit),
        row.on_time,
        row.late,
        _part(row.promise),
        limit_words(row.by_law),
        row.lawful,
        row.unlawful,
        _part(row.statutory),
    )
