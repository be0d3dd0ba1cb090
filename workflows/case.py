"""The state of a case in progress: a function of its end act and the kinds of its tasks."""

from collections.abc import Iterable
from enum import StrEnum

from workflows.process import StateKind


class EndAct(StrEnum):
    """An act that ends the whole case, whatever its tasks are."""

    WITHDRAWAL = "withdrawal"
    LAPSE = "lapse"
    CANCELLATION = "cancellation"


class CaseState(StrEnum):
    """The states that the engine itself has to know; a case process must have them all."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    NOT_ACCEPTED = "not_accepted"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    PARTLY_COMPLETED = "partly_completed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


def state_of(end_act: EndAct | None, kinds: Iterable[StateKind]) -> CaseState:
    """The state of a case whose tasks have these ``kinds``.

    An end act wins. Otherwise the case goes on while any task waits or is open; then one positive
    and one negative task make it partly completed; void tasks count for nothing, and a case in
    which nothing was granted is refused.
    """
    match end_act:
        case EndAct.WITHDRAWAL:
            return CaseState.WITHDRAWN
        case EndAct.LAPSE:
            return CaseState.LAPSED
        case EndAct.CANCELLATION:
            return CaseState.CANCELLED
        case None:
            pass
    present = set(kinds)
    if present & {StateKind.WAITING, StateKind.OPEN}:
        return CaseState.IN_PROGRESS
    if StateKind.POSITIVE not in present:
        return CaseState.REFUSED
    return CaseState.PARTLY_COMPLETED if StateKind.NEGATIVE in present else CaseState.COMPLETED
