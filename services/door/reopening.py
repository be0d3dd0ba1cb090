"""Reopening a case that had ended, and accepting one by the office's own silence."""

from datetime import datetime

from core.errors import Problem, RuleViolatedError, TransitionRefusedError
from core.text import Text
from services.door import tolerance
from services.door.changes import EventDraft
from services.door.decision import Decision
from services.door.returns import DUE_INPUT, last_day
from services.door.snapshot import TaskRow
from workflows.engine import Engine
from workflows.process import StateKind, Transition

DEEMED = "deemed"
"""In the body of an acceptance: nobody accepted it, the law did."""

NEVER_ACCEPTED = Text(
    zh="这一件在受理以前就撤回了，没有可以恢复的办理。请申请人重新申请。",
    en="This was withdrawn before it was accepted, so there is nothing to go on with. The "
    "applicant may apply again.",
)


def deem_accepted(decision: Decision, event: EventDraft) -> None:
    """The case counts as accepted from the day on which its papers arrived (许可法 32).

    Clocks start then too. Papers that were promised are awaited as after any acceptance.
    """
    arrived: datetime = decision.column("submitted_at")
    event.body[DEEMED] = True
    decision.changes.case["accepted_at"] = arrived
    decision.starts_from = arrived
    lacking = tolerance.missing(decision)
    if lacking:
        tolerance.await_papers(decision, event, lacking)


def reopen_case(decision: Decision, event: EventDraft) -> None:
    """Clear the act that ended the case; settling restores what was cancelled with it.

    Raises `TransitionRefusedError` for a case that had never been accepted.
    """
    if decision.case["accepted_at"] is None:
        raise TransitionRefusedError(NEVER_ACCEPTED)
    decision.changes.case["end_act"] = None
    decision.restored |= {
        code
        for code, task in decision.tasks.items()
        if restoring(decision.engine(decision.definition.thing.item(code)), task) is not None
    }
    tolerance.let_promises_go(decision, event, decision.restored)


def reopen_for_corrections(decision: Decision, event: EventDraft) -> None:
    """Let a case that lapsed wait for its corrections again, with a new last day.

    Raises `RuleViolatedError` for a day that is too early or too late.
    """
    problems: list[Problem] = []
    day = last_day(decision, DUE_INPUT, problems)
    if day is None or problems:
        raise RuleViolatedError(tuple(problems))
    decision.changes.case["end_act"] = None
    decision.changes.case["resubmission_due_on"] = day
    event.body[DUE_INPUT] = day.isoformat()


def restoring(engine: Engine, task: TaskRow) -> Transition | None:
    """The engine's way back for a part that was cancelled with its case; None if there is none."""
    if engine.state(task.state).kind is not StateKind.VOID:
        return None
    for row in engine.automatic(task.state):
        if row.leaves_end and engine.state(row.destination).kind is StateKind.WAITING:
            return row
    return None
