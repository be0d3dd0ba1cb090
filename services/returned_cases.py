"""Returned cases and parts that an officer's department waits for: they stand in no queue."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from sqlalchemy import literal_column, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from core.districts import across_districts
from core.text import Text
from models.case import Case
from models.event import Event
from models.task import Task
from services import definitions, mend_requests, queue
from services.cases import CaseKey
from services.definitions import Definition
from services.queue import TaskKey
from workflows.case import CaseState
from workflows.clocks import end_of_day, last_day
from workflows.permissions import Actor, Permission, Place, may

MOST = 200
"""So many stand on the page, the earliest due first; it says if there may be more."""
IS_RETURNED = Case.state == literal_column(f"'{CaseState.RETURNED.value}'")
"""Written out, so that the planner knows the index that holds returned cases alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedLine:
    """One returned case, as the officers who returned it list it."""

    task: TaskKey
    case_number: str
    title: str
    thing_title: Text
    returned_at: datetime
    place_count: int
    due_on: date | None

    @property
    def due_at(self) -> datetime | None:
        """The instant at which the last day is over."""
        return end_of_day(self.due_on) if self.due_on else None


def returned_cases(session: Session, actor: Actor, at: datetime) -> list[ReturnedLine]:
    """The returned cases that the actor may take back or wait for, the earliest due first."""
    districts = queue.reach(actor, at).district_codes
    rows = session.execute(
        select(Case, Event.at, Event.body)
        .prefix_with(across_districts("returned cases that were taken over from elsewhere"))
        .join(
            Event,
            (Event.district_code == Case.district_code)
            & (Event.case_id == Case.id)
            & (Event.to_state == CaseState.RETURNED.value)
            & Event.item_code.is_(None),
        )
        .where(
            or_(Case.district_code.in_(districts), Case.handling_district_code.in_(districts)),
            IS_RETURNED,
        )
        .order_by(Case.resubmission_due_on.nulls_last(), Case.id, Event.number.desc())
        .ext(distinct_on(Case.resubmission_due_on, Case.id))
        .execution_options(yield_per=MOST)
    )
    lines = (_line(session, case, returned_at, body) for case, returned_at, body in rows)
    own = (line for line, place in lines if may(actor, Permission.CASE_ACCEPT, place, at))
    with closing(rows):
        cases = list(islice(own, MOST))
    found = [*cases, *_parts(session, actor, at)]
    return sorted(found, key=lambda line: (line.due_on is None, line.due_on))[:MOST]


def _parts(session: Session, actor: Actor, at: datetime) -> list[ReturnedLine]:
    """Parts of cases in progress whose department waits for corrections."""
    rows = session.execute(
        select(Task, Case)
        .prefix_with(across_districts("corrections that an office waits for, wherever asked"))
        .join(Case, (Case.district_code == Task.district_code) & (Case.id == Task.case_id))
        .where(
            Task.timer_at.is_not(None),
            Task.handling_district_code.in_(queue.reach(actor, at).district_codes),
            Case.state == CaseState.IN_PROGRESS.value,
        )
        .order_by(Task.timer_at)
    ).all()
    found: list[ReturnedLine] = []
    for task, case in rows:
        definition = definitions.by_hash(session, case.definition_hash)
        if (task.item_code, task.state) not in mend_requests.opening_states(definition):
            continue
        place = Place(
            applicant_id=case.applicant_id,
            district_code=task.handling_district_code,
            department_code=task.department_code,
        )
        if len(found) < MOST and may(actor, Permission.TASK_CORRECT, place, at):
            found += _part(session, task, case, definition)
    return found


def _part(
    session: Session, task: Task, case: Case, definition: Definition
) -> Iterator[ReturnedLine]:
    for request in mend_requests.standing(session, case):
        if request.item_code == task.item_code:
            yield ReturnedLine(
                task=TaskKey(key=CaseKey(case.district_code, case.id), item_code=task.item_code),
                case_number=case.number or "",
                title=case.title or "",
                thing_title=definition.thing.item(task.item_code).title,
                returned_at=request.asked_at,
                place_count=len(request.paths),
                due_on=last_day(request.due_at) if request.due_at else None,
            )


def _line(
    session: Session, case: Case, returned_at: datetime, body: dict[str, list[str]]
) -> tuple[ReturnedLine, Place]:
    definition = definitions.by_hash(session, case.definition_hash)
    acceptor = definition.acceptor
    line = ReturnedLine(
        task=TaskKey(key=CaseKey(case.district_code, case.id), item_code=acceptor.code),
        case_number=case.number or "",
        title=case.title or "",
        thing_title=definition.thing.title,
        returned_at=returned_at,
        place_count=len(body.get("places", ())),
        due_on=case.resubmission_due_on,
    )
    place = Place(
        applicant_id=case.applicant_id,
        district_code=case.handling_district_code or case.district_code,
        department_code=acceptor.department,
    )
    return line, place
