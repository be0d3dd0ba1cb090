"""What an applicant may do beside sending the form: consents, requests and reports."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import registry
from core.text import Text
from models.case import Case
from models.event import TEXT_OF_EVENT, Event, EventText
from models.task import Task
from services import calendars, definitions, returned
from services.case_keys import CaseKey
from services.definitions import Definition
from services.door import extensions
from services.door.records import CaseRecords
from services.event_notes import notes
from services.own_cases import own_case
from services.returned import Explanation
from services.task_steps import Step
from workflows import order
from workflows.calendar import WorkingCalendar
from workflows.engine import Engine
from workflows.order import Taken
from workflows.permissions import Actor, Permission
from workflows.process import Effect, Handler, State, Transition

PAGES_OF_THEIR_OWN = frozenset({Effect.TAKE_CORRECTIONS, Effect.SUPPLY_TOLERATED})
FORM_AND_WITHDRAWAL = frozenset({"submit", "withdraw"})
"""Steps that have pages of their own, as `PAGES_OF_THEIR_OWN` have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an office said or did that the applicant may answer now."""

    label: Text
    at: datetime
    event_number: int
    explanation: Explanation
    notes: tuple[Text, ...]
    has_document: bool
    is_own: bool
    """The applicant's own act, which may be taken back while nobody has answered it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicantStep:
    """One step that the applicant may take now."""

    item_code: str | None
    """None for a step of the whole case."""
    part_title: Text
    with_whom: Text
    step: Step
    asked: Asked | None
    """What it answers, if it answers anything."""
    until: datetime | None
    """When it is too late for it."""
    begins_when_served: bool
    """Its time begins when the applicant gets the paper, and they have not got it yet."""
    is_awaited: bool
    """The case or part waits for it; otherwise the applicant is merely free to take it."""


def steps_of(
    session: Session, actor: Actor, key: CaseKey, at: datetime
) -> tuple[ApplicantStep, ...]:
    """What the actor may do about their own case now, what is awaited first.

    Raises `NotFoundError` for anybody else's case, a window officer's visitor's included: nobody
    consents for an applicant.
    """
    case = own_case(session, actor, key, Permission.CASE_START)
    definition = definitions.by_hash(session, case.definition_hash)
    tasks = session.scalars(
        select(Task).where(Task.district_code == key.district_code, Task.case_id == key.case_id)
    ).all()
    by_item = {task.item_code: task for task in tasks}
    found = [*_steps(session, case, definition, None, at)]
    for item in definition.thing.items:
        task = by_item.get(item.code)
        if task is not None:
            found += _steps(session, case, definition, task, at)
    return tuple(sorted(found, key=lambda each: not each.is_awaited))


def known(
    session: Session, actor: Actor, key: CaseKey, place: tuple[str | None, str]
) -> Text | None:
    """What the step is called, possible now or not; None if the case has no such step.

    Raises `NotFoundError` as `steps_of`.
    """
    case = own_case(session, actor, key, Permission.CASE_START)
    definition = definitions.by_hash(session, case.definition_hash)
    item_code, trigger = place
    if item_code is not None and item_code not in {each.code for each in definition.thing.items}:
        return None
    rows = definition.process_of(item_code).transitions
    labels = [row.label for row in rows if row.trigger == trigger and _is_applicants(row)]
    return labels[0] if labels else None


def _steps(
    session: Session, case: Case, definition: Definition, task: Task | None, at: datetime
) -> Iterator[ApplicantStep]:
    engine = _engine(definition, task)
    state = engine.state(task.state if task else case.state)
    rows = [row for row in engine.rows(state.code) if _is_applicants(row)]
    if not rows:
        return
    item = definition.thing.item(task.item_code) if task else definition.acceptor
    records = CaseRecords(session, case.district_code, case.id)
    taken = records.taken(task.item_code if task else None, engine)
    place = task.handling_district_code if task else case.district_code
    calendar = calendars.for_office(session, place, item.department)
    for row in rows:
        late = order.refusal(engine.process, row, taken, calendar, at)
        if late or extensions.refusal(engine.process, row, item if task else None, taken):
            continue
        if _is_pointless(case, row):
            continue
        asked = _asked(session, case, definition, task, row)
        is_mine = waits_for_applicant(state)
        yield ApplicantStep(
            item_code=task.item_code if task else None,
            part_title=item.public_title if task else definition.thing.title,
            with_whom=registry.catalogue().departments[item.department].name,
            step=_step(definition, task, case, row),
            asked=asked,
            until=_until(engine, row, taken, calendar)
            if asked
            else (task.state_due_at if task and is_mine else None),
            begins_when_served=_is_unserved(engine, row, taken),
            is_awaited=is_mine or (asked is not None and not asked.is_own and _is_waited_for(row)),
        )


def _is_waited_for(row: Transition) -> bool:
    return row.follows is not None and not row.follows.is_offer


def _until(
    engine: Engine, row: Transition, taken: Sequence[Taken], calendar: WorkingCalendar
) -> datetime | None:
    """When it is too late to answer what ``row`` answers."""
    asked = order.unanswered(engine.process, row.follows, taken) if row.follows else None
    return order.answer_ends_at(row.follows, asked, calendar) if row.follows and asked else None


def _is_unserved(engine: Engine, row: Transition, taken: Sequence[Taken]) -> bool:
    if row.follows is None or row.follows.within is None or not row.follows.within.from_service:
        return False
    asked = order.unanswered(engine.process, row.follows, taken)
    return asked is not None and asked.served_at is None


def waits_for_applicant(state: State) -> bool:
    """True for a state in which the applicant has something to do, and until a day."""
    has_day = state.limit is not None and state.tell_applicant
    return state.handler is Handler.APPLICANT or has_day


def _is_pointless(case: Case, row: Transition) -> bool:
    """A wish to withdraw that waits for its answer already is not uttered again."""
    return Effect.ASK_TO_WITHDRAW in row.effects and case.withdrawal_asked_at is not None


def _is_applicants(row: Transition) -> bool:
    return (
        row.permission is Permission.CASE_APPLY
        and row.trigger not in FORM_AND_WITHDRAWAL
        and not PAGES_OF_THEIR_OWN & set(row.effects)
    )


def _engine(definition: Definition, task: Task | None) -> Engine:
    if task is None:
        return definition.case_engine
    return definition.engine_of(definition.thing.item(task.item_code))


def _asked(
    session: Session, case: Case, definition: Definition, task: Task | None, row: Transition
) -> Asked | None:
    """The last step that ``row`` answers, or for the state itself the one that led into it."""
    item_code = task.item_code if task else None
    triggers = row.follows.triggers if row.follows else ()
    statement = (
        select(Event, EventText.content)
        .outerjoin(EventText, TEXT_OF_EVENT)
        .where(
            Event.district_code == case.district_code,
            Event.case_id == case.id,
            Event.item_code.is_not_distinct_from(item_code),
        )
        .order_by(Event.number.desc())
        .limit(1)
    )
    state = task.state if task else case.state
    if triggers:
        statement = statement.where(Event.trigger.in_(triggers))
    elif waits_for_applicant(_engine(definition, task).state(state)):
        statement = statement.where(Event.to_state == state, Event.from_state != state)
    else:
        return None
    found = session.execute(statement).one_or_none()
    if found is None:
        return None
    event: Event = found[0]
    content: Mapping[str, Any] = found[1] or {}
    said = _engine(definition, task).row(event.from_state or "", event.trigger)
    return Asked(
        label=_label(_engine(definition, task), event, said),
        at=event.at,
        event_number=event.number,
        explanation=returned.explanation(
            definition, item_code, (event.trigger, event.reason_code), content
        ),
        notes=tuple(notes(definition.thing, event.item_code, event.body)),
        has_document=bool(said and said.document),
        is_own=said is not None and said.permission is Permission.CASE_APPLY,
    )


def _label(engine: Engine, event: Event, said: Transition | None) -> Text:
    """What was said, in words for the applicant: the paper, the state reached, or the step."""
    if said is None:
        return Text(zh=event.trigger, en=event.trigger)
    if said.document is not None:
        return said.document.title
    has_moved = event.from_state != event.to_state
    return engine.state(str(event.to_state)).public_label if has_moved else said.label


def _step(definition: Definition, task: Task | None, case: Case, row: Transition) -> Step:
    process = definition.process_of(task.item_code if task else None)
    return Step(
        trigger=row.trigger,
        label=row.label,
        of_case=task is None,
        is_possible=True,
        version=task.version if task else case.version,
        leads_to=process.state(row.destination).kind,
        reason_required=row.reason_required,
        places_required=False,
        confirm=row.confirm,
        inputs=process.inputs.get(row.trigger, ()),
        reasons=process.reasons.get(row.trigger, ()),
    )
