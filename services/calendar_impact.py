"""Which open due dates a calendar would move, from when to when, before it is published."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select, tuple_
from sqlalchemy.orm import Session

from core.districts import across_districts
from core.text import Text
from models.case import Case
from models.event import Event
from models.task import Task
from services import calendars, definitions, desks
from services.calendars import most_specific, office_codes
from services.desks import Desk
from services.task_clocks import events_of_task
from workflows.calendar import WorkingCalendar
from workflows.clock_folds import Step
from workflows.clocks import due

MOST = 2000
"""So many open parts are counted for a page, those due first; the page says if there are more."""
BATCH = 200
REASON = "due dates that a calendar would move"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """One open due date that would move, or become firm."""

    office: Text
    """Whose work it is; which case it is, is nothing for who keeps calendars."""
    item_title: Text
    before: datetime
    after: datetime
    was_provisional: bool
    is_provisional: bool

    @property
    def becomes_firm(self) -> bool:
        """It could have changed until now, and could no more."""
        return self.was_provisional and not self.is_provisional


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What a publication would do to open parts of cases."""

    open_count: int
    """Open parts whose office would count by the calendar."""
    looked_at: int
    moving: tuple[Moving, ...]

    @property
    def later(self) -> int:
        """How many would be due later."""
        return sum(each.after > each.before for each in self.moving)

    @property
    def earlier(self) -> int:
        """How many would be due earlier."""
        return sum(each.after < each.before for each in self.moving)

    @property
    def firm(self) -> int:
        """How many could change no more."""
        return sum(each.becomes_firm for each in self.moving)


def impact(session: Session, calendar: WorkingCalendar) -> Impact:
    """What publishing ``calendar`` would do to the promised ends of open parts of cases.

    Only parts for whose office no more specific calendar is published. Changes nothing.
    """
    where = _would_count_by(session, calendar.office)
    total = session.execute(
        select(func.count()).select_from(Task).prefix_with(across_districts(REASON)).where(where)
    ).scalar_one()
    rows = session.execute(_open_tasks(where)).all()
    moving: list[Moving] = []
    for begin in range(0, len(rows), BATCH):
        part = rows[begin : begin + BATCH]
        steps = _steps(session, part)
        moving += _moving(session, part, steps, calendar)
    return Impact(open_count=total, looked_at=len(rows), moving=tuple(moving))


def _would_count_by(session: Session, office: str) -> Any:
    """Open tasks whose most specific calendar would be this office's."""
    published = {*calendars.newest_hashes(session), office}
    running = and_(
        Task.ended_at.is_(None),
        Task.limits_met_at.is_(None),
        Task.started_at.is_not(None),
        Task.due_at.is_not(None),
    )
    places = session.execute(
        select(Task.handling_district_code, Task.department_code)
        .distinct()
        .prefix_with(across_districts(REASON))
        .where(running)
    ).all()
    marked = {code: code.encode() for code in published}
    counting = [
        (district, department)
        for district, department in places
        if most_specific(marked, office_codes(district, department)) == office.encode()
    ]
    return and_(running, tuple_(Task.handling_district_code, Task.department_code).in_(counting))


def _open_tasks(where: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Task.district_code,
            Task.case_id,
            Task.item_code,
            Task.due_at,
            Task.due_provisional,
            Task.handling_district_code,
            Task.department_code,
            Case.definition_hash,
        )
        .join(Case, and_(Case.district_code == Task.district_code, Case.id == Task.case_id))
        .prefix_with(across_districts(REASON))
        .where(where)
        .order_by(Task.due_at, Task.case_id, Task.item_code)
        .limit(MOST)
    )


def _steps(session: Session, rows: Sequence[Any]) -> Mapping[tuple[str, UUID], list[Step]]:
    """The steps of these cases' chains, as clocks see them."""
    keys = {(row.district_code, row.case_id) for row in rows}
    found = session.execute(
        select(
            Event.district_code,
            Event.case_id,
            Event.item_code,
            Event.at,
            Event.from_state,
            Event.to_state,
            Event.body["clock"].label("clock"),
        )
        .prefix_with(across_districts(REASON))
        .where(tuple_(Event.district_code, Event.case_id).in_(list(keys)))
        .order_by(Event.district_code, Event.case_id, Event.number)
    )
    return {
        key: [
            Step(item_code=row.item_code, at=row.at, to_state=row.to_state, clock=row.clock or {})
            for row in chain
            if row.from_state != row.to_state or row.clock
        ]
        for key, chain in groupby(found, key=lambda row: (row.district_code, row.case_id))
    }


def _moving(
    session: Session,
    rows: Sequence[Any],
    steps: Mapping[tuple[str, UUID], list[Step]],
    calendar: WorkingCalendar,
) -> Iterator[Moving]:
    for row in rows:
        definition = definitions.by_hash(session, row.definition_hash)
        item = definition.thing.item(row.item_code)
        events = events_of_task(definition, steps[row.district_code, row.case_id], row.item_code)
        if not events or item.promised_limit is None:
            continue
        found = due(events, item.promised_limit.limit, calendar)
        if found.at == row.due_at and found.provisional == row.due_provisional:
            continue
        yield Moving(
            office=desks.name(
                Desk(district_code=row.handling_district_code, department_code=row.department_code)
            ),
            item_title=item.title,
            before=row.due_at,
            after=found.at,
            was_provisional=row.due_provisional,
            is_provisional=found.provisional,
        )
