"""The rows of the supervisor's board: parts that press, and cases that wait for acceptance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    func,
    literal_column,
    null,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from models.case import Case
from models.supervision import DelayReason
from models.task import QueueEntry, Task
from services.cases import CaseKey
from services.queue import TaskKey
from services.queue_filters import day_after
from services.supervised import Desks, supervised, within
from workflows.case import CaseState
from workflows.colours import Colour
from workflows.permissions import Actor

PAGE_SIZE = 50
DEEPEST_ROW = 10_000
NOBODY = "nobody"
"""In an address: what no officer holds and nobody is assigned to."""
DESK = "department:"
_ENTRY_DEPARTMENT = func.split_part(QueueEntry.handler_code, ":", 2)


class Band(StrEnum):
    """What presses how much. A task may be yellow and turn red today: it counts for both."""

    RED = "red"
    TODAY = "today"
    YELLOW = "yellow"
    BLUE = "blue"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFilter:
    """What of the board is shown. Empty fields choose nothing."""

    band: Band | None = None
    district: str | None = None
    department: str | None = None
    person: UUID | str | None = None
    """An officer, or `NOBODY`."""
    page: int = 1

    @property
    def is_empty(self) -> bool:
        """True if it leaves nothing out."""
        return not (self.band or self.district or self.department or self.person)


@dataclass(frozen=True, slots=True)
class Count:
    """How many parts of one desk and officer stand so."""

    district: str
    department: str
    person: UUID | None
    colour: Colour
    is_today: bool
    count: int

    def is_in(self, band: Band) -> bool:
        """Whether they count for a band."""
        return self.is_today if band is Band.TODAY else self.colour.value == band.value


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


def counted(session: Session, actor: Actor, at: datetime) -> list[Count]:
    """Everything that presses, grouped by desk, officer, colour and "turns red today".

    Counted by whom it is assigned to; the few that somebody holds now are counted over to them.
    """
    reach = supervised(actor, at)
    found: dict[tuple[Any, ...], int] = {}
    for *key, count in session.execute(_counted_tasks(reach, at)):
        found[tuple(key)] = count
    for *key, holder, count in session.execute(_held_tasks(reach, at)):
        district, department, _assigned, *how = key
        found[tuple(key)] -= count
        theirs = (district, department, holder, *how)
        found[theirs] = found.get(theirs, 0) + count
    for *key, count in session.execute(_counted_acceptances(reach, at)):
        found[tuple(key)] = found.get(tuple(key), 0) + count
    return [
        Count(district, department, who, Colour(colour), bool(is_today), count)
        for (district, department, who, colour, is_today), count in found.items()
        if count
    ]


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
    statement = _pressing(select(*columns), reach, at).where(
        *_asked(chosen, Task, Task.department_code, _is_today(at))
    )
    if not chosen.person:
        return statement
    person = func.coalesce(_holder(at), Task.assigned_to)
    return _with_entries(statement).where(_is_person(chosen.person, person))


def _chosen_acceptances(
    reach: Sequence[Desks], chosen: BoardFilter, at: datetime
) -> Select[*tuple[Any, ...]]:
    columns = (
        QueueEntry.district_code,
        QueueEntry.case_id,
        QueueEntry.item_code,
        QueueEntry.due_at,
    )
    statement = _waiting(select(*columns), reach, at).where(
        *_asked(chosen, QueueEntry, _ENTRY_DEPARTMENT, _is_due_today(QueueEntry, at))
    )
    if chosen.person:
        person = func.coalesce(_holder(at), QueueEntry.assigned_to)
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


def _counted_tasks(reach: Sequence[Desks], at: datetime) -> Select[*tuple[Any, ...]]:
    group = _task_group(at)
    return _pressing(select(*group, func.count()), reach, at).group_by(*_ordinals(len(group)))


def _held_tasks(reach: Sequence[Desks], at: datetime) -> Select[*tuple[Any, ...]]:
    """The same of those on which somebody has a live claim, by that person."""
    group = _task_group(at)
    statement = _pressing(select(*group, QueueEntry.claimed_by, func.count()), reach, at)
    return (
        _with_entries(statement, is_inner=True)
        .where(
            within(reach, QueueEntry.handling_district_code, _ENTRY_DEPARTMENT),
            QueueEntry.claimed_by.is_not(None),
            QueueEntry.claim_expires_at > at,
        )
        .group_by(*_ordinals(len(group) + 1))
    )


def _counted_acceptances(reach: Sequence[Desks], at: datetime) -> Select[*tuple[Any, ...]]:
    group = (
        QueueEntry.handling_district_code,
        _ENTRY_DEPARTMENT,
        func.coalesce(_holder(at), QueueEntry.assigned_to),
        func.coalesce(QueueEntry.colour, Colour.CALM.value),
        _is_due_today(QueueEntry, at),
    )
    return _waiting(select(*group, func.count()), reach, at).group_by(*_ordinals(len(group)))


def _task_group(at: datetime) -> tuple[Any, ...]:
    return (
        Task.handling_district_code,
        Task.department_code,
        Task.assigned_to,
        func.coalesce(Task.colour, Colour.CALM.value),
        _is_today(at),
    )


def _ordinals(count: int) -> list[ColumnElement[Any]]:
    return [literal_column(str(each + 1)) for each in range(count)]


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
        _with_entries(select(Task, Case, _holder(at), given))
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
        select(QueueEntry, Case, _holder(at))
        .join(
            Case,
            and_(Case.district_code == QueueEntry.district_code, Case.id == QueueEntry.case_id),
        )
        .where(
            QueueEntry.district_code.in_({key.key.district_code for key in keys}),
            _is_one_of(QueueEntry, keys),
            _WAITS,
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


def _pressing(
    statement: Select[*tuple[Any, ...]], reach: Sequence[Desks], at: datetime
) -> Select[*tuple[Any, ...]]:
    """Open tasks of this reach that have a colour, or turn red before the day is over."""
    return statement.select_from(Task).where(
        within(reach, Task.handling_district_code, Task.department_code),
        Task.ended_at.is_(None),
        or_(Task.colour.is_not(None), _is_today(at)),
        Task.due_at.is_not(None),
    )


_WAITS = QueueEntry.state == CaseState.SUBMITTED.value
"""As the partial index of these entries has it."""


def _waiting(
    statement: Select[*tuple[Any, ...]], reach: Sequence[Desks], at: datetime
) -> Select[*tuple[Any, ...]]:
    """The same of cases that wait for acceptance."""
    return statement.where(
        within(reach, QueueEntry.handling_district_code, _ENTRY_DEPARTMENT),
        _WAITS,
        or_(QueueEntry.colour.is_not(None), _is_due_today(QueueEntry, at)),
        QueueEntry.due_at.is_not(None),
    )


def _with_entries(
    statement: Select[*tuple[Any, ...]], *, is_inner: bool = False
) -> Select[*tuple[Any, ...]]:
    """The same with the place of each task in a queue, if it has one."""
    entry = and_(
        QueueEntry.handling_district_code == Task.handling_district_code,
        QueueEntry.district_code == Task.district_code,
        QueueEntry.case_id == Task.case_id,
        QueueEntry.item_code == Task.item_code,
    )
    return statement.join(QueueEntry, entry, isouter=not is_inner)


def _is_today(at: datetime) -> ColumnElement[bool]:
    """Not red yet, its clock runs, and it is due before the day in Beijing is over."""
    return and_(
        _is_due_today(Task, at),
        Task.paused_at.is_(None),
        Task.limits_met_at.is_(None),
    )


def _is_due_today(of: type[Task | QueueEntry], at: datetime) -> ColumnElement[bool]:
    return and_(
        func.coalesce(of.colour, "") != Colour.RED.value,
        of.due_at >= at,
        of.due_at < day_after(at),
    )


def _holder(at: datetime) -> ColumnElement[UUID | None]:
    """Who has a live claim on it."""
    return case((QueueEntry.claim_expires_at > at, QueueEntry.claimed_by), else_=null())


def _key(row: Task | QueueEntry) -> TaskKey:
    return TaskKey(key=CaseKey(row.district_code, row.case_id), item_code=row.item_code)
