"""An applicant's own case: the one check that makes a neighbour's case not exist."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFoundError
from models.case import Case
from services.cases import CaseKey
from services.door.snapshot import NO_CASE
from workflows.permissions import Actor, Permission


def own_case(session: Session, actor: Actor, key: CaseKey) -> Case:
    """The case at ``key`` if ``actor`` is its applicant.

    Raises `NotFoundError` otherwise: that a case exists is itself private.
    """
    case = session.execute(
        select(Case).where(Case.district_code == key.district_code, Case.id == key.case_id)
    ).scalar_one_or_none()
    if case is None or case.applicant_id != actor.id or not actor.has(Permission.CASE_APPLY):
        raise NotFoundError(NO_CASE)
    return case
