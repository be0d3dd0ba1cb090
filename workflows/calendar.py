"""The working calendar: which days count, by which published notice, and why."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import rfc8785

from core.text import Text

NATIONAL = "national"
"""The office whose calendar holds wherever none more specific is published."""
ZONE = "Asia/Shanghai"
SATURDAY = 5
MAXIMUM_DAYS = 4000
"""Ten years and more: a count that goes on longer is a mistake in the limit, not a wait."""

WORKDAY = Text(zh="工作日", en="working day")
WEEKEND = Text(zh="周末", en="weekend")
CALENDAR_DAY = Text(zh="自然日", en="calendar day")
PAUSED = Text(zh="暂停计时", en="the clock was paused")
UNPUBLISHED = Text(
    zh="该年放假安排尚未公布，暂按周一至周五计算",
    en="the year's holidays are not published yet; counted as Monday to Friday",
)


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A stretch of a day in which the office is open."""

    opens_at: time
    closes_at: time

    def __str__(self) -> str:
        return f"{self.opens_at:%H:%M}-{self.closes_at:%H:%M}"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A day that differs from Monday to Friday: a holiday, or a make-up working day (调休).

    A working day may have ``slots`` of its own, for example a make-up day with shorter hours.
    """

    day: date
    is_working_day: bool
    name: Text
    source: str
    slots: tuple[Slot, ...] = ()


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
    """One published version of an office's calendar: years, exceptions, hours in its civil time.

    ``week`` has the slots of Monday to Sunday; without it every working day is one stretch from
    ``opens_at`` to ``closes_at``. Those of Saturday and Sunday are for make-up days alone.
    """

    version: str
    first_year: int
    last_year: int
    days: tuple[CalendarEntry, ...]
    opens_at: time = time(9, 0)
    closes_at: time = time(18, 0)
    office: str = NATIONAL
    zone: str = ZONE
    week: tuple[tuple[Slot, ...], ...] = ()

    @classmethod
    def from_rows(
        cls,
        *,
        version: str,
        years: tuple[int, int],
        hours: tuple[time, time],
        days: Iterable[tuple[date, bool, Text, str]],
    ) -> "WorkingCalendar":
        """The national calendar from its rows, in any order."""
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
    def civil_zone(self) -> ZoneInfo:
        """The zone in which its days begin and its office opens."""
        return ZoneInfo(self.zone)

    def civil_day(self, at: datetime) -> date:
        """The day of the office in which the instant lies."""
        return at.astimezone(self.civil_zone).date()

    def instant(self, day: date, clock: time) -> datetime:
        """The instant (UTC) at which the office's clock shows ``clock`` on ``day``."""
        return datetime.combine(day, clock, self.civil_zone).astimezone(UTC)

    def slots(self, day: date) -> tuple[Slot, ...]:
        """When the office is open on ``day``, in order; nothing on a day that is not worked."""
        if not self.is_working_day(day):
            return ()
        entry = self._exceptions.get(day)
        if entry is not None and entry.slots:
            return entry.slots
        return self.usual_slots(day.weekday())

    def usual_slots(self, weekday: int) -> tuple[Slot, ...]:
        """The hours of a weekday (Monday is 0) if it is worked; a weekend's own, or Monday's."""
        if not self.week:
            return (Slot(self.opens_at, self.closes_at),)
        return self.week[weekday] or self.week[0]

    def spans(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The same as instants (UTC)."""
        return tuple(
            (self.instant(day, slot.opens_at), self.instant(day, slot.closes_at))
            for slot in self.slots(day)
        )

    def closing(self, day: date) -> datetime:
        """The instant at which the office closes on a working day: its limits in days end then.

        Raises ValueError for a day that is not worked.
        """
        slots = self.slots(day)
        if not slots:
            raise ValueError("an office closes only on a working day")
        return self.instant(day, slots[-1].closes_at)

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

    def add_working_days(
        self, start: date, count: int, paused: Collection[date] = frozenset()
    ) -> DueDay:
        """The ``count``-th working day after ``start``; ``paused`` days are not counted.

        Administrative Licensing Law 82: limits in days are working days without holidays. The
        start day is not counted. Raises ValueError for a count below 1 and for a limit that ends
        beyond `MAXIMUM_DAYS`.
        """
        seen = self._count(start, count, self.explain, paused)
        return self._due(seen, asked=[counted.day for counted in seen])

    def add_calendar_days(
        self, start: date, count: int, paused: Collection[date] = frozenset()
    ) -> DueDay:
        """The ``count``-th day after ``start``, moved off holidays (Civil Code 200-203).

        Raises ValueError for a count below 1 and for a limit that ends beyond `MAXIMUM_DAYS`.
        """
        *seen, last = self._count(start, count, _calendar_day, paused)
        asked, day = [last.day], last.day
        while not self.is_working_day(day) or day in paused:
            seen.append(_paused(day) if day in paused else self.explain(day))
            day += timedelta(days=1)
            asked.append(day)
        seen.append(_calendar_day(day))
        return self._due(seen, asked)

    def _count(
        self,
        start: date,
        count: int,
        explain: Callable[[date], CountedDay],
        paused: Collection[date],
    ) -> list[CountedDay]:
        """The days after ``start`` up to the ``count``-th that counts."""
        if count < 1:
            raise ValueError("a limit is at least one day")
        seen: list[CountedDay] = []
        left, day = count, start
        while left:
            if len(seen) == MAXIMUM_DAYS:
                raise ValueError(f"a limit that ends beyond {MAXIMUM_DAYS} days")
            day += timedelta(days=1)
            seen.append(_paused(day) if day in paused else explain(day))
            left -= seen[-1].counts
        return seen

    def content_hash(self) -> bytes:
        """SHA-256 over the canonical JSON (RFC 8785) of the version: years, hours, named days.

        Office, zone and slots are in it only where they differ from the national calendar's one
        stretch a day in Beijing time, so that versions without them keep their hash.
        """
        content: dict[str, Any] = {
            "version": self.version,
            "years": [self.first_year, self.last_year],
            "hours": [self.opens_at.isoformat(), self.closes_at.isoformat()],
            "days": [_content(entry) for entry in self.days],
        }
        if self.office != NATIONAL:
            content["office"] = self.office
        if self.zone != ZONE:
            content["zone"] = self.zone
        if self.week:
            content["week"] = [[str(slot) for slot in slots] for slots in self.week]
        return hashlib.sha256(rfc8785.dumps(content)).digest()

    def _due(self, seen: list[CountedDay], asked: Iterable[date]) -> DueDay:
        """``asked`` are the days whose being a working day decided the end."""
        provisional = not all(self.is_published(day) for day in asked)
        return DueDay(seen[-1].day, provisional, tuple(seen))


def _content(entry: CalendarEntry) -> list[object]:
    plain = [entry.day.isoformat(), entry.is_working_day, entry.name.zh, entry.name.en]
    return [*plain, [str(slot) for slot in entry.slots]] if entry.slots else plain


def _calendar_day(day: date) -> CountedDay:
    return CountedDay(day, True, CALENDAR_DAY)


def _paused(day: date) -> CountedDay:
    return CountedDay(day, False, PAUSED)
