"""The step that returns a case, with the day that an officer is offered for it."""

from dataclasses import replace

from sqlalchemy.orm import Session

from services import calendars
from services.door.returns import DUE_INPUT
from services.opened_case import OpenedCase
from services.task_steps import Step
from workflows.clocks import resubmission_day


def with_due_day(session: Session, opened: OpenedCase, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """``steps`` with the definition's own last day filled in where one is asked for."""
    asked = last_days(opened)
    if not any(field.code in asked for step in steps for field in step.inputs):
        return steps
    limit = opened.definition.thing.resubmission.within.limit
    calendar = calendars.for_office(
        session,
        opened.case.handling_district_code or opened.case.district_code,
        opened.definition.acceptor.department,
    )
    day = resubmission_day(limit, opened.at, calendar).isoformat()
    return tuple(
        replace(
            step,
            inputs=tuple(
                field.model_copy(update={"default": day}) if field.code in asked else field
                for field in step.inputs
            ),
        )
        for step in steps
    )


def last_days(opened: OpenedCase) -> frozenset[str]:
    """The inputs that name a last day for what the applicant is asked to change."""
    processes = (opened.definition.process_of(None), opened.definition.process_of(opened.item.code))
    named = {
        state.limit.input
        for process in processes
        for state in process.states
        if state.opens_form and state.limit is not None and state.limit.input is not None
    }
    return frozenset({DUE_INPUT, *named})
