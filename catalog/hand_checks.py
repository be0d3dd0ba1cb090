"""Four eyes: where other hands must decide, somebody must have prepared what they decide."""

from collections.abc import Iterator

from catalog.schema import ProcessDefinition
from catalog.source import Place
from core.text import Text
from workflows.process import Transition

Found = Iterator[tuple[Place, Text]]


def hand_mistakes(process: ProcessDefinition) -> Found:
    """Every step by other hands that can be reached with nobody's hand before it.

    From the beginning, and again from wherever a decision has led: what is decided next must be
    prepared anew.
    """
    known = {state.code: state for state in process.states}
    starts = {process.initial}
    starts |= {
        row.destination
        for row in process.transitions
        if row.destination in known and row.decides(known[row.destination])
    }
    unprepared = _reached_unprepared(process, starts)
    for at, row in enumerate(process.transitions):
        if row.different_officer and unprepared.intersection(row.sources):
            yield (
                ("transitions", at, "different_officer"),
                Text(
                    zh="“{name}”要求由另一位人员办理，但不经过任何写有 prepares: true 的动作"
                    "也能走到这一步，不知道是与谁不同。",
                    en='"{name}" needs other hands, but it can be reached without any step that '
                    "says prepares: true, so nobody knows other than whose.",
                ).format(name=row.trigger),
            )


def _reached_unprepared(process: ProcessDefinition, starts: set[str]) -> set[str]:
    found: set[str] = set()
    ahead = list(starts)
    while ahead:
        code = ahead.pop()
        if code not in found:
            found.add(code)
            ahead += [row.destination for row in process.from_state(code) if not _marks(row)]
    return found


def _marks(row: Transition) -> bool:
    """Whether what follows has been prepared; the engine prepares nothing."""
    return row.prepares and not row.by_itself
