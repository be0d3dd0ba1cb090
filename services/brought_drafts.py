"""A draft that was begun online and that its applicant brings to a window."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog import registry
from core.errors import ConflictError, Problem, RuleViolatedError, TransitionRefusedError
from core.text import Text
from models.case import Case, Channel
from models.counter import CounterVisit, Side
from models.person import Person
from services import counter, counter_visits, draft_hand_overs, draft_locks, loans
from services.cases import EDITABLE, NOT_EDITABLE, CaseKey
from services.counter_visits import DOCUMENTS
from services.draft_hand_overs import FOR_PHONE, Found
from workflows.permissions import Actor

OTHER_DISTRICT = Text(
    zh="这个办件由{district}办理，请申请人到那里的窗口，或者在网上继续。",
    en="This case belongs to {district}. The applicant can go to a window there or go on online.",
)
OWN_CASE = Text(
    zh="不能为自己的办件做窗口人员。请由另一位同事接件。",
    en="You cannot be the window officer of your own case. Ask a colleague to take it in.",
)


def receive(
    session: Session, officer: Actor, found: Found, document_kind: str, at: datetime
) -> CaseKey:
    """Take in a draft whose code its applicant showed: that was their consent.

    The case is of the window from now on, and the window has its draft.
    Raises `RuleViolatedError` at ``document_kind``, `ConflictError` for a code that belongs to a
    phone, another district's case or the officer's own, `NotFoundError` if somebody else used the
    code meanwhile, `TransitionRefusedError` if the case was submitted.
    """
    if document_kind not in DOCUMENTS:
        raise RuleViolatedError((Problem("document_kind", counter.DOCUMENT_MISSING),))
    if found.to_side is not Side.WINDOW:
        raise ConflictError(FOR_PHONE)
    key = found.key
    case, name = session.execute(
        select(Case, Person.name)
        .join(Person, Person.id == Case.applicant_id)
        .where(Case.district_code == key.district_code, Case.id == key.case_id)
        .with_for_update(of=Case)
    ).one()
    if key.district_code not in counter.districts(officer, at):
        district = registry.catalogue().district(key.district_code)
        raise ConflictError(OTHER_DISTRICT.format(district=district.name))
    if case.applicant_id == officer.id:
        raise ConflictError(OWN_CASE)
    if case.state not in EDITABLE:
        raise TransitionRefusedError(NOT_EDITABLE)
    if _has_received(session, officer, found):
        return key
    draft_hand_overs.use(session, found, at)
    _take_in(session, officer, key, at)
    visit = CounterVisit(
        id=found.id,
        officer_id=officer.id,
        at=at,
        applicant_name=name,
        document_kind=document_kind,
        is_brought=True,
        made_account=False,
    )
    counter_visits.record(session, key, visit)
    return key


def received_before(
    session: Session, officer: Actor, typed: str, secret: str, at: datetime
) -> CaseKey | None:
    """The case that the officer has just taken in by this very code: the button pressed twice."""
    found = draft_hand_overs.find_used(session, typed, secret, at)
    return found.key if found and _has_received(session, officer, found) else None


def _has_received(session: Session, officer: Actor, found: Found) -> bool:
    visit = session.execute(
        select(CounterVisit.id).where(
            CounterVisit.district_code == found.key.district_code,
            CounterVisit.case_id == found.key.case_id,
            CounterVisit.id == found.id,
            CounterVisit.officer_id == officer.id,
        )
    ).first()
    return visit is not None


def _take_in(session: Session, officer: Actor, key: CaseKey, at: datetime) -> None:
    """Make it a case of the officer's window, which has its draft."""
    session.execute(
        update(Case)
        .where(Case.district_code == key.district_code, Case.id == key.case_id)
        .values(channel=Channel.WINDOW, taken_by=officer.id)
        .execution_options(synchronize_session=False)
    )
    loans.end(session, key, at)
    draft_locks.take(session, key, Side.WINDOW, officer.id, at)
