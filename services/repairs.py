"""Repairs as operators see them: what is wrong with a case, what can be done, what was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from core.districts import across_districts
from core.errors import NotFoundError
from core.text import Text
from models.case import Case
from models.event import Event, EventText
from models.person import Person
from models.repair import Repair as RepairModel
from models.task import Task
from services import colour_turns, definitions, door, invariants, timers
from services.case_keys import CaseKey
from services.definitions import Definition
from services.door.repairs import NO_REQUEST
from services.door.snapshot import NO_CASE
from services.invariants import Breach, Invariant
from workflows.case import CaseState
from workflows.permissions import Actor, Permission, Place, may
from workflows.process import RETRY_CASE
from workflows.repairs import (
    BY_VERB,
    REASONS,
    Repair,
    RepairState,
    Standing,
    Verb,
    bar_of_case,
    bar_of_part,
    ways_back,
)

ACROSS = "operators repair cases of all districts"
MOST_SHOWN = 30
STATES: dict[str, Text] = {
    RepairState.WAITING: Text(zh="等待确认", en="Waits to be confirmed"),
    RepairState.CARRIED_OUT: Text(zh="已办理", en="Carried out"),
    RepairState.DECLINED: Text(zh="未同意", en="Declined"),
    RepairState.TAKEN_BACK: Text(zh="已收回", en="Taken back"),
}
NOBODY = Text(zh="账号已不存在", en="Account no longer there")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairLine:
    """One repair with its words. Nothing of the case but its number and what is repaired."""

    key: CaseKey
    number: int
    case_number: str | None
    repair: Repair
    item_code: str | None
    part_title: Text | None
    to_label: Text | None
    reason_title: Text | None
    reason: str | None
    """None once it was erased."""
    asked_by: UUID
    asked_name: Text
    asked_at: datetime
    state: str
    settled_name: Text | None
    settled_at: datetime | None

    @property
    def state_label(self) -> Text:
        """How far it has come."""
        return STATES[self.state]

    @property
    def waits(self) -> bool:
        """True while somebody has to confirm it."""
        return self.state == RepairState.WAITING


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """One part of a case: where it stands and what could be repaired."""

    item_code: str
    title: Text
    state_label: Text
    version: int
    due_at: datetime | None
    ended_at: datetime | None
    possible: Sequence[Repair]
    ways_back: Sequence[tuple[str, Text]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSheet:
    """A case as an operator sees it: no answers, no names."""

    key: CaseKey
    number: str
    thing_title: Text
    state_label: Text
    version: int
    submitted_at: datetime | None
    accepted_at: datetime | None
    ended_at: datetime | None
    breaches: Sequence[tuple[Invariant, Breach]]
    parts: Sequence[PartLine]
    possible: Sequence[Repair]
    repairs: Sequence[RepairLine]
    """The newest first."""

    @property
    def waiting(self) -> RepairLine | None:
        """The request that waits for a second person."""
        return next((each for each in self.repairs if each.waits), None)

    def part(self, item_code: str | None) -> PartLine | None:
        """One of its parts; None if it has none such."""
        return next((each for each in self.parts if each.item_code == item_code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an operator asks for."""

    verb: Verb
    command_id: UUID
    item_code: str | None
    version: int | None
    """As the page was drawn from."""
    reason_code: str
    words: str
    to_state: str | None = None


def find(session: Session, number: str) -> CaseKey | None:
    """The case with this number; None if there is none."""
    row = session.execute(
        select(Case.district_code, Case.id)
        .prefix_with(across_districts(ACROSS))
        .where(Case.number == number)
    ).first()
    return CaseKey(row.district_code, row.id) if row else None


def sheet(session: Session, actor: Actor, key: CaseKey, at: datetime) -> CaseSheet:
    """Everything that a repair of a case needs, its invariants checked now.

    Raises `NotFoundError` if there is no such case, or for whoever is no operator.
    """
    case = session.get(Case, (key.district_code, key.case_id))
    if case is None or case.number is None or not _is_operator(actor, case, at):
        raise NotFoundError(NO_CASE)
    definition = definitions.by_hash(session, case.definition_hash)
    standing = Standing(case_state=case.state, end_act=case.end_act, engine=definition.case_engine)
    whole = [BY_VERB[verb] for verb in (Verb.RETRY, Verb.CANCEL)]
    return CaseSheet(
        key=key,
        number=case.number,
        thing_title=definition.thing.title,
        state_label=definition.case_engine.state(case.state).label,
        version=case.version,
        submitted_at=case.submitted_at,
        accepted_at=case.accepted_at,
        ended_at=case.ended_at,
        breaches=invariants.of_case(session, key, at),
        parts=_parts(session, case, definition, standing),
        possible=[each for each in whole if bar_of_case(each.verb, standing) is None],
        repairs=_lines(session, _found().where(RepairModel.case_id == case.id)),
    )


def latest(session: Session) -> list[RepairLine]:
    """The newest repairs of all cases, the newest first."""
    return _lines(session, _found().limit(MOST_SHOWN))


def waiting(session: Session, actor: Actor, at: datetime) -> list[RepairLine]:
    """The requests that wait for somebody like the actor, the newest first."""
    found = _found().where(RepairModel.state == RepairState.WAITING.value).limit(MOST_SHOWN)
    return [line for line in _lines(session, found) if _may_confirm(session, actor, line, at)]


def request(session: Session, actor: Actor, key: CaseKey, number: int, at: datetime) -> RepairLine:
    """One request. Raises `NotFoundError` if it is not within the actor's reach."""
    found = _found().where(
        RepairModel.district_code == key.district_code,
        RepairModel.case_id == key.case_id,
        RepairModel.event_number == number,
    )
    line = next(iter(_lines(session, found)), None)
    if line is None or not _may_confirm(session, actor, line, at):
        raise NotFoundError(NO_REQUEST)
    return line


def ask(session: Session, actor: Actor, key: CaseKey, wish: Wish, at: datetime) -> door.Moved:
    """Retry a case, or ask for a repair that another person confirms. Raises as `door.move`."""
    is_retry = wish.verb is Verb.RETRY
    moved = door.move(
        session,
        door.Command(
            district_code=key.district_code,
            case_id=key.case_id,
            trigger=RETRY_CASE if is_retry else "ask_for_repair",
            command_id=wish.command_id,
            item_code=wish.item_code,
            expected_version=None if is_retry else wish.version,
            reason=wish.words or None,
            reason_code=wish.reason_code,
            repair=door.RepairDraft(verb=wish.verb.value, to_state=wish.to_state),
        ),
        actor,
        at,
    )
    if is_retry and not moved.repeated:
        _fire_limits(session, key, at)
    return moved


def answer(
    session: Session,
    actor: Actor,
    line: RepairLine,
    how: tuple[str, UUID, str],
    at: datetime,
) -> door.Moved:
    """Confirm, decline or take back a request; ``how``: the trigger, the command, words if any.

    Raises as `door.move`.
    """
    trigger, command_id, words = how
    return door.move(
        session,
        door.Command(
            district_code=line.key.district_code,
            case_id=line.key.case_id,
            trigger=trigger,
            command_id=command_id,
            reason=words or None,
            repair=door.RepairDraft(request=line.number),
        ),
        actor,
        at,
    )


def _fire_limits(session: Session, key: CaseKey, at: datetime) -> None:
    """Let what ran out in this case follow, and colours that are late turn, each as its own act."""
    for found in timers.run_out_of(session, key, at):
        timers.fire(session, found, at)
    for late in colour_turns.due_of(session, key, at):
        colour_turns.turn(session, late, at)


def _parts(
    session: Session, case: Case, definition: Definition, standing: Standing
) -> list[PartLine]:
    rows = session.scalars(
        select(Task).where(Task.district_code == case.district_code, Task.case_id == case.id)
    )
    tasks = {row.item_code: row for row in rows}
    been = _been(session, case)
    lines = []
    for item in definition.thing.items:
        task = tasks.get(item.code)
        if task is None:
            continue
        engine = definition.engine_of(item)
        states = been.get(item.code, [task.state])
        possible = [
            BY_VERB[verb]
            for verb in (Verb.SKIP, Verb.REWIND)
            if bar_of_part(verb, standing, engine, states) is None
        ]
        lines.append(
            PartLine(
                item_code=item.code,
                title=item.title,
                state_label=engine.state(task.state).label,
                version=task.version,
                due_at=task.due_at,
                ended_at=task.ended_at,
                possible=possible,
                ways_back=[(code, engine.state(code).label) for code in ways_back(engine, states)],
            )
        )
    return lines


def _been(session: Session, case: Case) -> dict[str, list[str]]:
    """The states that each part has been in, the present one last."""
    rows = session.execute(
        select(Event.item_code, Event.from_state, Event.to_state)
        .where(
            Event.district_code == case.district_code,
            Event.case_id == case.id,
            Event.item_code.is_not(None),
            Event.from_state != Event.to_state,
        )
        .order_by(Event.number)
    )
    been: dict[str, list[str]] = {}
    for row in rows:
        been.setdefault(str(row.item_code), [str(row.from_state)]).append(str(row.to_state))
    return been


_Settler = aliased(Person)


def _found() -> Select[*tuple[Any, ...]]:
    return (
        select(
            RepairModel,
            Case.number,
            Case.definition_hash,
            EventText.content,
            Person.name,
            _Settler.name.label("settled_name"),
        )
        .prefix_with(across_districts(ACROSS))
        .join(
            Case,
            (Case.district_code == RepairModel.district_code) & (Case.id == RepairModel.case_id),
        )
        .outerjoin(
            EventText,
            (EventText.district_code == RepairModel.district_code)
            & (EventText.case_id == RepairModel.case_id)
            & (EventText.event_number == RepairModel.event_number),
        )
        .outerjoin(Person, Person.id == RepairModel.asked_by)
        .outerjoin(_Settler, _Settler.id == RepairModel.settled_by)
        .order_by(RepairModel.asked_at.desc(), RepairModel.event_number.desc())
    )


def _lines(session: Session, found: Select[*tuple[Any, ...]]) -> list[RepairLine]:
    lines = []
    for row in session.execute(found).all():
        repair: RepairModel = row[0]
        definition = definitions.by_hash(session, row.definition_hash)
        item = definition.thing.item(repair.item_code) if repair.item_code else None
        to_label = None
        if item is not None and repair.to_state:
            to_label = definition.engine_of(item).state(repair.to_state).label
        lines.append(
            RepairLine(
                key=CaseKey(repair.district_code, repair.case_id),
                number=repair.event_number,
                case_number=row.number,
                repair=BY_VERB[Verb(repair.verb)],
                item_code=repair.item_code,
                part_title=item.title if item else None,
                to_label=to_label,
                reason_title=REASONS.get(repair.reason_code or ""),
                reason=(row.content or {}).get("reason"),
                asked_by=repair.asked_by,
                asked_name=_name(row.name),
                asked_at=repair.asked_at,
                state=repair.state,
                settled_name=_name(row.settled_name) if repair.settled_by else None,
                settled_at=repair.settled_at,
            )
        )
    return lines


def _name(name: str | None) -> Text:
    return Text(zh=name, en=name) if name else NOBODY


def _is_operator(actor: Actor, case: Case, at: datetime) -> bool:
    place = Place(applicant_id=case.applicant_id, district_code=case.district_code)
    return case.state != CaseState.DRAFT and may(actor, Permission.OPERATIONS_REPAIR, place, at)


def _may_confirm(session: Session, actor: Actor, line: RepairLine, at: datetime) -> bool:
    """The second lock of a request: an operator, or the head of the office that has the part."""
    case = session.get(Case, (line.key.district_code, line.key.case_id))
    if case is None:
        return False
    definition = definitions.by_hash(session, case.definition_hash)
    district = case.handling_district_code or case.district_code
    department = definition.acceptor.department
    part = (line.key.district_code, line.key.case_id, line.item_code)
    task = session.get(Task, part) if line.item_code else None
    if task is not None:
        district, department = task.handling_district_code, task.department_code
    place = Place(
        applicant_id=case.applicant_id, district_code=district, department_code=department
    )
    return may(actor, Permission.REPAIR_CONFIRM, place, at)
