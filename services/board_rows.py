"""The rows of the supervisor's board: parts that press, and cases that wait for acceptance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from models.case import Case
from models.supervision import DelayReason
from models.task import QueueEntry, Task
from services.board_scope import (
    ENTRY_DEPARTMENT,
    IS_ITS_ENTRY,
    NOBODY,
    PAGE_SIZE,
    WAITS,
    Band,
    BoardFilter,
    holder_at,
    is_due_today,
    is_today,
    pressing,
    waiting,
    with_entries,
)
from services.cases import CaseKey
from services.queue import TaskKey
from services.supervised import Desks, supervised
from workflows.permissions import Actor

DESK = "department:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One part that presses, or one case that waits for acceptance, as it is stored."""

    task: TaskKey
    case: Case
    is_acceptance: bool
    district_code: str
    """Of the desk."""
    department_code: str
    state: str
    colour: str | None
    due_at: datetime | None
    statutory_due_at: datetime | None
    assigned_to: UUID | None
    holder: UUID | None
    """Who has a live claim on it."""
    given: Sequence[str]
    """The codes of the reasons that were given for its delay."""


def page(session: Session, actor: Actor, chosen: BoardFilter, at: datetime) -> list[Row]:
    """One page of the board's list, the longest overdue first."""
    keys = [
        TaskKey(key=CaseKey(row.district_code, row.case_id), item_code=row.item_code)
        for row in session.execute(page_statement(actor, chosen, at))
    ]
    if not keys:
        return []
    found = {
        row.task: row for row in (*_tasks(session, keys, at), *_acceptances(session, keys, at))
    }
    return [found[key] for key in keys if key in found]


def page_statement(actor: Actor, chosen: BoardFilter, at: datetime) -> Select[*tuple[Any, ...]]:
    """The keys of one page; a test reads its plan. Each kind is read no further than the page."""
    reach = supervised(actor, at)
    last = chosen.page * PAGE_SIZE
    arms = [
        _first(_chosen_tasks(reach, chosen, at), last),
        _first(_chosen_acceptances(reach, chosen, at), last),
    ]
    both = union_all(*arms).subquery()
    return (
        select(both)
        .order_by(both.c.due_at, both.c.case_id, both.c.item_code)
        .limit(PAGE_SIZE)
        .offset((chosen.page - 1) * PAGE_SIZE)
    )


def _first(statement: Select[*tuple[Any, ...]], count: int) -> Select[*tuple[Any, ...]]:
    inner = statement.subquery()
    return select(inner).order_by(inner.c.due_at, inner.c.case_id, inner.c.item_code).limit(count)


def _chosen_tasks(
    reach: Sequence[Desks], chosen: BoardFilter, at: datetime
) -> Select[*tuple[Any, ...]]:
    columns = (Task.district_code, Task.case_id, Task.item_code, Task.due_at)
    statement = pressing(select(*columns), reach, at).where(
        *_asked(chosen, Task, Task.department_code, is_today(at))
    )
    if not chosen.person:
        return statement
    held = exists().where(
        IS_ITS_ENTRY, QueueEntry.claimed_by.is_not(None), QueueEntry.claim_expires_at > at
    )
    if chosen.person == NOBODY:
        return statement.where(Task.assigned_to.is_(None), ~held)
    theirs = held.where(QueueEntry.claimed_by == chosen.person)
    return statement.where(or_(theirs, and_(Task.assigned_to == chosen.person, ~held)))


def _chosen_acceptances(
    reach: Sequence[Desks], chosen: BoardFilter, at: datetime
) -> Select[*tuple[Any, ...]]:
    columns = (
        QueueEntry.district_code,
        QueueEntry.case_id,
        QueueEntry.item_code,
        QueueEntry.due_at,
    )
    statement = waiting(select(*columns), reach, at).where(
        *_asked(chosen, QueueEntry, ENTRY_DEPARTMENT, is_due_today(QueueEntry, at))
    )
    if chosen.person:
        person = func.coalesce(holder_at(at), QueueEntry.assigned_to)
        statement = statement.where(_is_person(chosen.person, person))
    return statement


def _asked(
    chosen: BoardFilter,
    of: type[Task | QueueEntry],
    department: ColumnElement[Any] | Any,
    is_today: ColumnElement[bool],
) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if chosen.band is Band.TODAY:
        asked.append(is_today)
    elif chosen.band:
        asked.append(of.colour == chosen.band.value)
    if chosen.district:
        asked.append(of.handling_district_code == chosen.district)
    if chosen.department:
        asked.append(department == chosen.department)
    return asked


def _is_person(wanted: UUID | str, person: ColumnElement[UUID | None] | Any) -> ColumnElement[bool]:
    return person.is_(None) if wanted == NOBODY else person == wanted


def _tasks(session: Session, keys: Sequence[TaskKey], at: datetime) -> list[Row]:
    """The parts among these keys, whole."""
    given = (
        select(func.array_agg(DelayReason.reason_code))
        .where(
            DelayReason.district_code == Task.district_code,
            DelayReason.case_id == Task.case_id,
            DelayReason.item_code == Task.item_code,
        )
        .scalar_subquery()
    )
    found = session.execute(
        with_entries(select(Task, Case, holder_at(at), given))
        .join(Case, and_(Case.district_code == Task.district_code, Case.id == Task.case_id))
        .where(
            Task.district_code.in_({key.key.district_code for key in keys}), _is_one_of(Task, keys)
        )
    )
    return [
        Row(
            task=_key(task),
            case=of_case,
            is_acceptance=False,
            district_code=task.handling_district_code,
            department_code=task.department_code,
            state=task.state,
            colour=task.colour,
            due_at=task.due_at,
            statutory_due_at=task.statutory_due_at,
            assigned_to=task.assigned_to,
            holder=holder,
            given=reasons or (),
        )
        for task, of_case, holder, reasons in found
    ]


def _acceptances(session: Session, keys: Sequence[TaskKey], at: datetime) -> list[Row]:
    """The waiting cases among these keys, whole."""
    found = session.execute(
        select(QueueEntry, Case, holder_at(at))
        .join(
            Case,
            and_(Case.district_code == QueueEntry.district_code, Case.id == QueueEntry.case_id),
        )
        .where(
            QueueEntry.district_code.in_({key.key.district_code for key in keys}),
            _is_one_of(QueueEntry, keys),
            WAITS,
        )
    )
    return [
        Row(
            task=_key(entry),
            case=of_case,
            is_acceptance=True,
            district_code=entry.handling_district_code,
            department_code=entry.handler_code.removeprefix(DESK),
            state=entry.state,
            colour=entry.colour,
            due_at=entry.due_at,
            statutory_due_at=of_case.state_due_at,
            assigned_to=entry.assigned_to,
            holder=holder,
            given=(),
        )
        for entry, of_case, holder in found
    ]


def _is_one_of(of: type[Task | QueueEntry], keys: Sequence[TaskKey]) -> ColumnElement[bool]:
    wanted = [(key.key.case_id, key.item_code) for key in keys]
    return tuple_(of.case_id, of.item_code).in_(wanted)


def _key(row: Task | QueueEntry) -> TaskKey:
    return TaskKey(key=CaseKey(row.district_code, row.case_id), item_code=row.item_code)
