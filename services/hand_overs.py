"""Handing entries over to colleagues of the same desk, and what they find when they get one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import product
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from models.event import TEXT_OF_EVENT, Event, EventText
from models.person import Person, PersonGrant
from services import absences, door
from services.people import as_grant
from services.queue import QueueLine, TaskKey, command_for, reach
from workflows.permissions import Actor, Grant, Role
from workflows.process import HAND_OVER

DEPARTMENT_ROLES = (Role.CLERK, Role.HEAD)
HANDLING_ROLES = (*DEPARTMENT_ROLES, Role.SEAL_MAKER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody who works on one of the actor's queues."""

    id: UUID
    name: str
    away_until: date | None = None
    """The last day of the absence in which they are now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """To whom, why, and which press of the button it was."""

    receiver_id: UUID | None
    reason: str
    command_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a colleague wrote who handed an entry over. ``reason`` is None once erased."""

    giver: str
    reason: str | None
    at: datetime


def colleagues(session: Session, actor: Actor, at: datetime) -> tuple[Colleague, ...]:
    """Everybody else who works on a queue of the actor's now, by name."""
    own = _desks(actor, at)
    others = [
        other
        for other in _workers(session, actor, at)
        if other.id != actor.id and own & _desks(other, at)
    ]
    away = absences.away(session, [other.id for other in others], at)
    found = [
        Colleague(
            id=other.id,
            name=other.name,
            away_until=away[other.id].last_on if other.id in away else None,
        )
        for other in others
    ]
    return tuple(sorted(found, key=lambda other: (other.name, other.id)))


def hand_over(
    session: Session, actor: Actor, task: TaskKey, to: HandOver, at: datetime
) -> door.Moved:
    """Give an entry, free or held by the actor, to a colleague, with a fresh lease and a reason.

    Raises as `services.door.move`; `RuleViolatedError` at ``colleague`` for whoever does not work
    at this entry's desk now, and at ``reason`` if there is none.
    """
    receivers = {other.id: other for other in _workers(session, actor, at)}
    receiver = receivers.get(to.receiver_id) if to.receiver_id else None
    command = replace(
        command_for(task, HAND_OVER, to.command_id), reason=to.reason, receiver=receiver
    )
    return door.move(session, command, actor, at)


def notes_on(session: Session, lines: Iterable[QueueLine]) -> dict[TaskKey, Note]:
    """The words that came with those of ``lines`` whose present claim was handed over."""
    claims = {line.claim_command_id: line.task for line in lines if line.claim_command_id}
    return notes(session, claims)


def notes(session: Session, claims: Mapping[UUID, TaskKey]) -> dict[TaskKey, Note]:
    """The words of those of ``claims``, by the command that made each, that were handed over."""
    if not claims:
        return {}
    rows = session.execute(
        select(Event.command_id, Event.at, EventText.content, Person.name)
        .outerjoin(EventText, TEXT_OF_EVENT)
        .outerjoin(Person, Person.id == Event.actor_id)
        .where(
            Event.district_code.in_({task.key.district_code for task in claims.values()}),
            Event.case_id.in_({task.key.case_id for task in claims.values()}),
            Event.command_id.in_(claims),
            Event.trigger == HAND_OVER,
        )
    )
    return {
        claims[command_id]: Note(
            giver=name or "", reason=(content or {}).get("reason"), at=handed_at
        )
        for command_id, handed_at, content, name in rows
    }


def _desks(actor: Actor, at: datetime) -> frozenset[tuple[str, str]]:
    """District and handler of each grant by itself: two grants do not make four queues."""
    found = set()
    for grant in actor.grants:
        place = reach(replace(actor, grants=(grant,)), at)
        found |= set(product(place.district_codes, place.handler_codes))
    return frozenset(found)


def _workers(session: Session, actor: Actor, at: datetime) -> list[Actor]:
    """Everybody with a grant of the actor's departments or makers that holds at ``at``."""
    wanted = [_same_handler(grant) for grant in actor.grants if grant.role in HANDLING_ROLES]
    if not wanted:
        return []
    rows = session.execute(
        select(Person.id, Person.name, PersonGrant)
        .join(PersonGrant, PersonGrant.person_id == Person.id)
        .where(
            Person.disabled_at.is_(None),
            PersonGrant.valid_from <= at,
            or_(PersonGrant.valid_until.is_(None), PersonGrant.valid_until > at),
            or_(*wanted),
        )
    )
    people: dict[UUID, tuple[str, list[Grant]]] = {}
    for person_id, name, row in rows:
        people.setdefault(person_id, (name, []))[1].append(as_grant(row))
    return [
        Actor(id=person_id, name=name, grants=tuple(grants))
        for person_id, (name, grants) in people.items()
    ]


def _same_handler(grant: Grant) -> ColumnElement[bool]:
    if grant.role is Role.SEAL_MAKER:
        return and_(
            PersonGrant.role == grant.role.value, PersonGrant.maker_code == grant.maker_code
        )
    return and_(
        PersonGrant.role.in_(DEPARTMENT_ROLES),
        PersonGrant.department_code == grant.department_code,
    )
