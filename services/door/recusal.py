"""Declaring a conflict of interest: out of the case at once, with what one had in hand."""

from dataclasses import replace

from core.errors import ConflictError, NotFoundError, Problem, RuleViolatedError
from core.text import Text
from services.door import persons
from services.door.assigning import DESK, desk_workers, hand_on
from services.door.claims import GONE, Draft, standing_put
from services.door.decision import Decision
from services.door.snapshot import NO_CASE, Entry
from workflows.permissions import Permission, may

REASON_OF_RECUSAL = Text(
    zh="请写明回避的理由，例如与申请人是什么关系。",
    en="Say why you must keep out, for example how you are related to the applicant.",
)


def recuse(decision: Decision, draft: Draft) -> None:
    """Keep the actor out of this case from now on; the reason is erasable text.

    What they hold of it goes back to the desks and is given out anew. Raises `NotFoundError` for
    somebody whose work it never is, `NotPermittedError` for who is out already, and
    `RuleViolatedError` at ``reason``.
    """
    item_code = str(decision.command.item_code)
    task, entry = decision.tasks.get(item_code), decision.snapshot.entries.get(item_code)
    place = decision.place_of(task) if task else decision.place_of_case()
    place = replace(place, maker_code=None)  # a maker fills an order and decides nothing
    if not may(decision.actor, Permission.TASK_CLAIM, place, decision.at):
        raise NotFoundError(NO_CASE)
    if task is None and entry is None:
        raise ConflictError(GONE)
    persons.check_conflict(decision, decision.actor.id)
    if not (decision.command.reason or "").strip():
        raise RuleViolatedError((Problem("reason", REASON_OF_RECUSAL),))
    state = task.state if task else decision.case_state
    event = decision.record(draft(decision, state, state))
    person_id = str(decision.actor.id)
    event.wrote("conflicts", {"person_id": person_id})
    decision.changes.conflicts.append(
        {
            "person_id": person_id,
            "item_code": item_code,
            "event_number": decision.event_number(event),
            "declared_at": decision.at,
        }
    )
    held = [each for each in decision.snapshot.entries.values() if _is_held(decision, each)]
    puts = [standing_put(decision, each, decision.tasks.get(each.item_code)) for each in held]
    hand_on(decision, puts, "conflict")
    if entry is not None and _nobody_left(decision, entry):
        event.body["nobody_left"] = True


def _is_held(decision: Decision, entry: Entry) -> bool:
    hands = {entry.assigned_to, entry.holder_at(decision.at)}
    return decision.actor.id in hands and entry.handler_code.startswith(DESK)


def _nobody_left(decision: Decision, entry: Entry) -> bool:
    """Whether everybody of the desk keeps out: then its head must find another way."""
    if not entry.handler_code.startswith(DESK):
        return False
    workers = desk_workers(decision, entry)
    return all(persons.in_conflict(decision, each.id) for each in workers)
