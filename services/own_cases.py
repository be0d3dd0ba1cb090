"""Whose case it is: the one check that makes a neighbour's case not exist."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from core.errors import ConflictError, NotFoundError
from core.text import Text
from models.case import Case, Channel
from services.case_keys import CaseKey
from services.door.snapshot import NO_CASE
from workflows.case import CaseState
from workflows.permissions import Actor, Permission, Place, lends, reaches

EDITABLE = frozenset({CaseState.DRAFT.value, CaseState.RETURNED.value})
"""The states in which the applicant may write in the form."""

TAKEN_BACK = Text(
    zh="这份申请已经回到窗口、已经提交，或者借给这部手机的时间已到，不能再在这部手机上填写。",
    en="This application is back at the window, has been submitted, or was lent to this phone for "
    "no longer than this; it can no longer be filled in on this phone.",
)
ASK_WINDOW = Text(
    zh="请告诉窗口工作人员；需要接着填时，请重新扫描窗口的二维码。",
    en="Tell the window officer. To go on, scan a new QR code at the window.",
)

_CASE = select(Case).where(
    Case.district_code == bindparam("district_code"), Case.id == bindparam("case_id")
)
_LOCKED = _CASE.with_for_update(of=Case)


def own_case(
    session: Session,
    actor: Actor,
    key: CaseKey,
    permission: Permission = Permission.CASE_APPLY,
    *,
    lock: bool = False,
) -> Case:
    """The case at ``key`` if ``actor`` is its applicant, or an officer of its window.

    With `Permission.DRAFT_WRITE` a phone that was lent the draft counts too; ``lock`` takes the
    row's lock. Raises `NotFoundError` otherwise: that a case exists is itself private; and
    `ConflictError` for a phone from which the draft was taken back.
    """
    where = {"district_code": key.district_code, "case_id": key.case_id}
    case = session.execute(_LOCKED if lock else _CASE, where).scalar_one_or_none()
    if case is None:
        raise NotFoundError(NO_CASE)
    place = place_of(case)
    if not reaches(actor, permission, place):
        if permission is Permission.DRAFT_WRITE and lends(actor, place):
            raise ConflictError(TAKEN_BACK, advice=ASK_WINDOW)
        raise NotFoundError(NO_CASE)
    return case


def place_of(case: Case) -> Place:
    """What permissions for the case as a whole are asked for."""
    return Place(
        applicant_id=case.applicant_id,
        district_code=case.district_code,
        case_id=case.id,
        at_window=case.channel is Channel.WINDOW,
        is_open=case.state in EDITABLE,
    )
