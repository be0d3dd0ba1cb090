"""Clocks: folds over events, so that every due date can be computed again and explained."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from core.clock import CIVIL_ZONE, MONTHS
from core.text import Text
from workflows.calendar import MAXIMUM_DAYS, PAUSED, DueDay, WorkingCalendar

WEEKDAYS = (
    Text(zh="周一", en="Monday"),
    Text(zh="周二", en="Tuesday"),
    Text(zh="周三", en="Wednesday"),
    Text(zh="周四", en="Thursday"),
    Text(zh="周五", en="Friday"),
    Text(zh="周六", en="Saturday"),
    Text(zh="周日", en="Sunday"),
)
COUNTED = Text(zh="{day}：第 {number} 天，{reason}", en="{day}: day {number}, {reason}")
SKIPPED = Text(zh="{day}：不计，{reason}", en="{day}: not counted, {reason}")
USED = Text(zh="{day}：办公时间 {count} 分钟", en="{day}: {count} office minutes")
AFTER_HOURS = Text(zh="已过办公时间", en="after office hours")
PAUSED_NOW = Text(
    zh="现在暂停计时，恢复后重新计算到期时间",
    en="the clock is paused now; the end is computed again when it goes on",
)


class Unit(StrEnum):
    """How a limit is counted."""

    WALL_MINUTES = "wall_minutes"
    OFFICE_MINUTES = "office_minutes"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


class ClockEventKind(StrEnum):
    """What happens to a clock."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of time in a unit; at least 1."""

    amount: int
    unit: Unit


LIMIT_WORDS = {
    Unit.WALL_MINUTES: Text(zh="{n} 分钟", en="{n} minute"),
    Unit.OFFICE_MINUTES: Text(zh="{n} 办公分钟", en="{n} office minute"),
    Unit.WORKING_DAYS: Text(zh="{n} 个工作日", en="{n} working day"),
    Unit.CALENDAR_DAYS: Text(zh="{n} 个自然日", en="{n} calendar day"),
}


def words_of_limit(limit: Limit) -> Text:
    """A limit as it is said: 5 个工作日, 5 working days."""
    said = LIMIT_WORDS[limit.unit].format(n=limit.amount)
    return said if limit.amount == 1 else Text(zh=said.zh, en=f"{said.en}s")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockEvent:
    """One event of a clock at an instant; an extension brings its own amount."""

    kind: ClockEventKind
    at: datetime
    extra: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When a clock runs out (UTC), whether that may still change, and the reasons line by line."""

    at: datetime
    provisional: bool
    reasons: tuple[Text, ...]


def due(events: Sequence[ClockEvent], limit: Limit, calendar: WorkingCalendar) -> Due:
    """The end of a limit, folded over the clock's events in their order up to a stop.

    An extension adds its amount in the limit's own unit. Time between a pause and its resumption
    is not counted: minutes exactly, days from the day after the pause to the day of the
    resumption; a pause that begins after the end moves nothing. While a clock is paused its end
    is the earliest possible one, and provisional. The day of the start is not counted (Civil
    Code 201); the last day ends when the office closes (203).
    Raises ValueError if the first event is not a start, if events run backwards in time, or if
    the limit is below 1.
    """
    if not events or events[0].kind is not ClockEventKind.START:
        raise ValueError("a clock begins with a start")
    if any(later.at < earlier.at for earlier, later in pairwise(events)):
        raise ValueError("the events of a clock run backwards")
    course = _course(events, limit, calendar)
    if course.limit.amount < 1:
        raise ValueError("a limit is at least 1")
    found = _end(course)
    if not course.is_paused:
        return found
    return replace(found, provisional=True, reasons=(*found.reasons, PAUSED_NOW))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Course:
    """What the events come to: the whole limit, and the pauses in their order."""

    start: datetime
    limit: Limit
    pauses: tuple[tuple[datetime, datetime], ...]
    is_paused: bool
    calendar: WorkingCalendar

    @property
    def day(self) -> date:
        return self.calendar.civil_day(self.start)

    @property
    def paused_days(self) -> frozenset[date]:
        days = [tuple(map(self.calendar.civil_day, pause)) for pause in self.pauses]
        return frozenset(
            begun + timedelta(days=number + 1)
            for begun, ended in days
            for number in range((ended - begun).days)
        )


def _course(events: Sequence[ClockEvent], limit: Limit, calendar: WorkingCalendar) -> _Course:
    amount, since = limit.amount, None
    pauses: list[tuple[datetime, datetime]] = []
    stopped = False
    for event in events:
        amount += event.extra
        stopped = event.kind is ClockEventKind.STOP
        if event.kind is ClockEventKind.PAUSE and since is None:
            since = event.at
        elif since is not None and (stopped or event.kind is ClockEventKind.RESUME):
            pauses.append((since, event.at))
            since = None
        if stopped:
            break
    return _Course(
        start=events[0].at,
        limit=Limit(amount, limit.unit),
        pauses=tuple(pauses),
        is_paused=since is not None,
        calendar=calendar,
    )


def _end(course: _Course) -> Due:
    amount, calendar = course.limit.amount, course.calendar
    match course.limit.unit:
        case Unit.WALL_MINUTES:
            return _wall_end(course)
        case Unit.OFFICE_MINUTES:
            return _office_end(course)
        case Unit.WORKING_DAYS:
            found = calendar.add_working_days(course.day, amount, course.paused_days)
            return _of_day(found, calendar)
        case Unit.CALENDAR_DAYS:
            found = calendar.add_calendar_days(course.day, amount, course.paused_days)
            return _of_day(found, calendar)


def _of_day(found: DueDay, calendar: WorkingCalendar) -> Due:
    reasons, number = [], 0
    for each in found.counted:
        number += each.counts
        said = COUNTED.format(day=day_words(each.day), number=number, reason=each.reason)
        reasons.append(said if each.counts else _skipped(each.day, each.reason))
    return Due(
        at=calendar.closing(found.day), provisional=found.provisional, reasons=tuple(reasons)
    )


def _wall_end(course: _Course) -> Due:
    calendar = course.calendar
    end = course.start + timedelta(minutes=course.limit.amount)
    reasons = [
        Text(zh="自 {at} 起 {count} 分钟", en="{count} minutes from {at}").format(
            at=_civil(course.start, calendar), count=course.limit.amount
        )
    ]
    for begun, ended in course.pauses:
        if begun < end:
            end += ended - begun
            reasons.append(
                Text(
                    zh="{begun} 至 {ended} 暂停计时", en="the clock was paused {begun} to {ended}"
                ).format(begun=_civil(begun, calendar), ended=_civil(ended, calendar))
            )
    return Due(at=end, provisional=False, reasons=tuple(reasons))


def _office_end(course: _Course) -> Due:
    calendar = course.calendar
    left, day = timedelta(minutes=course.limit.amount), course.day
    reasons: list[Text] = []
    provisional = False
    for _day in range(MAXIMUM_DAYS):
        provisional = provisional or not calendar.is_published(day)
        used = timedelta()
        for opens, closes in _office_hours(course, day):
            taken = min(left, closes - opens)
            used, left = used + taken, left - taken
            if not left:
                reasons.append(_office_minutes(day, used))
                return Due(at=opens + taken, provisional=provisional, reasons=tuple(reasons))
        reasons.append(_office_minutes(day, used) if used else _unused(course, day))
        day += timedelta(days=1)
    raise ValueError(f"a limit that ends beyond {MAXIMUM_DAYS} days")


def _office_hours(course: _Course, day: date) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of a day in which the office is open and the clock runs."""
    for first, closes in course.calendar.spans(day):
        opens = max(course.start, first)
        for begun, ended in course.pauses:
            if opens < min(begun, closes):
                yield opens, min(begun, closes)
            opens = max(opens, ended)
        if opens < closes:
            yield opens, closes


def _unused(course: _Course, day: date) -> Text:
    """Why no minute of a day counted."""
    known = course.calendar.explain(day)
    if not known.counts:
        return _skipped(day, known.reason)
    is_late = course.start >= course.calendar.closing(day)
    return _skipped(day, AFTER_HOURS if is_late else PAUSED)


def day_words(day: date) -> Text:
    """A day with its weekday, as lines about due dates say it."""
    return Text(zh="{day} {name}", en="{day} {name}").format(
        day=day.isoformat(), name=WEEKDAYS[day.weekday()]
    )


def _skipped(day: date, reason: Text) -> Text:
    return SKIPPED.format(day=day_words(day), reason=reason)


def _office_minutes(day: date, used: timedelta) -> Text:
    return USED.format(day=day_words(day), count=used // timedelta(minutes=1))


def _civil(at: datetime, calendar: WorkingCalendar) -> str:
    return at.astimezone(calendar.civil_zone).strftime("%Y-%m-%d %H:%M")


def resubmission_day(limit: Limit, at: datetime, calendar: WorkingCalendar) -> date:
    """The last day to send a returned case again, if it was returned at ``at``."""
    ends = due([ClockEvent(kind=ClockEventKind.START, at=at)], limit, calendar).at
    return calendar.civil_day(ends)


def end_of_day(day: date) -> datetime:
    """The instant at which a civil day is over: sending online is possible until midnight."""
    return datetime.combine(day + timedelta(days=1), time(0, 0), CIVIL_ZONE).astimezone(UTC)


def last_day(ends_at: datetime) -> date:
    """The civil day in whose course, or with whose end, a limit ends."""
    return (ends_at - timedelta(microseconds=1)).astimezone(CIVIL_ZONE).date()


class Urgency(StrEnum):
    """How near an end is; shown as a word and a colour, never by colour alone."""

    CALM = "calm"
    SOON = "soon"
    LATE = "late"


SOON = timedelta(hours=2)


def due_words(due_at: datetime, now: datetime) -> tuple[Text, Urgency]:
    """The time that is left, or by how much it is over, in words: whole units, rounded down."""
    left = due_at - now
    if left < timedelta():
        return _span(-left, Text(zh="超期{span}", en="{span} late")), Urgency.LATE
    urgency = Urgency.SOON if left <= SOON else Urgency.CALM
    return _span(left, Text(zh="还剩{span}", en="{span} left")), urgency


def words_change_at(due_at: datetime, now: datetime) -> datetime:
    """Until when `due_words` says the same; what changes at midnight is not reckoned in."""
    left = due_at - now
    length = abs(left)
    sizes = (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1))
    unit = next((size for size in sizes if length >= size), sizes[-1])
    over = length % unit
    return now + (unit - over if left < timedelta() else over)


NEAR_DAYS = {
    -1: Text(zh="昨天 {clock} 前", en="by {clock} yesterday"),
    0: Text(zh="今天 {clock} 前", en="by {clock} today"),
    1: Text(zh="明天 {clock} 前", en="by {clock} tomorrow"),
}
WEEK_AHEAD = 6
"""Up to so many days ahead the name of the weekday is enough; then it could be another week's."""


def due_day_words(due_at: datetime, now: datetime) -> Text:
    """The end itself as one says it: today, tomorrow, a weekday, or the date; Beijing time."""
    local, today = due_at.astimezone(CIVIL_ZONE), now.astimezone(CIVIL_ZONE).date()
    ahead = (local.date() - today).days
    if ahead in NEAR_DAYS:
        return NEAR_DAYS[ahead].format(clock=f"{local:%H:%M}")
    if 0 < ahead <= WEEK_AHEAD:
        form = Text(zh="{day} {clock} 前", en="by {clock} on {day}")
        return form.format(day=WEEKDAYS[local.weekday()], clock=f"{local:%H:%M}")
    year = f"{local.year}年" if local.year != today.year else ""
    return Text(
        zh=f"{year}{local.month}月{local.day}日 {local:%H:%M} 前",
        en=f"by {local:%H:%M} on {local.day} {MONTHS[local.month - 1]}"
        + (f" {local.year}" if year else ""),
    )


def _span(length: timedelta, around: Text) -> Text:
    minutes = length // timedelta(minutes=1)
    hours, days = minutes // 60, minutes // (24 * 60)
    if days:
        span = Text(zh=f" {days} 天", en=f"{days} day" + ("s" if days > 1 else ""))
    elif hours:
        span = Text(zh=f" {hours} 小时", en=f"{hours} hour" + ("s" if hours > 1 else ""))
    elif minutes:
        span = Text(zh=f" {minutes} 分钟", en=f"{minutes} minute" + ("s" if minutes > 1 else ""))
    else:
        span = Text(zh="不到 1 分钟", en="less than a minute")
    return around.format(span=span)
