"""Conflicts of interest: declared by an officer, suggested by a name, and what then is left."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.text import Text
from models.case import CaseAnswers
from models.conflict import Conflict
from models.person import Person
from models.supervision import StaffNoticeKind
from models.task import QueueEntry
from services import desk_work, desks, door, staff_notices
from services.account_names import normalise_name
from services.desks import Desk
from services.opened_case import OpenedCase
from services.queue import QueueLine, TaskKey, command_for, line_of
from services.staff_notices import Told
from workflows.permissions import Actor
from workflows.process import RECUSE

DEEPEST = 8
"""How far answers are nested at the most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """One press of the button, and why."""

    command_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranded:
    """An entry that nobody of its desk may handle."""

    item_title: Text
    line: QueueLine | None
    """Which it is; None for a reader who may not know."""


def declare(
    session: Session, actor: Actor, task: TaskKey, words: Declaration, at: datetime
) -> door.Moved:
    """Keep out of a case from now on, with a reason that can be erased.

    If no officer of the desk is left, its head is told, or the supervisors if the head is out too.

    Raises as `services.door.move`; `RuleViolatedError` at ``reason`` if there is none.
    """
    command = replace(command_for(task, RECUSE, words.command_id), reason=words.reason)
    moved = door.move(session, command, actor, at)
    for desk in desks.own(actor, at):
        _tell_head(session, desk, task, moved, at)
    return moved


def _tell_head(
    session: Session, desk: Desk, task: TaskKey, moved: door.Moved, at: datetime
) -> None:
    """Tell the head of a desk at which no officer is left for the entry; else a supervisor."""
    waits_there = session.execute(
        select(QueueEntry.item_code).where(
            QueueEntry.handling_district_code == desk.district_code,
            QueueEntry.handler_code == desk.handler_code,
            QueueEntry.district_code == task.key.district_code,
            QueueEntry.case_id == task.key.case_id,
            QueueEntry.item_code == task.item_code,
        )
    ).scalar_one_or_none()
    if waits_there is None:
        return
    out = set(
        session.scalars(
            select(Conflict.person_id).where(
                Conflict.district_code == task.key.district_code,
                Conflict.case_id == task.key.case_id,
            )
        )
    )
    left = [member for member in desks.members(session, desk, at) if member.id not in out]
    if any(not member.is_head for member in left):
        return
    people = {member.id for member in left} or staff_notices.supervisors(
        session, desk.district_code, desk.department_code, at
    )
    told = Told(
        key=task.key,
        event_number=moved.event_number,
        item_code=task.item_code,
        kind=StaffNoticeKind.STRANDED,
    )
    staff_notices.tell(session, told, people, at)


def names_actor(session: Session, opened: OpenedCase) -> bool:
    """Whether the reader's own name is an answer of the case; compared here, kept nowhere.

    It is a reason to look, no more: people share names.
    """
    if opened.is_order:
        return False
    answers = session.execute(
        select(CaseAnswers.answers).where(
            CaseAnswers.district_code == opened.case.district_code,
            CaseAnswers.case_id == opened.case.id,
        )
    ).scalar_one_or_none()
    own = normalise_name(opened.actor.name)
    return any(normalise_name(text) == own for text in _texts(answers or {}, DEEPEST))


def stranded(session: Session, actor: Actor, desk: Desk, at: datetime) -> list[Stranded]:
    """The entries of a desk that nobody of it may handle: everybody declared a conflict.

    Who is one of them, or sees no cases at all, learns of which item they are and no more.
    """
    is_shown = desk_work.may_see_cases(actor, desk, at) and desk not in desks.own(actor, at)
    members = [member.id for member in desks.members(session, desk, at)]
    if not members:
        return []
    barred = (
        select(func.count())
        .select_from(Conflict)
        .where(
            Conflict.district_code == QueueEntry.district_code,
            Conflict.case_id == QueueEntry.case_id,
            Conflict.person_id.in_(members),
        )
        .correlate(QueueEntry)
        .scalar_subquery()
    )
    rows = session.execute(
        select(QueueEntry, Person.name)
        .outerjoin(Person, Person.id == QueueEntry.claimed_by)
        .where(
            QueueEntry.handling_district_code == desk.district_code,
            QueueEntry.handler_code == desk.handler_code,
            QueueEntry.case_id.in_(select(Conflict.case_id).where(Conflict.person_id.in_(members))),
            barred == len(members),
        )
        .order_by(QueueEntry.due_at.nulls_last(), QueueEntry.case_id)
    )
    lines = [line_of(session, row[0], row[1], at) for row in rows]
    return [Stranded(item_title=line.item_title, line=line if is_shown else None) for line in lines]


def _texts(value: object, depth: int) -> Iterator[str]:
    if depth == 0:
        return
    match value:
        case str():
            yield value
        case Mapping():
            for part in value.values():
                yield from _texts(part, depth - 1)
        case list():
            for part in value:
                yield from _texts(part, depth - 1)
