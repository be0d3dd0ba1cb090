"""Requests to extend the limit of a whole case: the head of the local government answers them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, select, true
from sqlalchemy.orm import Session

from catalog import registry
from catalog.limits import Extension
from core.districts import across_districts
from core.errors import ConflictError, NotFoundError
from core.text import Text
from models.case import Case
from models.event import TEXT_OF_EVENT, Event, EventText
from models.task import Task
from services import calendars, definitions, door, pages, task_clocks
from services.case_keys import CaseKey
from services.definitions import Definition
from services.door.snapshot import NO_CASE
from services.pages import FIRST, Page, Slice
from workflows.case import CaseState
from workflows.clocks import ClockEvent, ClockEventKind, Due, due
from workflows.permissions import Actor, Permission, Place, may
from workflows.process import Consent, Effect, StateKind, Transition

GOVERNED = "requests of the districts that a person governs"
ANSWERED = Text(
    zh="这件请示已经答复，或者办件已经办结，不用再批。",
    en="This request was answered, or the case has ended; there is nothing left to decide.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """How one part of the case stands."""

    title: Text
    department: Text
    state_label: Text
    kind: StateKind
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRequest:
    """One case whose accepting office asks for more time."""

    key: CaseKey
    version: int
    case_number: str
    title: str
    thing_title: Text
    department: Text
    """Who asks."""
    asked_at: datetime
    reason: str | None
    """In the words of the office; None once they were erased."""
    extension: Extension
    agreed_at: datetime | None
    """When the applicant agreed, where the definition asks for it."""
    due_at: datetime | None
    """The end by law as it is now."""
    is_provisional: bool
    """It lies in a year whose holidays are not published yet."""
    extended: Due | None
    """The end as it would be."""
    parts: tuple[PartLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the head of the government decided."""

    command_id: UUID
    version: int
    agrees: bool
    reason: str


def requests(
    session: Session, actor: Actor, at: datetime, wanted: Slice = FIRST
) -> Page[ExtensionRequest]:
    """The requests that the actor may answer, the longest waiting first."""
    asked = and_(
        Case.extension_asked_at.is_not(None),
        Case.state == CaseState.IN_PROGRESS,
        _governed(actor, at),
    )

    def count() -> int:
        counted = select(func.count()).select_from(Case).prefix_with(across_districts(GOVERNED))
        return int(session.scalar(counted.where(asked)) or 0)

    def lines(part: Slice) -> list[ExtensionRequest]:
        cases = session.scalars(
            select(Case)
            .prefix_with(across_districts(GOVERNED))
            .where(asked)
            .order_by(Case.extension_asked_at, Case.id)
            .limit(part.size)
            .offset(part.offset)
        ).all()
        found = (_request(session, case) for case in cases)
        return [each for each in found if each is not None]

    return pages.read(count, lines, wanted)


def request(session: Session, actor: Actor, key: CaseKey, at: datetime) -> ExtensionRequest:
    """One request with how every part of the case stands.

    Raises `NotFoundError` for cases of other districts, `ConflictError` if nothing is asked now.
    """
    case = _case(session, actor, key, at)
    found = _request(session, case)
    if found is None:
        raise ConflictError(ANSWERED)
    return found


def answer(session: Session, actor: Actor, key: CaseKey, given: Answer, at: datetime) -> door.Moved:
    """Extend the limit of the whole case, or decline to, once, however often it is sent.

    Raises `NotFoundError` for cases of other districts and the door's refusals.
    """
    case = _case(session, actor, key, at)
    definition = definitions.by_hash(session, case.definition_hash)
    row = _row(definition, extends=given.agrees)
    if row is None:
        raise NotFoundError(NO_CASE)
    command = door.Command(
        district_code=key.district_code,
        case_id=key.case_id,
        trigger=row.trigger,
        command_id=given.command_id,
        expected_version=given.version,
        reason=given.reason,
    )
    return door.move(session, command, actor, at)


def _case(session: Session, actor: Actor, key: CaseKey, at: datetime) -> Case:
    case = session.scalar(
        select(Case).where(Case.district_code == key.district_code, Case.id == key.case_id)
    )
    if case is None or case.state == CaseState.DRAFT or not _may(actor, case, at):
        raise NotFoundError(NO_CASE)
    return case


def _governed(actor: Actor, at: datetime) -> ColumnElement[bool]:
    """Whether a case is accepted in a district that the actor governs."""
    handled_in = func.coalesce(Case.handling_district_code, Case.district_code)
    grants = [
        grant
        for grant in actor.grants
        if Permission.CASE_EXTEND in grant.permissions and grant.holds_at(at)
    ]
    districts = {grant.district_code for grant in grants}
    if not grants or None in districts:
        return true() if grants else false()
    return handled_in.in_(sorted(code for code in districts if code))


def _may(actor: Actor, case: Case, at: datetime) -> bool:
    place = Place(
        applicant_id=case.applicant_id,
        district_code=case.handling_district_code or case.district_code,
    )
    return may(actor, Permission.CASE_EXTEND, place, at)


def _row(definition: Definition, *, extends: bool) -> Transition | None:
    """The step of the case that answers a request."""
    wanted = Effect.EXTEND_LIMIT if extends else Effect.ANSWER_EXTENSION
    rows = definition.case_engine.process.transitions
    return next((row for row in rows if wanted in row.effects), None)


def _request(session: Session, case: Case) -> ExtensionRequest | None:
    definition = definitions.by_hash(session, case.definition_hash)
    extension, asked_at = definition.thing.extension, case.extension_asked_at
    if extension is None or asked_at is None or case.state != CaseState.IN_PROGRESS:
        return None
    departments = registry.catalogue().departments
    return ExtensionRequest(
        key=CaseKey(case.district_code, case.id),
        version=case.version,
        case_number=case.number or "",
        title=case.title or "",
        thing_title=definition.thing.title,
        department=departments[definition.acceptor.department].name,
        asked_at=asked_at,
        reason=_reason(session, case),
        extension=extension,
        agreed_at=_agreed_at(session, case, definition) if extension.needs_consent else None,
        due_at=case.statutory_due_at,
        is_provisional=case.statutory_provisional,
        extended=_extended(session, case, definition, extension),
        parts=_parts(session, case, definition),
    )


def _reason(session: Session, case: Case) -> str | None:
    content = session.scalar(
        select(EventText.content)
        .join(Event, TEXT_OF_EVENT)
        .where(
            Event.district_code == case.district_code,
            Event.case_id == case.id,
            Event.item_code.is_(None),
            Event.at == case.extension_asked_at,
        )
        .order_by(Event.number.desc())
        .limit(1)
    )
    return content.get("reason") if isinstance(content, Mapping) else None


def _agreed_at(session: Session, case: Case, definition: Definition) -> datetime | None:
    """When the applicant last agreed to the extension; None if they never did."""
    rows = definition.case_engine.process.transitions
    given = [row.trigger for row in rows if row.consent is Consent.GIVEN]
    return session.scalar(
        select(Event.at)
        .where(
            Event.district_code == case.district_code,
            Event.case_id == case.id,
            Event.item_code.is_(None),
            Event.trigger.in_(given),
        )
        .order_by(Event.number.desc())
        .limit(1)
    )


def _extended(
    session: Session, case: Case, definition: Definition, extension: Extension
) -> Due | None:
    limit, asked_at = definition.thing.statutory_limit, case.extension_asked_at
    clock = task_clocks.read(session, case).get(None)
    if limit is None or clock is None or asked_at is None or case.calendar_hash is None:
        return None
    last = max(asked_at, clock.events[-1].at)
    more = ClockEvent(kind=ClockEventKind.EXTEND, at=last, extra=extension.amount)
    calendar = calendars.by_hash(session, case.calendar_hash)
    return due([*clock.events, more], limit.limit, calendar)


def _parts(session: Session, case: Case, definition: Definition) -> tuple[PartLine, ...]:
    rows = session.scalars(
        select(Task).where(Task.district_code == case.district_code, Task.case_id == case.id)
    )
    tasks = {task.item_code: task for task in rows}
    departments, lines = registry.catalogue().departments, []
    for item in definition.thing.items:
        task = tasks.get(item.code)
        state = definition.engine_of(item).state(task.state) if task else None
        if task is None or state is None or state.kind is StateKind.VOID:
            continue
        lines.append(
            PartLine(
                title=item.title,
                department=departments[item.department].short_name,
                state_label=state.label,
                kind=state.kind,
                due_at=None if state.kind.is_final else task.due_at,
            )
        )
    return tuple(lines)
