"""Documents (文书): what each numbered paper says, who may read it, and how it was served."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import document_forms, registry
from catalog.schema import ReviewBody
from catalog.summaries import day_in_words
from core.clock import CIVIL_ZONE
from core.errors import NotFoundError
from core.text import CHINESE, ENGLISH, Text
from models.case import Case
from models.document import Document
from models.event import TEXT_OF_EVENT, Event, EventText
from models.output import Output
from models.person import Person
from models.task import Task
from services import (
    calendars,
    definitions,
    document_services,
    hand_words,
    hands,
    issuing_offices,
    promise_facts,
    returned,
    service_consents,
    task_clocks,
)
from services.case_keys import CaseKey
from services.definitions import Definition
from services.document_services import Service
from services.door.returns import DUE_INPUT
from services.door.snapshot import NO_CASE
from services.own_cases import own_case, place_of
from services.returned import Explanation, Fact, Mend
from services.service_consents import ServiceConsent
from workflows.clocks import due
from workflows.permissions import Actor, Permission, Place, may, reaches
from workflows.process import DocumentKind, Transition

READERS = (Permission.TASK_CLAIM, Permission.SUPERVISION_READ, Permission.DOCUMENT_SERVE)
"""Who of the offices may read a paper; those who only check the figures read none."""
NOT_KNOWN = Text(zh="（见办件页面）", en="(see the page of the case)")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """One paper in a list."""

    number: int
    """That of the event which issued it: its address within the case."""
    code: str
    title: Text
    serial: str
    """The number that is printed on it."""
    item_code: str | None
    item_title: Text | None
    issued_at: datetime
    services: tuple[Service, ...]

    @property
    def served_at(self) -> datetime | None:
        """When it first reached its addressee; None if it has not."""
        return min((service.served_at for service in self.services), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage:
    """A paper with all that stands on it."""

    key: CaseKey
    line: DocumentLine
    case_number: str
    thing_title: Text
    organ: Text
    addressee: str
    opening: Text
    reason: str | None
    facts: tuple[Fact, ...]
    mends: tuple[Mend, ...]
    effect: Text | None
    legal_bases: tuple[Text, ...]
    has_remedies: bool
    review_body: ReviewBody | None
    """Whom the applicant may ask to review it; None for a body whose acts nobody reviews."""
    is_erased: bool
    """Its words were erased with their key; what the chain holds is still here."""
    district_name: Text
    event_hash: str
    signature: Text | None
    """Who signed for whom, if it was done under a delegation."""
    is_applicant: bool
    """True if the reader is its addressee."""
    may_serve: bool
    """The reader may hand it over at the window, or record that it came by post."""
    consent: ServiceConsent | None
    """What the applicant chose about electronic service; None if nobody asked them."""


def lines(session: Session, case: Case, item_code: str | None = None) -> tuple[DocumentLine, ...]:
    """The papers of a case that the caller may read, the first first.

    With ``item_code`` those of the case itself and of that item.
    """
    definition = definitions.by_hash(session, case.definition_hash)
    rows = session.execute(
        select(Document, Event.trigger, Event.from_state)
        .join(
            Event,
            (Event.district_code == Document.district_code)
            & (Event.case_id == Document.case_id)
            & (Event.number == Document.event_number),
        )
        .where(Document.district_code == case.district_code, Document.case_id == case.id)
        .order_by(Document.event_number)
    ).all()
    served = document_services.of_case(session, case) if rows else {}
    return tuple(
        _line(definition, row.Document, (row.from_state, row.trigger), served)
        for row in rows
        if item_code is None or row.Document.item_code in {None, item_code}
    )


def of_own_case(session: Session, actor: Actor, key: CaseKey) -> tuple[DocumentLine, ...]:
    """The papers of the actor's own case. Raises `NotFoundError` for anybody else's."""
    return lines(session, own_case(session, actor, key, Permission.DRAFT_WRITE))


def page(session: Session, actor: Actor, key: CaseKey, number: int, at: datetime) -> DocumentPage:
    """A paper for its addressee, or for officers of the part that it concerns.

    Raises `NotFoundError` for everybody else, and if there is no such paper.
    """
    case, document = readable(session, actor, key, number)
    definition = definitions.by_hash(session, case.definition_hash)
    event, content = _event(session, case, number)
    row = _row(definition, event.item_code, (event.from_state, event.trigger))
    words = returned.explanation(
        definition, event.item_code, (event.trigger, event.reason_code), content or {}
    )
    form = document_forms.form_of(document.kind, event.at.astimezone(CIVIL_ZONE).date())
    values = _values(session, case, definition, event)
    served = document_services.of_case(session, case)
    kind = row.document if row else None
    district = registry.catalogue().district(case.district_code)
    return DocumentPage(
        key=key,
        line=_line(definition, document, (event.from_state, event.trigger), served),
        case_number=case.number or "",
        thing_title=definition.thing.title,
        organ=issuing_offices.organ(session, case, document),
        addressee=case.title or _applicant(session, case),
        opening=form.opening.format(**values),
        reason=words.reason,
        facts=(
            *words.facts,
            *promise_facts.facts(definition.thing, event.body),
            *_outputs(session, definition, case, number),
        ),
        mends=words.mends or returned.named(definition.thing, event.body.get("places", ())),
        effect=form.effect.format(**values) if form.effect else None,
        legal_bases=tuple(_legal_bases(kind, row, words)),
        has_remedies=form.has_remedies or bool(kind and kind.has_remedies),
        review_body=issuing_offices.review_body(definition, document.item_code),
        is_erased=content is None and "text" in event.body.get("commitments", {}),
        district_name=district.name,
        event_hash=bytes(event.hash).hex(),
        signature=hand_words.signed_for(session, event.actor_id, event.body),
        is_applicant=actor.id == case.applicant_id,
        may_serve=may_serve(session, actor, (case, document), at),
        consent=service_consents.of_case(session, case),
    )


def readable(session: Session, actor: Actor, key: CaseKey, number: int) -> tuple[Case, Document]:
    """The case and the paper for who may read it. Raises `NotFoundError` for everybody else."""
    case = session.execute(
        select(Case).where(Case.district_code == key.district_code, Case.id == key.case_id)
    ).scalar_one_or_none()
    document = session.execute(
        select(Document).where(
            Document.district_code == key.district_code,
            Document.case_id == key.case_id,
            Document.event_number == number,
        )
    ).scalar_one_or_none()
    if case is None or document is None:
        raise NotFoundError(NO_CASE)
    if actor.id == case.applicant_id:
        return case, document
    places = _places(session, case, document)
    if not any(reaches(actor, each, place) for each in READERS for place in places):
        raise NotFoundError(NO_CASE)
    hands.check_free(session, actor, case)
    return case, document


def may_serve(session: Session, actor: Actor, of: tuple[Case, Document], at: datetime) -> bool:
    """True if the actor may hand the paper over at a window; nobody serves it on themselves."""
    case, document = of
    if actor.id == case.applicant_id:
        return False
    places = _places(session, case, document)
    return any(may(actor, Permission.DOCUMENT_SERVE, place, at) for place in places)


def _places(session: Session, case: Case, document: Document) -> list[Place]:
    """Where the paper belongs: its part's office, or every office of the case if it is of all."""
    definition = definitions.by_hash(session, case.definition_hash)
    whole = place_of(case)
    at_home = Place(
        applicant_id=whole.applicant_id,
        district_code=whole.district_code,
        department_code=definition.acceptor.department,
        case_id=whole.case_id,
        at_window=whole.at_window,
    )
    tasks = session.scalars(
        select(Task).where(Task.district_code == case.district_code, Task.case_id == case.id)
    )
    parts = [
        Place(
            applicant_id=case.applicant_id,
            district_code=task.handling_district_code,
            department_code=task.department_code,
            at_window=whole.at_window,
        )
        for task in tasks
        if document.item_code in {None, task.item_code}
    ]
    return [at_home, *parts] if document.item_code is None else parts


def _line(
    definition: Definition,
    document: Document,
    step: tuple[str | None, str],
    served: Mapping[int, tuple[Service, ...]],
) -> DocumentLine:
    row = _row(definition, document.item_code, step)
    title = row.document.title if row and row.document else None
    item = definition.thing.item(document.item_code) if document.item_code else None
    return DocumentLine(
        number=document.event_number,
        code=document.kind,
        title=title or Text(zh=document.kind, en=document.kind),
        serial=document.number,
        item_code=document.item_code,
        item_title=item.public_title if item else None,
        issued_at=document.issued_at,
        services=served.get(document.event_number, ()),
    )


def _row(
    definition: Definition, item_code: str | None, step: tuple[str | None, str]
) -> Transition | None:
    engine = (
        definition.engine_of(definition.thing.item(item_code))
        if item_code
        else definition.case_engine
    )
    return engine.row(step[0] or "", step[1])


def _event(session: Session, case: Case, number: int) -> tuple[Event, Mapping[str, Any] | None]:
    row = session.execute(
        select(Event, EventText.content)
        .outerjoin(EventText, TEXT_OF_EVENT)
        .where(
            Event.district_code == case.district_code,
            Event.case_id == case.id,
            Event.number == number,
        )
    ).one()
    return row[0], row[1]


def _values(
    session: Session, case: Case, definition: Definition, event: Event
) -> dict[str, object]:
    """What the standing sentences of a form may name."""
    thing = definition.thing
    item = thing.item(event.item_code) if event.item_code else None
    return {
        "item": item.public_title if item else thing.title,
        "thing": thing.title,
        "case": case.number or "",
        "received": _day(_received_at(session, case, event)),
        "day": _named_day(event.body),
        "count": len(event.body.get("places", ())),
        "due": _due(session, case, definition, event),
    }


def _received_at(session: Session, case: Case, event: Event) -> datetime:
    """When the application that the paper answers was sent."""
    found = session.execute(
        select(Event.at)
        .where(
            Event.district_code == case.district_code,
            Event.case_id == case.id,
            Event.number <= event.number,
            Event.item_code.is_(None),
            Event.body["commitments"].has_key("answers"),
        )
        .order_by(Event.number.desc())
        .limit(1)
    ).scalar_one_or_none()
    return found or case.created_at


def _due(session: Session, case: Case, definition: Definition, event: Event) -> Text:
    """The promised end as it stood after the event; later pauses do not change an old paper."""
    task = session.get(Task, (case.district_code, case.id, event.item_code))
    if task is None or task.calendar_hash is None:
        return NOT_KNOWN
    steps = [step for step in task_clocks.chain_steps(session, case) if step.at <= event.at]
    events = task_clocks.events_of_task(definition, steps, task.item_code)
    if not events:
        return NOT_KNOWN
    limit = definition.thing.item(task.item_code).promised_limit.limit
    ends = due(events, limit, calendars.by_hash(session, task.calendar_hash)).at
    return _day(ends)


def _named_day(body: Mapping[str, Any]) -> Text:
    day = body.get(DUE_INPUT)
    if not day:
        return NOT_KNOWN
    return Text(zh=day_in_words(str(day), CHINESE), en=day_in_words(str(day), ENGLISH))


def _day(at: datetime) -> Text:
    day = at.astimezone(CIVIL_ZONE).date().isoformat()
    return Text(zh=day_in_words(day, CHINESE), en=day_in_words(day, ENGLISH))


def _outputs(session: Session, definition: Definition, case: Case, number: int) -> Iterator[Fact]:
    """The certificates that were issued with the paper."""
    titles = {
        (item.code, output.code): output.title
        for item in definition.thing.items
        for output in item.outputs
    }
    rows: Sequence[Output] = session.scalars(
        select(Output).where(
            Output.district_code == case.district_code,
            Output.case_id == case.id,
            Output.event_number == number,
        )
    ).all()
    for row in rows:
        title = titles.get((row.item_code, row.output_code))
        if title is not None:
            yield Fact(label=title, value=Text(zh=row.number, en=row.number))


def _legal_bases(
    kind: DocumentKind | None, row: Transition | None, words: Explanation
) -> Iterator[Text]:
    seen: set[Text] = set()
    for basis in (
        kind.legal_basis if kind else None,
        row.legal_basis if row else None,
        words.legal_basis,
    ):
        if basis is not None and basis not in seen:
            seen.add(basis)
            yield basis


def _applicant(session: Session, case: Case) -> str:
    person = session.get(Person, case.applicant_id)
    return person.name if person else ""
