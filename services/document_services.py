"""Service of documents (送达): opened by who consented, handed over, or posted; once each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.clock import CIVIL_ZONE
from core.errors import Problem, RuleViolatedError
from core.text import Text
from models.case import Case
from models.document import Document
from models.document_service import DocumentService, ServiceMethod
from models.person import Person
from services import service_consents
from workflows.permissions import Actor

LONGEST_NAME = 60
METHODS = {
    ServiceMethod.ELECTRONIC: Text(zh="电子送达", en="Electronic service"),
    ServiceMethod.WINDOW: Text(zh="窗口直接送达", en="Handed over at the window"),
    ServiceMethod.POST: Text(zh="邮寄送达", en="Served by post"),
}
BY_HAND = (ServiceMethod.WINDOW, ServiceMethod.POST)
"""The ways that an officer records."""
METHOD_MISSING = Text(
    zh="请选择怎么送达的：窗口直接送达，还是邮寄送达。",
    en="Choose how it was served: at the window or by post.",
)
DAY_MISSING = Text(zh="请填写签收的日期。", en="Enter the day on which it was received.")
WRONG_DAY = Text(
    zh="签收的日期不能早于文书发出的日期，也不能晚于今天。",
    en="It cannot have been received before it was issued, nor later than today.",
)
LETTER_MISSING = Text(zh="请填写邮件单号。", en="Enter the tracking number of the letter.")
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
    tracking_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How a paper reached its addressee by hand or by post, as the receipt says."""

    method: str = ServiceMethod.WINDOW.value
    name: str = ""
    relation: str = ""
    """What the recipient is to the applicant, if somebody else took it."""
    served_on: date | None = None
    tracking_number: str = ""


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

    An officer who opens it serves nothing, nor does an applicant who did not consent.
    """
    case, document = of
    if actor.id != case.applicant_id or not service_consents.is_given(session, case):
        return False
    found = {"method": ServiceMethod.ELECTRONIC, "recorded_by": actor.id}
    return _record(session, document, found, at)


def deliver(
    session: Session,
    actor: Actor,
    of: tuple[Case, Document],
    delivery: Delivery,
    at: datetime,
) -> bool:
    """Record that a paper was handed over or came by post; False if that was recorded before.

    The day on which it was received counts, not the day of the record. The caller has checked who
    may. Raises `RuleViolatedError` with problems at ``method``, ``served_on``, ``recipient_name``,
    ``recipient_relation`` and ``tracking_number``.
    """
    _case, document = of
    problems = tuple(_problems(document, delivery, at))
    if problems or delivery.served_on is None:
        raise RuleViolatedError(problems)
    is_letter = delivery.method == ServiceMethod.POST
    found = {
        "method": ServiceMethod(delivery.method),
        "recorded_by": actor.id,
        "recipient_name": delivery.name.strip(),
        "recipient_relation": delivery.relation.strip() or None,
        "tracking_number": delivery.tracking_number.strip() if is_letter else None,
    }
    return _record(session, document, found, min(at, _end_of(delivery.served_on)))


def _problems(document: Document, delivery: Delivery, at: datetime) -> Iterator[Problem]:
    if delivery.method not in BY_HAND:
        yield Problem("method", METHOD_MISSING)
    issued_on = document.issued_at.astimezone(CIVIL_ZONE).date()
    if delivery.served_on is None:
        yield Problem("served_on", DAY_MISSING)
    elif not issued_on <= delivery.served_on <= at.astimezone(CIVIL_ZONE).date():
        yield Problem("served_on", WRONG_DAY)
    if not delivery.name.strip():
        yield Problem("recipient_name", NAME_MISSING)
    if delivery.method == ServiceMethod.POST and not delivery.tracking_number.strip():
        yield Problem("tracking_number", LETTER_MISSING)
    typed = {
        "recipient_name": delivery.name,
        "recipient_relation": delivery.relation,
        "tracking_number": delivery.tracking_number,
    }
    for path, words in typed.items():
        if len(words.strip()) > LONGEST_NAME:
            yield Problem(path, TOO_LONG)


def _end_of(day: date) -> datetime:
    """The last moment of a day: only the day is known, and time begins on the one after it."""
    return datetime.combine(day, time.max, CIVIL_ZONE)


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
        tracking_number=row.tracking_number,
    )
