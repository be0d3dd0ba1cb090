"""Visits at the window: who came, with which paper, for whom; and that they confirmed what is sent.

Kept in erasable rows. What a submission says of its visit goes into the event's erasable text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.errors import Problem, RuleViolatedError
from core.text import Text
from models.counter import CounterVisit, Side
from services.case_keys import CaseKey

NOT_CONFIRMED = Text(
    zh="请申请人核对全部内容并签字，再勾选“申请人已核对并签字确认”。",
    en="Have the applicant check everything and sign, then tick “The applicant has checked and "
    "signed”.",
)
DOCUMENTS: Mapping[str, Text] = {
    "resident_id_card": Text(zh="居民身份证", en="Resident identity card"),
    "temporary_id_card": Text(zh="临时居民身份证", en="Temporary resident identity card"),
    "passport": Text(zh="护照", en="Passport"),
    "travel_permit": Text(
        zh="港澳台居民居住证或来往内地（大陆）通行证",
        en="Residence or travel permit of Hong Kong, Macao or Taiwan residents",
    ),
    "permanent_residence": Text(
        zh="外国人永久居留身份证", en="Foreigner’s permanent residence card"
    ),
}
"""The papers that prove who somebody is at a window."""
UNKNOWN_DOCUMENT = Text(zh="其他证件", en="Another document")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who stands at the window, as the officer saw and was told."""

    applicant_name: str
    document_kind: str
    agent_name: str | None = None
    agent_relation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The last visit of a case."""

    visitor: Visitor
    officer_id: UUID
    at: datetime
    made_account: bool
    is_brought: bool

    @property
    def document(self) -> Text:
        """Which paper was checked, in words."""
        return DOCUMENTS.get(self.visitor.document_kind, UNKNOWN_DOCUMENT)


def record(session: Session, key: CaseKey, row: CounterVisit) -> None:
    """Write down a visit of the case at ``key``."""
    row.district_code, row.case_id = key.district_code, key.case_id
    session.add(row)
    session.flush()


def last_visit(session: Session, key: CaseKey) -> Visit | None:
    """The last visit of a case, None if it never was at a window."""
    row = _last(session, key)
    if row is None:
        return None
    return Visit(
        visitor=Visitor(
            applicant_name=row.applicant_name,
            document_kind=row.document_kind,
            agent_name=row.agent_name,
            agent_relation=row.agent_relation,
        ),
        officer_id=row.officer_id,
        at=row.at,
        made_account=row.made_account,
        is_brought=row.is_brought,
    )


def confirm(session: Session, key: CaseKey, submission_id: UUID) -> None:
    """Write down that the applicant checked and signed what is sent as ``submission_id``."""
    row = _last(session, key)
    if row is not None:
        session.execute(
            update(CounterVisit)
            .where(
                CounterVisit.district_code == key.district_code,
                CounterVisit.case_id == key.case_id,
                CounterVisit.id == row.id,
            )
            .values(confirmed_submission_id=submission_id)
            .execution_options(synchronize_session="fetch")
        )


def words_of_submission(
    session: Session, key: CaseKey, side: Side, submission_id: UUID
) -> Mapping[str, object]:
    """What the event of an officer's submission says of the visit; nothing for an applicant's.

    An agent's act carries the agent's own signature and the applicant's consent, both confirmed
    for this very submission.
    Raises `RuleViolatedError` if the applicant has not confirmed this very submission.
    """
    if side is not Side.WINDOW:
        return {}
    row = _last(session, key)
    if row is None or row.confirmed_submission_id != submission_id:
        raise RuleViolatedError((Problem("confirmed", NOT_CONFIRMED),))
    words: dict[str, object] = {"applicant_confirmed": True, "document_kind": row.document_kind}
    if row.agent_name:
        words |= {
            "agent_name": row.agent_name,
            "agent_relation": row.agent_relation or "",
            "agent_signed": True,
            "applicant_consented": True,
        }
    return words


def _last(session: Session, key: CaseKey) -> CounterVisit | None:
    return session.execute(
        select(CounterVisit)
        .where(CounterVisit.district_code == key.district_code, CounterVisit.case_id == key.case_id)
        .order_by(CounterVisit.at.desc(), CounterVisit.id.desc())
        .limit(1)
    ).scalar_one_or_none()
