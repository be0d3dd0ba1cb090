"""The working calendar: which days count, by which published notice, and why."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property
from typing import Any

import rfc8785

from core.text import Text

SATURDAY = 5
MAXIMUM_DAYS = 4000
"""No limit of any law is longer; beyond it the count is an error, not a wait."""

WORKDAY = Text(zh="工作日", en="working day")
WEEKEND = Text(zh="周末", en="weekend")
UNPUBLISHED = Text(
    zh="该年放假安排尚未公布,暂按周一至周五计算",
    en="the year's holidays are not published yet; counted as Monday to Friday",
)


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A day that differs from Monday to Friday: a holiday, or a make-up working day (调休)."""

    day: date
    is_working_day: bool
    name: Text
    source: str


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One day of a count: whether it counted, and the reason in words."""

    day: date
    counts: bool
    reason: Text


@dataclass(frozen=True, slots=True)
class DueDay:
    """The last day of a limit, with every day that was counted or skipped.

    ``provisional`` if a day of a year was used whose holidays are not published yet.
    """

    day: date
    provisional: bool
    counted: tuple[CountedDay, ...]


@dataclass(frozen=True)
class WorkingCalendar:
    """One published version of a calendar: years, exceptions, office hours in civil time."""

    version: str
    first_year: int
    last_year: int
    days: tuple[CalendarEntry, ...]
    opens_at: time = time(9, 0)
    closes_at: time = time(18, 0)

    @classmethod
    def from_rows(
        cls,
        *,
        version: str,
        years: tuple[int, int],
        hours: tuple[time, time],
        days: Iterable[tuple[date, bool, Text, str]],
    ) -> "WorkingCalendar":
        """A calendar from stored rows, in any order."""
        entries = tuple(sorted((CalendarEntry(*row) for row in days), key=lambda each: each.day))
        return cls(
            version=version,
            first_year=years[0],
            last_year=years[1],
            days=entries,
            opens_at=hours[0],
            closes_at=hours[1],
        )

    @cached_property
    def _exceptions(self) -> Mapping[date, CalendarEntry]:
        return {entry.day: entry for entry in self.days}

    def is_published(self, day: date) -> bool:
        """True if the holidays of the day's year are part of this version."""
        return self.first_year <= day.year <= self.last_year

    def is_working_day(self, day: date) -> bool:
        """True if offices work on ``day``; Monday to Friday where nothing is published."""
        entry = self._exceptions.get(day)
        return entry.is_working_day if entry else day.weekday() < SATURDAY

    def explain(self, day: date) -> CountedDay:
        """Whether ``day`` counts as a working day, and why."""
        entry = self._exceptions.get(day)
        if entry is not None:
            return CountedDay(day, entry.is_working_day, entry.name)
        counts = day.weekday() < SATURDAY
        if not self.is_published(day):
            return CountedDay(day, counts, UNPUBLISHED)
        return CountedDay(day, counts, WORKDAY if counts else WEEKEND)

    def add_working_days(self, start: date, count: int) -> DueDay:
        """The ``count``-th working day after ``start``; the start day is not counted.

        Administrative Licensing Law 82: limits in days are working days without holidays.
        Raises ValueError for a count below 1 or beyond `MAXIMUM_DAYS` days.
        """
        if count < 1:
            raise ValueError("a limit is at least one working day")
        seen: list[CountedDay] = []
        left, day = count, start
        while left:
            if len(seen) > MAXIMUM_DAYS:
                raise ValueError(f"more than {MAXIMUM_DAYS} days")
            day += timedelta(days=1)
            seen.append(self.explain(day))
            left -= seen[-1].counts
        return self._due(start, seen)

    def add_calendar_days(self, start: date, count: int) -> DueDay:
        """The ``count``-th day after ``start``, moved off holidays (Civil Code 200-203).

        Raises ValueError for a count below 1 or beyond `MAXIMUM_DAYS` days.
        """
        if not 1 <= count <= MAXIMUM_DAYS:
            raise ValueError(f"a limit has 1 to {MAXIMUM_DAYS} days")
        seen = [
            CountedDay(start + timedelta(days=number), True, self.explain(start).reason)
            for number in range(1, count)
        ]
        day = start + timedelta(days=count)
        seen.append(self.explain(day))
        while not seen[-1].counts:
            day += timedelta(days=1)
            seen.append(self.explain(day))
        return self._due(start, seen)

    def content_hash(self) -> bytes:
        """SHA-256 over the canonical JSON (RFC 8785) of the whole version."""
        content: dict[str, Any] = {
            "version": self.version,
            "years": [self.first_year, self.last_year],
            "hours": [self.opens_at.isoformat(), self.closes_at.isoformat()],
            "days": [
                [entry.day.isoformat(), entry.is_working_day, entry.name.zh, entry.name.en]
                for entry in self.days
            ],
        }
        return hashlib.sha256(rfc8785.dumps(content)).digest()

    def _due(self, start: date, seen: list[CountedDay]) -> DueDay:
        used = [start, *(counted.day for counted in seen)]
        provisional = not all(self.is_published(day) for day in used)
        return DueDay(seen[-1].day, provisional, tuple(seen))
