"""Every report that can be had as a file, by its code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import NotFoundError
from core.text import Text
from services import entry_tables, report_filters, savings, savings_tables
from services.ledger_scope import Filters
from services.report_tables import ReportFile, ReportTable

NO_REPORT = Text(zh="没有这份报告。", en="There is no such report.")
NO_TABLE = Text(zh="这份报告里没有这张表。", en="This report has no such table.")

DrawUp = Callable[[Session, Filters, datetime], ReportFile]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report: its title, its tables, and how it is drawn up."""

    code: str
    title: Text
    tables: Mapping[str, Text]
    """What it consists of; CSV holds one of these, the first unless another is named."""
    draw_up: DrawUp


def _savings(session: Session, filters: Filters, at: datetime) -> ReportFile:
    return savings_tables.report_file(savings.totals(session, filters, at))


REPORTS: Mapping[str, Report] = {
    report.code: report
    for report in (
        Report(
            code="savings",
            title=savings_tables.TITLE,
            tables=savings_tables.TABLES,
            draw_up=_savings,
        ),
        Report(
            code="entries",
            title=entry_tables.TITLE,
            tables=entry_tables.TABLES,
            draw_up=entry_tables.report_file,
        ),
    )
}


def named(code: str) -> Report:
    """The report called ``code``. Raises `NotFoundError`."""
    report = REPORTS.get(code)
    if report is None:
        raise NotFoundError(NO_REPORT)
    return report


def title(code: str) -> Text:
    """The report's title; its code if there is no such report any more."""
    report = REPORTS.get(code)
    return report.title if report else Text(zh=code, en=code)


def draw_up(session: Session, code: str, filters: Filters, at: datetime) -> ReportFile:
    """The report as of ``at``, bound to ``filters``; its tables are read once, in ``session``.

    Raises `NotFoundError` for a report that does not exist.
    """
    report = named(code).draw_up(session, filters, at)
    if report.filters:
        return report
    return replace(report, filters=report_filters.in_words(session, filters))


def one_table(report: ReportFile, code: str | None) -> ReportTable:
    """The table called ``code``, without a code the first. Raises `NotFoundError`."""
    table = report.table(code or next(iter(named(report.code).tables)))
    if table is None:
        raise NotFoundError(NO_TABLE)
    return table
