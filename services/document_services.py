"""Service of documents (送达): opened by the applicant, or handed over at a window; once each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import Problem, RuleViolatedError
from core.text import Text
from models.case import Case
from models.document import Document
from models.document_service import DocumentService, ServiceMethod
from models.person import Person
from workflows.permissions import Actor

LONGEST_NAME = 60
METHODS = {
    ServiceMethod.ELECTRONIC: Text(zh="电子送达", en="Electronic service"),
    ServiceMethod.WINDOW: Text(zh="窗口直接送达", en="Handed over at the window"),
}
NAME_MISSING = Text(zh="请填写签收人的姓名。", en="Enter the name of the person who takes it.")
TOO_LONG = Text(
    zh=f"请不要超过 {LONGEST_NAME} 个字符。", en=f"Use {LONGEST_NAME} characters at most."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """That a paper reached its addressee: how, when, who took it and who recorded it."""

    method: Text
    is_electronic: bool
    served_at: datetime
    recipient_name: str | None
    recipient_relation: str | None
    recorded_by: str | None
    """The officer's name; None for what the applicant opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who takes a paper at a window."""

    name: str
    relation: str = ""
    """What they are to the applicant, if somebody else came."""


def of_case(session: Session, case: Case) -> Mapping[int, tuple[Service, ...]]:
    """How the papers of a case were served, by the number of the paper, the first way first."""
    rows = session.execute(
        select(DocumentService, Person.name)
        .outerjoin(Person, Person.id == DocumentService.recorded_by)
        .where(
            DocumentService.district_code == case.district_code,
            DocumentService.case_id == case.id,
        )
        .order_by(DocumentService.served_at)
    )
    found: dict[int, tuple[Service, ...]] = {}
    for row, name in rows:
        own = found.get(row.event_number, ())
        found[row.event_number] = (*own, _service(row, name))
    return found


def open_by(session: Session, actor: Actor, of: tuple[Case, Document], at: datetime) -> bool:
    """Record that the addressee opened a paper for the first time; True if this was it.

    An officer who opens it serves nothing.
    """
    case, document = of
    if actor.id != case.applicant_id:
        return False
    found = {"method": ServiceMethod.ELECTRONIC, "recorded_by": actor.id}
    return _record(session, document, found, at)


def hand_over(
    session: Session,
    actor: Actor,
    of: tuple[Case, Document],
    recipient: Recipient,
    at: datetime,
) -> bool:
    """Record that an officer handed a paper over at a window; False if that was recorded before.

    The caller has checked who may. Raises `RuleViolatedError` with problems at ``recipient_name``
    and ``recipient_relation``.
    """
    name, relation = recipient.name.strip(), recipient.relation.strip()
    problems = []
    if not name:
        problems.append(Problem("recipient_name", NAME_MISSING))
    if len(name) > LONGEST_NAME:
        problems.append(Problem("recipient_name", TOO_LONG))
    if len(relation) > LONGEST_NAME:
        problems.append(Problem("recipient_relation", TOO_LONG))
    if problems:
        raise RuleViolatedError(tuple(problems))
    _case, document = of
    found = {
        "method": ServiceMethod.WINDOW,
        "recorded_by": actor.id,
        "recipient_name": name,
        "recipient_relation": relation or None,
    }
    return _record(session, document, found, at)


def _record(session: Session, document: Document, how: Mapping[str, object], at: datetime) -> bool:
    written = session.execute(
        insert(DocumentService)
        .values(
            district_code=document.district_code,
            case_id=document.case_id,
            event_number=document.event_number,
            served_at=max(at, document.issued_at),
            **how,
        )
        .on_conflict_do_nothing()
        .returning(DocumentService.event_number)
    )
    return written.first() is not None


def _service(row: DocumentService, recorder: str | None) -> Service:
    is_electronic = row.method is ServiceMethod.ELECTRONIC
    return Service(
        method=METHODS[row.method],
        is_electronic=is_electronic,
        served_at=row.served_at,
        recipient_name=row.recipient_name,
        recipient_relation=row.recipient_relation,
        recorded_by=None if is_electronic else recorder,
    )
