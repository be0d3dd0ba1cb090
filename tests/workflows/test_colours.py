"""Colours of clocks: by hand, and as they must be for every clock."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import working_days
from core.clock import CIVIL_ZONE
from workflows.clocks import ClockEvent, ClockEventKind, Limit, Unit, due
from workflows.colours import Colour, Thresholds, Turn, colour_at, next_turn, rank, turns

CALENDAR = working_days.calendar()
KINDS = {kind.value: kind for kind in ClockEventKind}
MINUTE = timedelta(minutes=1)
RECEIVED = ("start", "2026-09-18 10:00")  # a Friday; Sunday the 20th is a make-up working day


def beijing(text: str) -> datetime:
    """An instant from Beijing time."""
    return datetime.fromisoformat(text).replace(tzinfo=CIVIL_ZONE).astimezone(UTC)


def events(*facts: tuple[str, str] | tuple[str, str, int]) -> list[ClockEvent]:
    """Events from kind, Beijing time and what an extension adds."""
    return [
        ClockEvent(kind=KINDS[fact[0]], at=beijing(fact[1]), extra=fact[2] if len(fact) > 2 else 0)
        for fact in facts
    ]


def turned(limit: Limit, *facts: tuple[str, str] | tuple[str, str, int]) -> list[str]:
    """The colours with their instants in Beijing time."""
    return [
        f"{turn.colour} {turn.at.astimezone(CIVIL_ZONE):%m-%d %H:%M}"
        for turn in turns(events(*facts), limit, CALENDAR)
    ]


@pytest.mark.parametrize(
    ("limit", "facts", "expected"),
    [
        # Of one day, half and nine tenths of its nine hours.
        (
            Limit(1, Unit.WORKING_DAYS),
            [RECEIVED],
            ["blue 09-20 13:30", "yellow 09-20 17:06", "red 09-20 18:00"],
        ),
        # A limit of two days is not long: yellow by its share alone.
        (
            Limit(2, Unit.WORKING_DAYS),
            [RECEIVED],
            ["blue 09-20 18:00", "yellow 09-21 16:12", "red 09-21 18:00"],
        ),
        # Five days: yellow as the last one begins, which is earlier than nine tenths.
        (
            Limit(5, Unit.WORKING_DAYS),
            [RECEIVED],
            ["blue 09-22 13:30", "yellow 09-23 18:00", "red 09-24 18:00"],
        ),
        # Twenty days: nine tenths are two days before the end.
        (
            Limit(20, Unit.WORKING_DAYS),
            [RECEIVED],
            ["blue 10-09 18:00", "yellow 10-20 18:00", "red 10-22 18:00"],
        ),
        (
            Limit(60, Unit.WALL_MINUTES),
            [RECEIVED],
            ["blue 09-18 10:30", "yellow 09-18 10:54", "red 09-18 11:00"],
        ),
        (
            Limit(60, Unit.OFFICE_MINUTES),
            [("start", "2026-09-18 17:30")],
            ["blue 09-18 18:00", "yellow 09-20 09:24", "red 09-20 09:30"],
        ),
        # What would fall into a pause comes when it ends; nothing of the pause is counted.
        (
            Limit(5, Unit.WORKING_DAYS),
            [RECEIVED, ("pause", "2026-09-22 10:00"), ("resume", "2026-09-24 11:00")],
            ["blue 09-24 11:00", "yellow 09-28 18:00", "red 09-29 18:00"],
        ),
        # Paused now: what came before stays, and nothing is to come.
        (
            Limit(5, Unit.WORKING_DAYS),
            [RECEIVED, ("pause", "2026-09-23 10:00")],
            ["blue 09-22 13:30"],
        ),
        # Decided in time: it never turned red.
        (
            Limit(5, Unit.WORKING_DAYS),
            [RECEIVED, ("stop", "2026-09-24 10:00")],
            ["blue 09-22 13:30", "yellow 09-23 18:00"],
        ),
        # Extended by ten days: all of it is counted anew.
        (
            Limit(20, Unit.WORKING_DAYS),
            [RECEIVED, ("extend", "2026-10-21 09:00", 10)],
            ["blue 10-15 18:00", "yellow 11-02 18:00", "red 11-05 18:00"],
        ),
    ],
)
def test_turns_as_counted_by_hand(
    limit: Limit, facts: list[tuple[str, str]], expected: list[str]
) -> None:
    assert turned(limit, *facts) == expected


def test_thresholds_are_the_definition_s() -> None:
    early = Thresholds(blue_percent=25, yellow_percent=75, yellow_working_days=None)
    found = turns(events(RECEIVED), Limit(4, Unit.WORKING_DAYS), CALENDAR, early)
    assert [turn.at for turn in found] == [
        beijing("2026-09-20 18:00"),
        beijing("2026-09-22 18:00"),
        beijing("2026-09-23 18:00"),
    ]


def test_at_its_very_end_a_clock_is_not_late_yet() -> None:
    found = turns(events(RECEIVED), Limit(60, Unit.WALL_MINUTES), CALENDAR)
    assert colour_at(found, beijing("2026-09-18 11:00")) is Colour.YELLOW
    assert colour_at(found, beijing("2026-09-18 11:00") + timedelta(microseconds=1)) is Colour.RED
    assert colour_at(found, beijing("2026-09-18 10:00")) is Colour.CALM


def test_overdue_changes_come_one_by_one_and_a_calmer_clock_turns_back_at_once() -> None:
    found = turns(events(RECEIVED), Limit(60, Unit.WALL_MINUTES), CALENDAR)
    after = beijing("2026-09-19 10:00")
    assert next_turn(found, after, Colour.CALM) == found[0]
    assert next_turn(found, after, Colour.BLUE) == found[1]
    assert next_turn(found, after, Colour.YELLOW) == found[2]
    assert next_turn(found, after, Colour.RED) is None
    soon = beijing("2026-09-18 10:10")
    assert next_turn(found, soon, Colour.YELLOW) == Turn(colour=Colour.CALM, at=soon)


@st.composite
def clocks(draw: st.DrawFn) -> tuple[list[ClockEvent], Limit]:
    """A clock of any unit with pauses, extensions and perhaps a stop."""
    unit = draw(st.sampled_from(Unit))
    longest = 12 if unit in {Unit.WORKING_DAYS, Unit.CALENDAR_DAYS} else 3000
    start = beijing("2026-08-31 00:00") + draw(st.integers(0, 90 * 1440)) * MINUTE
    found = [ClockEvent(kind=ClockEventKind.START, at=start)]
    at, is_paused = start, False
    for step in draw(st.lists(st.integers(0, 4000), max_size=6)):
        at += step * MINUTE
        extends = not is_paused and draw(st.booleans())
        if extends:
            found.append(
                ClockEvent(kind=ClockEventKind.EXTEND, at=at, extra=draw(st.integers(1, longest)))
            )
            continue
        kind = ClockEventKind.RESUME if is_paused else ClockEventKind.PAUSE
        found.append(ClockEvent(kind=kind, at=at))
        is_paused = not is_paused
    return found, Limit(draw(st.integers(1, longest)), unit)


def pauses_of(found: list[ClockEvent]) -> list[tuple[datetime, datetime]]:
    """The pauses that have ended."""
    halts = [event.at for event in found if event.kind is ClockEventKind.PAUSE]
    goes_on = [event.at for event in found if event.kind is ClockEventKind.RESUME]
    return list(zip(halts, goes_on, strict=False))


@given(clocks())
@settings(max_examples=60, deadline=None)
def test_colours_come_in_order_between_start_and_end_and_never_in_a_pause(
    clock: tuple[list[ClockEvent], Limit],
) -> None:
    found, limit = clock
    changes = turns(found, limit, CALENDAR)
    assert [turn.colour for turn in changes] == list(Colour)[1 : len(changes) + 1]
    assert all(one.at <= other.at for one, other in pairwise(changes))
    pauses, end = pauses_of(found), due(found, limit, CALENDAR).at
    last = max([end, *(ended for begun, ended in pauses if begun < end < ended)])
    for turn in changes:
        assert found[0].at <= turn.at <= last
        assert not any(begun < turn.at < ended for begun, ended in pauses)
        assert rank(colour_at(changes, turn.at + MINUTE / 60)) >= rank(turn.colour)
    is_paused = len(found) > 1 and found[-1].kind is ClockEventKind.PAUSE
    assert is_paused or len(changes) == len(Colour) - 1
    assert not is_paused or all(turn.at < found[-1].at for turn in changes)


@given(st.integers(1, 3000), st.integers(0, 99), st.integers(1, 5000), st.integers(0, 90 * 1440))
@settings(max_examples=30, deadline=None)
def test_time_that_is_paused_moves_later_colours_by_itself_alone(
    amount: int, share: int, length: int, begins: int
) -> None:
    """Of wall minutes exactly: what was before the pause stays, what comes after waits for it."""
    start = beijing("2026-08-31 00:00") + begins * MINUTE
    plain = [ClockEvent(kind=ClockEventKind.START, at=start)]
    halt = start + amount * share / 100 * MINUTE
    paused = [
        *plain,
        ClockEvent(kind=ClockEventKind.PAUSE, at=halt),
        ClockEvent(kind=ClockEventKind.RESUME, at=halt + length * MINUTE),
    ]
    limit = Limit(amount, Unit.WALL_MINUTES)
    for before, after in zip(
        turns(plain, limit, CALENDAR), turns(paused, limit, CALENDAR), strict=True
    ):
        moved = timedelta() if before.at <= halt else length * MINUTE
        assert abs(after.at - before.at - moved) <= timedelta(microseconds=1)


@given(st.integers(2, 12), st.integers(0, 60), st.integers(0, 60), st.integers(0, 90 * 24))
@settings(max_examples=30, deadline=None)
def test_half_of_a_limit_in_days_is_the_end_of_half_the_days(
    half: int, wait: int, length: int, begins: int
) -> None:
    """Against the limit of half the days, whose end the clock itself counts."""
    start = beijing("2026-03-02 00:00") + begins * 60 * MINUTE
    halt = start + wait * timedelta(hours=4)
    found = [
        ClockEvent(kind=ClockEventKind.START, at=start),
        ClockEvent(kind=ClockEventKind.PAUSE, at=halt),
        ClockEvent(kind=ClockEventKind.RESUME, at=halt + length * timedelta(hours=4)),
    ]
    blue = turns(found, Limit(2 * half, Unit.WORKING_DAYS), CALENDAR)[0].at
    middle = due(found, Limit(half, Unit.WORKING_DAYS), CALENDAR).at
    in_pause = halt < middle < found[-1].at
    assert blue == (found[-1].at if in_pause else middle)
