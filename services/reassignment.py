"""A supervisor gives work to another officer of its desk, with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core.errors import NotFoundError
from models.supervision import StaffNoticeKind
from services import assignments, desks, staff_notices
from services.assignments import Order
from services.card_lists import desk_of
from services.desks import Member
from services.door.snapshot import NO_CASE
from services.opened_case import open_case
from services.queue import TaskKey
from services.staff_notices import Told
from workflows.permissions import Actor, Permission, may


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassignment:
    """To whom, why, and which press of the button it was."""

    receiver_id: UUID | None
    reason: str
    command_id: UUID


def receivers(session: Session, actor: Actor, task: TaskKey, at: datetime) -> Sequence[Member]:
    """Who works at the desk of a task now. Raises `NotFoundError` for who may not assign there."""
    opened = open_case(session, actor, task, at)
    if not may(actor, Permission.TASK_ASSIGN, opened.place, at):
        raise NotFoundError(NO_CASE)
    return desks.members(session, desk_of(opened.place), at)


def reassign(
    session: Session, actor: Actor, task: TaskKey, order: Reassignment, at: datetime
) -> str:
    """Give a task to an officer of its desk, whoever had it, and tell them; the officer's name.

    Raises `NotFoundError`, `ConflictError` (it has left the queue) and `RuleViolatedError` at
    ``reason`` or ``colleague``.
    """
    people = {each.id: each.name for each in receivers(session, actor, task, at)}
    moved = assignments.assign(
        session,
        actor,
        task,
        Order(
            receiver_id=order.receiver_id if order.receiver_id in people else None,
            reason=order.reason,
            command_id=order.command_id,
        ),
        at,
    )
    told = Told(
        key=task.key,
        event_number=moved.event_number,
        item_code=task.item_code,
        kind=StaffNoticeKind.ASSIGNED,
    )
    name = ""
    if order.receiver_id is not None:  # or it would have been refused
        staff_notices.tell(session, told, {order.receiver_id} - {actor.id}, at)
        name = people[order.receiver_id]
    return name
