"""Colours of a clock: when it turns blue (a prompt), yellow (it presses) and red (late)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.text import Text
from workflows.calendar import WorkingCalendar
from workflows.clocks import ClockEvent, ClockEventKind, Limit, Unit, due

DAY = timedelta(days=1)
Span = tuple[datetime, datetime]


class Colour(StrEnum):
    """How much of a limit is used up, the calmest first. Always shown with its word."""

    CALM = "calm"
    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"


COLOUR_WORDS: dict[Colour, Text] = {
    Colour.CALM: Text(zh="时间充裕", en="enough time"),
    Colour.BLUE: Text(zh="蓝色提醒", en="blue: half used"),
    Colour.YELLOW: Text(zh="黄色预警", en="yellow: nearly due"),
    Colour.RED: Text(zh="红色超期", en="red: overdue"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """When colours change: shares of the limit in percent, or working days that are left."""

    blue_percent: int = 50
    yellow_percent: int = 90
    yellow_working_days: int | None = 1
    """Yellow also when so many working days are left, of a limit more than twice as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One change of colour: a clock has ``colour`` at every instant after ``at``."""

    colour: Colour
    at: datetime


def turns(
    events: Sequence[ClockEvent],
    limit: Limit,
    calendar: WorkingCalendar,
    thresholds: Thresholds = Thresholds(),
    *,
    ends_at: datetime | None = None,
) -> tuple[Turn, ...]:
    """When the clock of these events turns blue, yellow and red, in this order.

    Shares are of the counted office time for days and office minutes, of the time itself for
    wall minutes. Paused time is not counted and nothing turns in it: what would fall into a pause
    comes at its end. Of a clock that is paused now or was stopped, only what came before that.
    ``ends_at`` is the end of the same clock, for who has counted it already.
    Raises ValueError as `workflows.clocks.due`.
    """
    end = ends_at or due(events, limit, calendar).at
    course = _course(events, limit)
    spans = tuple(_counted(course, end, calendar))
    total = sum((closes - opens for opens, closes in spans), timedelta())
    yellow = total * thresholds.yellow_percent / 100
    if thresholds.yellow_working_days and course.limit.unit is not Unit.WALL_MINUTES:
        last = _last_days(thresholds.yellow_working_days, spans, calendar)
        yellow = min(yellow, total - last) if total > 2 * last else yellow
    blue = min(total * thresholds.blue_percent / 100, yellow)
    found = (
        Turn(colour=Colour.BLUE, at=_after(course, _at(spans, blue))),
        Turn(colour=Colour.YELLOW, at=_after(course, _at(spans, yellow))),
        Turn(colour=Colour.RED, at=_after(course, end)),
    )
    return tuple(turn for turn in found if course.ends is None or turn.at < course.ends)


def colour_at(found: Iterable[Turn], at: datetime) -> Colour:
    """The colour that a clock with these turns has at ``at``."""
    return max((turn.colour for turn in found if turn.at < at), key=rank, default=Colour.CALM)


def next_turn(found: Iterable[Turn], at: datetime, colour: Colour) -> Turn | None:
    """The next change of a clock that has ``colour`` now; None if nothing is to come.

    What is overdue comes step by step, so that no colour is passed over. After an extension or a
    pause a clock may be calmer than it was: then the change is back to that colour, at once.
    """
    ordered = tuple(found)
    wanted = colour_at(ordered, at)
    if rank(wanted) < rank(colour):
        return Turn(colour=wanted, at=at)
    return next((turn for turn in ordered if rank(turn.colour) > rank(colour)), None)


def rank(colour: Colour) -> int:
    """Its place between calm and red."""
    return list(Colour).index(colour)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Course:
    """What the events come to: the start, the whole limit, the pauses, and where it ends."""

    start: datetime
    limit: Limit
    pauses: tuple[Span, ...]
    ends: datetime | None
    """The stop, or the beginning of the pause that goes on now; None while it runs."""


def _course(events: Sequence[ClockEvent], limit: Limit) -> _Course:
    amount, since, stop = limit.amount, None, None
    pauses: list[Span] = []
    for event in events:
        amount += event.extra
        if event.kind is ClockEventKind.PAUSE and since is None:
            since = event.at
        elif event.kind is ClockEventKind.RESUME and since is not None:
            pauses.append((since, event.at))
            since = None
        elif event.kind is ClockEventKind.STOP:
            stop = event.at
            break
    return _Course(
        start=events[0].at,
        limit=Limit(amount, limit.unit),
        pauses=tuple(pauses),
        ends=since if since is not None else stop,
    )


def _counted(course: _Course, end: datetime, calendar: WorkingCalendar) -> Iterator[Span]:
    """The stretches of time that use up the limit, from its start to its end."""
    day_of = calendar.civil_day
    match course.limit.unit:
        case Unit.WALL_MINUTES:
            yield from _without(course.pauses, (course.start, end))
        case Unit.OFFICE_MINUTES:
            for opens, closes in _open_days(day_of(course.start), day_of(end), calendar):
                part = (max(opens, course.start), min(closes, end))
                yield from _without(course.pauses, part)
        case Unit.WORKING_DAYS | Unit.CALENDAR_DAYS:
            first, paused = day_of(course.start) + DAY, _paused_days(course, calendar)
            for span in _open_days(first, day_of(end), calendar):
                if day_of(span[0]) not in paused:
                    yield span


def _last_days(count: int, spans: Sequence[Span], calendar: WorkingCalendar) -> timedelta:
    """The office time of the last ``count`` working days before the end, the last one whole."""
    days = sorted({calendar.civil_day(opens) for opens, _ in spans})[-count:]
    hours = [span for day in days for span in calendar.spans(day)]
    return sum((closes - opens for opens, closes in hours), timedelta())


def _at(spans: Sequence[Span], used: timedelta) -> datetime:
    """The first instant at which so much of the counted time is used."""
    left = used
    for opens, closes in spans:
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    return spans[-1][1]


def _after(course: _Course, at: datetime) -> datetime:
    """``at``, or the end of the pause that it falls into."""
    return next((ended for begun, ended in course.pauses if begun < at < ended), at)


def _without(pauses: Iterable[Span], span: Span) -> Iterator[Span]:
    opens, closes = span
    for begun, ended in pauses:
        if opens < min(begun, closes):
            yield opens, min(begun, closes)
        opens = max(opens, ended)
    if opens < closes:
        yield opens, closes


def _paused_days(course: _Course, calendar: WorkingCalendar) -> frozenset[date]:
    """From the day after a pause began to the day on which it ended, as the limit itself."""
    return frozenset(
        day
        for begun, ended in course.pauses
        for day in _days(calendar.civil_day(begun) + DAY, calendar.civil_day(ended))
    )


def _open_days(first: date, last: date, calendar: WorkingCalendar) -> Iterator[Span]:
    for day in _days(first, last):
        yield from calendar.spans(day)


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += DAY
