"""Counting days, against a counter that knows nothing of ours but the list of days."""

import csv
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import working_days
from core.text import Text
from workflows.calendar import (
    CALENDAR_DAY,
    MAXIMUM_DAYS,
    PAUSED,
    UNPUBLISHED,
    WEEKEND,
    WORKDAY,
    WorkingCalendar,
)

CALENDAR = working_days.calendar()
ROWS = {
    row["day"]: row["is_working_day"] == "yes"
    for row in csv.DictReader(working_days.FILE.read_text(encoding="utf-8").splitlines()[1:])
}
STARTS = st.dates(date(2024, 1, 1), date(2027, 3, 31))
COUNTS = st.integers(1, 60)
PAUSES = st.frozensets(st.integers(1, 90), max_size=30)


def works(day: date) -> bool:
    """Whether offices work, read straight from the file."""
    return ROWS.get(day.isoformat(), day.weekday() < 5)


def days_after(start: date) -> list[date]:
    """Every day of the next years."""
    return [start + timedelta(days=number) for number in range(1, 800)]


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 9, 18), 5, date(2026, 9, 24)),
        (date(2026, 9, 18), 20, date(2026, 10, 22)),
        (date(2026, 9, 19), 1, date(2026, 9, 20)),  # a make-up Sunday is a working day
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2025, 12, 31), 1, date(2026, 1, 4)),
        (date(2026, 2, 13), 3, date(2026, 2, 25)),
    ],
)
def test_working_days_as_counted_by_hand(start: date, count: int, end: date) -> None:
    found = CALENDAR.add_working_days(start, count)
    assert found.day == end
    assert not found.provisional


@given(start=STARTS, count=COUNTS, offsets=PAUSES)
def test_working_days_agree_with_a_day_by_day_count(
    start: date, count: int, offsets: frozenset[int]
) -> None:
    paused = {start + timedelta(days=number) for number in offsets}
    found = CALENDAR.add_working_days(start, count, paused)
    counted = [day for day in days_after(start) if works(day) and day not in paused]
    assert found.day == counted[count - 1]
    assert found.provisional == (found.day.year > 2026)
    assert [each.day for each in found.counted if each.counts] == counted[:count]


@given(start=STARTS, count=COUNTS, offsets=PAUSES)
def test_calendar_days_agree_with_a_day_by_day_count(
    start: date, count: int, offsets: frozenset[int]
) -> None:
    paused = {start + timedelta(days=number) for number in offsets}
    found = CALENDAR.add_calendar_days(start, count, paused)
    counted = [day for day in days_after(start) if day not in paused]
    assert found.day == next(day for day in counted[count - 1 :] if works(day))
    assert found.provisional == (found.day.year > 2026)


@given(start=STARTS, count=COUNTS)
def test_the_explanation_names_every_day_once_in_order(start: date, count: int) -> None:
    for found in (
        CALENDAR.add_working_days(start, count),
        CALENDAR.add_calendar_days(start, count),
    ):
        days = [each.day for each in found.counted]
        assert days == days_after(start)[: len(days)]
        assert days[-1] == found.day
        assert sum(each.counts for each in found.counted) == count


@given(start=STARTS, count=COUNTS)
def test_a_longer_limit_never_ends_earlier(start: date, count: int) -> None:
    ends = [CALENDAR.add_calendar_days(start, each).day for each in (count, count + 1)]
    assert ends == sorted(ends)
    works_ends = [CALENDAR.add_working_days(start, each).day for each in (count, count + 1)]
    assert works_ends[0] < works_ends[1]


def test_the_reasons_say_why_a_day_counted_or_not() -> None:
    reasons = {
        each.day: each.reason for each in CALENDAR.add_working_days(date(2026, 9, 18), 20).counted
    }
    assert reasons[date(2026, 9, 19)] is WEEKEND
    assert reasons[date(2026, 9, 20)].zh == "国庆节调休上班"
    assert reasons[date(2026, 9, 21)] is WORKDAY
    assert reasons[date(2026, 9, 25)] == Text(zh="中秋节", en="Mid-autumn Festival")
    paused = CALENDAR.add_working_days(date(2026, 9, 18), 1, {date(2026, 9, 20)}).counted
    assert [(each.counts, each.reason) for each in paused] == [
        (False, WEEKEND),
        (False, PAUSED),
        (True, WORKDAY),
    ]


def test_a_last_calendar_day_on_a_holiday_moves_to_the_next_working_day() -> None:
    found = CALENDAR.add_calendar_days(date(2026, 9, 21), 10)  # would be 1 October
    assert found.day == date(2026, 10, 8)
    assert found.counted[0].reason is CALENDAR_DAY
    assert not found.counted[9].counts
    assert found.counted[9].reason.zh == "国庆节"


def test_beyond_the_last_published_year_an_end_is_provisional_and_says_so() -> None:
    found = CALENDAR.add_working_days(date(2026, 12, 30), 5)
    assert found.provisional
    assert found.day == date(2027, 1, 6)
    assert found.counted[-1].reason is UNPUBLISHED
    assert not CALENDAR.add_working_days(date(2026, 12, 30), 1).provisional


def test_a_start_before_the_first_published_year_is_provisional_only_by_its_days() -> None:
    assert CALENDAR.add_working_days(date(2023, 12, 28), 1).provisional
    assert not CALENDAR.add_working_days(date(2023, 12, 31), 1).provisional


@pytest.mark.parametrize("count", [0, -1])
def test_a_limit_of_no_days_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="at least one day"):
        CALENDAR.add_working_days(date(2026, 1, 1), count)
    with pytest.raises(ValueError, match="at least one day"):
        CALENDAR.add_calendar_days(date(2026, 1, 1), count)


def test_a_limit_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match="beyond"):
        CALENDAR.add_working_days(date(2026, 1, 1), MAXIMUM_DAYS)


def test_the_hash_is_the_same_for_rows_in_any_order_and_changes_with_the_content() -> None:
    rows = [(entry.day, entry.is_working_day, entry.name, entry.source) for entry in CALENDAR.days]

    def of(days: list[tuple[date, bool, Text, str]], version: str) -> bytes:
        return WorkingCalendar.from_rows(
            version=version,
            years=(CALENDAR.first_year, CALENDAR.last_year),
            hours=(CALENDAR.opens_at, CALENDAR.closes_at),
            days=days,
        ).content_hash()

    assert of(rows[::-1], CALENDAR.version) == CALENDAR.content_hash()
    assert of(rows[1:], CALENDAR.version) != CALENDAR.content_hash()
    assert of(rows, "another") != CALENDAR.content_hash()
    assert len(CALENDAR.content_hash()) == 32
