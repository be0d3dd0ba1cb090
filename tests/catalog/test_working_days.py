"""The calendar that comes with the program."""

from datetime import date

import pytest

from catalog import working_days


@pytest.mark.parametrize(("year", "count"), [(2024, 251), (2025, 248), (2026, 248)])
def test_each_year_has_as_many_working_days_as_was_announced(year: int, count: int) -> None:
    calendar = working_days.calendar()
    days = [
        date.fromordinal(number)
        for number in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
    ]
    assert sum(calendar.is_working_day(day) for day in days) == count


def test_every_row_differs_from_monday_to_friday_and_stands_once() -> None:
    entries = working_days.calendar().days
    assert all(entry.is_working_day != (entry.day.weekday() < 5) for entry in entries)
    assert len({entry.day for entry in entries}) == len(entries)


def test_every_row_says_its_name_in_both_languages_and_its_source() -> None:
    for entry in working_days.calendar().days:
        assert entry.name.zh
        assert entry.name.en
        assert str(entry.day.year) in entry.source


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 9, 20), True),
        (date(2026, 10, 10), True),
        (date(2026, 9, 25), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
    ],
)
def test_make_up_days_work_and_holidays_do_not(day: date, works: bool) -> None:
    assert working_days.calendar().is_working_day(day) is works
