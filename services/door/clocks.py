"""What a move does to clocks: starts, pauses, resumptions, extensions, and limits of states.

Every stored end is that of the fold over the chain (`workflows.clock_folds`): whoever reads the
events finds the same one. The chain is read only when a clock had a past.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from catalog.limits import LimitDefinition
from catalog.schema import Item
from core.errors import Problem, RuleViolatedError
from core.text import Text
from models.hand_over_package import PackageState
from models.routing import ClockFrom
from services.door.changes import EventDraft
from services.door.colours import forget_colour, plan_case, plan_task
from services.door.decision import Decision
from services.door.snapshot import TaskRow
from services.door.tolerance import next_due
from workflows.case import CaseState
from workflows.clock_folds import (
    EXTEND,
    FROM,
    GO_ON,
    HELD,
    MET,
    RESTART,
    Step,
    case_clock,
    standing,
    task_clock,
)
from workflows.clocks import ClockEvent, ClockEventKind, Limit, due, end_of_day
from workflows.engine import Engine
from workflows.process import ClockEffect, State

DAY_MISSING = Text(
    zh="请写明到哪一天为止，例如 2026-09-24。",
    en="Say up to which day it goes, for example 2026-09-24.",
)


def enter(decision: Decision, event: EventDraft, task: TaskRow, state: State) -> None:
    """Put a task into ``state``: its clock, its end, its version. Only the door calls this.

    A step that leads back to the same state touches no clock.
    """
    before = decision.state_of(task)
    task.version += 1
    decision.changes.changed_tasks[task.item_code] = task
    if state.code == before.code:
        return
    task.state = state.code
    effects = _effects(decision, event, task, (before.clock, state.clock))
    if effects[0] is not effects[1]:
        _turn(decision, event, task, effects)
    if not state.kind.is_final:
        task.ended_at = None
    elif task.ended_at is None:
        task.ended_at = decision.at


def extend(decision: Decision, event: EventDraft, task: TaskRow | None, amount: int) -> None:
    """Let both limits of a task, or of the whole case, grow by ``amount`` in their own units."""
    event.body["clock"] = {**event.body.get("clock", {}), EXTEND: amount}
    if task is None:
        count_case(decision)
    else:
        count_task(decision, task)


def count_task(decision: Decision, task: TaskRow) -> None:
    """Find both ends of a task's clock again, from its events and by the present calendar."""
    _count(decision, task, clock_events(decision, task))


def clock_events(decision: Decision, task: TaskRow) -> tuple[ClockEvent, ...]:
    """The events of a task's clock since its last start, those of this command with them."""
    engine = decision.engine(decision.definition.thing.item(task.item_code))
    own = [step for step in _steps(decision) if step.item_code == task.item_code]
    return task_clock(own, lambda code: engine.state(code).clock)


def limit_state(decision: Decision, event: EventDraft, task: TaskRow, state: State) -> None:
    """Note when the state that a task has just entered runs out, and whether anything follows."""
    engine = decision.engine(decision.definition.thing.item(task.item_code))
    limit = state_limit(decision, task, state)
    task.state_due_at = _state_due(decision, event, state, limit)
    if state.code in decision.definition.thing.item(task.item_code).state_days:
        task.state_due_at = _answered_day(decision, task, state)
    task.timer_at = _timer(engine, state, task.state_due_at)
    if limit is None:
        return
    if task.calendar_hash is None:
        task.calendar_hash = decision.calendar_hash(task)
    elif task.calendar_hash != decision.calendar_hash(task) and not state.kind.is_final:
        count_task(decision, task)


def limit_case_state(decision: Decision, event: EventDraft, state: State) -> None:
    """The same for the case itself."""
    limit = state_limit(decision, None, state)
    if limit is not None and state.code == CaseState.SUBMITTED:
        ends: datetime | None = due(answer_clock(decision), limit, decision.calendar()).at
    else:
        ends = _state_due(decision, event, state, limit)
    decision.changes.case["state_due_at"] = ends
    if ends is None and state.code == CaseState.IN_PROGRESS:
        ends = next_due(decision)  # of a paper that the applicant promised to bring
    decision.changes.case["timer_at"] = _timer(decision.definition.case_engine, state, ends)
    if limit is None:
        return
    if decision.column("calendar_hash") is None:
        decision.changes.case["calendar_hash"] = decision.calendar_hash()
    elif bytes(decision.column("calendar_hash")) != decision.calendar_hash():
        count_case(decision)


def state_limit(decision: Decision, task: TaskRow | None, state: State) -> Limit | None:
    """The limit that is counted in a state: the item's own, or the process's; a day is none."""
    if task is not None:
        own = decision.definition.thing.item(task.item_code).state_limits.get(state.code)
        if own is not None:
            return own.limit
    return state.limit.limit if state.limit is not None else None


def recount_state(decision: Decision, task: TaskRow | None) -> None:
    """Find the end of the present state again, from the step into it; a named day stays."""
    item_code = task.item_code if task else None
    state = (
        decision.state_of(task)
        if task
        else decision.definition.case_engine.state(decision.case_state)
    )
    limit = state_limit(decision, task, state)
    entered = [
        step.at
        for step in decision.steps()
        if step.item_code == item_code and step.to_state == state.code
    ]
    stood = task.state_due_at if task else decision.case["state_due_at"]
    if limit is None or stood is None or not entered:
        return
    events = [ClockEvent(kind=ClockEventKind.START, at=entered[-1])]
    if task is None and state.code == CaseState.SUBMITTED:
        events = answer_clock(decision)
    ends = due(events, limit, decision.calendar(task)).at
    if task is not None:
        task.state_due_at = ends
        task.timer_at = ends if task.timer_at is not None else None
    else:
        decision.changes.case["state_due_at"] = ends
        timer = ends if decision.case["timer_at"] is not None else None
        decision.changes.case["timer_at"] = timer


def case_standing(decision: Decision) -> ClockEffect:
    """How the clock of the whole case stands with its tasks as they now are."""
    if decision.case_state != CaseState.IN_PROGRESS:
        return ClockEffect.STOPPED
    return standing(decision.state_of(task).clock for task in decision.tasks.values())


def case_clock_events(decision: Decision) -> tuple[ClockEvent, ...]:
    """The events of the clock of the whole case, those of this command with them."""
    thing, engine = decision.definition.thing, decision.definition.case_engine

    def effect_of(item_code: str, state: str) -> ClockEffect:
        return decision.engine(thing.item(item_code)).state(state).clock

    return case_clock(
        _steps(decision),
        effect_of,
        lambda code: engine.state(code).code == CaseState.IN_PROGRESS,
    )


def count_case(decision: Decision) -> None:
    """Find both ends of the whole case's clock again, where its definition sets any."""
    thing = decision.definition.thing
    if thing.promised_limit is None and thing.statutory_limit is None:
        return
    events = case_clock_events(decision)
    if not events:
        return
    ends = _ends(decision, None, events, (thing.promised_limit, thing.statutory_limit))
    if len(events) == 1:
        ends["first_due_at"] = ends["due_at"] or ends["statutory_due_at"]
    decision.changes.case |= ends | {"paused_at": _paused_at(events)}
    plan_case(decision, events)


def _effects(
    decision: Decision,
    event: EventDraft,
    task: TaskRow,
    effects: tuple[ClockEffect, ClockEffect],
) -> tuple[ClockEffect, ClockEffect]:
    """How the clock stood and will stand: not at all once the limits are met, until a new start."""
    before, after = effects
    if before is ClockEffect.STOPPED:
        task.limits_met_at = None
    was_met = task.limits_met_at is not None
    if event.body.get("clock", {}).get(MET) is False:
        task.limits_met_at = None
    item = decision.definition.thing.item(task.item_code)
    if event.trigger == item.limits_end_on and after is not ClockEffect.STOPPED and not was_met:
        task.limits_met_at = decision.at
        event.body["clock"] = {**event.body.get("clock", {}), MET: True}
    return (
        ClockEffect.STOPPED if was_met else before,
        ClockEffect.STOPPED if task.limits_met_at is not None else after,
    )


def _turn(
    decision: Decision,
    event: EventDraft,
    task: TaskRow,
    effects: tuple[ClockEffect, ClockEffect],
) -> None:
    before, after = effects
    if event.body.get("clock", {}).get(GO_ON) and task.started_at is not None:
        count_task(decision, task)
    elif before is ClockEffect.STOPPED and _is_held(decision, task):
        event.body["clock"] = {**event.body.get("clock", {}), HELD: True}
    elif before is ClockEffect.STOPPED:
        if decision.starts_from is not None:
            event.body["clock"] = {FROM: decision.starts_from.isoformat()}
        task.started_at = decision.starts_from or decision.at
        start = ClockEvent(kind=ClockEventKind.START, at=task.started_at)
        pause = ClockEvent(kind=ClockEventKind.PAUSE, at=decision.at)
        _count(decision, task, (start,) if after is ClockEffect.RUNS else (start, pause))
        task.first_due_at = task.due_at
    elif task.started_at is not None and effects != (ClockEffect.RUNS, ClockEffect.STOPPED):
        # A stop moves no end, unless the clock stood still until then.
        count_task(decision, task)
    if after is ClockEffect.STOPPED:
        forget_colour(task)


def hold_clock(decision: Decision, item_code: str) -> None:
    """Let the clock of a task wait, whatever its state, until the other side has its package."""
    decision.held.add(item_code)


def release_clock(decision: Decision, event: EventDraft, task: TaskRow) -> None:
    """The package of a task has arrived: its clock starts, if its state lets it run."""
    effect = decision.state_of(task).clock
    if task.started_at is not None or effect is ClockEffect.STOPPED:
        return
    event.body["clock"] = {HELD: False}
    task.started_at = decision.at
    decision.changes.changed_tasks[task.item_code] = task
    task.version += 1
    count_task(decision, task)
    task.first_due_at = task.due_at


def restart_clock(decision: Decision, event: EventDraft, task: TaskRow) -> None:
    """Give the office that takes a task over the whole time again, from now on."""
    if task.started_at is None:
        return
    event.body["clock"] = {RESTART: True}
    task.started_at = decision.at
    count_task(decision, task)


def _is_held(decision: Decision, task: TaskRow) -> bool:
    """True while a package is on its way by whose route time counts from its receipt alone."""
    package = decision.snapshot.packages.get(task.item_code)
    is_waiting = (
        package is not None
        and package.state != PackageState.RECEIVED
        and package.clock_from == ClockFrom.RECEIPT
    )
    return is_waiting or task.item_code in decision.held


def _count(decision: Decision, task: TaskRow, events: Sequence[ClockEvent]) -> None:
    item: Item = decision.definition.thing.item(task.item_code)
    ends = _ends(decision, task, events, (item.promised_limit, item.statutory_limit))
    for name, value in ends.items():
        setattr(task, name, value)
    task.paused_at = _paused_at(events)
    plan_task(decision, task, events)


def _ends(
    decision: Decision,
    task: TaskRow | None,
    events: Sequence[ClockEvent],
    limits: tuple[LimitDefinition | None, LimitDefinition | None],
) -> dict[str, Any]:
    """The columns of the promised and the statutory end."""
    calendar = decision.calendar(task)
    promised, statutory = (
        due(events, limit.limit, calendar) if limit is not None else None for limit in limits
    )
    return {
        "due_at": promised.at if promised else None,
        "due_provisional": bool(promised and promised.provisional),
        "statutory_due_at": statutory.at if statutory else None,
        "statutory_provisional": bool(statutory and statutory.provisional),
        "calendar_hash": decision.calendar_hash(task),
    }


def _paused_at(events: Sequence[ClockEvent]) -> datetime | None:
    since = None
    for event in events:
        if event.kind is ClockEventKind.PAUSE:
            since = event.at
        elif event.kind is not ClockEventKind.EXTEND:
            since = None
    return since


def _steps(decision: Decision) -> list[Step]:
    """The steps of the chain with those of this command at its end."""
    fresh = [
        Step(
            item_code=event.item_code,
            at=decision.at,
            to_state=event.to_state,
            clock=event.body.get("clock", {}),
        )
        for event in decision.changes.events
    ]
    return [*decision.steps(), *fresh]


def answer_clock(decision: Decision) -> list[ClockEvent]:
    """The office's time to answer, from the day the papers came.

    A request that the office takes back gains it nothing but the time for which it waited for the
    applicant.
    """
    since, engine = decision.column("submitted_at"), decision.definition.case_engine
    events = [ClockEvent(kind=ClockEventKind.START, at=since)]
    for step in _steps(decision):
        if step.item_code is not None or step.to_state is None or step.at <= since:
            continue
        is_paused = events[-1].kind is ClockEventKind.PAUSE
        if (engine.state(step.to_state).clock is ClockEffect.PAUSED) != is_paused:
            kind = ClockEventKind.RESUME if is_paused else ClockEventKind.PAUSE
            events.append(ClockEvent(kind=kind, at=step.at))
    return events


def _state_due(
    decision: Decision, event: EventDraft, state: State, limit: Limit | None
) -> datetime | None:
    if limit is not None:
        task = decision.tasks.get(event.item_code) if event.item_code else None
        start = ClockEvent(kind=ClockEventKind.START, at=decision.at)
        return due([start], limit, decision.calendar(task)).at
    if state.limit is not None and state.limit.input is not None:
        return end_of_day(_named_day(decision, event, state.limit.input))
    return None


def _answered_day(decision: Decision, task: TaskRow, state: State) -> datetime | None:
    """The end of the day that the form names; None if it was not asked, or erased."""
    path = decision.definition.thing.item(task.item_code).state_days[state.code]
    section, name = path.split(".")
    answer = decision.answers().get(section, {}).get(name)
    return end_of_day(date.fromisoformat(answer)) if answer else None


def _named_day(decision: Decision, event: EventDraft, name: str) -> date:
    """The day that the step named, as an effect noted it or as it was typed."""
    typed = event.body.get(name, decision.command.inputs.get(name))
    try:
        return date.fromisoformat(str(typed))
    except ValueError:
        raise RuleViolatedError((Problem(name, DAY_MISSING),)) from None


def _timer(engine: Engine, state: State, ends: datetime | None) -> datetime | None:
    return ends if engine.at_limit(state.code) is not None else None
