"""What waits at a desk and who has how much of it, for those who manage it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from core.errors import ConflictError, NotFoundError
from models.case import Case
from models.conflict import Conflict
from models.person import Person
from models.task import QueueEntry
from services import absences, desks, hands, pages
from services.desks import Desk
from services.door.claims import GONE
from services.door.snapshot import NO_CASE
from services.opened_case import open_case
from services.pages import FIRST, Page, Slice
from services.queue import QueueLine, TaskKey, line_of
from workflows.permissions import Actor, Permission, may


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLine:
    """One person of a desk with what is theirs now."""

    id: UUID
    name: str
    is_head: bool
    assigned: int
    claimed: int
    late: int
    away: absences.Away | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How much waits at a desk: numbers alone, for those who see no case."""

    total: int
    late: int
    unassigned: int
    kept_out: int
    """Of cases in which the reader has a conflict of interest."""


def may_see_cases(actor: Actor, desk: Desk, at: datetime) -> bool:
    """Whether the actor may see which cases wait at a desk: those who give out its work.

    Who only arranges a desk, an administrator, sees how many there are.
    """
    return desk in desks.managed(actor, Permission.TASK_ASSIGN, at)


def work(session: Session, desk: Desk, at: datetime) -> tuple[WorkLine, ...]:
    """Everybody of a desk with what is assigned to them, what they hold, and what of it is late."""
    members = desks.members(session, desk, at)
    ids = [member.id for member in members]
    away = absences.away(session, ids, at)
    assigned = _counts(session, desk, QueueEntry.assigned_to, ids, at)
    claimed = _counts(session, desk, QueueEntry.claimed_by, ids, at)
    return tuple(
        WorkLine(
            id=member.id,
            name=member.name,
            is_head=member.is_head,
            assigned=assigned.get(member.id, (0, 0))[0],
            claimed=claimed.get(member.id, (0, 0))[0],
            late=assigned.get(member.id, (0, 0))[1],
            away=away.get(member.id),
        )
        for member in members
    )


def entries(
    session: Session, actor: Actor, desk: Desk, at: datetime, wanted: Slice = FIRST
) -> Page[QueueLine]:
    """What waits at a desk and can be worked on, the earliest due first.

    Empty for who may not see its cases; without those that the actor keeps out of.
    """
    if not may_see_cases(actor, desk, at):
        return Page(lines=(), total=0)
    shown = (*_at(desk), ~_keeps_out(actor))

    def count() -> int:
        counted = select(func.count()).select_from(QueueEntry).where(*shown)
        return int(session.scalar(counted) or 0)

    def lines(part: Slice) -> list[QueueLine]:
        rows = session.execute(_listed(shown).limit(part.size).offset(part.offset))
        return [line_of(session, row[0], row[1], at) for row in rows]

    return pages.read(count, lines, wanted)


def first_entries(session: Session, desk: Desk, most: int, at: datetime) -> list[QueueLine]:
    """The first that wait at a desk, whoever keeps out of them: for reckoning, not for pages."""
    rows = session.execute(_listed(_at(desk)).limit(most))
    return [line_of(session, row[0], row[1], at) for row in rows]


def counts(session: Session, actor: Actor, desk: Desk, at: datetime) -> Waiting:
    """How much waits at a desk."""
    row = session.execute(
        select(
            func.count(),
            func.count().filter(QueueEntry.due_at < at),
            func.count().filter(QueueEntry.assigned_to.is_(None)),
            func.count().filter(_keeps_out(actor)),
        ).where(*_at(desk))
    ).one()
    return Waiting(total=row[0], late=row[1], unassigned=row[2], kept_out=row[3])


def entry(session: Session, actor: Actor, task: TaskKey, at: datetime) -> tuple[QueueLine, Desk]:
    """One entry with its desk, for those who may assign it.

    Raises `NotFoundError` for everybody else, `NotPermittedError` for who keeps out of the case,
    and `ConflictError` if it has left the queue.
    """
    managed = desks.managed(actor, Permission.TASK_ASSIGN, at)
    row = session.execute(
        select(QueueEntry, Person.name)
        .outerjoin(Person, Person.id == QueueEntry.claimed_by)
        .where(
            QueueEntry.handling_district_code.in_({desk.district_code for desk in managed}),
            QueueEntry.district_code == task.key.district_code,
            QueueEntry.case_id == task.key.case_id,
            QueueEntry.item_code == task.item_code,
        )
    ).one_or_none()
    found = {desk.handler_code: desk for desk in managed if row and _stands_at(row[0], desk)}
    if row is None or row[0].handler_code not in found:
        _say_if_gone(session, actor, task, at)
        raise NotFoundError(NO_CASE)
    case = session.execute(
        select(Case).where(
            Case.district_code == task.key.district_code, Case.id == task.key.case_id
        )
    ).scalar_one()
    hands.check_free(session, actor, case)
    return line_of(session, row[0], row[1], at), found[row[0].handler_code]


def waiting(session: Session, managed: Sequence[Desk]) -> dict[Desk, int]:
    """How much waits at each of these desks."""
    rows = session.execute(
        select(QueueEntry.handling_district_code, QueueEntry.handler_code, func.count())
        .where(
            QueueEntry.handling_district_code.in_({desk.district_code for desk in managed}),
            QueueEntry.handler_code.in_({desk.handler_code for desk in managed}),
            QueueEntry.is_preparation.is_(False),
        )
        .group_by(QueueEntry.handling_district_code, QueueEntry.handler_code)
    )
    found = {(row[0], row[1]): row[2] for row in rows}
    return {
        desk: found[desk.district_code, desk.handler_code]
        for desk in managed
        if (desk.district_code, desk.handler_code) in found
    }


def _say_if_gone(session: Session, actor: Actor, task: TaskKey, at: datetime) -> None:
    """Raises `ConflictError` for who could have assigned it before it left the queue."""
    opened = open_case(session, actor, task, at)
    if may(actor, Permission.TASK_ASSIGN, opened.place, at):
        raise ConflictError(GONE)


def _at(desk: Desk) -> tuple[ColumnElement[bool], ...]:
    return (
        QueueEntry.handling_district_code == desk.district_code,
        QueueEntry.handler_code == desk.handler_code,
        QueueEntry.is_preparation.is_(False),
    )


def _keeps_out(actor: Actor) -> ColumnElement[bool]:
    return exists().where(
        Conflict.district_code == QueueEntry.district_code,
        Conflict.case_id == QueueEntry.case_id,
        Conflict.person_id == actor.id,
    )


def _listed(shown: Sequence[ColumnElement[bool]]) -> Select[QueueEntry, str | None]:
    return (
        select(QueueEntry, Person.name)
        .outerjoin(Person, Person.id == QueueEntry.claimed_by)
        .where(*shown)
        .order_by(QueueEntry.due_at.nulls_last(), QueueEntry.waiting_since, QueueEntry.case_id)
    )


def _stands_at(entry: QueueEntry, desk: Desk) -> bool:
    return (
        entry.handling_district_code == desk.district_code
        and entry.handler_code == desk.handler_code
    )


def _counts(
    session: Session, desk: Desk, whose: Any, ids: Sequence[UUID], at: datetime
) -> dict[UUID, tuple[int, int]]:
    late = func.count().filter(QueueEntry.due_at < at)
    statement = select(whose, func.count(), late).where(
        QueueEntry.handling_district_code == desk.district_code,
        QueueEntry.handler_code == desk.handler_code,
        whose.in_(ids),
    )
    if whose is QueueEntry.claimed_by:
        statement = statement.where(QueueEntry.claim_expires_at > at)
    return {row[0]: (row[1], row[2]) for row in session.execute(statement.group_by(whose))}
