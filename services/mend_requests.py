"""What may be mended now: the places that standing requests to the applicant name."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.places import MATERIALS, papers_of
from models.case import Case
from models.event import Event
from models.task import Task
from models.tolerance import ToleratedPaper
from services import definitions
from services.definitions import Definition
from services.own_cases import EDITABLE
from workflows.case import CaseState


@dataclass(frozen=True, slots=True, kw_only=True)
class MendRequest:
    """One list of places that waits for the applicant: of the returned case, or of one part."""

    item_code: str | None
    """The part whose officer asked; None for a return of the whole case."""
    event_number: int
    asked_at: datetime
    paths: tuple[str, ...]
    due_at: datetime | None = None
    """Until when a part waits; a return has the case's own last day."""
    version: int = 0
    """The part's own, which tells one submission from the next."""
    is_promise: bool = False
    """Papers that the applicant promised at acceptance (容缺), not a list of an officer."""

    @property
    def papers(self) -> frozenset[str]:
        """The papers among the places."""
        return papers_of(self.paths)


def standing(session: Session, case: Case) -> tuple[MendRequest, ...]:
    """The requests that wait for the case's applicant now, the first first.

    A request that cannot be known any more is left out.
    """
    if case.state == CaseState.IN_PROGRESS:
        return _of_parts(session, case) + _promised(session, case)
    if case.state != CaseState.RETURNED:
        return ()
    row = session.execute(
        select(Event.number, Event.at, Event.body)
        .where(
            Event.district_code == case.district_code,
            Event.case_id == case.id,
            Event.item_code.is_(None),
            Event.body.has_key("places"),
        )
        .order_by(Event.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return ()
    return (
        MendRequest(
            item_code=None,
            event_number=row.number,
            asked_at=row.at,
            paths=tuple(row.body["places"]),
        ),
    )


def _of_parts(session: Session, case: Case) -> tuple[MendRequest, ...]:
    waiting = waiting_parts(session, case)
    if not waiting:
        return ()
    rows = session.execute(
        select(Event.item_code, Event.number, Event.at, Event.body)
        .where(
            Event.district_code == case.district_code,
            Event.case_id == case.id,
            Event.item_code.in_([task.item_code for task in waiting]),
            Event.body.has_key("places"),
        )
        .order_by(Event.number)
    ).all()
    last = {row.item_code: row for row in rows}
    found = [
        MendRequest(
            item_code=task.item_code,
            event_number=row.number,
            asked_at=row.at,
            paths=tuple(row.body["places"]),
            due_at=task.state_due_at,
            version=task.version,
        )
        for task in waiting
        if (row := last.get(task.item_code)) is not None
    ]
    return tuple(sorted(found, key=lambda request: request.event_number))


def _promised(session: Session, case: Case) -> tuple[MendRequest, ...]:
    """The papers that were promised at acceptance and are still awaited, as one request."""
    definition = definitions.by_hash(session, case.definition_hash)
    if not any(material.tolerance for material in definition.thing.materials):
        return ()
    rows = session.scalars(
        select(ToleratedPaper)
        .where(
            ToleratedPaper.district_code == case.district_code,
            ToleratedPaper.case_id == case.id,
            ToleratedPaper.supplied_at.is_(None),
            ToleratedPaper.lapsed_at.is_(None),
        )
        .order_by(ToleratedPaper.due_at, ToleratedPaper.material_code)
    ).all()
    if not rows:
        return ()
    return (
        MendRequest(
            item_code=None,
            event_number=rows[0].event_number,
            asked_at=case.accepted_at or rows[0].due_at,
            paths=tuple(f"{MATERIALS}.{row.material_code}" for row in rows),
            due_at=rows[0].due_at,
            version=case.version,
            is_promise=True,
        ),
    )


def waiting_parts(session: Session, case: Case) -> list[Task]:
    """The tasks of a case in progress that wait for places of the form to be mended."""
    definition = definitions.by_hash(session, case.definition_hash)
    opening = opening_states(definition)
    if not opening:
        return []
    tasks = session.scalars(
        select(Task).where(
            Task.district_code == case.district_code,
            Task.case_id == case.id,
            Task.state.in_({state for _item, state in opening}),
        )
    )
    return [task for task in tasks if (task.item_code, task.state) in opening]


def opening_states(definition: Definition) -> frozenset[tuple[str, str]]:
    """The items with those of their states in which places of the form are open."""
    return frozenset(
        (item.code, state.code)
        for item in definition.thing.items
        for state in definition.processes[item.process].states
        if state.opens_form
    )


def may_be_written(session: Session, case: Case) -> bool:
    """True while the case's form, or some places of it, wait for the applicant."""
    return case.state in EDITABLE or bool(standing(session, case))
