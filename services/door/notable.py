"""Which events the applicant is told of: the job is enqueued in the command's transaction."""

from typing import Any

from models.case import Origin
from services.door.changes import EventDraft
from services.door.decision import Decision
from workflows.process import StateKind

TELL_APPLICANT = "tell_applicant"
"""The job that writes notices for the events of one command."""


def notable_jobs(decision: Decision) -> list[tuple[str, dict[str, Any]]]:
    """The jobs of a command: one that tells the applicant, if there is anything to tell.

    Applicants of synthetic cases are nobody, who reads nothing.
    """
    if decision.case["origin"] == Origin.SYNTHETIC.value:
        return []
    numbers = [
        decision.event_number(event)
        for event in decision.changes.events
        if _has_words(decision, event)
        or (
            event.from_state != event.to_state
            and _concerns_applicant(decision, event.item_code, event.to_state)
        )
    ]
    if not numbers:
        return []
    arguments = {
        "district_code": decision.district_code,
        "case_id": str(decision.case_id),
        "event_numbers": numbers,
    }
    return [(TELL_APPLICANT, arguments)]


def _has_words(decision: Decision, event: EventDraft) -> bool:
    """True for a step whose process says what the applicant is told, even if nothing moves."""
    if event.item_code is None:
        engine = decision.definition.case_engine
    else:
        engine = decision.engine(decision.definition.thing.item(event.item_code))
    row = engine.row(event.from_state or "", event.trigger)
    return row is not None and row.notice is not None


def _concerns_applicant(decision: Decision, item_code: str | None, state: str | None) -> bool:
    """Every step of the case itself; of a task its result, and whatever the applicant handles."""
    if item_code is None:
        return True
    if state is None:
        return False
    item = decision.definition.thing.item(item_code)
    reached = decision.engine(item).state(state)
    return reached.tell_applicant or reached.kind in {StateKind.POSITIVE, StateKind.NEGATIVE}
