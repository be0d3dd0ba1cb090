"""``flask report times`` and ``flask report rates``: the auditor's pages on a terminal."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta

import click
from flask import current_app
from flask.cli import with_appcontext

from commands.failures import words
from commands.report_files import FORMS, also_as_file
from core.clock import CIVIL_ZONE, now
from core.database import Database
from core.errors import RuleViolatedError
from core.text import Text
from services import rate_tables, rates, report_json, time_tables, times
from services.case_scope import NAMES, CaseFilters, read_case_filters
from services.item_times import ItemFigures
from services.rates import Rate, RatesReport
from services.report_tables import ReportFile
from services.time_spread import Spread
from services.time_words import DEFINITIONS, REASONS, short_words
from services.times import CaseFigures, OriginTimes, TimesReport

HELP = {
    "from": "从哪一天提交起，如 2026-09-01 / Sent from this day on.",
    "to": "到哪一天提交止（含） / Sent up to and including this day.",
    "thing": "一件事代码 / Code of a one-thing.",
    "item": "事项代码 / Code of an item.",
    "district": "区域代码，如 620102-gx / District code.",
    "channel": "online 或 window / Channel.",
    "origin": "live、synthetic 或 imported / Origin.",
}
Command = Callable[..., None]


def with_filters(command: Command) -> Command:
    """The options of both commands: the page's filters and the format."""
    for name in reversed(NAMES):
        command = click.option(f"--{name}", f"{name}_typed", help=HELP[name])(command)
    return click.option(
        "--format",
        "form",
        type=click.Choice(FORMS),
        default="text",
        help="文字、JSON，或写成文件 / Words, JSON, or a file.",
    )(command)


@click.command("times")
@with_filters
@with_appcontext
@also_as_file("times")
def times_command(form: str, **typed: str | None) -> None:
    """办件用时：T_core、T_applicant、各事项 / How long cases and items took."""
    filters = _filters(typed)
    database: Database = current_app.extensions["database"]
    with database.snapshot() as session:
        report = times.times(session, filters, now())
    _tell(form, time_tables.report_file(report), _times_lines(report))


@click.command("rates")
@with_filters
@with_appcontext
@also_as_file("rates")
def rates_command(form: str, **typed: str | None) -> None:
    """可网办率、全程网办率、网上办件率 / What can be done online, and what is."""
    filters = _filters(typed)
    database: Database = current_app.extensions["database"]
    with database.snapshot() as session:
        report = rates.rates(session, filters, now())
    _tell(form, rate_tables.report_file(report), _rates_lines(report))


def _tell(form: str, file: ReportFile, lines: Iterable[str]) -> None:
    if form == "json":
        click.echo(json.dumps(report_json.document(file), ensure_ascii=False, indent=2))
        return
    drawn_up = file.as_of.astimezone(CIVIL_ZONE).strftime("%Y-%m-%d %H:%M:%S")
    click.echo(f"{_both(file.title)}    {drawn_up} （北京时间 / Beijing time）")
    for line in lines:
        click.echo(line)


def _filters(typed: Mapping[str, str | None]) -> CaseFilters:
    filters, problems = read_case_filters(
        {name.removesuffix("_typed"): value for name, value in typed.items()}
    )
    if problems:
        refusal = RuleViolatedError(problems)
        lines = [f"--{each.path}: {_both(each.sentence)}" for each in problems]
        raise click.ClickException("\n".join([words(refusal), *lines]))
    return filters


def _times_lines(report: TimesReport) -> Iterator[str]:
    for each in report.origins:
        yield ""
        yield f"[{_both(each.label)}]"
        yield from _total_lines(each.total)
        yield from _outcome_lines(each)
        yield from _item_lines(each.by_item)
        yield f"  {_both(time_tables.TABLES['by_month'])}"
        for row in each.by_month:
            yield f"    {row.key}: {_spread(row.core)}    {_rate(row.of_measured)}"
    yield ""
    for thing, definition in report.core_definitions:
        yield from _definition(thing, definition)
    for label, definition in DEFINITIONS.values():
        yield from _definition(label, definition)


def _total_lines(total: CaseFigures) -> Iterator[str]:
    yield (
        f"  已提交 / sent: {total.sent:,}    已结束 / ended: {total.ended:,}"
        f"    草稿 / drafts: {total.drafts:,}"
    )
    for name, spread, missing in (
        ("T_core", total.core, total.core_missing),
        ("T_applicant", total.applicant, total.applicant_missing),
    ):
        yield f"  {name}: {_spread(spread)}"
        yield "    没有 / none: " + "; ".join(
            f"{_both(REASONS[why])} {count:,}" for why, count in missing.items()
        )
    yield f"  等待受理 / waiting for acceptance: {_spread(total.acceptance)}"
    for label, rate in (
        ("占量得到的 / of those measured", total.of_measured),
        ("占已结束的 / of those that ended", total.of_ended),
        ("占已提交的 / of those sent", total.of_sent),
    ):
        yield f"  T_core 25 分钟以内 / within 25 minutes, {label}: {_rate(rate)}"
    yield f"  在承诺时限内 / within the promise: {_rate(total.promise)}"


def _outcome_lines(each: OriginTimes) -> Iterator[str]:
    yield f"  {_both(time_tables.TABLES['outcomes'])}"
    for row in each.outcomes:
        if row.to_end.n:
            yield f"    {_both(row.label)}: {_spread(row.to_end)}"


def _item_lines(rows: Iterable[ItemFigures]) -> Iterator[str]:
    yield f"  {_both(time_tables.TABLES['by_item'])}"
    for row in rows:
        yield (
            f"    {_both(row.label)}: {_spread(row.own)}    "
            f"承诺 / promise: {_rate(row.promise)}    法定 / by law: {_rate(row.statutory)}"
        )


def _rates_lines(report: RatesReport) -> Iterator[str]:
    label = {code: _both(words_of) for code, (words_of, _) in rates.DEFINITIONS.items()}
    yield f"  {label['online_items']}: {_rate(report.online_items)}"
    yield f"  {label['no_visit_items']}: {_rate(report.no_visit_items)}"
    for each in report.online_cases:
        yield f"  {label['online_cases']} [{_both(each.label)}]: {_rate(each.online_cases)}"
    for line in report.with_visits:
        reason = f"    {_both(line.reason)}" if line.reason else ""
        yield f"  × {_both(line.title)}{reason}"
    yield ""
    for words_of, definition in rates.DEFINITIONS.values():
        yield from _definition(words_of, definition)


def _definition(label: Text, definition: Text) -> Iterator[str]:
    yield f"  {_both(label)}"
    yield f"      {definition.zh}"
    yield f"      {definition.en}"


def _spread(spread: Spread) -> str:
    return (
        f"P50 {_length(spread.p50)}  P90 {_length(spread.p90)}"
        f"  max {_length(spread.longest)}  n = {spread.n:,}"
    )


def _length(length: timedelta | None) -> str:
    return "—" if length is None else short_words(length).en


def _rate(rate: Rate) -> str:
    part = "—" if rate.share is None else f"{float(rate.share):.2%}"
    return f"{part} ({rate.count:,}/{rate.of:,})"


def _both(text: Text) -> str:
    return f"{text.zh} / {text.en}"
