"""The choice of a person: fair, explained, and never somebody who may not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.assignment import Candidate, LeftOut, Order, choose

START = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)

moments = st.none() | st.integers(0, 10_000).map(lambda minutes: START + timedelta(minutes=minutes))
people = st.lists(
    st.builds(
        Candidate,
        id=st.integers(0, 2**64).map(lambda number: UUID(int=number)),
        load=st.integers(0, 50),
        last_at=moments,
        is_absent=st.booleans(),
        has_conflict=st.booleans(),
        has_prepared=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda each: each.id,
)


@given(people, st.sampled_from(Order), st.data())
def test_nobody_absent_conflicted_or_barred_is_ever_chosen(
    candidates: list[Candidate], order: Order, data: st.DataObject
) -> None:
    ids = [each.id for each in candidates]
    named = data.draw(st.none() | st.sets(st.sampled_from(ids)) if ids else st.none())
    choice = choose(candidates, order, named)
    free = {each.id: each for each in candidates if each.hindrance is None}

    assert (choice.chosen is None) == (not free)
    assert choice.chosen is None or choice.chosen in free
    if named and named & set(free):
        assert choice.chosen in named
    accounted = [each.id for each in choice.weighed] + [person for person, _ in choice.left_out]
    assert sorted(accounted) == sorted(ids)
    assert all(why is not LeftOut.NOT_NAMED or named for _, why in choice.left_out)
    assert choice == choose(reversed(candidates), order, named)


@given(people, st.sampled_from(Order))
def test_the_choice_is_the_least_loaded_or_the_longest_idle(
    candidates: list[Candidate], order: Order
) -> None:
    choice = choose(candidates, order)
    free = [each for each in candidates if each.hindrance is None]
    if not free:
        return
    [chosen] = [each for each in free if each.id == choice.chosen]
    if order is Order.LOAD:
        assert chosen.load == min(each.load for each in free)
        free = [each for each in free if each.load == chosen.load]
    assert all(
        chosen.last_at is None or (each.last_at is not None and chosen.last_at <= each.last_at)
        for each in free
    )


@settings(max_examples=50)
@given(st.integers(1, 6), st.lists(st.sampled_from(Order), max_size=40))
def test_equal_entries_in_sequence_never_leave_a_difference_of_more_than_one(
    count: int, arrivals: list[Order]
) -> None:
    desk = [Candidate(id=UUID(int=number)) for number in range(count)]
    for minute, order in enumerate(arrivals):
        chosen = choose(desk, order).chosen
        desk = [
            replace(each, load=each.load + 1, last_at=START + timedelta(minutes=minute))
            if each.id == chosen
            else each
            for each in desk
        ]
        assert max(each.load for each in desk) - min(each.load for each in desk) <= 1


@settings(max_examples=50)
@given(st.lists(st.sets(st.integers(0, 4), max_size=4), max_size=40))
def test_nobody_is_given_more_than_one_beyond_a_colleague_who_was_there_too(
    absences: list[set[int]],
) -> None:
    desk = [Candidate(id=UUID(int=number)) for number in range(5)]
    for minute, away in enumerate(absences):
        desk = [replace(each, is_absent=number in away) for number, each in enumerate(desk)]
        chosen = choose(desk, Order.LOAD).chosen
        present = [each for each in desk if not each.is_absent]
        assert all(
            each.load <= other.load for each in present for other in present if each.id == chosen
        )
        desk = [
            replace(each, load=each.load + 1, last_at=START + timedelta(minutes=minute))
            if each.id == chosen
            else each
            for each in desk
        ]


def test_the_trace_says_who_was_weighed_and_who_was_left_out() -> None:
    busy, idle, away, barred = (Candidate(id=UUID(int=number), load=number) for number in range(4))
    choice = choose(
        [
            replace(busy, load=3, last_at=START),
            idle,
            replace(away, is_absent=True),
            replace(barred, has_conflict=True),
        ],
        Order.LOAD,
    )

    assert choice.trace == {
        "to": str(idle.id),
        "candidates": [
            {"id": str(idle.id), "load": 1, "last_at": None},
            {"id": str(busy.id), "load": 3, "last_at": START.isoformat()},
        ],
        "left_out": [
            {"id": str(away.id), "why": "absent"},
            {"id": str(barred.id), "why": "conflict"},
        ],
    }
