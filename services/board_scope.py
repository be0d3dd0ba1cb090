"""What of the supervisor's board is meant: its filter, and what presses, as parts of statements."""

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
    null,
    or_,
)

from models.task import QueueEntry, Task
from services.queue_filters import day_after
from services.supervised import Desks, within
from workflows.case import CaseState
from workflows.colours import Colour

PAGE_SIZE = 50
DEEPEST_ROW = 10_000
NOBODY = "nobody"
"""In an address: what no officer holds and nobody is assigned to."""
ENTRY_DEPARTMENT = func.split_part(QueueEntry.handler_code, ":", 2)


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


def pressing(
    statement: Select[*tuple[Any, ...]], reach: Sequence[Desks], at: datetime
) -> Select[*tuple[Any, ...]]:
    """Open tasks of this reach that have a colour, or turn red before the day is over."""
    return statement.select_from(Task).where(
        within(reach, Task.handling_district_code, Task.department_code),
        Task.ended_at.is_(None),
        or_(Task.colour.is_not(None), is_today(at)),
        Task.due_at.is_not(None),
    )


WAITS = QueueEntry.state == CaseState.SUBMITTED.value
"""As the partial index of these entries has it."""


def waiting(
    statement: Select[*tuple[Any, ...]], reach: Sequence[Desks], at: datetime
) -> Select[*tuple[Any, ...]]:
    """The same of cases that wait for acceptance."""
    return statement.where(
        within(reach, QueueEntry.handling_district_code, ENTRY_DEPARTMENT),
        WAITS,
        or_(QueueEntry.colour.is_not(None), is_due_today(QueueEntry, at)),
        QueueEntry.due_at.is_not(None),
    )


IS_ITS_ENTRY = and_(
    QueueEntry.handling_district_code == Task.handling_district_code,
    QueueEntry.district_code == Task.district_code,
    QueueEntry.case_id == Task.case_id,
    QueueEntry.item_code == Task.item_code,
)
"""Whether an entry is the place of a task in a queue."""


def with_entries(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The same with the place of each task in a queue, if it has one."""
    return statement.outerjoin(QueueEntry, IS_ITS_ENTRY)


def is_today(at: datetime) -> ColumnElement[bool]:
    """Not red yet, its clock runs, and it is due before the day in Beijing is over."""
    return and_(
        is_due_today(Task, at),
        Task.paused_at.is_(None),
        Task.limits_met_at.is_(None),
    )


def is_due_today(of: type[Task | QueueEntry], at: datetime) -> ColumnElement[bool]:
    """Not red yet, and due before the day in Beijing is over, whether its clock runs or not."""
    return and_(
        func.coalesce(of.colour, "") != Colour.RED.value,
        of.due_at >= at,
        of.due_at < day_after(at),
    )


def holder_at(at: datetime) -> ColumnElement[UUID | None]:
    """Who has a live claim on it."""
    return case((QueueEntry.claim_expires_at > at, QueueEntry.claimed_by), else_=null())
