"""Which events the applicant is told of: the job is enqueued in the command's transaction."""

from typing import Any

from models.case import Origin
from services.definitions import Definition
from services.door.changes import EventDraft
from services.door.decision import Decision
from services.door.repair_records import Told
from workflows.engine import Engine
from workflows.process import StateKind
from workflows.repairs import BY_TRIGGER

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
        if is_notable(decision.definition, event)
    ]
    if not numbers:
        return []
    arguments = {
        "district_code": decision.district_code,
        "case_id": str(decision.case_id),
        "event_numbers": numbers,
    }
    return [(TELL_APPLICANT, arguments)]


def is_notable(definition: Definition, event: EventDraft | Told) -> bool:
    """True for an event that the applicant is told of."""
    if event.trigger in BY_TRIGGER:
        return BY_TRIGGER[event.trigger].notice is not None
    if _has_words(definition, event):
        return True
    has_moved = event.from_state != event.to_state
    return has_moved and _concerns_applicant(definition, event.item_code, event.to_state)


def _engine(definition: Definition, item_code: str | None) -> Engine:
    if item_code is None:
        return definition.case_engine
    return definition.engine_of(definition.thing.item(item_code))


def _has_words(definition: Definition, event: EventDraft | Told) -> bool:
    """True for a step whose process says what the applicant is told, even if nothing moves."""
    row = _engine(definition, event.item_code).row(event.from_state or "", event.trigger)
    return row is not None and row.notice is not None


def _concerns_applicant(definition: Definition, item_code: str | None, state: str | None) -> bool:
    """Every step of the case itself; of a task its result, and whatever the applicant handles."""
    if item_code is None:
        return True
    if state is None:
        return False
    reached = _engine(definition, item_code).state(state)
    return reached.tell_applicant or reached.kind in {StateKind.POSITIVE, StateKind.NEGATIVE}
