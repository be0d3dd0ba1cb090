"""Putting a part back to a state that it has been in, with all that had followed from it."""

from dataclasses import dataclass
from datetime import datetime

from core.errors import TransitionRefusedError
from core.text import Text
from models.output import SealStatus
from services.door.changes import EventDraft
from services.door.decision import Decision, holds
from services.door.repair_records import Move
from services.door.revocations import reverse_postings, revoke_outputs
from services.door.settle import move_task
from services.door.snapshot import TaskRow
from workflows.clock_folds import GO_ON, MET
from workflows.engine import NOT_REQUIRED, Engine
from workflows.permissions import ENGINE_ACTOR, Permission
from workflows.process import REWIND_PART, WAIT_AGAIN, StateKind, Transition
from workflows.repairs import BY_VERB, Verb, bar_of_part, ways_back
from workflows.repairs import Standing as RepairStanding

WAITS_AGAIN = Text(zh="重新等待", en="Wait again")
BEGUN = Text(
    zh="“{part}”已经根据这一部分开始办理，不能退回。请先退回“{part}”，或者另想办法。",
    en='"{part}" was begun on the strength of this part, so it cannot go back. Rewind "{part}" '
    "first, or find another way.",
)
NOT_THERE = Text(
    zh="现在不能退回到这个状态。请刷新后重新提出。",
    en="It cannot go back to that state now. Reload and ask anew.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """When a part came into the state to which it goes back; number 0 for its first state."""

    number: int
    at: datetime | None


def states_of(decision: Decision, task: TaskRow) -> list[str]:
    """The states that a part has been in by its chain, the present one last."""
    moves = decision.repairs.moves(task.item_code)
    return [moves[0].from_state, *(move.to_state for move in moves)] if moves else [task.state]


def rewind(
    decision: Decision, task: TaskRow, to_state: str, said: tuple[str | None, str | None]
) -> EventDraft:
    """Put a part back; ``said`` are the words and the code of the reason.

    Results issued since then are revoked, postings since then reversed by name, and parts that
    rest on it and were not begun wait again. Raises `TransitionRefusedError` if some were begun,
    or if it cannot go back there any more.
    """
    engine = _engine(decision, task)
    been = states_of(decision, task)
    standing = RepairStanding(
        case_state=decision.case_state,
        end_act=decision.column("end_act"),
        engine=decision.definition.case_engine,
    )
    bar = bar_of_part(Verb.REWIND, standing, engine, been)
    if bar is None and to_state not in ways_back(engine, been):
        bar = NOT_THERE
    if bar is not None:
        raise TransitionRefusedError(bar)
    back = _dependents(decision, task)
    event = decision.record(
        EventDraft(
            trigger=REWIND_PART,
            actor_id=decision.actor.id,
            item_code=task.item_code,
            from_state=task.state,
            to_state=to_state,
            reason_code=said[1],
            command_id=decision.command.command_id,
            text={"reason": said[0]} if said[0] else None,
        )
    )
    _put_back(decision, event, task, to_state, goes_on=True)
    for other, state in back:
        _let_wait(decision, other, state)
    decision.changes.case["repaired_at"] = decision.at
    return event


def _dependents(decision: Decision, task: TaskRow) -> list[tuple[TaskRow, str]]:
    """The parts that rest on ``task`` and wait again, each with the state in which it waited."""
    found: dict[str, tuple[TaskRow, str]] = {}
    looked: set[str] = set()
    front = [task.item_code]
    while front:
        code = front.pop()
        _check_decided_after(decision, code)
        for item in decision.definition.thing.items:
            other = decision.tasks[item.code]
            if code not in item.after or item.code in looked:
                continue
            looked.add(item.code)
            state = _waited_in(decision, other)
            if state is not None:
                found[item.code] = (other, state)
                front.append(item.code)
    return [found[code] for code in sorted(found)]


def _check_decided_after(decision: Decision, code: str) -> None:
    """Nothing may have been granted that had to wait for this one's decision."""
    if not holds(decision.state_of(decision.tasks[code]).kind):
        return
    for item in decision.definition.thing.items:
        other = decision.tasks[item.code]
        if code in item.decide_after and holds(decision.state_of(other).kind):
            raise TransitionRefusedError(BEGUN.format(part=item.public_title))


def _waited_in(decision: Decision, task: TaskRow) -> str | None:
    """Where a part waits again; None if it waits, is not needed, or was ended by somebody.

    Raises `TransitionRefusedError` if somebody has begun to work on it.
    """
    engine, kind = _engine(decision, task), decision.state_of(task).kind
    if kind is StateKind.WAITING or task.state == NOT_REQUIRED:
        return None
    moves = _since_waiting(engine, decision.repairs.moves(task.item_code))
    if not moves:
        return None
    by_people = any(move.actor_id != ENGINE_ACTOR.id for move in moves)
    if by_people and kind is StateKind.VOID:
        return None
    entry = decision.snapshot.entries.get(task.item_code)
    is_held = entry is not None and entry.holder_at(decision.at) is not None
    if by_people or is_held:
        title = decision.definition.thing.item(task.item_code).public_title
        raise TransitionRefusedError(BEGUN.format(part=title))
    return moves[0].from_state


def _since_waiting(engine: Engine, moves: list[Move]) -> list[Move]:
    """The moves from the last one out of a state of waiting on."""
    waits = [
        index
        for index, move in enumerate(moves)
        if engine.state(move.from_state).kind is StateKind.WAITING
        and engine.state(move.to_state).kind is not StateKind.WAITING
    ]
    return moves[waits[-1] :] if waits else []


def _let_wait(decision: Decision, task: TaskRow, state: str) -> None:
    event = decision.record(
        EventDraft(
            trigger=WAIT_AGAIN,
            actor_id=ENGINE_ACTOR.id,
            item_code=task.item_code,
            from_state=task.state,
            to_state=state,
        )
    )
    _put_back(decision, event, task, state, goes_on=False)


def _put_back(
    decision: Decision, event: EventDraft, task: TaskRow, to_state: str, *, goes_on: bool
) -> None:
    entry = _entry(decision, task, to_state)
    _set_clock(event, task, entry, goes_on=goes_on)
    if task.core_ended_at is not None and _is_since(task.core_ended_at, entry):
        task.core_ended_at = None
    row = Transition(
        trigger=event.trigger,
        label=BY_VERB[Verb.REWIND].title if goes_on else WAITS_AGAIN,
        sources=(task.state,),
        destination=to_state,
        permission=Permission.REPAIR_CONFIRM,
        leaves_end=True,
    )
    move_task(decision, event, task, row)
    issued = decision.records.issued(task.item_code).values()
    if any(each.event_number > entry.number and not each.is_revoked for each in issued):
        revoke_outputs(decision, event, task)
    reverse_postings(decision, event, task, since=entry.number)
    _put_seals_back(decision, event, task, entry)


def _set_clock(event: EventDraft, task: TaskRow, entry: Entry, *, goes_on: bool) -> None:
    """The clock of a part that goes back counts on; that of one that waits stops by itself."""
    if not goes_on:
        return
    event.body["clock"] = {GO_ON: True}
    if task.limits_met_at is not None and _is_since(task.limits_met_at, entry):
        event.body["clock"][MET] = False


def _is_since(at: datetime, entry: Entry) -> bool:
    return entry.at is None or at > entry.at


def _put_seals_back(decision: Decision, event: EventDraft, task: TaskRow, entry: Entry) -> None:
    """Let every seal of the part stand where it stood; one ordered since then is cancelled."""
    if decision.definition.thing.item(task.item_code).seal_order is None:
        return
    stood = decision.repairs.seals(task.item_code, entry.number)
    for seal in decision.snapshot.seals:
        if seal.item_code != task.item_code or seal.status == SealStatus.CANCELLED:
            continue
        seal.status, code = stood.get(seal.id, (SealStatus.CANCELLED.value, seal.code))
        row = {"id": str(seal.id), "status": seal.status}
        event.wrote("seals", row | ({"code": code} if code != seal.code else {}))
        seal.code = code
        for name in ("coded_at", "engraved_at", "delivered_at", "filed_at"):
            at = getattr(seal, name)
            if at is not None and _is_since(at, entry):
                setattr(seal, name, None)
        decision.changes.changed_seals[seal.id] = seal


def _entry(decision: Decision, task: TaskRow, state: str) -> Entry:
    entered = [move for move in decision.repairs.moves(task.item_code) if move.to_state == state]
    if not entered:
        return Entry(number=0, at=None)
    return Entry(number=entered[-1].number, at=entered[-1].at)


def _engine(decision: Decision, task: TaskRow) -> Engine:
    return decision.engine(decision.definition.thing.item(task.item_code))
