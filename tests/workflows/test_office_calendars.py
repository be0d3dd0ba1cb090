"""Every unit, in several zones, with slots and make-up days, against a counter of its own.

The counter below knows no code of the calendar: it walks day by day and minute by minute over
plain dictionaries.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import working_days
from catalog.working_days import read_days, read_slots, write_days
from core.text import Text
from workflows.calendar import CalendarEntry, Slot, WorkingCalendar
from workflows.clocks import ClockEvent, ClockEventKind, Limit, Unit, due

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Asia/Kathmandu", "Europe/Berlin", "America/St_Johns")
HOURS = (
    ((9, 0), (18, 0)),
    ((9, 0), (12, 0), (13, 30), (17, 30)),
    ((8, 30), (11, 45), (14, 0), (17, 0)),
    ((10, 0), (10, 20), (11, 0), (11, 5), (15, 0), (16, 0)),
)
FIRST, LAST = date(2026, 3, 16), date(2026, 4, 20)
"""Summer time begins in these weeks in Europe."""
NAME = Text(zh="示例", en="Example")

Hours = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Plain:
    """A calendar as plain facts: hours of each weekday, and days with other ones or none."""

    zone: str
    week: tuple[Hours, ...]
    days: dict[date, Hours | None]

    def hours(self, day: date) -> Hours:
        if day in self.days:
            return self.days[day] or ()
        return self.week[day.weekday()] if day.weekday() < 5 else ()

    def is_open(self, at: datetime) -> bool:
        local = at.astimezone(ZoneInfo(self.zone))
        ends, now = self.hours(local.date()), (local.hour, local.minute)
        return any(begin <= now < end for begin, end in zip(ends[::2], ends[1::2], strict=True))

    def calendar(self) -> WorkingCalendar:
        entries = [
            CalendarEntry(day, hours is not None, NAME, "x", slots(hours or ()))
            for day, hours in sorted(self.days.items())
        ]
        week = tuple(slots(hours) for hours in self.week)
        return WorkingCalendar(
            version="x",
            first_year=2026,
            last_year=2026,
            days=tuple(entries),
            zone=self.zone,
            week=week,
        )


def slots(hours: Hours) -> tuple[Slot, ...]:
    ends = [time(*end) for end in hours]
    return tuple(Slot(a, b) for a, b in zip(ends[::2], ends[1::2], strict=True))


HOURS_OF_A_DAY = st.sampled_from(HOURS)
PLAIN = st.builds(
    Plain,
    zone=st.sampled_from(ZONES),
    week=st.tuples(*[HOURS_OF_A_DAY] * 7),
    days=st.dictionaries(st.dates(FIRST, LAST), st.none() | HOURS_OF_A_DAY, max_size=12),
)
STARTS = st.datetimes(datetime(2026, 3, 16), datetime(2026, 4, 6)).map(  # noqa: DTZ001
    lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC)
)
PAUSES = st.lists(st.integers(0, 8000), max_size=4).filter(lambda found: len(found) % 2 == 0)


def course(start: datetime, pauses: list[int], extra: int) -> list[ClockEvent]:
    """A start, an extension at once, then pauses and resumptions after so many minutes."""
    found = [ClockEvent(kind=ClockEventKind.START, at=start)]
    if extra:
        found.append(ClockEvent(kind=ClockEventKind.EXTEND, at=start, extra=extra))
    for order, number in enumerate(sorted(pauses)):
        kind = ClockEventKind.RESUME if order % 2 else ClockEventKind.PAUSE
        found.append(ClockEvent(kind=kind, at=start + number * MINUTE))
    return found


@settings(deadline=None, max_examples=40)
@given(
    plain=PLAIN, start=STARTS, amount=st.integers(1, 900), extra=st.integers(0, 300), pauses=PAUSES
)
def test_office_minutes_agree_with_a_count_of_every_minute(
    plain: Plain, start: datetime, amount: int, extra: int, pauses: list[int]
) -> None:
    found = due(course(start, pauses, extra), Limit(amount, Unit.OFFICE_MINUTES), plain.calendar())
    ordered = sorted(pauses)
    stretches = list(zip(ordered[::2], ordered[1::2], strict=True))
    left, number = amount + extra, 0
    while left:
        is_paused = any(begun <= number < ended for begun, ended in stretches)
        left -= not is_paused and plain.is_open(start + number * MINUTE)
        number += 1
    assert found.at == start + number * MINUTE


@settings(deadline=None, max_examples=80)
@given(
    plain=PLAIN,
    start=STARTS,
    counts=st.tuples(st.integers(1, 12), st.integers(0, 6)),
    pauses=PAUSES,
    unit=st.sampled_from([Unit.WORKING_DAYS, Unit.CALENDAR_DAYS]),
)
def test_days_agree_with_a_count_of_every_day(
    plain: Plain, start: datetime, counts: tuple[int, int], pauses: list[int], unit: Unit
) -> None:
    amount, extra = counts
    events = course(start, pauses, extra)
    found = due(events, Limit(amount, unit), plain.calendar())
    zone = ZoneInfo(plain.zone)
    turns = [(start + number * MINUTE).astimezone(zone).date() for number in sorted(pauses)]
    stretches = list(zip(turns[::2], turns[1::2], strict=True))

    def runs(day: date) -> bool:
        return not any(begun < day <= ended for begun, ended in stretches)

    left, day = amount + extra, start.astimezone(zone).date()
    while left:
        day += DAY
        left -= runs(day) and (unit is Unit.CALENDAR_DAYS or bool(plain.hours(day)))
    while not (runs(day) and plain.hours(day)):
        day += DAY
    closes = plain.hours(day)[-1]
    assert found.at == datetime.combine(day, time(*closes), zone)
    assert not found.provisional


@given(plain=PLAIN)
def test_what_is_written_as_csv_is_read_again(plain: Plain) -> None:
    days = plain.calendar().days
    listed = tuple(
        each for each in days if each.slots or each.is_working_day != (each.day.weekday() < 5)
    )
    assert read_days(write_days(listed)) == listed


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("9:00-12:00 13:30-17:30", "09:00-12:00 13:30-17:30"),
        ("09：00—12：00，13：30至17：30", "09:00-12:00 13:30-17:30"),
        ("", ""),
    ],
)
def test_office_hours_are_read_as_people_type_them(typed: str, read: str) -> None:
    assert " ".join(map(str, read_slots(typed))) == read


def test_a_make_up_day_may_have_hours_of_its_own_and_others_have_mondays() -> None:
    week = (slots(HOURS[1]),) * 5 + ((), ())
    short = CalendarEntry(date(2026, 9, 20), True, NAME, "x", slots(((9, 0), (12, 0))))
    known = tuple(each for each in working_days.calendar().days if each.day != short.day)
    calendar = WorkingCalendar(
        version="x", first_year=2024, last_year=2026, days=(*known, short), week=week
    )

    def ends(start: datetime, minutes: int) -> str:
        limit = Limit(minutes, Unit.OFFICE_MINUTES)
        at = due([ClockEvent(kind=ClockEventKind.START, at=start)], limit, calendar).at
        return at.astimezone(calendar.civil_zone).strftime("%m-%d %H:%M")

    friday = datetime(2026, 9, 18, 17, 0, tzinfo=calendar.civil_zone)
    assert ends(friday, 30 + 180) == "09-20 12:00"
    assert ends(friday, 30 + 181) == "09-21 09:01"
    october = datetime(2026, 10, 9, 17, 0, tzinfo=calendar.civil_zone)  # then a make-up Saturday
    assert ends(october, 30 + 181) == "10-10 13:31"
    day = calendar.closing(date(2026, 9, 20)).astimezone(calendar.civil_zone)
    assert day.strftime("%H:%M") == "12:00"


def test_slots_zone_and_office_are_in_the_hash_and_old_versions_keep_theirs() -> None:
    plain = working_days.calendar()
    known = "c1226710ccb00c5a7bfc051bc8b14093f1a1a021d09000c17db9e0a5c66d414b"
    assert plain.content_hash().hex() == known
    others = (
        replace(plain, office="620102"),
        replace(plain, zone="Asia/Urumqi"),
        replace(plain, week=(slots(HOURS[1]),) * 7),
    )
    assert len({each.content_hash() for each in (plain, *others)}) == 4
