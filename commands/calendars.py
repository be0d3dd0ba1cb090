"""``flask calendar``: count a date and say why, list and import the calendars of offices."""

from datetime import datetime
from itertools import pairwise
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import ProgrammingError

from catalog import working_days
from catalog.working_days import read_days, read_slots
from commands.failures import lacks_tables
from core.clock import CIVIL_ZONE, now
from core.database import Database
from core.errors import NotFoundError, Problem, RuleViolatedError
from core.text import CHINESE, LOCALES, Text
from services import calendar_changes, calendar_impact, calendars, due_reasons
from services.calendar_changes import Change
from workflows.calendar import MAXIMUM_DAYS, NATIONAL, WorkingCalendar
from workflows.clocks import ClockEvent, ClockEventKind, Limit, Unit
from workflows.permissions import ENGINE_ACTOR, Actor, Grant, Role

cli = AppGroup("calendar", help="工作日历 / Working calendars.")

UNITS = tuple(unit.value for unit in Unit)
MOST_DAYS = MAXIMUM_DAYS // 4
"""A limit of so many days, moved and paused, still ends within what a calendar counts."""
MOST_MINUTES = MOST_DAYS * 24 * 60 // 4

WRONG_INSTANT = Text(
    zh="{option} 的“{typed}”不是日期，请写成 2026-09-18，或带时刻 2026-09-18T10:00（北京时间）。",
    en='"{typed}" in {option} is no date; write 2026-09-18, or with the time 2026-09-18T10:00 '
    "(Beijing time).",
)
FIRST_YEAR, LAST_YEAR = 1950, 2200
WRONG_YEAR = Text(
    zh="{option} 应在 {first} 年到 {last} 年之间。",
    en="{option} should lie between {first} and {last}.",
)
WRONG_LIMIT = Text(
    zh="{option} 应为 1 到 {most} 的整数。",
    en="{option} should be a whole number from 1 to {most}.",
)
WRONG_UNIT = Text(zh="--unit 应为 {units} 之一。", en="--unit should be one of {units}.")
WRONG_PAUSE = Text(
    zh="--pause 的“{typed}”应写成 2026-09-21..2026-09-23，先开始、后恢复；"
    "还没恢复的写 2026-09-21..。",
    en='"{typed}" in --pause should read 2026-09-21..2026-09-23, begun before resumed; one that '
    "goes on reads 2026-09-21.. .",
)
WRONG_ORDER = Text(
    zh="暂停须在开始计时之后，一段一段先后分开。",
    en="Pauses come after the start, one after the other.",
)
WRONG_LANGUAGE = Text(zh="--language 应为 zh 或 en。", en="--language should be zh or en.")
ONE_YEAR = Text(
    zh="文件里须有日子，而且都在同一年；几年的请分成几个文件。",
    en="The file has days, all of one year; make a file for each year.",
)
NO_TEXT = Text(
    zh="文件不是 UTF-8 或 GB 18030 的文本。", en="The file is no text in UTF-8 or GB 18030."
)
IMPACT = Text(
    zh="正在办理的事项 {all} 项，到期时间会变的 {moving} 项：推迟 {later} 项，提前 {earlier} 项，"
    "由暂定变为确定 {firm} 项。",
    en="Open parts of cases: {all}; due dates that change: {moving}; later: {later}, earlier: "
    "{earlier}, no longer provisional: {firm}.",
)
ASK = Text(zh="现在公布？公布以后不能撤回", en="Publish now? It cannot be taken back")
OPERATOR = Actor(id=ENGINE_ACTOR.id, name="", grants=(Grant(role=Role.ADMINISTRATOR),))
"""Whoever may run commands on this machine; no account is behind it."""
TOO_FAR = Text(
    zh="这个时限在 {most} 天之内不会到期，请检查时限和暂停。",
    en="This limit does not end within {most} days; check the limit and the pauses.",
)


@cli.command("due")
@click.option("--from", "from", required=True, help="收到的日期或时刻 / Day or time received.")
@click.option("--limit", required=True, help="时限的数量 / How much.")
@click.option("--unit", default=Unit.WORKING_DAYS.value, help=", ".join(UNITS))
@click.option("--office", default=NATIONAL, help="机关，如 620102-gx/tax / Office.")
@click.option("--pause", "pauses", multiple=True, metavar="FROM..TO", help="暂停，可多次 / Pause.")
@click.option("--extend", "extra", help="延长，单位同时限 / Extension, in the limit's own unit.")
@click.option("--language", default=CHINESE, help="zh | en")
def due_command(
    pauses: tuple[str, ...], extra: str | None, office: str, language: str, **typed: str
) -> None:
    """算出到期日，逐行说明理由 / When a limit ends, then why, line by line."""
    wanted = _limit(typed["limit"], typed["unit"])
    if language not in LOCALES:
        raise _wrong("language", WRONG_LANGUAGE)
    calendar = _calendar_of(office)
    events = _events(typed["from"], pauses, _extra(extra, wanted), calendar)
    try:
        found = due_reasons.explain(events, wanted, calendar)
    except ValueError as error:
        raise _wrong("limit", TOO_FAR.format(most=MAXIMUM_DAYS)) from error
    click.echo(found.last_day if found.is_in_days else f"{found.last_day} {found.clock}")
    for line in found.lines:
        click.echo(line.to(language))


@cli.command("list")
def list_command() -> None:
    """列出各机关已公布的工作日历 / Published calendars of every office, newest first."""
    with _database().snapshot() as session:
        found = calendars.versions(session)
    for version in found:
        published = version.published_at.astimezone(CIVIL_ZONE).strftime("%Y-%m-%d %H:%M")
        name = calendars.office_name(version.office)
        click.echo(
            f"{version.office:<24} {version.version:<14} {published}  {version.hash.hex()[:12]}  "
            f"{name.zh} / {name.en}"
        )


@cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--office", default=NATIONAL, help="机关，如 620102-gx/tax / Office.")
@click.option("--hours", help="周一至周五的办公时段，如 09:00-12:00 13:30-17:30 / Office hours.")
@click.option("--yes", is_flag=True, help="看过影响后直接公布，不再询问 / Publish without asking.")
def import_command(file: Path, office: str, hours: str | None, *, yes: bool) -> None:
    """读入一年的日子，看过影响后公布 / Take in the days of one year; publish after a look.

    FILE is CSV: day, is_working_day (yes or no), name_zh, name_en, source, slots.
    """
    days = read_days(_text(file))
    years = {entry.day.year for entry in days}
    if len(years) != 1:
        raise _wrong("file", ONE_YEAR)
    with _database().snapshot() as session:
        base = calendar_changes.in_force(session, office)
        change = Change(
            office=office,
            year=years.pop(),
            days=days,
            week=(read_slots(hours),) * 5 + ((), ()) if hours else base.week,
            zone=base.zone,
            based_on=base.content_hash(),
        )
        proposal = calendar_changes.propose(session, OPERATOR, change)
        found = calendar_impact.impact(session, proposal.calendar)
    for line in proposal.differences:
        click.echo(f"{line.zh} / {line.en}")
    summary = IMPACT.format(
        all=found.open_count,
        moving=len(found.moving),
        later=found.later,
        earlier=found.earlier,
        firm=found.firm,
    )
    click.echo(f"{summary.zh}\n{summary.en}")
    if not yes and not click.confirm(f"{ASK.zh} / {ASK.en}"):
        return
    with _database().transaction() as session:
        published = calendar_changes.publish(session, OPERATOR, change, now())
    click.echo(f"已公布 / published: {office} {published.version}")


def _text(file: Path) -> str:
    """What the file says, in UTF-8 or as spreadsheets here save it."""
    content = file.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _wrong("file", NO_TEXT)


def _calendar_of(office: str) -> WorkingCalendar:
    """The calendar that is in force; before any is published the one that comes with us."""
    calendars.office_name(office)  # refuses in words what is no office
    district_code, _, department_code = office.partition("/")
    try:
        with _database().snapshot() as session:
            if office == NATIONAL:
                return calendars.current(session)
            return calendars.for_office(session, district_code, department_code or None)
    except NotFoundError:
        return working_days.calendar()
    except ProgrammingError as error:
        if not lacks_tables(error):
            raise
        return working_days.calendar()


def _events(
    begins: str, pauses: tuple[str, ...], extra: int, calendar: WorkingCalendar
) -> list[ClockEvent]:
    start = _instant("--from", begins, calendar)
    events = [ClockEvent(kind=ClockEventKind.START, at=start)]
    if extra:
        events.append(ClockEvent(kind=ClockEventKind.EXTEND, at=start, extra=extra))
    for typed in sorted(pauses):
        begun, dots, ended = typed.partition("..")
        if not dots:
            raise _wrong("pause", WRONG_PAUSE.format(typed=typed[:80]))
        at = _instant("--pause", begun, calendar)
        events.append(ClockEvent(kind=ClockEventKind.PAUSE, at=at))
        if ended:
            until = _instant("--pause", ended, calendar)
            if until < at:
                raise _wrong("pause", WRONG_PAUSE.format(typed=typed[:80]))
            events.append(ClockEvent(kind=ClockEventKind.RESUME, at=until))
    if any(later.at < earlier.at for earlier, later in pairwise(events)):
        raise _wrong("pause", WRONG_ORDER)
    return events


def _instant(option: str, typed: str, calendar: WorkingCalendar) -> datetime:
    """A day alone is its first minute; without a zone the office's own is meant."""
    try:
        found = datetime.fromisoformat(typed.strip())
    except ValueError as error:
        raise _wrong(option, WRONG_INSTANT.format(option=option, typed=typed[:80])) from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise _wrong(option, WRONG_YEAR.format(option=option, first=FIRST_YEAR, last=LAST_YEAR))
    return found if found.tzinfo else found.replace(tzinfo=calendar.civil_zone)


def _limit(amount: str, unit: str) -> Limit:
    if unit not in UNITS:
        raise _wrong("unit", WRONG_UNIT.format(units=", ".join(UNITS)))
    chosen = Unit(unit)
    return Limit(_amount("--limit", amount, chosen), chosen)


def _extra(typed: str | None, limit: Limit) -> int:
    return _amount("--extend", typed, limit.unit) if typed is not None else 0


def _amount(option: str, typed: str, unit: Unit) -> int:
    most = MOST_DAYS if unit in due_reasons.IN_DAYS else MOST_MINUTES
    if not typed.isascii() or not typed.isdigit() or not 1 <= int(typed[:12]) <= most:
        raise _wrong(option, WRONG_LIMIT.format(option=option, most=most))
    return int(typed)


def _wrong(path: str, sentence: Text) -> RuleViolatedError:
    return RuleViolatedError((Problem(path, sentence),))


def _database() -> Database:
    database: Database = current_app.extensions["database"]
    return database
