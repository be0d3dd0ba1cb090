"""When an absence begins: what the absent person had goes to the deputy, or back to the desk."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from models.absence import Absence
from models.task import QueueEntry
from services import absences, desks, door
from services.queue import TaskKey, command_for, key_of
from workflows.permissions import ENGINE_ACTOR
from workflows.process import ASSIGN

CAUSE = "absence"


def due(session: Session, at: datetime) -> list[UUID]:
    """The absences that have begun and whose work has not been given away."""
    return list(
        session.scalars(
            select(Absence.id)
            .where(absences.is_now(at), Absence.begun_at.is_(None))
            .order_by(Absence.first_on, Absence.id)
        )
    )


def in_hand(session: Session, absence_id: UUID, at: datetime) -> list[TaskKey]:
    """What is assigned to the absent person or claimed by them; nothing once it was given away."""
    absence = _open(session, absence_id, at)
    if absence is None:
        return []
    theirs = desks.of_person(session, absence.person_id, at)
    rows = session.scalars(
        select(QueueEntry).where(
            QueueEntry.handling_district_code.in_({desk.district_code for desk in theirs}),
            QueueEntry.handler_code.in_({desk.handler_code for desk in theirs}),
            or_(
                QueueEntry.assigned_to == absence.person_id,
                and_(QueueEntry.claimed_by == absence.person_id, QueueEntry.claim_expires_at > at),
            ),
        )
    )
    return [key_of(row) for row in rows]


def hand_on(session: Session, absence_id: UUID, task: TaskKey, at: datetime) -> None:
    """Give one entry of an absent person to the deputy if they may have it, or to the desk.

    The same again gives the first result. Raises as `services.door.move`.
    """
    absence = _open(session, absence_id, at)
    if absence is None:
        return
    deputy = desks.worker(session, absence.deputy_id, at) if absence.deputy_id else None
    words = f"{task.key.district_code} {task.key.case_id} {task.item_code}"
    command = command_for(task, ASSIGN, uuid5(absence_id, words))
    door.move(session, replace(command, reason_code=CAUSE, receiver=deputy), ENGINE_ACTOR, at)


def finish(session: Session, absence_id: UUID, at: datetime) -> None:
    """Note that the work of an absence was given away."""
    absence = _open(session, absence_id, at)
    if absence is not None:
        absence.begun_at = at
        session.flush()


def _open(session: Session, absence_id: UUID, at: datetime) -> Absence | None:
    return session.execute(
        select(Absence)
        .where(Absence.id == absence_id, absences.is_now(at), Absence.begun_at.is_(None))
        .with_for_update()
    ).scalar_one_or_none()
