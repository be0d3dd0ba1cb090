"""Clocks as folds over events, against a counter that looks at every minute or day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import working_days
from core.clock import CIVIL_ZONE
from core.text import Text
from workflows.clocks import (
    PAUSED_NOW,
    ClockEvent,
    ClockEventKind,
    Limit,
    Unit,
    Urgency,
    due,
    due_day_words,
    due_words,
)

CALENDAR = working_days.calendar()
KINDS = {kind.value: kind for kind in ClockEventKind}
MINUTE = timedelta(minutes=1)


def beijing(text: str) -> datetime:
    """An instant from Beijing time."""
    return datetime.fromisoformat(text).replace(tzinfo=CIVIL_ZONE).astimezone(UTC)


def events(*facts: tuple[str, str] | tuple[str, str, int]) -> list[ClockEvent]:
    """Events from kind, Beijing time and what an extension adds."""
    return [
        ClockEvent(kind=KINDS[fact[0]], at=beijing(fact[1]), extra=fact[2] if len(fact) > 2 else 0)
        for fact in facts
    ]


def end(limit: Limit, *facts: tuple[str, str] | tuple[str, str, int]) -> str:
    """The end in Beijing time."""
    found = due(events(*facts), limit, CALENDAR).at
    assert found.tzinfo is UTC
    return found.astimezone(CIVIL_ZONE).strftime("%Y-%m-%d %H:%M")


FIVE_DAYS = Limit(5, Unit.WORKING_DAYS)
RECEIVED = ("start", "2026-09-18 10:00")


@pytest.mark.parametrize(
    ("limit", "facts", "expected"),
    [
        (FIVE_DAYS, [RECEIVED], "2026-09-24 18:00"),
        (Limit(20, Unit.WORKING_DAYS), [RECEIVED], "2026-10-22 18:00"),
        (FIVE_DAYS, [("start", "2026-09-18 23:59")], "2026-09-24 18:00"),
        (FIVE_DAYS, [("start", "2026-09-19 00:00")], "2026-09-24 18:00"),
        (Limit(60, Unit.WALL_MINUTES), [RECEIVED], "2026-09-18 11:00"),
        (Limit(60, Unit.OFFICE_MINUTES), [("start", "2026-09-18 17:30")], "2026-09-20 09:30"),
        (Limit(30, Unit.OFFICE_MINUTES), [("start", "2026-09-18 17:30")], "2026-09-18 18:00"),
        (Limit(1, Unit.OFFICE_MINUTES), [("start", "2026-09-30 18:00")], "2026-10-08 09:01"),
        (Limit(10, Unit.CALENDAR_DAYS), [("start", "2026-09-21 10:00")], "2026-10-08 18:00"),
        (FIVE_DAYS, [RECEIVED, ("extend", "2026-09-22 10:00", 10)], "2026-10-15 18:00"),
        # Paused on Monday, on again on Wednesday: two working days more.
        (
            FIVE_DAYS,
            [RECEIVED, ("pause", "2026-09-21 10:00"), ("resume", "2026-09-23 10:00")],
            "2026-09-29 18:00",
        ),
        # A pause within one day takes no day away.
        (
            FIVE_DAYS,
            [RECEIVED, ("pause", "2026-09-21 10:00"), ("resume", "2026-09-21 17:00")],
            "2026-09-24 18:00",
        ),
        # What was late before the pause stays late.
        (
            FIVE_DAYS,
            [RECEIVED, ("pause", "2026-09-25 10:00"), ("resume", "2026-09-30 17:00")],
            "2026-09-24 18:00",
        ),
        (
            Limit(60, Unit.WALL_MINUTES),
            [RECEIVED, ("pause", "2026-09-18 10:30"), ("resume", "2026-09-18 12:00")],
            "2026-09-18 12:30",
        ),
        (
            Limit(60, Unit.OFFICE_MINUTES),
            [RECEIVED, ("pause", "2026-09-18 10:30"), ("resume", "2026-09-20 16:00")],
            "2026-09-20 16:30",
        ),
        (
            Limit(60, Unit.WALL_MINUTES),
            [RECEIVED, ("stop", "2026-09-18 10:30"), ("extend", "2026-09-18 10:40", 60)],
            "2026-09-18 11:00",
        ),
        (
            Limit(60, Unit.WALL_MINUTES),
            [RECEIVED, ("pause", "2026-09-18 10:30"), ("stop", "2026-09-18 10:40")],
            "2026-09-18 11:10",
        ),
    ],
)
def test_ends_as_counted_by_hand(limit: Limit, facts: list[tuple[str, str]], expected: str) -> None:
    assert end(limit, *facts) == expected


def is_open(at: datetime) -> bool:
    """Whether the office is open in the minute that begins at ``at``."""
    civil = at.astimezone(CIVIL_ZONE)
    return CALENDAR.is_working_day(civil.date()) and time(9) <= civil.time() < time(18)


def at_minute(start: datetime, numbers: list[int]) -> list[ClockEvent]:
    """A start, then pause and resume in turn after that many minutes."""
    found = [ClockEvent(kind=ClockEventKind.START, at=start)]
    for order, number in enumerate(sorted(numbers)):
        kind = ClockEventKind.RESUME if order % 2 else ClockEventKind.PAUSE
        found.append(ClockEvent(kind=kind, at=start + number * MINUTE))
    return found


STARTS = st.datetimes(datetime(2026, 9, 14), datetime(2026, 10, 12)).map(  # noqa: DTZ001
    lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC)
)
PAUSES = st.lists(st.integers(0, 3000), max_size=6).filter(lambda found: len(found) % 2 == 0)


@settings(deadline=None, max_examples=60)
@given(
    start=STARTS,
    amount=st.integers(1, 1500),
    pauses=PAUSES,
    unit=st.sampled_from([Unit.WALL_MINUTES, Unit.OFFICE_MINUTES]),
)
def test_minutes_agree_with_a_count_of_every_minute(
    start: datetime, amount: int, pauses: list[int], unit: Unit
) -> None:
    course = at_minute(start, pauses)
    found = due(course, Limit(amount, unit), CALENDAR)
    ordered = sorted(pauses)
    stretches = list(zip(ordered[::2], ordered[1::2], strict=True))
    left, number = amount, 0
    while left:
        is_paused = any(begun <= number < ended for begun, ended in stretches)
        runs = unit is Unit.WALL_MINUTES or is_open(start + number * MINUTE)
        left -= runs and not is_paused
        number += 1
    assert found.at == start + number * MINUTE


@settings(deadline=None)
@given(
    start=STARTS,
    amount=st.integers(1, 30),
    pauses=st.lists(st.integers(0, 60_000), max_size=4).filter(lambda found: len(found) % 2 == 0),
    unit=st.sampled_from([Unit.WORKING_DAYS, Unit.CALENDAR_DAYS]),
)
def test_days_agree_with_a_count_of_every_day(
    start: datetime, amount: int, pauses: list[int], unit: Unit
) -> None:
    course = at_minute(start, pauses)
    found = due(course, Limit(amount, unit), CALENDAR)
    days = [event.at.astimezone(CIVIL_ZONE).date() for event in course]
    stretches = list(zip(days[1::2], days[2::2], strict=True))

    def free(day: date) -> bool:
        return not any(begun < day <= ended for begun, ended in stretches)

    left, day = amount, days[0]
    while left:
        day += timedelta(days=1)
        left -= free(day) and (unit is Unit.CALENDAR_DAYS or CALENDAR.is_working_day(day))
    while not (free(day) and CALENDAR.is_working_day(day)):
        day += timedelta(days=1)
    assert found.at == datetime.combine(day, time(18), CIVIL_ZONE)


@given(
    start=STARTS, amount=st.integers(1, 30), extra=st.integers(1, 30), unit=st.sampled_from(Unit)
)
def test_an_extension_is_the_same_as_a_longer_limit(
    start: datetime, amount: int, extra: int, unit: Unit
) -> None:
    begun = ClockEvent(kind=ClockEventKind.START, at=start)
    extended = ClockEvent(kind=ClockEventKind.EXTEND, at=start, extra=extra)
    assert due([begun, extended], Limit(amount, unit), CALENDAR) == due(
        [begun], Limit(amount + extra, unit), CALENDAR
    )


@pytest.mark.parametrize("unit", list(Unit))
def test_a_paused_clock_has_the_earliest_end_and_says_that_it_may_change(unit: Unit) -> None:
    running = due(events(RECEIVED), Limit(3, unit), CALENDAR)
    paused = due(events(RECEIVED, ("pause", "2026-09-18 10:01")), Limit(3, unit), CALENDAR)
    assert paused.at == running.at
    assert not running.provisional
    assert paused.provisional
    assert paused.reasons == (*running.reasons, PAUSED_NOW)


def test_an_end_in_a_year_without_published_holidays_is_provisional() -> None:
    start = ("start", "2026-12-31 17:59")
    assert due(events(start), Limit(1, Unit.WORKING_DAYS), CALENDAR).provisional
    assert due(events(start), Limit(2, Unit.OFFICE_MINUTES), CALENDAR).provisional
    assert not due(events(start), Limit(1, Unit.OFFICE_MINUTES), CALENDAR).provisional


def test_the_reasons_list_every_day_that_was_counted_or_skipped() -> None:
    found = due(events(RECEIVED), FIVE_DAYS, CALENDAR)
    assert [reason.en for reason in found.reasons] == [
        "2026-09-19 Saturday: not counted, weekend",
        "2026-09-20 Sunday: day 1, make-up working day for National Day",
        "2026-09-21 Monday: day 2, working day",
        "2026-09-22 Tuesday: day 3, working day",
        "2026-09-23 Wednesday: day 4, working day",
        "2026-09-24 Thursday: day 5, working day",
    ]
    assert found.reasons[0].zh == "2026-09-19 周六：不计，周末"


def test_the_reasons_of_office_minutes_say_how_many_of_each_day() -> None:
    facts = [
        ("start", "2026-09-17 18:30"),
        ("pause", "2026-09-18 10:00"),
        ("resume", "2026-09-22 09:30"),
    ]
    found = due(events(*facts), Limit(90, Unit.OFFICE_MINUTES), CALENDAR)
    assert [reason.en for reason in found.reasons] == [
        "2026-09-17 Thursday: not counted, after office hours",
        "2026-09-18 Friday: 60 office minutes",
        "2026-09-19 Saturday: not counted, weekend",
        "2026-09-20 Sunday: not counted, the clock was paused",
        "2026-09-21 Monday: not counted, the clock was paused",
        "2026-09-22 Tuesday: 30 office minutes",
    ]


def test_the_reasons_of_wall_minutes_name_the_start_and_the_pauses() -> None:
    facts = [RECEIVED, ("pause", "2026-09-18 10:30"), ("resume", "2026-09-18 12:00")]
    found = due(events(*facts), Limit(60, Unit.WALL_MINUTES), CALENDAR)
    assert [reason.en for reason in found.reasons] == [
        "60 minutes from 2026-09-18 10:00",
        "the clock was paused 2026-09-18 10:30 to 2026-09-18 12:00",
    ]


@pytest.mark.parametrize(
    "facts",
    [
        [],
        [("pause", "2026-09-18 10:00")],
        [RECEIVED, ("pause", "2026-09-18 09:59")],
    ],
)
def test_a_course_of_events_that_cannot_be_is_refused(facts: list[tuple[str, str]]) -> None:
    with pytest.raises(ValueError, match=r"begins with a start|backwards"):
        due(events(*facts), FIVE_DAYS, CALENDAR)


@pytest.mark.parametrize("unit", list(Unit))
def test_a_limit_of_nothing_is_refused(unit: Unit) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        due(events(RECEIVED), Limit(0, unit), CALENDAR)


def test_office_minutes_without_end_are_refused() -> None:
    with pytest.raises(ValueError, match="beyond"):
        due(events(RECEIVED), Limit(10**9, Unit.OFFICE_MINUTES), CALENDAR)


@pytest.mark.parametrize(
    ("left", "words", "urgency"),
    [
        (timedelta(days=2, hours=5), Text(zh="还剩 2 天", en="2 days left"), Urgency.CALM),
        (timedelta(days=1), Text(zh="还剩 1 天", en="1 day left"), Urgency.CALM),
        (timedelta(hours=3), Text(zh="还剩 3 小时", en="3 hours left"), Urgency.CALM),
        (timedelta(hours=2), Text(zh="还剩 2 小时", en="2 hours left"), Urgency.SOON),
        (timedelta(minutes=119), Text(zh="还剩 1 小时", en="1 hour left"), Urgency.SOON),
        (timedelta(minutes=1), Text(zh="还剩 1 分钟", en="1 minute left"), Urgency.SOON),
        (
            timedelta(seconds=59),
            Text(zh="还剩不到 1 分钟", en="less than a minute left"),
            Urgency.SOON,
        ),
        (timedelta(), Text(zh="还剩不到 1 分钟", en="less than a minute left"), Urgency.SOON),
        (
            -timedelta(seconds=1),
            Text(zh="超期不到 1 分钟", en="less than a minute late"),
            Urgency.LATE,
        ),
        (-timedelta(minutes=5), Text(zh="超期 5 分钟", en="5 minutes late"), Urgency.LATE),
        (-timedelta(days=1), Text(zh="超期 1 天", en="1 day late"), Urgency.LATE),
    ],
)
def test_what_is_left_in_words(left: timedelta, words: Text, urgency: Urgency) -> None:
    now = beijing("2026-09-18 10:00")
    assert due_words(now + left, now) == (words, urgency)


@pytest.mark.parametrize(
    ("due_at", "zh", "en"),
    [
        ("2026-09-17 18:00", "昨天 18:00 前", "by 18:00 yesterday"),
        ("2026-09-18 14:30", "今天 14:30 前", "by 14:30 today"),
        ("2026-09-19 00:00", "明天 00:00 前", "by 00:00 tomorrow"),
        ("2026-09-20 09:05", "周日 09:05 前", "by 09:05 on Sunday"),
        ("2026-09-24 18:00", "周四 18:00 前", "by 18:00 on Thursday"),
        ("2026-09-25 18:00", "9月25日 18:00 前", "by 18:00 on 25 September"),
        ("2026-09-16 18:00", "9月16日 18:00 前", "by 18:00 on 16 September"),
        ("2027-01-04 18:00", "2027年1月4日 18:00 前", "by 18:00 on 4 January 2027"),
    ],
)
def test_the_end_is_said_as_people_say_it(due_at: str, zh: str, en: str) -> None:
    now = beijing("2026-09-18 23:59")
    assert due_day_words(beijing(due_at), now) == Text(zh=zh, en=en)
