"""Who works on an entry: taking it, giving it back, handing it over. Facts beside the state."""

from collections.abc import Callable
from datetime import timedelta

from core.errors import (
    ConflictError,
    NotFoundError,
    NotPermittedError,
    Problem,
    RuleViolatedError,
)
from core.text import Text
from services.door import persons
from services.door.changes import EventDraft, Put
from services.door.decision import Decision, clock_time
from services.door.persons import NOT_YOURS
from services.door.snapshot import NO_CASE, Entry, TaskRow
from workflows.permissions import ENGINE_ACTOR, Actor, Permission, Place, may
from workflows.process import CLAIM, HAND_BACK, HAND_OVER

LEASE = timedelta(minutes=30)
"""How long a claim keeps others out, unless it is handed back before."""
KEPT = timedelta(days=1)
"""How long an assignment does, where no policy of the desk says otherwise."""

GONE = Text(
    zh="这一件已不在队列中，可能已由他人办完。",
    en="This is no longer in the queue; somebody else may have finished it.",
)
Draft = Callable[[Decision, str, str], EventDraft]
"""Makes the event of a command, given the state before and after it."""

NOT_CLAIMED = Text(
    zh="这一件现在没有人领取，已经在队列里了。",
    en="Nobody holds this now; it is in the queue already.",
)
ASSIGNED_TO_OTHER = Text(
    zh="这一件分给了 {name}，{until} 以前由 {name} 办理。"
    "急需办理的，请 {name} 转交，或由负责人改派。",
    en="This is assigned to {name} until {until}. If it cannot wait, ask {name} to hand it over, "
    "or the head to assign it anew.",
)
CLAIMED_BY_OTHER = Text(
    zh="{name} 正在办理这一件，领取将于 {until} 到期。",
    en="{name} is working on this; the claim ends at {until}.",
)
REASON_OF_HANDING_OVER = Text(
    zh="请写明为什么转交，对方会看到。",
    en="Say why you hand it over; your colleague will read it.",
)
NOT_A_COLLEAGUE = Text(
    zh="只能转交给同一部门、同一区域现在在岗的同事。请重新选择。",
    en="You can hand over only to a colleague at the same desk. Choose again.",
)


def take_or_give(decision: Decision, draft: Draft) -> None:
    """Claim a queue entry, hand it back or hand it over: the state stays, an event is written.

    Raises `NotFoundError`, `NotPermittedError`, `ConflictError` (gone, or somebody else's) and
    `RuleViolatedError` (no reason for handing over, or nobody who could receive it).
    """
    command = decision.command
    item_code = str(command.item_code)
    entry = decision.snapshot.entries.get(item_code)
    task = decision.tasks.get(item_code)
    place = decision.place_of(task) if task else decision.place_of_case()
    if not may(decision.actor, Permission.TASK_CLAIM, place, decision.at):
        raise NotFoundError(NO_CASE)
    if entry is None:
        is_known = any(item.code == item_code for item in decision.definition.thing.items)
        raise ConflictError(GONE) if is_known else NotFoundError(NO_CASE)
    if not may(decision.actor, Permission.TASK_CLAIM, desk_of(decision, entry), decision.at):
        raise NotPermittedError(NOT_YOURS)
    persons.check_conflict(decision, decision.actor.id)
    check_claim(decision, item_code)
    state = task.state if task else decision.case_state
    if command.trigger == CLAIM:
        _check_hands(decision, item_code if task else "", state)
    if command.trigger == HAND_BACK and entry.holder_at(decision.at) is None:
        raise ConflictError(NOT_CLAIMED)
    holder = _next_holder(decision, entry)
    event = decision.record(draft(decision, state, state))
    if command.trigger == HAND_OVER and holder:
        event.wrote("claims", {"item_code": item_code, "claimed_by": str(holder.id)})
    decision.changes.puts[item_code] = _claimed_put(decision, entry, task, holder)


def check_claim(decision: Decision, item_code: str) -> None:
    """Raises `ConflictError` while somebody else holds the entry, or it is somebody else's work."""
    entry = decision.snapshot.entries.get(item_code)
    if entry is None or decision.actor.id == ENGINE_ACTOR.id:
        return
    holder = entry.holder_at(decision.at)
    if holder == decision.actor.id:
        return
    if holder is not None:
        until = clock_time(entry.claim_expires_at) if entry.claim_expires_at else ""
        raise ConflictError(CLAIMED_BY_OTHER.format(name=entry.claimed_name or "", until=until))
    _check_owner(decision, entry)


def _check_owner(decision: Decision, entry: Entry) -> None:
    """Raises `ConflictError` for whoever neither has the entry nor may assign it."""
    if entry.owner_at(decision.at) in {None, decision.actor.id}:
        return
    if may(decision.actor, Permission.TASK_ASSIGN, desk_of(decision, entry), decision.at):
        return
    until = clock_time(entry.assigned_until) if entry.assigned_until else ""
    raise ConflictError(ASSIGNED_TO_OTHER.format(name=entry.assigned_name or "", until=until))


def _check_hands(decision: Decision, item_code: str, state: str) -> None:
    """Raises `NotPermittedError` for a preparer who would take what now needs other hands."""
    if persons.needs_other_hands(decision, item_code, state):
        persons.check_hands(decision, decision.actor.id, item_code)


def _next_holder(decision: Decision, entry: Entry) -> Actor | None:
    """Who holds the entry afterwards: the actor, nobody, or the colleague who receives it."""
    command = decision.command
    if command.trigger != HAND_OVER:
        return decision.actor if command.trigger == CLAIM else None
    problems = []
    if not (command.reason or "").strip():
        problems.append(Problem("reason", REASON_OF_HANDING_OVER))
    receiver = command.receiver
    is_colleague = (
        receiver is not None
        and receiver.id != decision.actor.id
        and may(receiver, Permission.TASK_CLAIM, desk_of(decision, entry), decision.at)
    )
    if receiver is None or not is_colleague:
        problems.append(Problem("colleague", NOT_A_COLLEAGUE))
    else:
        sentence = persons.hindrance(decision, entry.item_code, receiver.id)
        problems += [Problem("colleague", sentence.format(name=receiver.name))] if sentence else []
    if problems:
        raise RuleViolatedError(tuple(problems))
    return receiver


def desk_of(decision: Decision, entry: Entry) -> Place:
    """Whose queue the entry stands in now: a maker's order is not the police's to claim."""
    kind, _, code = entry.handler_code.partition(":")
    return Place(
        applicant_id=decision.case["applicant_id"],
        district_code=entry.handling_district_code,
        department_code=code if kind == "department" else None,
        maker_code=code if kind == "maker" else None,
    )


def _claimed_put(
    decision: Decision, entry: Entry, task: TaskRow | None, holder: Actor | None
) -> Put:
    put = standing_put(decision, entry, task)
    command_id = decision.command.command_id if holder else None
    if holder and entry.holder_at(decision.at) == holder.id:
        command_id = entry.claim_command_id  # a longer lease of the same claim
    put.claimed_by, put.claim_command_id = holder.id if holder else None, command_id
    put.claimed_at = decision.at if holder else None
    put.claim_expires_at = decision.at + LEASE if holder else None
    if holder and put.assigned_to not in {None, holder.id}:
        _hand_on(decision, put, task, holder)
    return put


def _hand_on(decision: Decision, put: Put, task: TaskRow | None, holder: Actor) -> None:
    """What was somebody else's work becomes that of whoever holds it now."""
    put.assigned_to, put.assigned_at = holder.id, decision.at
    put.assigned_until = decision.at + KEPT
    if task is not None:
        task.assigned_to = holder.id
        decision.changes.changed_tasks[task.item_code] = task


def standing_put(decision: Decision, entry: Entry, task: TaskRow | None) -> Put:
    """An entry as it stands, free: whose work it is stays, who holds it does not."""
    return Put(
        item_code=entry.item_code,
        handling_district_code=entry.handling_district_code,
        handler_code=entry.handler_code,
        state=task.state if task else decision.case_state,
        is_preparation=entry.is_preparation,
        waiting_since=entry.waiting_since,
        due_at=entry.due_at,
        due_provisional=entry.due_provisional,
        assigned_to=entry.assigned_to,
        assigned_at=entry.assigned_at,
        assigned_until=entry.assigned_until,
        colour=entry.colour,
    )
