"""A retry: what should have followed by itself follows now, and nothing else changes."""

from models.case import Origin
from services.door.automatic_decisions import assessment_job, waits_for_rules
from services.door.automatic_records import LEFT
from services.door.decision import Decision, handler_code
from services.door.notable import TELL_APPLICANT, is_notable
from services.door.settle import put_acceptance, queue_task
from workflows.case import CaseState
from workflows.process import REWIND_PART


def follow_now(decision: Decision) -> None:
    """Put missing queue entries back, weigh rules again, tell the applicant again.

    What was released, cancelled or concluded too late follows as after any command. Limits that
    ran out are fired by commands of their own (`services.repairs`).
    """
    _mend_queue(decision)
    if decision.case["origin"] != Origin.SYNTHETIC.value:
        _tell_again(decision)
    _weigh_again(decision)


def _mend_queue(decision: Decision) -> None:
    """Let every part, and the case itself, lie in exactly the queue in which it belongs."""
    entries = decision.snapshot.entries
    for task in decision.tasks.values():
        handler = handler_code(decision.state_of(task), task)
        entry = entries.get(task.item_code)
        lies = entry and (entry.handler_code, entry.handling_district_code)
        belongs = handler and (handler, task.handling_district_code)
        is_wish = decision.case["withdrawal_asked_at"] is not None and handler is None
        if lies != belongs and not is_wish:
            queue_task(decision, task)
    acceptor = decision.definition.acceptor
    if decision.case_state == CaseState.SUBMITTED and acceptor.code not in entries:
        put_acceptance(decision)


def _tell_again(decision: Decision) -> None:
    """Enqueue the notices of everything that is told; those that were written stay as they are."""
    numbers = [
        event.number
        for event in decision.repairs.events()
        if is_notable(decision.definition, event)
    ]
    if numbers:
        arguments = {
            "district_code": decision.district_code,
            "case_id": str(decision.case_id),
            "event_numbers": numbers,
        }
        decision.changes.jobs.append((TELL_APPLICANT, arguments))


def _weigh_again(decision: Decision) -> None:
    """Ask the rules about what waits for them and was not weighed, or was left to people.

    Never about what they would have granted: nobody may draw again until the lot suits them. Nor
    about what people had go back: that is theirs.
    """
    if decision.case["origin"] != Origin.LIVE.value:
        return
    for item in decision.definition.thing.items:
        if not waits_for_rules(decision, item):
            continue
        moves = decision.repairs.moves(item.code)
        if moves and moves[-1].trigger == REWIND_PART:
            continue
        last = decision.repairs.last_assessment(item.code)
        if last is None or last[1] == LEFT:
            decision.changes.jobs.append(assessment_job(decision, item))
