"""What follows when a limit of a state runs out: found by index, fired through the one door.

No limit is a job of its own. Whoever was down while it ran out fires it as soon as it is up, and
the command's id is made from what ran out, so that it happens once however many look.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Select, null, select, union_all
from sqlalchemy.orm import Session

from core.districts import across_districts
from core.errors import ConflictError, NotFoundError
from models.case import Case
from models.task import Task
from services import definitions, door
from services.case_keys import CaseKey
from services.door import Command, Moved
from workflows.permissions import ENGINE_ACTOR

BATCH = 100
REASON = "limits that have run out"
_NAMESPACE = UUID("6f0d0c1e-5f0b-4a53-9f6e-0f6a7f5d3b10")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOut:
    """A state whose limit has run out. ``item_code`` is None for the case's own."""

    district_code: str
    case_id: UUID
    item_code: str | None
    state: str
    version: int
    definition_hash: bytes

    @property
    def command_id(self) -> UUID:
        """The same for the same state of the same task, however often it is found."""
        name = f"{self.district_code}/{self.case_id}/{self.item_code}/{self.state}/{self.version}"
        return uuid5(_NAMESPACE, name)


def run_out(session: Session, at: datetime, skip: int = 0) -> list[RunOut]:
    """Up to `BATCH` tasks and cases whose timer has come, the longest overdue first.

    ``skip`` so many at the head: those that could not be fired are still there.
    """
    both = union_all(_tasks(at), _cases(at)).subquery()
    rows = session.execute(
        select(both)
        .prefix_with(across_districts(REASON))
        .order_by(both.c.timer_at, both.c.case_id, both.c.item_code)
        .offset(skip)
        .limit(BATCH)
    )
    return [_run_out(row) for row in rows]


def run_out_of(session: Session, key: CaseKey, at: datetime) -> list[RunOut]:
    """The same for one case alone."""
    both = union_all(_tasks(at), _cases(at)).subquery()
    rows = session.execute(
        select(both)
        .where(both.c.district_code == key.district_code, both.c.case_id == key.case_id)
        .order_by(both.c.timer_at, both.c.item_code)
    )
    return [_run_out(row) for row in rows]


def _run_out(row: Any) -> RunOut:
    return RunOut(
        district_code=row.district_code,
        case_id=row.case_id,
        item_code=row.item_code,
        state=row.state,
        version=row.version,
        definition_hash=row.definition_hash,
    )


def _tasks(at: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Task.timer_at,
            Task.district_code,
            Task.case_id,
            Task.item_code,
            Task.state,
            Task.version,
            Case.definition_hash,
        )
        .join(Case, (Case.district_code == Task.district_code) & (Case.id == Task.case_id))
        .where(Task.timer_at <= at)
    )


def _cases(at: datetime) -> Select[*tuple[Any, ...]]:
    return select(
        Case.timer_at,
        Case.district_code,
        Case.id,
        null(),
        Case.state,
        Case.version,
        Case.definition_hash,
    ).where(Case.timer_at <= at)


def fire(session: Session, found: RunOut, at: datetime) -> Moved | None:
    """Do what follows when the limit of a state has run out.

    None if somebody holds the case just now, or if it has moved on meanwhile. What is refused for
    another reason is raised: nobody must wait for a step that never comes, unseen.
    """
    definition = definitions.by_hash(session, found.definition_hash)
    engine = (
        definition.case_engine
        if found.item_code is None
        else definition.engine_of(definition.thing.item(found.item_code))
    )
    row = engine.at_limit(found.state)
    if row is None:
        return None
    command = Command(
        district_code=found.district_code,
        case_id=found.case_id,
        item_code=found.item_code,
        trigger=row.trigger,
        command_id=found.command_id,
        expected_version=found.version,
    )
    try:
        return door.move_if_free(session, command, ENGINE_ACTOR, at)
    except (ConflictError, NotFoundError):
        return None
