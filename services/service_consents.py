"""Consent to electronic service (同意电子送达): asked for at submission, kept in its event.

Without it a paper is served by hand or by post, and nothing that the applicant opens serves it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.case import Case, CaseAnswers
from models.event import Event
from services.case_keys import CaseKey
from services.door.submissions import ELECTRONIC_SERVICE
from services.own_cases import own_case
from workflows.permissions import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceConsent:
    """What the applicant chose when they last sent the form."""

    is_given: bool
    at: datetime


def choose(session: Session, actor: Actor, key: CaseKey, *, consents: bool) -> None:
    """Keep what is chosen with the form that is about to be sent; its event will say it.

    Raises `NotFoundError` for anybody else's case.
    """
    own_case(session, actor, key, lock=True)
    session.execute(
        update(CaseAnswers)
        .where(CaseAnswers.district_code == key.district_code, CaseAnswers.case_id == key.case_id)
        .values(electronic_service=consents)
        .execution_options(synchronize_session=False)
    )


def of_case(session: Session, case: Case) -> ServiceConsent | None:
    """The choice that stands; None for a case that was sent before anybody was asked."""
    row = session.execute(
        select(Event.at, Event.body[ELECTRONIC_SERVICE])
        .where(
            Event.district_code == case.district_code,
            Event.case_id == case.id,
            Event.item_code.is_(None),
            Event.body.has_key(ELECTRONIC_SERVICE),
        )
        .order_by(Event.number.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else ServiceConsent(is_given=row[1] is True, at=row[0])


def is_given(session: Session, case: Case) -> bool:
    """Whether what the applicant opens counts as served."""
    found = of_case(session, case)
    return found is not None and found.is_given
