"""Whose work an entry is: given by the desk's policy when it enters, or by the head."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from catalog import assignment_rules
from core.clock import CIVIL_ZONE
from core.errors import ConflictError, NotFoundError, NotPermittedError, Problem, RuleViolatedError
from core.text import Text
from models.assignment import PolicyKind
from services.door import persons
from services.door.changes import EventDraft, Put
from services.door.claims import GONE, KEPT, Draft, desk_of, standing_put
from services.door.decision import Decision
from services.door.persons import NOT_YOURS
from services.door.rosters import Place, Policy, Worker
from services.door.snapshot import NO_CASE, Entry
from workflows.assignment import Candidate, Choice, Order, choose
from workflows.permissions import ENGINE_ACTOR, Permission, granting, may
from workflows.process import ASSIGN

DESK = "department:"

REASON_OF_ASSIGNING = Text(
    zh="请写明为什么指派，对方会看到。", en="Say why you assign it; your colleague will read it."
)
NOT_AT_DESK = Text(
    zh="只能指派给这个岗位现在在岗的人员。请重新选择。",
    en="You can assign only to somebody who works at this desk now. Choose again.",
)


def assign(decision: Decision, draft: Draft) -> None:
    """Give an entry to somebody of its desk, whoever had it; the engine does so for absences.

    Raises `NotFoundError`, `NotPermittedError`, `ConflictError` (it left the queue) and
    `RuleViolatedError` at ``reason`` or ``colleague``.
    """
    entry = _checked_entry(decision)
    task = decision.tasks.get(entry.item_code)
    put = standing_put(decision, entry, task)
    by_engine = decision.actor.id == ENGINE_ACTOR.id
    problems = _problems(decision, entry)
    if problems and not by_engine:
        raise RuleViolatedError(tuple(problems))
    event = decision.record(draft(decision, put.state, put.state))
    _take_away(put)
    if problems or decision.command.receiver is None:
        _give(decision, [put], event.reason_code or "act", [event])
        return
    receiver_id = decision.command.receiver.id
    before = entry.assigned_to or entry.holder_at(decision.at)
    event.body["assignment"] = {
        "cause": event.reason_code or "act",
        "from": str(before) if before else None,
        "to": str(receiver_id),
    }
    if entry.holder_at(decision.at) == receiver_id:
        _keep_claim(put, entry)
    _set(decision, put, receiver_id, KEPT)
    event.wrote("assignments", {"item_code": put.item_code, "assigned_to": str(receiver_id)})


def assign_entries(decision: Decision) -> None:
    """At the end of a command: whose the entries are that it puts into queues.

    What stays at its desk stays with its person, unless that person may not handle it any more;
    what enters a desk is given out by the desk's policy.
    """
    entering = []
    for put in decision.changes.puts.values():
        if not put.handler_code.startswith(DESK):
            put.assigned_to = None
            continue
        entry = decision.snapshot.entries.get(put.item_code)
        stays = entry is not None and _is_same_desk(entry, put)
        if entry is not None and stays:
            put.assigned_to, put.assigned_at = entry.assigned_to, entry.assigned_at
            put.assigned_until = entry.assigned_until
        elif put.is_preparation:
            put.assigned_to = None
        lost = _part_with_hindered(decision, put)
        was_waiting = entry is not None and entry.is_preparation
        if not put.is_preparation and (lost or was_waiting or not stays):
            entering.append(put)
    if entering:
        _give(decision, entering, "policy")


def hand_on(decision: Decision, puts: Sequence[Put], cause: str) -> None:
    """Take entries out of the hands that have them, and give them out again by policy."""
    for put in puts:
        _take_away(put)
        decision.changes.puts[put.item_code] = put
    _give(decision, puts, cause)


def desk_workers(decision: Decision, entry: Entry) -> list[Worker]:
    """Everybody who works where the entry waits."""
    department = entry.handler_code.removeprefix(DESK)
    return decision.rosters.workers(entry.handling_district_code, department, decision.at)


def _checked_entry(decision: Decision) -> Entry:
    item_code = str(decision.command.item_code)
    entry = decision.snapshot.entries.get(item_code)
    task = decision.tasks.get(item_code)
    place = decision.place_of(task) if task else decision.place_of_case()
    by_engine = decision.actor.id == ENGINE_ACTOR.id
    if not by_engine and not may(decision.actor, Permission.CASE_READ, place, decision.at):
        raise NotFoundError(NO_CASE)
    if entry is None or not entry.handler_code.startswith(DESK):
        raise ConflictError(GONE)
    if not by_engine:
        grant = granting(
            decision.actor, Permission.TASK_ASSIGN, desk_of(decision, entry), decision.at
        )
        if grant is None:
            raise NotPermittedError(NOT_YOURS)
        persons.check_conflict(decision, decision.actor.id)
        decision.mandate = grant.mandate
    return entry


def _problems(decision: Decision, entry: Entry) -> list[Problem]:
    problems = []
    if not (decision.command.reason or "").strip():
        problems.append(Problem("reason", REASON_OF_ASSIGNING))
    receiver = decision.command.receiver
    if receiver is None or not may(
        receiver, Permission.TASK_CLAIM, desk_of(decision, entry), decision.at
    ):
        return [*problems, Problem("colleague", NOT_AT_DESK)]
    sentence = persons.hindrance(decision, entry.item_code, receiver.id)
    if sentence is not None:
        problems.append(Problem("colleague", sentence.format(name=receiver.name)))
    if decision.actor.id == ENGINE_ACTOR.id:
        return [each for each in problems if each.path != "reason"]
    return problems


def _part_with_hindered(decision: Decision, put: Put) -> bool:
    """Free an entry from whoever may not handle it in its new state; True if its owner was."""
    holder = put.claimed_by
    if holder is not None and persons.is_barred(decision, put.item_code, holder):
        put.claimed_by = put.claimed_at = put.claim_expires_at = put.claim_command_id = None
    owner = put.assigned_to
    if owner is None or not persons.is_barred(decision, put.item_code, owner):
        return False
    _forget(decision, put)
    return True


def _give(
    decision: Decision, puts: Sequence[Put], cause: str, events: Sequence[EventDraft] = ()
) -> None:
    """Choose a person for each entry by its desk's policy, as events that say how."""
    policies = decision.rosters.policies([_place(put) for put in puts])
    for number, put in enumerate(puts):
        policy = policies.get(_place(put))
        before = _owner_before(decision, put)
        chosen = _chosen(decision, put, policy, before, cause)
        if chosen is None and not events:
            _forget(decision, put)
            continue
        person_id, trace = chosen or (None, {"cause": cause, "to": None})
        event = events[number] if events else _event(decision, put)
        event.body["assignment"] = trace
        kept = timedelta(minutes=policy.kept_minutes) if policy else KEPT
        if person_id is None:
            _forget(decision, put)
            continue
        _set(decision, put, person_id, kept)
        event.wrote("assignments", {"item_code": put.item_code, "assigned_to": str(person_id)})


def _chosen(
    decision: Decision, put: Put, policy: Policy | None, before: UUID | None, cause: str
) -> tuple[UUID | None, dict[str, Any]] | None:
    """Who gets it and the trace; None where nobody is chosen because the desk pulls."""
    pulls = policy is None or policy.kind == PolicyKind.PULL
    if pulls and before is None:
        return None
    candidates = _candidates(decision, put, policy)
    again = _again(decision, candidates, before)
    if again is not None:
        return again, {"cause": "returned", "to": str(again)}
    if policy is None or pulls:
        return None
    order = Order.TURN if policy.kind == PolicyKind.TURN else Order.LOAD
    rule, named = _rule(decision, put, policy)
    choice: Choice = choose(candidates.values(), order, named)
    if choice.chosen is not None:
        turn = (put.handling_district_code, _department(put), choice.chosen)
        decision.changes.turns[turn] = decision.changes.turns.get(turn, 0) + 1
    facts: dict[str, Any] = {"cause": cause, "policy": policy.code, "kind": policy.kind}
    facts |= {"rule": rule} if rule is not None else {}
    return choice.chosen, facts | {"weight": policy.weight(put.item_code)} | choice.trace


def _candidates(decision: Decision, put: Put, policy: Policy | None) -> dict[UUID, Candidate]:
    workers = decision.rosters.workers(put.handling_district_code, _department(put), decision.at)
    away = decision.rosters.away([each.id for each in workers], _day(decision))
    return {
        each.id: Candidate(
            id=each.id,
            load=_load(decision, put, each, policy),
            last_at=each.last_at,
            is_absent=each.id in away,
            has_conflict=persons.in_conflict(decision, each.id),
            has_prepared=persons.is_barred(decision, put.item_code, each.id),
        )
        for each in workers
    }


def _load(decision: Decision, put: Put, worker: Worker, policy: Policy | None) -> int:
    """The weight of what somebody has, without this entry, with what this command gave them."""
    if policy is None:
        return 0
    items = dict(worker.open_items)
    if _owner_before(decision, put) == worker.id and put.item_code in items:
        items[put.item_code] -= 1
    total = sum(policy.weight(code) * count for code, count in items.items())
    for other in decision.changes.puts.values():
        entry = decision.snapshot.entries.get(other.item_code)
        is_fresh = entry is None or entry.assigned_to != worker.id
        if other is not put and other.assigned_to == worker.id and is_fresh:
            total += policy.weight(other.item_code)
    return total


def _again(
    decision: Decision, candidates: Mapping[UUID, Candidate], before: UUID | None
) -> UUID | None:
    """What comes back goes to whoever had it, or to their deputy while they are away."""
    if before is None or before not in candidates:
        return None
    if candidates[before].hindrance is None:
        return before
    deputy = decision.rosters.away([before], _day(decision)).get(before)
    if deputy is not None and deputy in candidates and candidates[deputy].hindrance is None:
        return deputy
    return None


def _rule(
    decision: Decision, put: Put, policy: Policy
) -> tuple[int | None, frozenset[UUID] | None]:
    """The number of the first rule that holds, from 1, and whom it names."""
    if policy.kind != PolicyKind.RULE:
        return None, None
    submission = decision.changes.submission
    sent = submission.answers if submission is not None else None
    answers = decision.answers() if sent is None else sent
    return assignment_rules.first_rule(policy.rules, answers, facts_of(decision, put))


def facts_of(decision: Decision, put: Put) -> dict[str, str]:
    """What rules know of an entry beside the answers of its case."""
    return {
        "thing": decision.definition.thing.code,
        "item": put.item_code,
        "district": put.handling_district_code,
        "home_district": decision.district_code,
    }


def _event(decision: Decision, put: Put) -> EventDraft:
    return decision.record(
        EventDraft(
            trigger=ASSIGN,
            actor_id=ENGINE_ACTOR.id,
            item_code=put.item_code,
            from_state=put.state,
            to_state=put.state,
        )
    )


def _set(decision: Decision, put: Put, person_id: UUID, kept: timedelta) -> None:
    put.assigned_to, put.assigned_at = person_id, decision.at
    put.assigned_until = decision.at + kept
    _note(decision, put)


def _forget(decision: Decision, put: Put) -> None:
    put.assigned_to = put.assigned_at = put.assigned_until = None
    _note(decision, put)


def _note(decision: Decision, put: Put) -> None:
    """Keep the task saying the same as its entry."""
    decision.changes.puts[put.item_code] = put
    task = decision.tasks.get(put.item_code)
    if task is not None and task.assigned_to != put.assigned_to:
        task.assigned_to = put.assigned_to
        decision.changes.changed_tasks[task.item_code] = task


def _take_away(put: Put) -> None:
    put.assigned_to = put.assigned_at = put.assigned_until = None
    put.claimed_by = put.claimed_at = put.claim_expires_at = put.claim_command_id = None


def _keep_claim(put: Put, entry: Entry) -> None:
    put.claimed_by, put.claimed_at = entry.claimed_by, entry.claimed_at
    put.claim_expires_at, put.claim_command_id = entry.claim_expires_at, entry.claim_command_id


def _owner_before(decision: Decision, put: Put) -> UUID | None:
    task = decision.tasks.get(put.item_code)
    return task.assigned_to if task else put.assigned_to


def _is_same_desk(entry: Entry, put: Put) -> bool:
    return (
        entry.handler_code == put.handler_code
        and entry.handling_district_code == put.handling_district_code
    )


def _department(put: Put) -> str:
    return put.handler_code.removeprefix(DESK)


def _place(put: Put) -> Place:
    return put.handling_district_code, _department(put), put.item_code


def _day(decision: Decision) -> date:
    return decision.at.astimezone(CIVIL_ZONE).date()
