"""The engine's own act after a calendar was published: count a clock again, keep both dates."""

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from core.errors import ConflictError, NotFoundError
from core.text import Text
from services.door.acceptance_clock import acceptance_due, plan_acceptance
from services.door.changes import EventDraft, Put
from services.door.clocks import count_case, count_task, recount_state
from services.door.colours import forget_colour
from services.door.decision import Decision
from services.door.snapshot import NO_CASE, TaskRow
from workflows.case import CaseState
from workflows.permissions import Permission, may
from workflows.process import RECOMPUTE_LIMIT, ClockEffect

COUNTED = "recount"
"""In the body of the event: what was stored and what is stored now, each as a pair."""
DATES = ("due_at", "statutory_due_at", "state_due_at")
NOTHING_TO_COUNT = Text(
    zh="到期时间已按最新的工作日历计算。",
    en="The due date is counted by the newest calendar already.",
)


def recompute_limit(decision: Decision) -> None:
    """Count a task, or the case itself, by the newest calendar of its office.

    Also one that was counted so, if nobody has noted when its colour turns.

    State and version stay as they are: nobody who has the page open need draw it again. What was
    first told stays for ever. Raises `NotFoundError` for everybody but the engine, and
    `ConflictError` if the newest calendar was used already.
    """
    task = decision.tasks.get(decision.command.item_code or "")
    place = decision.place_of(task) if task else decision.place_of_case()
    if not may(decision.actor, Permission.ENGINE_ADVANCE, place, decision.at):
        raise NotFoundError(NO_CASE)
    if task is None and decision.command.item_code is not None:
        raise NotFoundError(NO_CASE)
    used = task.calendar_hash if task else decision.case["calendar_hash"]
    newest = decision.calendar_hash(task)
    is_counted = used is not None and bytes(used) == newest
    if is_counted and not _lacks_colour(decision, task):
        raise ConflictError(NOTHING_TO_COUNT)
    before = _stored(decision, task)
    event = _event(decision, task)
    if task is not None:
        _count_task(decision, task, newest)
    else:
        _count_case(decision, newest)
    if is_counted and _turns_at(decision, task) is None:
        raise ConflictError(NOTHING_TO_COUNT)
    after = _stored(decision, task)
    event.body[COUNTED] = {
        "calendar": [bytes(used).hex() if used else None, newest.hex()],
        **{name: [before[name], after[name]] for name in before if before[name] or after[name]},
    }


def _lacks_colour(decision: Decision, task: TaskRow | None) -> bool:
    """True for a clock that runs and of which nobody has noted when its colour turns."""
    runs = decision.state_of(task).clock if task else decision.stood
    waits = task is None and decision.case_state == CaseState.SUBMITTED
    return (runs is ClockEffect.RUNS or waits) and _turns_at(decision, task) is None


def _turns_at(decision: Decision, task: TaskRow | None) -> datetime | None:
    found: datetime | None = task.next_colour_at if task else decision.column("next_colour_at")
    return found


def _event(decision: Decision, task: TaskRow | None) -> EventDraft:
    state = task.state if task else decision.case_state
    return decision.record(
        EventDraft(
            trigger=RECOMPUTE_LIMIT,
            actor_id=decision.actor.id,
            item_code=task.item_code if task else None,
            from_state=state,
            to_state=state,
            command_id=decision.command.command_id,
        )
    )


def _count_task(decision: Decision, task: TaskRow, newest: bytes) -> None:
    if task.first_due_at is None:
        task.first_due_at = task.due_at
    if task.started_at is not None:
        count_task(decision, task)
    recount_state(decision, task)
    task.calendar_hash = newest
    decision.changes.changed_tasks[task.item_code] = task
    is_left_over = decision.state_of(task).kind.is_final or task.limits_met_at is not None
    if is_left_over:
        forget_colour(task)
    ends = (task.state_due_at, False) if is_left_over else (task.due_at, task.due_provisional)
    _follow(decision, task.item_code, ends)


def _count_case(decision: Decision, newest: bytes) -> None:
    count_case(decision)
    recount_state(decision, None)
    decision.changes.case["calendar_hash"] = newest
    decision.changes.case["first_due_at"] = decision.case["first_due_at"]
    if decision.case_state == CaseState.SUBMITTED:
        _follow_acceptance(decision)


def _follow_acceptance(decision: Decision) -> None:
    """Before the acceptance there is no task: the entry alone says until when it should come."""
    plan_acceptance(decision)
    _follow(decision, decision.definition.acceptor.code, acceptance_due(decision))


def _follow(decision: Decision, item_code: str, ends: tuple[datetime | None, bool]) -> None:
    """Bring the queue entry's date up to date; who holds it, and all else, stays as it is."""
    entry = decision.snapshot.entries.get(item_code)
    if entry is None:
        return
    task = decision.tasks.get(item_code)
    as_it_is = {
        field.name: getattr(entry, field.name)
        for field in fields(Put)
        if hasattr(entry, field.name)
    }
    changed = {
        "state": task.state if task else decision.case_state,
        "due_at": ends[0],
        "due_provisional": ends[1],
        "colour": task.colour if task else entry.colour,
    }
    decision.changes.puts[item_code] = Put(**as_it_is | changed)


def _stored(decision: Decision, task: TaskRow | None) -> dict[str, Any]:
    """The dates as they stand, and whether they may still change."""
    names = (*DATES, "due_provisional", "statutory_provisional")
    values = {name: getattr(task, name) if task else decision.column(name) for name in names}
    return {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }
