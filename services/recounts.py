"""Every open limit that must be counted again, one case at a time.

After a calendar was published what is stale is found by the hash of the calendar that it was
counted by. A running clock of which nobody has noted when its colour turns, because it was started
before there were colours, is found by that. Nothing has to be remembered: killed half-way, the next
run takes up what is left.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    case,
    func,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from core.districts import across_districts
from core.errors import ConflictError, NotFoundError
from models.case import Case
from models.definition import CalendarVersion, DefinitionVersion
from models.task import Task
from services import definitions, door
from services.door import Command, Moved
from workflows.calendar import NATIONAL
from workflows.case import CaseState
from workflows.colours import Colour
from workflows.permissions import ENGINE_ACTOR
from workflows.process import RECOMPUTE_LIMIT

BATCH = 1000
REASON = "limits that were counted by an older calendar, or before there were colours"
_NAMESPACE = UUID("0d9a6f0e-8f5f-4f0b-9d63-6c1f52a2a7f1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """A task, or a case itself (``item_code`` is None), counted by an older calendar."""

    district_code: str
    case_id: UUID
    item_code: str | None
    calendar_hash: bytes | None
    """None for a date that was counted before calendars were noted."""
    newest_hash: bytes
    event_count: int
    """The length of the chain when it was found: an office may have the same calendar again."""

    @property
    def command_id(self) -> UUID:
        """The same for the same task and the same two calendars, however often it is found."""
        used = self.calendar_hash.hex() if self.calendar_hash else None
        hashes = f"{used}/{self.newest_hash.hex()}/{self.event_count}"
        name = f"{self.district_code}/{self.case_id}/{self.item_code}/{hashes}"
        return uuid5(_NAMESPACE, name)


def stale_tasks(session: Session, skip: int = 0) -> list[Stale]:
    """Up to `BATCH` open tasks that are not counted by their office's newest calendar.

    ``skip`` so many at the head: those that could not be counted are still there.
    """
    office = Task.handling_district_code + "/" + Task.department_code
    found = (
        _to_count((Task.handling_district_code, office), Task.calendar_hash, _task_lacks_colour())
        .add_columns(Task.district_code, Task.case_id, Task.item_code, Case.event_count)
        .join(Case, (Case.district_code == Task.district_code) & (Case.id == Task.case_id))
        .where(
            or_(
                and_(
                    Task.started_at.is_not(None),
                    Task.ended_at.is_(None),
                    Task.limits_met_at.is_(None),
                ),
                Task.state_due_at.is_not(None),
            )
        )
        .order_by(Task.due_at, Task.case_id, Task.item_code)
    )
    return _read(session, found, skip)


def stale_cases(session: Session, skip: int = 0) -> list[Stale]:
    """The same for cases with a date of their own: those that wait for acceptance, and limits."""
    departments = {
        digest: definitions.by_hash(session, digest).acceptor.department
        for digest in session.scalars(select(DefinitionVersion.hash))
    }
    if not departments:
        return []
    accepts = case(
        *((Case.definition_hash == digest, code) for digest, code in departments.items()), else_=""
    )
    has_a_date = or_(
        Case.state == CaseState.SUBMITTED.value,
        Case.due_at.is_not(None),
        Case.statutory_due_at.is_not(None),
    )
    accepted_in = func.coalesce(Case.handling_district_code, Case.district_code)
    found = (
        _to_count(
            (accepted_in, accepted_in + "/" + accepts), Case.calendar_hash, _case_lacks_colour()
        )
        .add_columns(
            Case.district_code,
            Case.id.label("case_id"),
            null().label("item_code"),
            Case.event_count,
        )
        .where(
            or_(and_(Case.ended_at.is_(None), has_a_date), Case.state_due_at.is_not(None)),
        )
        .order_by(Case.due_at, Case.id)
    )
    return _read(session, found, skip)


def recount(session: Session, each: Stale, at: datetime) -> Moved | None:
    """Count one again through the one door.

    None if somebody holds the case just now, or if there is nothing to count any more.
    """
    command = Command(
        district_code=each.district_code,
        case_id=each.case_id,
        item_code=each.item_code,
        trigger=RECOMPUTE_LIMIT,
        command_id=each.command_id,
    )
    try:
        return door.move_if_free(session, command, ENGINE_ACTOR, at)
    except (ConflictError, NotFoundError):
        return None


def _task_lacks_colour() -> ColumnElement[bool]:
    return and_(
        Task.started_at.is_not(None),
        Task.ended_at.is_(None),
        Task.limits_met_at.is_(None),
        Task.due_at.is_not(None),
        Task.paused_at.is_(None),
        Task.next_colour_at.is_(None),
        func.coalesce(Task.colour, "") != Colour.RED.value,
    )


def _case_lacks_colour() -> ColumnElement[bool]:
    runs = and_(Case.state == CaseState.IN_PROGRESS.value, Case.due_at.is_not(None))
    return and_(
        or_(Case.state == CaseState.SUBMITTED.value, runs),
        Case.paused_at.is_(None),
        Case.next_colour_at.is_(None),
        func.coalesce(Case.colour, "") != Colour.RED.value,
    )


def _to_count(
    office: tuple[SQLColumnExpression[str], SQLColumnExpression[str]],
    used: SQLColumnExpression[Any],
    lacks_colour: ColumnElement[bool],
) -> Select[*tuple[Any, ...]]:
    """Rows with ``calendar_hash`` and ``newest_hash`` that differ (`services.calendars`).

    ``office`` is a district and a department in it; ``lacks_colour`` takes in others beside.
    """
    district_code, department = office
    newest = (
        select(CalendarVersion.code, CalendarVersion.hash)
        .ext(distinct_on(CalendarVersion.code))
        .order_by(CalendarVersion.code, CalendarVersion.number.desc())
        .cte("newest")
    )
    own, district, nation = (newest.alias(name) for name in ("own", "district", "nation"))
    current = func.coalesce(own.c.hash, district.c.hash, nation.c.hash)
    return (
        select(used.label("calendar_hash"), current.label("newest_hash"))
        .prefix_with(across_districts(REASON))
        .outerjoin(own, own.c.code == department)
        .outerjoin(district, district.c.code == district_code)
        .outerjoin(nation, nation.c.code == NATIONAL)
        .where(or_(used.is_distinct_from(current), lacks_colour))
    )


def _read(session: Session, found: Select[*tuple[Any, ...]], skip: int) -> list[Stale]:
    return [
        Stale(
            district_code=row.district_code,
            case_id=row.case_id,
            item_code=row.item_code,
            calendar_hash=bytes(row.calendar_hash) if row.calendar_hash else None,
            newest_hash=bytes(row.newest_hash),
            event_count=row.event_count,
        )
        for row in session.execute(found.offset(skip).limit(BATCH))
    ]
