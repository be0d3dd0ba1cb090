"""The draft lock: who may type in a draft now, the window or the applicant. A fact, not a state.

Whoever writes holds the case's row lock first, so that giving and taking never meet a save.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.clock import CIVIL_ZONE
from core.errors import ConflictError
from core.text import Text
from models.case import Case
from models.counter import DraftLock, Side
from services.case_keys import CaseKey
from services.own_cases import place_of
from workflows.permissions import Actor, Permission, reaches

__all__ = ["Lock", "Side", "lock_of", "require", "side_of", "take"]

WITH_APPLICANT = Text(
    zh="申请人正在自己的手机或电脑上填写这份申请（{at} 起），窗口现在不能修改或提交。",
    en="The applicant has been filling in this application on their own device since {at}; the "
    "window cannot change or submit it now.",
)
TAKE_BACK = Text(
    zh="要在窗口接着填，请先按“取回到窗口”。",
    en="To go on at the window, take it back to the window first.",
)
WITH_WINDOW = Text(
    zh="这份申请现在由窗口填写（{at} 起），您现在不能修改或提交。",
    en="The window has been filling in this application since {at}; you cannot change or submit "
    "it now.",
)
TAKE_HOME = Text(
    zh="要自己接着填，请在办件页面上按“由我自己接着填”，或者告诉窗口工作人员。",
    en="To go on yourself, choose “Go on by myself” on the case page, or tell the window officer.",
)

_LOCK = select(DraftLock).where(
    DraftLock.district_code == bindparam("district_code"),
    DraftLock.case_id == bindparam("case_id"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """Who may type since when."""

    side: Side
    held_by: UUID
    taken_at: datetime


def lock_of(session: Session, key: CaseKey) -> Lock | None:
    """The lock of a draft; None if it never was at a window."""
    where = {"district_code": key.district_code, "case_id": key.case_id}
    row = session.execute(_LOCK, where).scalar_one_or_none()
    return Lock(side=row.side, held_by=row.held_by, taken_at=row.taken_at) if row else None


def side_of(actor: Actor, case: Case) -> Side:
    """On which side ``actor`` types: an applicant and a lent phone are one side."""
    is_officer = reaches(actor, Permission.CASE_TAKE, place_of(case))
    return Side.WINDOW if is_officer else Side.APPLICANT


def require(session: Session, key: CaseKey, holder: Side, at: datetime) -> None:
    """Pass if ``holder`` may type now. Raises `ConflictError` with who has the draft instead."""
    lock = lock_of(session, key)
    if lock is None or lock.side is holder:
        return
    since = _since(min(lock.taken_at, at), at)
    if holder is Side.WINDOW:
        raise ConflictError(WITH_APPLICANT.format(at=since), advice=TAKE_BACK)
    raise ConflictError(WITH_WINDOW.format(at=since), advice=TAKE_HOME)


def _since(taken_at: datetime, at: datetime) -> str:
    """The time of day, with the day if it was not today."""
    local = taken_at.astimezone(CIVIL_ZONE)
    is_today = local.date() == at.astimezone(CIVIL_ZONE).date()
    return local.strftime("%H:%M" if is_today else "%m-%d %H:%M")


def take(session: Session, key: CaseKey, side: Side, held_by: UUID, at: datetime) -> None:
    """Give the draft to ``side``. The caller holds the case's row lock and has checked who may."""
    values = {"side": side, "held_by": held_by, "taken_at": at}
    session.execute(
        insert(DraftLock)
        .values(district_code=key.district_code, case_id=key.case_id, **values)
        .on_conflict_do_update(
            index_elements=[DraftLock.district_code, DraftLock.case_id], set_=values
        )
    )
    session.expire_all()  # the next read must see what the statement wrote
