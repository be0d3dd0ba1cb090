"""Queues: what waits for an officer or a maker, and who takes it."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVarTuple
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from catalog import registry
from core.errors import NotPermittedError
from core.text import Text
from models.conflict import Conflict
from models.task import QueueEntry
from services import definitions, door, next_entries
from services.cases import CaseKey
from services.definitions import Definition
from services.next_entries import Search, Whose
from workflows.case import CaseState
from workflows.colours import Colour
from workflows.permissions import Actor, Grant, Role
from workflows.process import CLAIM, HAND_BACK, ClockEffect, State

Columns = TypeVarTuple("Columns")

WITHDRAWAL_ASKED = Text(zh="申请人申请撤回，待答复", en="The applicant asks to withdraw")

_TRIES = 40
"""How many cases that others hold at this very moment, or that need other hands than the actor's,
"next" steps over before it gives up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The queues that an actor works on: handling districts and handler codes."""

    district_codes: tuple[str, ...]
    handler_codes: tuple[str, ...]
    person_id: UUID | None = None
    """Whose they are: cases in which this person has a conflict of interest are in none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """One waiting entry, as a queue page shows it."""

    key: CaseKey
    item_code: str
    item_title: Text
    thing_title: Text
    handler_code: str
    case_number: str
    title: str
    state: str
    state_label: Text
    is_acceptance: bool
    """True while the whole case waits to be accepted by this item's department."""
    is_preparation: bool
    waiting_since: datetime
    due_at: datetime | None
    due_provisional: bool
    is_paused: bool
    """Its clock stands still, so that nothing of it can be late."""
    colour: Colour | None
    """How much of its time is used; None while there is enough."""
    claimed_by: UUID | None
    claimed_name: str | None
    claim_expires_at: datetime | None
    claim_command_id: UUID | None
    """What made the claim: taking it, or being handed it by a colleague."""
    assigned_to: UUID | None
    """Whose work it is."""
    assigned_name: str | None
    assigned_until: datetime | None
    """How long that keeps colleagues out."""

    @property
    def task(self) -> "TaskKey":
        """The task that waits."""
        return TaskKey(key=self.key, item_code=self.item_code)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskKey:
    """One item's part of one case."""

    key: CaseKey
    item_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One press of "give back", and why, for whoever takes it next."""

    command_id: UUID
    reason: str = ""


def reach(actor: Actor, at: datetime) -> Reach:
    """The queues of an actor: a clerk's departments, a maker's orders."""
    grants = [grant for grant in actor.grants if grant.holds_at(at)]
    everywhere = tuple(registry.catalogue().districts)
    districts: list[str] = []
    handlers: list[str] = []
    for grant in grants:
        handler = _handler(grant)
        if handler:
            handlers.append(handler)
            districts += [grant.district_code] if grant.district_code else everywhere
    return Reach(
        district_codes=tuple(sorted(set(districts))),
        handler_codes=tuple(sorted(set(handlers))),
        person_id=actor.id,
    )


def claim(
    session: Session, actor: Actor, task: TaskKey, command_id: UUID, at: datetime
) -> door.Moved:
    """Take one entry for the length of the lease. Raises `ConflictError` if another holds it."""
    return door.move(session, command_for(task, CLAIM, command_id), actor, at)


def hand_back(
    session: Session, actor: Actor, task: TaskKey, release: Release, at: datetime
) -> door.Moved:
    """Give a claimed entry back before its lease ends; only one's own.

    Raises `ConflictError` if nobody holds it, or somebody else.
    """
    command = command_for(task, HAND_BACK, release.command_id)
    return door.move(session, replace(command, reason=release.reason or None), actor, at)


def claim_next(session: Session, actor: Actor, command_id: UUID, at: datetime) -> TaskKey | None:
    """Take what is next in line: the earliest due that nobody holds. None if nothing waits.

    One's own work comes first, then what is nobody's, then what colleagues have left lying.

    Pressed twice with one ``command_id`` it takes one. The queue row is locked first and the case
    only if it is free, since those who decide lock the case first.
    """
    place = reach(actor, at)
    if not place.handler_codes:
        return None
    earlier = session.execute(
        within(select(QueueEntry), place).where(
            QueueEntry.claimed_by == actor.id, QueueEntry.claim_command_id == command_id
        )
    ).scalar_one_or_none()
    if earlier is not None:
        return key_of(earlier)
    search = Search(
        district_codes=place.district_codes,
        handler_codes=place.handler_codes,
        person_id=place.person_id,
        at=at,
    )
    for whose in Whose:
        taken = _take_first(session, actor, command_id, (search, whose))
        if taken is not None or len(search.tried) >= _TRIES:
            return taken
    return None


def _take_first(
    session: Session, actor: Actor, command_id: UUID, where: tuple[Search, Whose]
) -> TaskKey | None:
    """Take the first that can be taken; what the actor may not handle is stepped over."""
    search, whose = where
    while len(search.tried) < _TRIES:
        found = next_entries.first(session, search, whose)
        if found is None:
            return None
        task = TaskKey(key=found[0], item_code=found[1])
        with suppress(NotPermittedError):
            if door.move_if_free(session, command_for(task, CLAIM, command_id), actor, search.at):
                return task
        search.tried.append(task.key.case_id)
    return None


def within(statement: Select[*Columns], place: Reach) -> Select[*Columns]:
    """Only what stands in these queues, without what its reader keeps out of."""
    declared = exists().where(
        Conflict.district_code == QueueEntry.district_code,
        Conflict.case_id == QueueEntry.case_id,
        Conflict.person_id == place.person_id,
    )
    return statement.where(
        QueueEntry.handling_district_code.in_(place.district_codes),
        QueueEntry.handler_code.in_(place.handler_codes),
        ~declared,
    )


def _handler(grant: Grant) -> str | None:
    match grant.role:
        case Role.CLERK | Role.HEAD if grant.department_code:
            return f"department:{grant.department_code}"
        case Role.SEAL_MAKER if grant.maker_code:
            return f"maker:{grant.maker_code}"
        case _:
            return None


def command_for(task: TaskKey, trigger: str, command_id: UUID) -> door.Command:
    """A command on one entry."""
    return door.Command(
        district_code=task.key.district_code,
        case_id=task.key.case_id,
        item_code=task.item_code,
        trigger=trigger,
        command_id=command_id,
    )


def key_of(entry: QueueEntry) -> TaskKey:
    """The task that an entry stands for."""
    return TaskKey(key=CaseKey(entry.district_code, entry.case_id), item_code=entry.item_code)


def _state_label(definition: Definition, entry: QueueEntry) -> Text:
    """What waits: the case for its acceptance, its applicant to be let go, or a part of it."""
    return (
        WITHDRAWAL_ASKED
        if entry.state == CaseState.IN_PROGRESS
        else _state(definition, entry).label
    )


def _state(definition: Definition, entry: QueueEntry) -> State:
    if entry.state in {CaseState.SUBMITTED, CaseState.IN_PROGRESS}:
        return definition.case_engine.state(entry.state)
    return definition.engine_of(definition.thing.item(entry.item_code)).state(entry.state)


def line_of(
    session: Session,
    entry: QueueEntry,
    name: str | None,
    at: datetime,
    owner_name: str | None = None,
) -> QueueLine:
    """An entry as a queue page shows it; ``name`` is that of who claimed it last."""
    definition = definitions.by_hash(session, entry.definition_hash)
    item = definition.thing.item(entry.item_code)
    accepting = entry.state == CaseState.SUBMITTED.value
    live = entry.claim_expires_at is not None and entry.claim_expires_at > at
    return QueueLine(
        key=CaseKey(entry.district_code, entry.case_id),
        item_code=entry.item_code,
        item_title=item.title,
        thing_title=definition.thing.title,
        handler_code=entry.handler_code,
        case_number=entry.case_number,
        title=entry.title,
        state=entry.state,
        state_label=_state_label(definition, entry),
        is_acceptance=accepting,
        is_preparation=entry.is_preparation,
        waiting_since=entry.waiting_since,
        due_at=entry.due_at,
        due_provisional=entry.due_provisional,
        is_paused=_state(definition, entry).clock is ClockEffect.PAUSED,
        colour=Colour(entry.colour) if entry.colour else None,
        claimed_by=entry.claimed_by if live else None,
        claimed_name=name if live else None,
        claim_expires_at=entry.claim_expires_at if live else None,
        claim_command_id=entry.claim_command_id if live else None,
        assigned_to=entry.assigned_to,
        assigned_name=owner_name,
        assigned_until=entry.assigned_until,
    )
