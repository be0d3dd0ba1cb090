"""The clocks of a case as pages explain them: folded anew from the chain, limits and reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.limits import LimitDefinition
from models.case import Case
from models.event import Event
from models.task import Task
from services import calendars, definitions
from services.definitions import Definition
from workflows.calendar import WorkingCalendar
from workflows.case import CaseState
from workflows.clock_folds import Step, case_clock, task_clock
from workflows.clocks import ClockEvent, Due, due
from workflows.process import ClockEffect


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """One limit of a clock: what it is, when it ends by the fold, and line by line why."""

    limit: LimitDefinition
    due: Due


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskClock:
    """The clock of one task, or of a whole case (``item_code`` is None), since its last start."""

    item_code: str | None
    events: tuple[ClockEvent, ...]
    promised: Ending | None
    statutory: Ending | None
    first_due_at: datetime | None
    """The promised end as it was first told."""
    calendar: WorkingCalendar
    """The calendar by which it is counted."""


def read(session: Session, case: Case) -> Mapping[str | None, TaskClock]:
    """The clocks that have started in a case, by item; that of the whole case under None.

    The ends are folded by the calendar by which the stored ones were counted.
    """
    definition = definitions.by_hash(session, case.definition_hash)
    steps = chain_steps(session, case)
    rows = session.scalars(
        select(Task).where(Task.district_code == case.district_code, Task.case_id == case.id)
    )
    found: dict[str | None, TaskClock] = {}
    for task in rows:
        item = definition.thing.item(task.item_code)
        events = events_of_task(definition, steps, task.item_code)
        clock = _clock(session, task, events, (item.promised_limit, item.statutory_limit))
        if clock is not None:
            found[task.item_code] = clock
    limits = definition.thing.promised_limit, definition.thing.statutory_limit
    whole = _clock(session, case, events_of_case(definition, steps), limits)
    if whole is not None and any(limits):
        found[None] = whole
    return found


def chain_steps(session: Session, case: Case) -> list[Step]:
    """Every event of a case as clocks see it, in the order of the chain."""
    rows = session.execute(
        select(Event.item_code, Event.at, Event.from_state, Event.to_state, Event.body["clock"])
        .where(Event.district_code == case.district_code, Event.case_id == case.id)
        .order_by(Event.number)
    )
    return [
        Step(item_code=item_code, at=at, to_state=to_state, clock=clock or {})
        for item_code, at, from_state, to_state, clock in rows
        if from_state != to_state or clock
    ]


def events_of_task(
    definition: Definition, steps: list[Step], item_code: str
) -> tuple[ClockEvent, ...]:
    """The events of one task's clock since its last start."""
    engine = definition.engine_of(definition.thing.item(item_code))
    own = [step for step in steps if step.item_code == item_code]
    return task_clock(own, lambda code: engine.state(code).clock)


def events_of_case(definition: Definition, steps: list[Step]) -> tuple[ClockEvent, ...]:
    """The events of the clock of the whole case since its last start."""

    def effect_of(item_code: str, state: str) -> ClockEffect:
        return definition.engine_of(definition.thing.item(item_code)).state(state).clock

    return case_clock(steps, effect_of, lambda code: code == CaseState.IN_PROGRESS)


def _clock(
    session: Session,
    row: Task | Case,
    events: tuple[ClockEvent, ...],
    limits: tuple[LimitDefinition | None, LimitDefinition | None],
) -> TaskClock | None:
    if not events or row.calendar_hash is None:
        return None
    calendar = calendars.by_hash(session, row.calendar_hash)
    promised, statutory = (_ending(events, limit, calendar) for limit in limits)
    return TaskClock(
        item_code=row.item_code if isinstance(row, Task) else None,
        events=events,
        promised=promised,
        statutory=statutory,
        first_due_at=row.first_due_at,
        calendar=calendar,
    )


def _ending(
    events: tuple[ClockEvent, ...], limit: LimitDefinition | None, calendar: WorkingCalendar
) -> Ending | None:
    return None if limit is None else Ending(limit=limit, due=due(events, limit.limit, calendar))
