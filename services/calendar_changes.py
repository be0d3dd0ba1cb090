"""A calendar's next version: composed, checked, compared with the one in force, published.

Nothing is kept before it is published, and nothing that is published is ever changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from catalog.working_days import write_slots
from core.clock import CIVIL_ZONE
from core.errors import ConflictError, NotFoundError, NotPermittedError, Problem, RuleViolatedError
from core.text import Text
from services import calendars
from workflows.calendar import NATIONAL, SATURDAY, CalendarEntry, Slot, WorkingCalendar
from workflows.clocks import WEEKDAYS, day_words
from workflows.permissions import ENGINE_ACTOR, Actor, Permission

EARLIEST_YEAR, LATEST_YEAR = 2000, 2100

NOT_YOURS = Text(zh="您没有修改工作日历的权限。", en="You are not permitted to change calendars.")
WRONG_YEAR = Text(
    zh="年份须在 {first} 到 {last} 之间，并与已公布的年份相连。",
    en="The year lies between {first} and {last} and follows the published ones without a gap.",
)
OTHER_YEAR = Text(
    zh="{day} 不在 {year} 年，请放到它自己的年份里。",
    en="{day} is not in {year}; put it into its own year.",
)
NO_HOLIDAY = Text(
    zh="{year} 年没有一个放假日。请按放假安排通知把全年的节假日和调休上班日一次列全。",
    en="{year} has not a single holiday. List all holidays and make-up days of the year at once, "
    "as the notice has them.",
)
WRONG_WEEK = Text(
    zh="周一至周五每天都须有办公时段；周六、周日的只用于调休上班日。",
    en="Every day from Monday to Friday needs office hours; those of Saturday and Sunday are for "
    "make-up days alone.",
)
WRONG_ZONE = Text(zh="没有“{zone}”这个时区。", en='There is no time zone "{zone}".')
NOTHING_NEW = Text(
    zh="内容与现行版本完全相同，没有什么要公布。",
    en="This is exactly what is in force; there is nothing to publish.",
)
CHANGED_MEANWHILE = Text(
    zh="您打开页面之后，{name} 于 {at} 公布了 {version} 版。请看过新版本再修改，"
    "您填的内容没有公布。",
    en="{name} published version {version} at {at}, after you had opened the page. Look at it "
    "first; nothing of yours was published.",
)
COMMAND_LINE = Text(zh="系统管理员", en="the system's operator")
WORKED = Text(zh="上班", en="working day")
WORKED_DURING = Text(zh="上班（{slots}）", en="working day ({slots})")
FREE = Text(zh="放假", en="day off")
NAMED = Text(zh="{name}，{kind}", en="{name}, {kind}")
BECOMES = Text(zh="{place}：{before} → {after}", en="{place}: {before} → {after}")
YEARS = Text(zh="公布的年份", en="Published years")
ZONE = Text(zh="时区", en="Time zone")
HOURS = Text(zh="{weekday}的办公时间", en="Hours on {weekday}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an office's next version should be. ``days`` are all of the year that is edited."""

    office: str
    year: int
    days: tuple[CalendarEntry, ...]
    week: tuple[tuple[Slot, ...], ...]
    """Monday to Sunday; empty for one stretch on every working day."""
    zone: str
    based_on: bytes
    """The calendar from which the page was drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A version that could be published now, and what would be different."""

    calendar: WorkingCalendar
    base: WorkingCalendar
    differences: tuple[Text, ...]


def in_force(session: Session, office: str) -> WorkingCalendar:
    """By what an office counts now, its own calendar or that of a wider one.

    Raises `NotFoundError` if there is no such office.
    """
    calendars.office_name(office)
    if office == NATIONAL:
        return calendars.current(session)
    district_code, _, department_code = office.partition("/")
    return calendars.for_office(session, district_code, department_code or None)


def propose(session: Session, actor: Actor, change: Change) -> Proposal:
    """The version that ``change`` comes to, not published.

    Raises `NotPermittedError`, `NotFoundError` (no such office), `ConflictError` (another version
    was published since the page was drawn) and `RuleViolatedError` (every mistake beside its
    place: ``year``, ``days``, ``week``, ``zone``).
    """
    if not actor.has(Permission.CALENDAR_EDIT):
        raise NotPermittedError(NOT_YOURS)
    base = in_force(session, change.office)
    if base.content_hash() != change.based_on:
        raise _conflict(session, base)
    problems = tuple(_problems(base, change))
    if problems:
        raise RuleViolatedError(problems)
    proposed = _composed(base, change, calendars.next_number(session, change.office))
    found = tuple(differences(base, proposed))
    if not found and base.office == change.office:
        raise RuleViolatedError((Problem("days", NOTHING_NEW),), NOTHING_NEW)
    return Proposal(calendar=proposed, base=base, differences=found)


def publish(session: Session, actor: Actor, change: Change, at: datetime) -> WorkingCalendar:
    """Publish what ``change`` comes to, once, and have every open limit counted again.

    The same once more, as by a second press, gives the version that it became. Raises as `propose`.
    """
    calendars.office_name(change.office)
    calendars.lock(session, change.office)
    try:
        proposal = propose(session, actor, change)
    except ConflictError:
        earlier = _published(session, change)
        if earlier is None:
            raise
        return earlier
    by = None if actor.id == ENGINE_ACTOR.id else actor.id
    calendars.publish(session, proposal.calendar, at, by)
    return proposal.calendar


def _published(session: Session, change: Change) -> WorkingCalendar | None:
    """The newest version of the office, if it is just what ``change`` came to."""
    number = calendars.next_number(session, change.office) - 1
    try:
        base = calendars.by_hash(session, change.based_on)
    except NotFoundError:
        return None
    newest = in_force(session, change.office)
    same = _composed(base, change, number).content_hash() == newest.content_hash()
    return newest if same else None


def _composed(base: WorkingCalendar, change: Change, number: int) -> WorkingCalendar:
    years = min(base.first_year, change.year), max(base.last_year, change.year)
    kept = tuple(each for each in base.days if each.day.year != change.year)
    week = _week(base, change)
    usual = week[0] if week and week[0] else (Slot(base.opens_at, base.closes_at),)
    return WorkingCalendar(
        version=f"{years[0]}-{years[1]}.{number}",
        first_year=years[0],
        last_year=years[1],
        days=tuple(sorted((*kept, *change.days), key=lambda each: each.day)),
        opens_at=usual[0].opens_at,
        closes_at=usual[-1].closes_at,
        office=change.office,
        zone=change.zone,
        week=week,
    )


def differences(base: WorkingCalendar, proposed: WorkingCalendar) -> Iterator[Text]:
    """What is different, line by line: years, zone, hours, and each day with before and after."""
    spans = [f"{each.first_year}-{each.last_year}" for each in (base, proposed)]
    if spans[0] != spans[1]:
        yield BECOMES.format(place=YEARS, before=spans[0], after=spans[1])
    if base.zone != proposed.zone:
        yield BECOMES.format(place=ZONE, before=base.zone, after=proposed.zone)
    for weekday, name in enumerate(WEEKDAYS):
        hours = [write_slots(each.usual_slots(weekday)) for each in (base, proposed)]
        if hours[0] != hours[1]:
            place = HOURS.format(weekday=name)
            yield BECOMES.format(place=place, before=hours[0], after=hours[1])
    named = [{each.day: each for each in which.days} for which in (base, proposed)]
    for day in sorted(named[0].keys() | named[1].keys()):
        before, after = (_said(day, days.get(day)) for days in named)
        if before != after:
            yield BECOMES.format(place=day_words(day), before=before, after=after)


def _said(day: date, entry: CalendarEntry | None) -> Text:
    if entry is None:
        return WORKED if day.weekday() < SATURDAY else FREE
    kind = FREE
    if entry.is_working_day:
        slots = write_slots(entry.slots)
        kind = WORKED_DURING.format(slots=slots) if slots else WORKED
    return NAMED.format(name=entry.name, kind=kind)


def _conflict(session: Session, base: WorkingCalendar) -> ConflictError:
    newest = calendars.versions(session, base.office)[0]
    name = newest.published_name
    return ConflictError(
        CHANGED_MEANWHILE.format(
            name=Text(zh=name, en=name) if name else COMMAND_LINE,
            at=newest.published_at.astimezone(CIVIL_ZONE).strftime("%Y-%m-%d %H:%M"),
            version=newest.version,
        )
    )


def _problems(base: WorkingCalendar, change: Change) -> Iterator[Problem]:
    joined = base.first_year - 1 <= change.year <= base.last_year + 1
    if not joined or not EARLIEST_YEAR <= change.year <= LATEST_YEAR:
        yield Problem("year", WRONG_YEAR.format(first=EARLIEST_YEAR, last=LATEST_YEAR))
    for entry in change.days:
        if entry.day.year != change.year:
            yield Problem("days", OTHER_YEAR.format(day=entry.day, year=change.year))
    if all(entry.is_working_day for entry in change.days):
        yield Problem("days", NO_HOLIDAY.format(year=change.year))
    if change.week and not all(change.week[weekday] for weekday in range(SATURDAY)):
        yield Problem("week", WRONG_WEEK)
    if change.zone not in available_timezones():
        yield Problem("zone", WRONG_ZONE.format(zone=change.zone[:40]))


def _week(base: WorkingCalendar, change: Change) -> tuple[tuple[Slot, ...], ...]:
    """The slots of the week; none if each day is the one stretch that it was before."""
    stretch = (Slot(base.opens_at, base.closes_at),)
    if not base.week and all(slots in {(), stretch} for slots in change.week):
        return ()
    return change.week
