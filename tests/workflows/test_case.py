"""The state of a case as a full table over its end act and the kinds of its tasks."""

from itertools import combinations

import pytest

from workflows.case import CaseState, EndAct, state_of
from workflows.process import StateKind

WAITING, OPEN, POSITIVE, NEGATIVE, VOID = (
    StateKind.WAITING,
    StateKind.OPEN,
    StateKind.POSITIVE,
    StateKind.NEGATIVE,
    StateKind.VOID,
)
ALL_SETS = [
    set(kinds)
    for size in range(6)
    for kinds in combinations((WAITING, OPEN, POSITIVE, NEGATIVE, VOID), size)
]


def expected(kinds: set[StateKind]) -> CaseState:
    """The table in words, kept apart from the code: look for work, then for what was granted."""
    if WAITING in kinds or OPEN in kinds:
        return CaseState.IN_PROGRESS
    table = {
        frozenset(): CaseState.REFUSED,
        frozenset({VOID}): CaseState.REFUSED,
        frozenset({NEGATIVE}): CaseState.REFUSED,
        frozenset({NEGATIVE, VOID}): CaseState.REFUSED,
        frozenset({POSITIVE}): CaseState.COMPLETED,
        frozenset({POSITIVE, VOID}): CaseState.COMPLETED,
        frozenset({POSITIVE, NEGATIVE}): CaseState.PARTLY_COMPLETED,
        frozenset({POSITIVE, NEGATIVE, VOID}): CaseState.PARTLY_COMPLETED,
    }
    return table[frozenset(kinds)]


@pytest.mark.parametrize("kinds", ALL_SETS, ids=lambda kinds: "+".join(sorted(kinds)) or "none")
def test_without_an_end_act_the_kinds_decide(kinds: set[StateKind]) -> None:
    assert state_of(None, kinds) is expected(kinds)


@pytest.mark.parametrize("kinds", ALL_SETS, ids=lambda kinds: "+".join(sorted(kinds)) or "none")
def test_an_end_act_wins_whatever_the_kinds_are(kinds: set[StateKind]) -> None:
    assert state_of(EndAct.WITHDRAWAL, kinds) is CaseState.WITHDRAWN
    assert state_of(EndAct.LAPSE, kinds) is CaseState.LAPSED


def test_how_often_a_kind_occurs_makes_no_difference() -> None:
    assert state_of(None, [POSITIVE, POSITIVE, VOID, POSITIVE]) is state_of(None, [VOID, POSITIVE])
