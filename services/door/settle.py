"""What follows by itself: releases, cancellations, the case's own end, and the queues."""

from services.door.acceptance_clock import (
    acceptance_due,
    forget_acceptance,
    plan_acceptance,
    recolour_entry,
)
from services.door.assigning import assign_entries
from services.door.automatic_decisions import acceptance_row, rule_row
from services.door.bars import may_be_granted
from services.door.changes import EventDraft, Put
from services.door.clocks import case_standing, count_case, enter, limit_case_state, limit_state
from services.door.commitments import COMMITMENT, releases
from services.door.decision import Decision, handler_code, holds
from services.door.documents import issue_document
from services.door.effects import apply_effects
from services.door.posting import post_burden
from services.door.reopening import restoring
from services.door.snapshot import TaskRow
from services.door.tolerance import let_promises_go, overdue_row
from workflows.case import CaseState, EndAct, state_of
from workflows.engine import NOT_REQUIRED
from workflows.permissions import ENGINE_ACTOR
from workflows.process import State, StateKind, Transition

AFTER_ACCEPTANCE = frozenset(CaseState) - {
    CaseState.DRAFT,
    CaseState.SUBMITTED,
    CaseState.RETURNED,
    CaseState.NOT_ACCEPTED,
}
"""The states of a case that follow from its tasks and the act that ended it, if any."""


def settle(decision: Decision) -> None:
    """Fire every automatic transition that has become possible, until none is left."""
    _accept_by_rule(decision)
    for code in sorted(decision.skipped):
        task = decision.tasks[code]
        engine = decision.engine(decision.definition.thing.item(code))
        _fire(decision, task, engine.automatic(task.state, to=NOT_REQUIRED)[0])
    for code in sorted(decision.overdue):
        _end_overdue(decision, code)
    for code in sorted(decision.restored):
        _restore(decision, decision.tasks[code])
    if decision.column("end_act"):
        _cancel_what_can_be(decision)
    moved = True
    while moved:
        moved = False
        for task in decision.tasks.values():
            moved = _advance(decision, task) or _grant(decision, task) or moved
    _conclude(decision)
    if case_standing(decision) is not decision.stood:
        count_case(decision)
    _queue(decision)


def _cancel_what_can_be(decision: Decision) -> None:
    """After an act that ended the case: cancel each part from whose state the engine has a way.

    A part without one goes on to its own end; the process says so by leaving the way out.
    """
    for task in decision.tasks.values():
        engine = decision.engine(decision.definition.thing.item(task.item_code))
        row = engine.automatic_void(task.state)
        if row is not None:
            _fire(decision, task, row)


def _end_overdue(decision: Decision, item_code: str) -> None:
    """End an item whose promised paper did not come, as its office published."""
    row = overdue_row(decision, item_code)
    if row is not None:
        _fire(decision, decision.tasks[item_code], row)


def _restore(decision: Decision, task: TaskRow) -> None:
    """Bring a part back that was cancelled with its case."""
    row = restoring(decision.engine(decision.definition.thing.item(task.item_code)), task)
    if row is not None:
        _fire(decision, task, row)


def _advance(decision: Decision, task: TaskRow) -> bool:
    """Release or cancel one waiting task; True if it moved."""
    state = decision.state_of(task)
    if state.kind is not StateKind.WAITING:
        return False
    item = decision.definition.thing.item(task.item_code)
    before = [decision.tasks[code] for code in item.after]
    barred = any(_bars(decision, other) for other in before)
    if not barred and not all(_satisfies(decision, other) for other in before):
        return False
    engine = decision.engine(item)
    rows, commitment = releases(decision, task, engine.automatic(task.state))
    for row in rows:
        kind = engine.state(row.destination).kind
        if (kind is StateKind.VOID) != barred or row.destination == NOT_REQUIRED:
            continue
        if holds(kind) and not may_be_granted(decision, task):
            return False
        event = _fire(decision, task, row)
        if commitment is not None and not barred:
            event.body[COMMITMENT] = commitment
        return True
    return False


def _grant(decision: Decision, task: TaskRow) -> bool:
    """Grant a task for which the rules of the definition hold; True if it moved."""
    row = rule_row(decision, task) if task.item_code in decision.granted else None
    if row is None or not may_be_granted(decision, task):
        return False
    decision.granted.discard(task.item_code)
    _fire(decision, task, row)
    return True


def _accept_by_rule(decision: Decision) -> None:
    """Accept the case whose first part the rules grant, if it was not accepted yet."""
    row = acceptance_row(decision) if decision.granted else None
    if row is None:
        return
    event = _move_case_by(decision, row)
    decision.changes.case["accepted_at"] = decision.at
    apply_effects(decision, row.effects, event, None)
    limit_case_state(decision, event, decision.definition.case_engine.state(decision.case_state))


def _bars(decision: Decision, task: TaskRow) -> bool:
    kind = decision.state_of(task).kind
    return kind is StateKind.NEGATIVE or (kind is StateKind.VOID and task.state != NOT_REQUIRED)


def _satisfies(decision: Decision, task: TaskRow) -> bool:
    return holds(decision.state_of(task).kind) or task.state == NOT_REQUIRED


def _fire(decision: Decision, task: TaskRow, row: Transition) -> EventDraft:
    engine = decision.engine(decision.definition.thing.item(task.item_code))
    before = task.state
    _, state = engine.fire(before, row.trigger)
    event = decision.record(
        EventDraft(
            trigger=row.trigger,
            actor_id=ENGINE_ACTOR.id,
            item_code=task.item_code,
            from_state=before,
            to_state=state.code,
        )
    )
    move_task(decision, event, task, row)
    return event


def move_task(decision: Decision, event: EventDraft, task: TaskRow, row: Transition) -> None:
    """Put a task where a transition leads, with all that this brings. Only the door calls this."""
    state = decision.engine(decision.definition.thing.item(task.item_code)).state(row.destination)
    before = decision.state_of(task)
    is_new_state = state.code != before.code
    if before.kind.is_final and not state.kind.is_final:
        let_promises_go(decision, event, {task.item_code, *decision.restored})
    enter(decision, event, task, state)
    _mark_core(decision, task, row.trigger, state)
    issue_document(decision, event, row)
    apply_effects(decision, row.effects, event, task)
    if is_new_state:
        limit_state(decision, event, task, state)
    if holds(state.kind) and not holds(before.kind):
        post_burden(decision, event, task)


def _mark_core(decision: Decision, task: TaskRow, trigger: str, state: State) -> None:
    """Note the instant at which a task's part of T_core ends (domain 1.3)."""
    item = decision.definition.thing.item(task.item_code)
    if not item.counts_for_core or task.core_ended_at is not None:
        return
    ended = trigger == item.core_ends_on if item.core_ends_on else state.kind.is_final
    if ended:
        task.core_ended_at = decision.at


def _conclude(decision: Decision) -> None:
    """Move the case where its tasks have brought it, also after its end."""
    if decision.case_state not in AFTER_ACCEPTANCE or not decision.tasks:
        return
    end_act = decision.column("end_act")
    kinds = [decision.state_of(task).kind for task in decision.tasks.values()]
    target = state_of(EndAct(end_act) if end_act else None, kinds)
    if target == decision.case_state:
        return
    engine = decision.definition.case_engine
    event = _move_case_by(decision, engine.automatic(decision.case_state, to=target)[0])
    limit_case_state(decision, event, engine.state(decision.case_state))


def _move_case_by(decision: Decision, row: Transition) -> EventDraft:
    """Move the case by one of the engine's own rows, with its paper if it has one."""
    _, state = decision.definition.case_engine.fire(decision.case_state, row.trigger)
    event = decision.record(
        EventDraft(
            trigger=row.trigger,
            actor_id=ENGINE_ACTOR.id,
            from_state=decision.case_state,
            to_state=state.code,
        )
    )
    move_case(decision, state)
    issue_document(decision, event, row)
    return event


def move_case(decision: Decision, state: State) -> None:
    """Put the case itself into ``state``. Only the door calls this."""
    if state.code != CaseState.SUBMITTED:
        forget_acceptance(decision)
    decision.case_state = state.code
    decision.changes.case["state"] = state.code
    decision.changes.case["version"] = int(decision.case["version"]) + 1
    if not state.kind.is_final:
        decision.changes.case["ended_at"] = None
    elif decision.column("ended_at") is None:
        decision.changes.case["ended_at"] = decision.at
    if state.code != CaseState.RETURNED:
        decision.changes.case["resubmission_due_on"] = None
    if state.code != CaseState.IN_PROGRESS:
        # Nothing is left to be let go, or to be given more time.
        decision.changes.case["withdrawal_asked_at"] = None
        decision.changes.case["extension_asked_at"] = None


def _queue(decision: Decision) -> None:
    """Bring the queue entries of all moved tasks, and of the acceptance, up to date."""
    acceptor = decision.definition.acceptor
    if decision.case_state == CaseState.SUBMITTED:
        has_moved = _accepted_in(decision) != decision.accepted_in
        if has_moved:
            _drop(decision, acceptor.code)
        if has_moved or decision.case["state"] != CaseState.SUBMITTED:
            put_acceptance(decision)
        else:
            recolour_entry(decision)
    elif acceptor.code in decision.snapshot.entries and not decision.tasks:
        _drop(decision, acceptor.code)
    fresh = {task.item_code: task for task in decision.changes.new_tasks}
    for task in (fresh | decision.changes.changed_tasks).values():
        queue_task(decision, task)
    _queue_withdrawal(decision)
    assign_entries(decision)


def _queue_withdrawal(decision: Decision) -> None:
    """Let the accepting office find a wish to withdraw, though its own part is done."""
    acceptor, asked_at = decision.definition.acceptor, decision.column("withdrawal_asked_at")
    task = decision.tasks.get(acceptor.code)
    if task is None or handler_code(decision.state_of(task), task) is not None:
        return
    if asked_at is not None:
        decision.changes.drops.pop(acceptor.code, None)
        decision.changes.puts[acceptor.code] = Put(
            item_code=acceptor.code,
            handling_district_code=task.handling_district_code,
            handler_code=f"department:{task.department_code}",
            state=decision.case_state,
            is_preparation=False,
            waiting_since=asked_at,
            due_at=None,
            due_provisional=False,
        )
        _keep_claim(decision, decision.changes.puts[acceptor.code])
    elif decision.case["withdrawal_asked_at"] is not None:
        decision.changes.puts.pop(acceptor.code, None)
        if acceptor.code in decision.snapshot.entries:
            _drop(decision, acceptor.code)


def _accepted_in(decision: Decision) -> str:
    """Where the case is accepted after this command."""
    return str(decision.column("handling_district_code") or decision.district_code)


def put_acceptance(decision: Decision) -> None:
    """Let the accepting office find it.

    It waits from the submission on: a return that is taken back gains the office no time.
    """
    acceptor, since = decision.definition.acceptor, decision.column("submitted_at")
    decision.changes.case["calendar_hash"] = decision.calendar_hash()
    plan_acceptance(decision)
    due_at, due_provisional = acceptance_due(decision)
    decision.changes.puts[acceptor.code] = Put(
        item_code=acceptor.code,
        handling_district_code=_accepted_in(decision),
        handler_code=f"department:{acceptor.department}",
        state=CaseState.SUBMITTED.value,
        is_preparation=False,
        waiting_since=since,
        due_at=due_at,
        due_provisional=due_provisional,
        colour=decision.column("colour"),
    )


def queue_task(decision: Decision, task: TaskRow) -> None:
    """Let a part lie in the queue of whoever handles it, and in no other."""
    state = decision.state_of(task)
    handler = handler_code(state, task)
    if handler is None:
        if task.item_code in decision.snapshot.entries:
            _drop(decision, task.item_code)
        return
    # Work that is left after the end has no clock but the limit of its own state.
    is_left_over = state.kind.is_final or task.limits_met_at is not None
    entry = decision.snapshot.entries.get(task.item_code)
    is_elsewhere = entry is not None and entry.handling_district_code != task.handling_district_code
    if is_elsewhere:
        _drop(decision, task.item_code)
    same = entry is not None and entry.handler_code == handler and not is_elsewhere
    put = Put(
        item_code=task.item_code,
        handling_district_code=task.handling_district_code,
        handler_code=handler,
        state=state.code,
        is_preparation=state.kind is StateKind.WAITING,
        waiting_since=entry.waiting_since if entry is not None and same else decision.at,
        due_at=task.state_due_at if is_left_over else task.due_at,
        due_provisional=task.due_provisional and not is_left_over,
        assigned_to=task.assigned_to,
        colour=task.colour,
    )
    _keep_claim(decision, put)
    decision.changes.puts[task.item_code] = put


def _keep_claim(decision: Decision, put: Put) -> None:
    """Leave an entry with whoever holds it, as long as it stands at the same desk."""
    entry = decision.snapshot.entries.get(put.item_code)
    if entry is None or entry.handler_code != put.handler_code:
        return
    if entry.holder_at(decision.at):
        put.claimed_by = entry.claimed_by
        put.claimed_at = entry.claimed_at
        put.claim_expires_at = entry.claim_expires_at
        put.claim_command_id = entry.claim_command_id


def _drop(decision: Decision, item_code: str) -> None:
    entry = decision.snapshot.entries[item_code]
    decision.changes.drops[item_code] = entry.handling_district_code
