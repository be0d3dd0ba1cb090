"""Whose hands were on a case: who prepared which part, and who keeps out of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotPermittedError
from core.text import Text
from models.case import Case
from models.conflict import Conflict
from models.person import Person
from models.preparation import Preparation
from services.door.decision import clock_time
from services.door.persons import CONFLICTED, OWN_CASE, PREPARED_BEFORE, TO_OTHERS
from workflows.permissions import Actor
from workflows.process import Process


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """One person who prepared one part; ``item_code`` is empty for the case's own steps."""

    item_code: str
    person_id: UUID
    name: str
    trigger: str
    at: datetime


def check_free(session: Session, actor: Actor, case: Case) -> None:
    """Raises `NotPermittedError` for an officer who keeps out of ``case``, or applied for it."""
    if actor.id == case.applicant_id:
        raise NotPermittedError(OWN_CASE, advice=TO_OTHERS)
    declared = session.execute(
        select(Conflict.person_id).where(
            Conflict.district_code == case.district_code,
            Conflict.case_id == case.id,
            Conflict.person_id == actor.id,
        )
    ).scalar_one_or_none()
    if declared is not None:
        raise NotPermittedError(CONFLICTED, advice=TO_OTHERS)


def prepared(session: Session, case: Case) -> tuple[Hand, ...]:
    """Everybody who prepared what is not decided yet of ``case``, the first first."""
    rows = session.execute(
        select(Preparation, Person.name)
        .outerjoin(Person, Person.id == Preparation.person_id)
        .where(
            Preparation.district_code == case.district_code,
            Preparation.case_id == case.id,
            Preparation.decided_event_number.is_(None),
        )
        .order_by(Preparation.event_number)
    )
    return tuple(
        Hand(
            item_code=row.item_code,
            person_id=row.person_id,
            name=name or "",
            trigger=row.trigger,
            at=row.prepared_at,
        )
        for row, name in rows
    )


def hand_of(hands: Iterable[Hand], person_id: UUID, item_code: str) -> Hand | None:
    """The step by which somebody prepared a part; None if they did not."""
    same = (each for each in hands if each.person_id == person_id and each.item_code == item_code)
    return next(same, None)


def words(hand: Hand, process: Process) -> Text:
    """Why this person cannot take the step that needs other hands."""
    labels = {row.trigger: row.label for row in process.transitions}
    return PREPARED_BEFORE.format(
        name=hand.name,
        at=clock_time(hand.at),
        act=labels.get(hand.trigger, Text(zh=hand.trigger, en=hand.trigger)),
    )
