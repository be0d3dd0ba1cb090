"""Office hours as one long line of minutes: what is done at a desk happens within them."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property

from core.clock import CIVIL_ZONE
from workflows.calendar import WorkingCalendar

LUNCH = (time(12, 0), time(13, 30))


class OfficeHours:
    """The minutes of a stretch of days in which an office is open, lunch left out.

    A position on the line is the number of office minutes since the stretch began.
    """

    def __init__(self, calendar: WorkingCalendar, first: date, last: date) -> None:
        self._calendar = calendar
        self.days: Sequence[date] = [
            day
            for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
            if calendar.is_working_day(day)
        ]
        """The working days of the stretch."""

    @cached_property
    def _open(self) -> list[tuple[datetime, datetime]]:
        return [stretch for day in self.days for stretch in self._stretches(day)]

    @cached_property
    def _begins(self) -> list[datetime]:
        return [begun for begun, _ended in self._open]

    @cached_property
    def _positions(self) -> list[float]:
        """The position at which each stretch begins."""
        found, total = [], 0.0
        for begun, ended in self._open:
            found.append(total)
            total += _minutes(ended - begun)
        return found

    def _stretches(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        bounds = (self._calendar.opens_at, *LUNCH, self._calendar.closes_at)
        begun, noon, after, ended = (datetime.combine(day, each, CIVIL_ZONE) for each in bounds)
        yield begun, noon
        yield after, ended

    def position(self, at: datetime) -> float:
        """How many office minutes are over at ``at``."""
        index = bisect_right(self._begins, at) - 1
        if index < 0:
            return 0.0
        begun, ended = self._open[index]
        return self._positions[index] + _minutes(min(at, ended) - begun)

    def instant(self, position: float) -> datetime:
        """The instant of a position; beyond the stretch its very end."""
        index = max(bisect_right(self._positions, position) - 1, 0)
        begun, ended = self._open[index]
        return min(begun + timedelta(minutes=position - self._positions[index]), ended)

    def after(self, at: datetime, minutes: float) -> datetime:
        """So many office minutes after ``at``."""
        return self.instant(self.position(at) + minutes)


def _minutes(length: timedelta) -> float:
    return length.total_seconds() / 60
