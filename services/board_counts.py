"""The counts of the supervisor's board: how many parts press, of which desk and whose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    func,
    literal_column,
    select,
)
from sqlalchemy.orm import Session

from models.task import QueueEntry, Task
from services.board_scope import (
    ENTRY_DEPARTMENT,
    Band,
    holder_at,
    is_due_today,
    is_today,
    pressing,
    waiting,
)
from services.supervised import Desks, supervised, within
from workflows.colours import Colour
from workflows.permissions import Actor


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


def _counted_tasks(reach: Sequence[Desks], at: datetime) -> Select[*tuple[Any, ...]]:
    group = _task_group(at)
    return pressing(select(*group, func.count()), reach, at).group_by(*_ordinals(len(group)))


def _held_tasks(reach: Sequence[Desks], at: datetime) -> Select[*tuple[Any, ...]]:
    """The same of those on which somebody has a live claim, by that person.

    Claims are few and come first: the database must not look for one at every part.
    """
    claims = (
        select(
            QueueEntry.handling_district_code,
            QueueEntry.district_code,
            QueueEntry.case_id,
            QueueEntry.item_code,
            QueueEntry.claimed_by,
        )
        .where(
            within(reach, QueueEntry.handling_district_code, ENTRY_DEPARTMENT),
            QueueEntry.claimed_by.is_not(None),
            QueueEntry.claim_expires_at > at,
        )
        .cte("claims")
        .prefix_with("MATERIALIZED")
    )
    same = and_(
        Task.handling_district_code == claims.c.handling_district_code,
        Task.district_code == claims.c.district_code,
        Task.case_id == claims.c.case_id,
        Task.item_code == claims.c.item_code,
    )
    group = _task_group(at)
    statement = pressing(select(*group, claims.c.claimed_by, func.count()), reach, at)
    return statement.join(claims, same).group_by(*_ordinals(len(group) + 1))


def _counted_acceptances(reach: Sequence[Desks], at: datetime) -> Select[*tuple[Any, ...]]:
    group = (
        QueueEntry.handling_district_code,
        ENTRY_DEPARTMENT,
        func.coalesce(holder_at(at), QueueEntry.assigned_to),
        func.coalesce(QueueEntry.colour, Colour.CALM.value),
        is_due_today(QueueEntry, at),
    )
    return waiting(select(*group, func.count()), reach, at).group_by(*_ordinals(len(group)))


def _task_group(at: datetime) -> tuple[Any, ...]:
    return (
        Task.handling_district_code,
        Task.department_code,
        Task.assigned_to,
        func.coalesce(Task.colour, Colour.CALM.value),
        is_today(at),
    )


def _ordinals(count: int) -> list[ColumnElement[Any]]:
    return [literal_column(str(each + 1)) for each in range(count)]
