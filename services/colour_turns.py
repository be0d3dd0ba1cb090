"""Turning colours: what is due is found by index and turned through the one door, each once.

Whoever was down meanwhile turns it as soon as it is up: the command's id is made from the clock,
the colour and the instant, so that it happens once however many look.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, null, select, union_all
from sqlalchemy.orm import Session

from catalog.schema import Item
from core.districts import across_districts
from core.errors import NotFoundError, TransitionRefusedError
from models.case import Case, Origin
from models.event import Event
from models.supervision import StaffNoticeKind
from models.task import Task
from services import definitions, door, staff_notices
from services.cases import CaseKey
from services.door.colours import command_id_of
from services.staff_notices import Told
from workflows.case import CaseState
from workflows.colours import Colour
from workflows.permissions import ENGINE_ACTOR
from workflows.process import TURNS

BATCH = 200
REASON = "colours that are due to turn"
PRESSING = frozenset({Colour.YELLOW, Colour.RED})
"""Of these the supervisors are told too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTurn:
    """One change that is due. ``item_code`` is None for a case as a whole."""

    key: CaseKey
    item_code: str | None
    colour: Colour
    since: datetime
    event_count: int
    """The length of the chain when it was found."""


def due_turns(session: Session, at: datetime, skip: int = 0) -> list[DueTurn]:
    """Up to `BATCH` changes whose instant has passed, the oldest first.

    ``skip`` so many at the head: those that could not be turned are still there.
    """
    both = union_all(_tasks(at), _cases(at)).subquery()
    rows = session.execute(
        select(both)
        .prefix_with(across_districts(REASON))
        .order_by(both.c.next_colour_at, both.c.case_id, both.c.item_code)
        .offset(skip)
        .limit(BATCH)
    )
    return [_due_turn(row) for row in rows]


def due_of(session: Session, key: CaseKey, at: datetime) -> list[DueTurn]:
    """The same for one case alone."""
    both = union_all(_tasks(at), _cases(at)).subquery()
    rows = session.execute(
        select(both)
        .where(both.c.district_code == key.district_code, both.c.case_id == key.case_id)
        .order_by(both.c.next_colour_at, both.c.item_code)
    )
    return [_due_turn(row) for row in rows]


def _due_turn(row: Any) -> DueTurn:
    return DueTurn(
        key=CaseKey(row.district_code, row.case_id),
        item_code=row.item_code,
        colour=Colour(row.next_colour),
        since=row.next_colour_at,
        event_count=row.event_count,
    )


def turn(session: Session, due: DueTurn, at: datetime) -> door.Moved | None:
    """Turn one colour, and tell who has to answer for it.

    None if somebody holds the case just now, or if nothing is to be turned any more.
    """
    key = (due.key.district_code, due.key.case_id)
    command = door.Command(
        district_code=due.key.district_code,
        case_id=due.key.case_id,
        item_code=due.item_code,
        trigger=TURNS[due.colour],
        command_id=command_id_of(key, due.item_code, (due.colour.value, due.event_count)),
    )
    try:
        moved = door.move_if_free(session, command, ENGINE_ACTOR, at)
    except (NotFoundError, TransitionRefusedError):
        return None
    if moved is None or moved.repeated:
        return None
    if due.colour is not Colour.CALM:
        _tell(session, due, moved.event_number, at)
    return moved


def tell(session: Session, key: CaseKey, event_number: int, at: datetime) -> None:
    """Tell of a change that an act wrote down because nobody had turned it; twice tells once."""
    event = session.execute(
        select(Event).where(
            Event.district_code == key.district_code,
            Event.case_id == key.case_id,
            Event.number == event_number,
        )
    ).scalar_one()
    colour = Colour(event.body["colour"]["to"])
    if colour is not Colour.CALM:
        found = DueTurn(
            key=key,
            item_code=event.item_code,
            colour=colour,
            since=datetime.fromisoformat(event.body["colour"]["since"]),
            event_count=event_number - 1,
        )
        _tell(session, found, event_number, at)


def _tell(session: Session, due: DueTurn, event_number: int, at: datetime) -> None:
    """Notices for the accountable person, and of what presses for the supervisors too."""
    district_code, case_id = due.key.district_code, due.key.case_id
    case, body, state = session.execute(
        select(Case, Event.body, Event.from_state)
        .join(Event, (Event.district_code == Case.district_code) & (Event.case_id == Case.id))
        .where(
            Case.district_code == district_code, Case.id == case_id, Event.number == event_number
        )
    ).one()
    if case.origin is not Origin.LIVE:
        return
    is_waiting = due.item_code is None and state == CaseState.SUBMITTED
    acceptor = _acceptor(session, case) if is_waiting else None
    people = {UUID(body["answerable"])} if body.get("answerable") else set[UUID]()
    if due.colour in PRESSING:
        people |= _supervisors(session, due, (case, acceptor), at)
    told = Told(
        key=due.key,
        event_number=event_number,
        item_code=due.item_code or (acceptor.code if acceptor else None),
        kind=StaffNoticeKind(due.colour.value),
    )
    staff_notices.tell(session, told, people, at)


def _acceptor(session: Session, case: Case) -> Item:
    """The item as which a case stands in a queue while it waits for acceptance."""
    return definitions.by_hash(session, case.definition_hash).acceptor


def _supervisors(
    session: Session, due: DueTurn, of: tuple[Case, Item | None], at: datetime
) -> set[UUID]:
    case, acceptor = of
    if due.item_code is None:
        accepted_in = case.handling_district_code or case.district_code
        return staff_notices.supervisors(
            session, accepted_in, acceptor.department if acceptor else None, at
        )
    district_code, department_code = session.execute(
        select(Task.handling_district_code, Task.department_code).where(
            Task.district_code == due.key.district_code,
            Task.case_id == due.key.case_id,
            Task.item_code == due.item_code,
        )
    ).one()
    return staff_notices.supervisors(session, district_code, department_code, at)


def _tasks(at: datetime) -> Select[*tuple[Any, ...]]:
    of_case = (Case.district_code == Task.district_code) & (Case.id == Task.case_id)
    return (
        select(
            Task.next_colour_at,
            Task.district_code,
            Task.case_id,
            Task.item_code,
            Task.next_colour,
            Case.event_count,
        )
        .join(Case, of_case)
        .where(Task.next_colour_at < at)
    )


def _cases(at: datetime) -> Select[*tuple[Any, ...]]:
    return select(
        Case.next_colour_at,
        Case.district_code,
        Case.id,
        null(),
        Case.next_colour,
        Case.event_count,
    ).where(Case.next_colour_at < at)
