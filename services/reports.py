"""Every report that can be had as a file, by its code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import NotFoundError
from core.text import Text
from services import entry_tables, rate_tables, rates, savings, savings_tables, time_tables, times
from services.case_scope import CaseFilters
from services.ledger_scope import Filters
from services.report_filters import OF_CASES, OF_LEDGER, Filtering, Kind
from services.report_tables import Fact, ReportFile, ReportTable
from workflows.permissions import Actor

NO_REPORT = Text(zh="没有这份报告。", en="There is no such report.")
NO_TABLE = Text(zh="这份报告里没有这张表。", en="This report has no such table.")


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundReport:
    """A report bound to filters, and to what its reader may see."""

    district_codes: tuple[str, ...] | None
    """Which districts it speaks of; None for all."""
    draw_up: Callable[[Session, datetime], ReportFile]
    """The report as of an instant; its tables are read once, in the same session.

    Raises `RuleViolatedError` for a filter that names nothing in the database.
    """


Bind = Callable[[Actor, Mapping[str, str], datetime], BoundReport]
Tell = Callable[[Session, Mapping[str, str]], tuple[Fact, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report: its title, its tables, and how it is bound and drawn up."""

    code: str
    title: Text
    tables: Mapping[str, Text]
    """What it consists of; CSV holds one of these, the first unless another is named."""
    bind: Bind
    """Raises `RuleViolatedError` and `NotPermittedError`."""
    in_words: Tell
    """Filters as typed, as one reads them."""


def _bind(
    filtering: Filtering[Kind], draw_up: Callable[[Session, Kind, datetime], ReportFile]
) -> Bind:
    """How filters as typed become a report of what somebody may see."""

    def bind(actor: Actor, typed: Mapping[str, str], at: datetime) -> BoundReport:
        filters = filtering.narrowed(actor, typed, at)

        def drawn(session: Session, at: datetime) -> ReportFile:
            filtering.require(session, filters)
            report = draw_up(session, filters, at)
            return replace(report, filters=report.filters or filtering.tell(session, filters))

        return BoundReport(district_codes=filters.district_codes, draw_up=drawn)

    return bind


def _savings(session: Session, filters: Filters, at: datetime) -> ReportFile:
    return savings_tables.report_file(savings.totals(session, filters, at))


def _times(session: Session, filters: CaseFilters, at: datetime) -> ReportFile:
    return time_tables.report_file(times.times(session, filters, at))


def _rates(session: Session, filters: CaseFilters, at: datetime) -> ReportFile:
    return rate_tables.report_file(rates.rates(session, filters, at))


REPORTS: Mapping[str, Report] = {
    report.code: report
    for report in (
        Report(
            code="savings",
            title=savings_tables.TITLE,
            tables=savings_tables.TABLES,
            bind=_bind(OF_LEDGER, _savings),
            in_words=OF_LEDGER.in_words,
        ),
        Report(
            code="entries",
            title=entry_tables.TITLE,
            tables=entry_tables.TABLES,
            bind=_bind(OF_LEDGER, entry_tables.report_file),
            in_words=OF_LEDGER.in_words,
        ),
        Report(
            code="times",
            title=time_tables.TITLE,
            tables=time_tables.TABLES,
            bind=_bind(OF_CASES, _times),
            in_words=OF_CASES.in_words,
        ),
        Report(
            code="rates",
            title=rate_tables.TITLE,
            tables=rate_tables.TABLES,
            bind=_bind(OF_CASES, _rates),
            in_words=OF_CASES.in_words,
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


def one_table(report: ReportFile, code: str | None) -> ReportTable:
    """The table called ``code``, without a code the first. Raises `NotFoundError`."""
    table = report.table(code or next(iter(named(report.code).tables)))
    if table is None:
        raise NotFoundError(NO_TABLE)
    return table
