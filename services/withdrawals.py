"""Withdrawing: what it would mean for each part, and doing it, for the case or one part of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import ConflictError, NotFoundError
from core.text import Text
from models.case import Case
from models.event import Event
from models.task import Task
from services import door
from services.case_keys import CaseKey
from services.door.snapshot import NO_CASE
from services.own_cases import own_case
from services.progress import WITHDRAW, Part, Progress, progress
from workflows.permissions import Actor, Permission

CHANGED = Text(
    zh="您打开页面以后，这一件有了新的进展，撤回没有生效。请看一遍下面的最新情况，再决定。",
    en="Something happened to this case after you opened the page, and nothing was withdrawn. "
    "Read how things stand now, then decide.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What withdrawing would mean now, drawn for one page."""

    progress: Progress
    standing: int
    """Counts the moves of the case and its parts; a page drawn from another one is out of date."""
    part: Part | None = None
    """Given if only this part is to be withdrawn."""

    @property
    def is_possible(self) -> bool:
        """True if it may still be withdrawn."""
        return self.part.can_withdraw if self.part else self.progress.can_withdraw


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """What a person confirmed: on which page, and why if they said so."""

    command_id: UUID
    standing: int
    reason: str | None = None
    item_code: str | None = None


def prospect(
    session: Session, actor: Actor, key: CaseKey, at: datetime, item_code: str | None = None
) -> Prospect:
    """What withdrawing the actor's own case, or one part of it, would mean at ``at``.

    Raises `NotFoundError` for anybody else's case, a window officer's visitor's included, and for
    a part that it does not have.
    """
    case = own_case(session, actor, key, Permission.CASE_START)
    found = progress(session, actor, key.district_code, key.case_id, at)
    part = None
    if item_code is not None:
        part = next((each for each in found.parts if each.item_code == item_code), None)
        if part is None:
            raise NotFoundError(NO_CASE)
    return Prospect(progress=found, standing=_standing(session, case), part=part)


def withdraw(
    session: Session, actor: Actor, key: CaseKey, asked: Withdrawal, at: datetime
) -> door.Moved:
    """Withdraw the case or one part, once, however often it is sent.

    Raises `NotFoundError` as `prospect`, `ConflictError` if anything moved since the page was
    drawn, and the door's refusals.
    """
    case = own_case(session, actor, key, Permission.CASE_START, lock=True)
    if not _was_done(session, key, asked.command_id) and _standing(session, case) != asked.standing:
        raise ConflictError(CHANGED)
    return door.move(
        session,
        door.Command(
            district_code=key.district_code,
            case_id=key.case_id,
            item_code=asked.item_code,
            trigger=WITHDRAW,
            command_id=asked.command_id,
            reason=asked.reason,
        ),
        actor,
        at,
    )


def _standing(session: Session, case: Case) -> int:
    moves = session.execute(
        select(func.coalesce(func.sum(Task.version), 0)).where(
            Task.district_code == case.district_code, Task.case_id == case.id
        )
    ).scalar_one()
    return case.version + int(moves)


def _was_done(session: Session, key: CaseKey, command_id: UUID) -> bool:
    found = session.execute(
        select(Event.number).where(
            Event.district_code == key.district_code,
            Event.case_id == key.case_id,
            Event.command_id == command_id,
        )
    ).first()
    return found is not None
