"""Reasons for being overdue: given by whoever works on the task, before the decision or with it."""

from catalog import registry
from core.errors import (
    NotFoundError,
    NotPermittedError,
    Problem,
    RuleViolatedError,
    TransitionRefusedError,
)
from core.text import Text
from services.door.changes import EventDraft
from services.door.claims import check_claim
from services.door.command import Delay
from services.door.decision import Decision
from services.door.persons import NOT_YOURS, check_conflict
from services.door.snapshot import NO_CASE, TaskRow
from services.door.supervision_rows import DelayRow
from workflows.permissions import Permission, may
from workflows.process import EXPLAIN_DELAY, State, Transition

CODE, WORDS = "delay_code", "delay_text"
REASON_MISSING = Text(
    zh="这一件已经超期。请选择超期的原因，申请人会看到。",
    en="This is overdue. Choose the reason; the applicant will read it.",
)
WORDS_MISSING = Text(
    zh="请写明是什么原因，申请人会看到。", en="Say what the reason is; the applicant will read it."
)
NOT_OVERDUE = Text(
    zh="这一件没有超期，不需要说明原因。", en="This is not overdue; no reason is needed."
)


def explain(decision: Decision, task: TaskRow) -> None:
    """Write down why a task is overdue; its state stays as it is.

    Raises `NotFoundError`, `NotPermittedError`, `ConflictError` (somebody else works on it),
    `TransitionRefusedError` (it is not overdue) and `RuleViolatedError` (no reason).
    """
    place = decision.place_of(task)
    if not may(decision.actor, Permission.CASE_READ, place, decision.at):
        raise NotFoundError(NO_CASE)
    if not may(decision.actor, Permission.TASK_CLAIM, place, decision.at):
        raise NotPermittedError(NOT_YOURS)
    check_conflict(decision, decision.actor.id)
    check_claim(decision, task.item_code)
    if not is_overdue(decision, task):
        raise TransitionRefusedError(NOT_OVERDUE)
    _record(decision, task, decision.command.delay, is_own=True)


def demand(decision: Decision, task: TaskRow, row: Transition, state: State) -> None:
    """Before a decision on an overdue task: its reason, given earlier or with the decision.

    Raises `RuleViolatedError` if there is none. Nothing is asked of machines and applicants.
    """
    by_officer = row.permission not in {Permission.ENGINE_ADVANCE, Permission.CASE_APPLY}
    if not (by_officer and state.kind.is_final and is_overdue(decision, task)):
        return
    given = decision.command.delay
    if given is None and decision.supervision.is_delay_explained(task.item_code):
        return
    _record(decision, task, given, is_own=False)


def is_overdue(decision: Decision, task: TaskRow) -> bool:
    """True once the promised end has passed while the clock ran, unless it was met before."""
    ends_at = task.limits_met_at or decision.at
    return task.due_at is not None and task.due_at < ends_at and task.paused_at is None


def _record(decision: Decision, task: TaskRow, given: Delay | None, *, is_own: bool) -> None:
    rules = registry.catalogue().supervision
    reason = rules.delay_reason(given.reason_code if given else None)
    if given is None or reason is None:
        raise RuleViolatedError((Problem(CODE, REASON_MISSING),))
    words = given.words.strip()
    if reason.text_required and not words:
        raise RuleViolatedError((Problem(WORDS, WORDS_MISSING),))
    event = decision.record(
        EventDraft(
            trigger=EXPLAIN_DELAY,
            actor_id=decision.actor.id,
            item_code=task.item_code,
            from_state=task.state,
            to_state=task.state,
            reason_code=reason.code,
            command_id=decision.command.command_id if is_own else None,
            text={"reason": words} if words else None,
        )
    )
    decision.changes.delays.append(
        DelayRow(
            item_code=task.item_code,
            event_number=decision.event_number(event),
            reason_code=reason.code,
            given_by=decision.actor.id,
            given_at=decision.at,
        )
    )
