"""A year of a calendar as twelve months, each day with what it is, for a page to draw."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.text import Text
from workflows.calendar import SATURDAY, CalendarEntry, WorkingCalendar


class DayKind(StrEnum):
    """What a day is; never said by its colour alone."""

    WORKED = "worked"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"
    OTHER_HOURS = "other_hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day, with its name if it differs from the others."""

    day: date
    kind: DayKind
    name: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month as weeks from Monday to Sunday; None outside of the month."""

    number: int
    weeks: tuple[tuple[Day | None, ...], ...]
    worked: int
    """How many of its days are worked."""


def months(calendar: WorkingCalendar, year: int) -> tuple[Month, ...]:
    """The twelve months of a year that the calendar has published, or would count by weekdays."""
    named = {entry.day: entry for entry in calendar.days}
    return tuple(_month(calendar, named, date(year, number, 1)) for number in range(1, 13))


def _month(calendar: WorkingCalendar, named: dict[date, CalendarEntry], first: date) -> Month:
    days, day = [], first
    while day.month == first.month:
        days.append(Day(day=day, kind=_kind(day, named.get(day)), name=_name(named.get(day))))
        day += timedelta(days=1)
    cells: list[Day | None] = [None] * first.weekday() + list(days)
    cells += [None] * (-len(cells) % 7)
    weeks = tuple(tuple(cells[begin : begin + 7]) for begin in range(0, len(cells), 7))
    worked = sum(calendar.is_working_day(each.day) for each in days)
    return Month(number=first.month, weeks=weeks, worked=worked)


def _kind(day: date, entry: CalendarEntry | None) -> DayKind:
    if entry is None:
        return DayKind.WORKED if day.weekday() < SATURDAY else DayKind.WEEKEND
    if not entry.is_working_day:
        return DayKind.HOLIDAY
    return DayKind.MAKE_UP if day.weekday() >= SATURDAY else DayKind.OTHER_HOURS


def _name(entry: CalendarEntry | None) -> Text | None:
    return entry.name if entry else None
