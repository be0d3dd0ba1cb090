"""Clocks: folds over events, so that every due date can be computed again and explained."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from core.clock import CIVIL_ZONE
from core.text import Text
from workflows.calendar import DueDay, WorkingCalendar


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
    """The end of a limit, folded over the clock's events in their order.

    Extensions add to the amount; a pause moves the end by as much as it lasted, in the limit's
    own unit (whole working days between pause and resumption). The day of the start is not
    counted (Civil Code 201); the last day ends when the office closes (203).
    Raises ValueError if the first event is not a start.
    """
    if not events or events[0].kind is not ClockEventKind.START:
        raise ValueError("a clock begins with a start")
    amount = limit.amount + sum(event.extra for event in events)
    amount += _paused(events, limit.unit, calendar)
    return _end(events[0].at, Limit(amount, limit.unit), calendar)


def _paused(events: Sequence[ClockEvent], unit: Unit, calendar: WorkingCalendar) -> int:
    paused, since = 0, None
    for event in events:
        if event.kind is ClockEventKind.PAUSE and since is None:
            since = event.at
        elif event.kind is ClockEventKind.RESUME and since is not None:
            paused += _length(since, event.at, unit, calendar)
            since = None
    return paused


def _length(start: datetime, end: datetime, unit: Unit, calendar: WorkingCalendar) -> int:
    if unit is Unit.WALL_MINUTES:
        return -(-(end - start) // timedelta(minutes=1))
    if unit is Unit.OFFICE_MINUTES:
        return -(-_office_time(start, end, calendar) // timedelta(minutes=1))
    first, last = _civil_day(start), _civil_day(end)
    days = [first + timedelta(days=number + 1) for number in range((last - first).days)]
    if unit is Unit.CALENDAR_DAYS:
        return len(days)
    return sum(calendar.is_working_day(day) for day in days)


def _end(start: datetime, limit: Limit, calendar: WorkingCalendar) -> Due:
    match limit.unit:
        case Unit.WALL_MINUTES:
            at = start + timedelta(minutes=limit.amount)
            return Due(at=at, provisional=False, reasons=(_wall(start, limit.amount),))
        case Unit.OFFICE_MINUTES:
            return _office_end(start, limit.amount, calendar)
        case Unit.WORKING_DAYS:
            return _of_day(calendar.add_working_days(_civil_day(start), limit.amount), calendar)
        case Unit.CALENDAR_DAYS:
            return _of_day(calendar.add_calendar_days(_civil_day(start), limit.amount), calendar)


def _of_day(found: DueDay, calendar: WorkingCalendar) -> Due:
    at = _instant(found.day, calendar.closes_at)
    reasons = [
        Text(zh="{day} {verb}:{reason}", en="{day} {verb}: {reason}").format(
            day=counted.day.isoformat(),
            verb=Text(zh="计入", en="counted") if counted.counts else Text(zh="不计", en="skipped"),
            reason=counted.reason,
        )
        for counted in found.counted
    ]
    return Due(at=at, provisional=found.provisional, reasons=tuple(reasons))


def _office_end(start: datetime, minutes: int, calendar: WorkingCalendar) -> Due:
    left, day, reasons, provisional = timedelta(minutes=minutes), _civil_day(start), [], False
    while True:
        provisional = provisional or not calendar.is_published(day)
        opens = max(start, _instant(day, calendar.opens_at))
        closes = _instant(day, calendar.closes_at)
        if calendar.is_working_day(day) and opens < closes:
            used = min(left, closes - opens)
            left -= used
            reasons.append(_office(day, used))
            if not left:
                return Due(at=opens + used, provisional=provisional, reasons=tuple(reasons))
        day += timedelta(days=1)


def _office_time(start: datetime, end: datetime, calendar: WorkingCalendar) -> timedelta:
    total, day = timedelta(), _civil_day(start)
    while day <= _civil_day(end):
        if calendar.is_working_day(day):
            opens = max(start, _instant(day, calendar.opens_at))
            closes = min(end, _instant(day, calendar.closes_at))
            total += max(closes - opens, timedelta())
        day += timedelta(days=1)
    return total


def _wall(start: datetime, minutes: int) -> Text:
    begun = start.astimezone(CIVIL_ZONE).strftime("%Y-%m-%d %H:%M")
    return Text(zh="自 {at} 起 {n} 分钟", en="{n} minutes from {at}").format(at=begun, n=minutes)


def _office(day: date, used: timedelta) -> Text:
    minutes = used // timedelta(minutes=1)
    return Text(zh="{day} 计入办公时间 {n} 分钟", en="{day}: {n} office minutes").format(
        day=day.isoformat(), n=minutes
    )


def _civil_day(at: datetime) -> date:
    return at.astimezone(CIVIL_ZONE).date()


def _instant(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, CIVIL_ZONE).astimezone(UTC)


class Urgency(StrEnum):
    """How near an end is; shown as a word and a colour, never by colour alone."""

    CALM = "calm"
    SOON = "soon"
    LATE = "late"


SOON = timedelta(hours=2)


def due_words(due_at: datetime, now: datetime) -> tuple[Text, Urgency]:
    """The time that is left, or by how much it is over, in words."""
    left = due_at - now
    if left < timedelta():
        return _span(-left, Text(zh="超期 {span}", en="{span} late")), Urgency.LATE
    urgency = Urgency.SOON if left <= SOON else Urgency.CALM
    return _span(left, Text(zh="还剩 {span}", en="{span} left")), urgency


def _span(length: timedelta, around: Text) -> Text:
    minutes = max(length // timedelta(minutes=1), 0)
    hours, days = minutes // 60, minutes // (24 * 60)
    if days:
        span = Text(zh=f"{days} 天", en=f"{days} day" + ("s" if days > 1 else ""))
    elif hours:
        span = Text(zh=f"{hours} 小时", en=f"{hours} hour" + ("s" if hours > 1 else ""))
    else:
        span = Text(zh=f"{minutes} 分钟", en=f"{minutes} min")
    return around.format(span=span)
