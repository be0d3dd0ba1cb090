"""A part, and the whole, as their applicant reads them: how they stand, and what has happened."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.exit_checks import CAUSE
from catalog.schema import ReviewBody
from core.clock import CIVIL_ZONE
from core.errors import NotFoundError
from core.text import Text
from models.case import Case
from models.event import TEXT_OF_EVENT, Event, EventText
from models.task import Task
from services import (
    calendars,
    definitions,
    documents,
    issuing_offices,
    notices,
    returned,
    service_consents,
)
from services.case_keys import CaseKey
from services.definitions import Definition
from services.documents import DocumentLine
from services.door.pauses import EXPECTED_UNTIL, HEARING_ON
from services.door.returns import DUE_INPUT
from services.door.snapshot import NO_CASE
from services.event_notes import CAUSES, notes
from services.own_cases import own_case
from services.returned import Explanation
from workflows.calendar import WorkingCalendar
from workflows.clocks import ClockEvent, ClockEventKind, Limit, Unit, due
from workflows.engine import Engine
from workflows.permissions import Actor, Permission
from workflows.process import CLAIM_ACTS, ClockEffect, Handler, PauseCause, StateKind, Transition

OPEN_IT_ZH = re.compile(r"请打开办件[^。]*。$")
OPEN_IT_EN = re.compile(r" Open (the case|it)[^.]*\.$")
"""What a notice says last to who reads it elsewhere; here the case is open."""
YOU = Text(zh="您：{step}", en="You: {step}")
SAID_TWICE = frozenset({CAUSE, HEARING_ON, DUE_INPUT})
"""What an officer typed, as long as it is not erased, and what the event says of it too."""
REVIEW = Limit(amount=60, unit=Unit.CALENDAR_DAYS)
"""The time to ask for an administrative review, from the day of service (复议法 20)."""
OWN_CAUSES: Mapping[str, Text] = {
    PauseCause.CORRECTION: Text(zh="等您补正", en="your corrections are awaited"),
    PauseCause.RECTIFICATION: Text(zh="等您整改", en="what you put right is awaited"),
    **CAUSES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that happened to the part and that its applicant is told of."""

    number: int
    at: datetime
    words: Text
    explanation: Explanation
    notes: tuple[Text, ...]
    document: DocumentLine | None
    is_decision: bool = False
    """Its paper tells how to have it reviewed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Why the clock stands still, since when, and until when that is expected."""

    cause: Text
    since: datetime
    legal_basis: Text | None
    expected_until: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedies:
    """A decision against the applicant, and by when it can be taken to others."""

    number: int
    """Where the decision is, among the papers of the case."""
    served_at: datetime | None
    """None while the decision has not been served."""
    by_opening: bool
    """It is served when the applicant opens it: they consented."""
    review_until: datetime | None
    review_body: ReviewBody | None
    """Whom the applicant may ask for the review."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartStory:
    """How one part stands, and how it came so."""

    pause: Pause | None
    state_due_at: datetime | None
    """The end of the present state's own limit: of follow-up work, or what is awaited."""
    is_followed_up: bool
    """Granted, and still to be checked by the office."""
    remedies: Remedies | None
    first_due_at: datetime | None
    """As it was first told; given if it has moved since then."""
    happenings: tuple[Happening, ...]


def story(session: Session, actor: Actor, key: CaseKey, item_code: str, at: datetime) -> PartStory:
    """One part of the actor's own case. Raises `NotFoundError`, also for a part it lacks."""
    case = own_case(session, actor, key, Permission.DRAFT_WRITE)
    definition = definitions.by_hash(session, case.definition_hash)
    task = session.get(Task, (key.district_code, key.case_id, item_code))
    if task is None:
        raise NotFoundError(NO_CASE)
    engine = definition.engine_of(definition.thing.item(item_code))
    state = engine.state(task.state)
    papers = {line.number: line for line in documents.lines(session, case, item_code)}
    told = tuple(_happenings(session, (case, definition), item_code, papers))
    calendar = calendars.for_office(session, task.handling_district_code, task.department_code)
    has_moved = task.first_due_at is not None and task.first_due_at != task.due_at
    return PartStory(
        pause=_pause(session, case, task, engine) if state.clock is ClockEffect.PAUSED else None,
        state_due_at=task.state_due_at,
        is_followed_up=state.kind.is_final and state.handler is Handler.DEPARTMENT,
        remedies=_remedies(
            told,
            calendar,
            issuing_offices.review_body(definition, item_code),
            by_opening=service_consents.is_given(session, case),
        )
        if state.kind is StateKind.NEGATIVE
        else None,
        first_due_at=task.first_due_at if has_moved else None,
        happenings=told,
    )


def case_story(session: Session, actor: Actor, key: CaseKey) -> tuple[Happening, ...]:
    """What happened to the actor's own case as a whole, the last first.

    Raises `NotFoundError` for anybody else's case, as if it did not exist.
    """
    case = own_case(session, actor, key, Permission.DRAFT_WRITE)
    definition = definitions.by_hash(session, case.definition_hash)
    papers = {line.number: line for line in documents.lines(session, case)}
    return tuple(_happenings(session, (case, definition), None, papers))


def _happenings(
    session: Session,
    of: tuple[Case, Definition],
    item_code: str | None,
    papers: Mapping[int, DocumentLine],
) -> Iterator[Happening]:
    case, definition = of
    engine = (
        definition.engine_of(definition.thing.item(item_code))
        if item_code
        else definition.case_engine
    )
    rows = session.execute(
        select(Event, EventText.content)
        .outerjoin(EventText, TEXT_OF_EVENT)
        .where(
            Event.district_code == case.district_code,
            Event.case_id == case.id,
            Event.item_code.is_not_distinct_from(item_code),
        )
        .order_by(Event.number.desc())
    )
    for event, content in rows:
        row = engine.row(event.from_state or "", event.trigger)
        if row is None or event.trigger in CLAIM_ACTS or not _is_told(engine, row):
            continue
        said = returned.explanation(
            definition, item_code, (event.trigger, event.reason_code), content or {}
        )
        is_said = bool(SAID_TWICE & event.body.keys()) and bool(said.facts or said.mends)
        yield Happening(
            number=event.number,
            at=event.at,
            words=_words(engine, row, event),
            explanation=said,
            notes=() if is_said else tuple(notes(definition.thing, item_code, event.body)),
            document=papers.get(event.number),
            is_decision=row.document is not None and row.document.has_remedies,
        )


def _is_told(engine: Engine, row: Transition) -> bool:
    """What officers do among themselves stays with them."""
    reached = engine.state(row.destination)
    return (
        row.permission is Permission.CASE_APPLY
        or row.notice is not None
        or row.document is not None
        or (reached.tell_applicant and row.destination not in row.sources)
        or reached.kind.is_final
    )


def _words(engine: Engine, row: Transition, event: Event) -> Text:
    if row.notice is not None:
        said = notices.filled(row.notice, event.body)
        return Text(zh=OPEN_IT_ZH.sub("", said.zh), en=OPEN_IT_EN.sub("", said.en))
    if row.permission is Permission.CASE_APPLY:
        return YOU.format(step=row.label)
    if row.destination in row.sources:
        return row.label
    return engine.state(str(event.to_state)).public_label


def _pause(session: Session, case: Case, task: Task, engine: Engine) -> Pause:
    """From the event that led into the state: its cause, and how long it is expected to take."""
    event = session.execute(
        select(Event)
        .where(
            Event.district_code == case.district_code,
            Event.case_id == case.id,
            Event.item_code == task.item_code,
            Event.to_state == task.state,
            Event.from_state != task.state,
        )
        .order_by(Event.number.desc())
        .limit(1)
    ).scalar_one()
    state = engine.state(task.state)
    named = event.body.get(CAUSE) or (state.pause.value if state.pause else "")
    until = event.body.get(EXPECTED_UNTIL) or event.body.get(HEARING_ON)
    return Pause(
        cause=OWN_CAUSES.get(str(named), state.public_label),
        since=task.paused_at or event.at,
        legal_basis=state.legal_basis,
        expected_until=notices.day_words(str(until)) if until else None,
    )


def _remedies(
    told: tuple[Happening, ...],
    calendar: WorkingCalendar,
    body: ReviewBody | None,
    *,
    by_opening: bool,
) -> Remedies | None:
    """From the service of the last decision: the day after it is the first one."""
    papers = [each.document for each in told if each.document is not None and each.is_decision]
    if not papers:
        return None
    served_at = papers[0].served_at
    if served_at is None:
        return Remedies(
            number=papers[0].number,
            served_at=None,
            by_opening=by_opening,
            review_until=None,
            review_body=body,
        )
    start = ClockEvent(kind=ClockEventKind.START, at=served_at)
    ends = due([start], REVIEW, calendar).at
    return Remedies(
        number=papers[0].number,
        served_at=served_at.astimezone(CIVIL_ZONE),
        by_opening=by_opening,
        review_until=max(ends, served_at + timedelta(days=1)),
        review_body=body,
    )
