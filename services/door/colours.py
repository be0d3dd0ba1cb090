"""Colours of tasks and cases: which change comes next, and the change itself as an event.

The state stays, and so does the version: a page that an officer has open is not out of date
because time has passed. Of synthetic cases only the colour at the moment of looking is told.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from catalog.limits import Supervision
from core.errors import NotPermittedError, TransitionRefusedError
from core.text import Text
from models.case import Origin
from services.door.changes import EventDraft
from services.door.decision import Decision
from services.door.persons import NOT_YOURS
from services.door.snapshot import TaskRow
from workflows.calendar import WorkingCalendar
from workflows.case import CaseState
from workflows.clocks import ClockEvent, Limit
from workflows.colours import Colour, Thresholds, Turn, colour_at, next_turn, rank, turns
from workflows.permissions import ENGINE_ACTOR, Permission
from workflows.process import TURNS

NOT_NOW = Text(
    zh="颜色没有变化，或者已经变过了。", en="The colour does not change now, or it has changed."
)
TELL_COLOUR = "tell_colour"
"""The job that tells of a colour which an act found untold: whoever was down turns it no more."""
_NAMESPACE = UUID("b0a3c5de-0d4d-4c11-8b0e-2f5c5f7f6c21")


def command_id_of(key: tuple[str, UUID], item_code: str | None, turn: tuple[str, int]) -> UUID:
    """The same for the same change of the same clock, however many look for it.

    ``turn`` is the colour, and the length of the chain before it: a clock that was counted again
    may turn to the same colour at the same instant once more.
    """
    return uuid5(_NAMESPACE, f"{key[0]}/{key[1]}/{item_code}/{turn[0]}/{turn[1]}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A clock with all that its colours depend on beside the calendar."""

    events: Sequence[ClockEvent]
    limit: Limit
    rules: Supervision
    ends_at: datetime | None
    """Its end, as it was just counted and stored."""


def plan_task(decision: Decision, task: TaskRow, events: Sequence[ClockEvent]) -> None:
    """Note which colour a task turns to next and when, from the events of its clock."""
    item = decision.definition.thing.item(task.item_code)
    rules = item.supervision or decision.definition.thing.supervision
    limit = item.promised_limit.limit
    clock = Timed(events=events, limit=limit, rules=rules, ends_at=task.due_at)
    found = _next(decision, clock, decision.calendar(task), task.colour)
    task.next_colour, task.next_colour_at = found


def plan_case(decision: Decision, events: Sequence[ClockEvent]) -> None:
    """The same for the case as a whole, where its definition promises it for some day."""
    thing = decision.definition.thing
    if thing.promised_limit is None:
        return
    plan_clock(
        decision,
        Timed(
            events=events,
            limit=thing.promised_limit.limit,
            rules=thing.supervision,
            ends_at=decision.column("due_at"),
        ),
    )


def plan_clock(decision: Decision, clock: Timed) -> None:
    """Note which colour the case itself turns to next and when, by the clock that runs for it."""
    found = _next(decision, clock, decision.calendar(), decision.column("colour"))
    decision.changes.case["next_colour"], decision.changes.case["next_colour_at"] = found


def forget_colour(task: TaskRow) -> None:
    """A clock that was stopped turns no more and presses nobody; the chain keeps what it was."""
    task.colour = task.next_colour = task.next_colour_at = None


def turn(decision: Decision, plan: Callable[[], None]) -> None:
    """The engine's own act: the change that is due, once. ``plan`` notes what comes after it.

    Raises `NotPermittedError` for people, `TransitionRefusedError` if nothing changes now.
    """
    command = decision.command
    if not decision.actor.has(Permission.ENGINE_ADVANCE):
        raise NotPermittedError(NOT_YOURS)
    task = decision.tasks.get(command.item_code) if command.item_code else None
    colour, since = _due(decision, task)
    if colour is None or since is None or TURNS[colour] != command.trigger:
        raise TransitionRefusedError(NOT_NOW)
    if since >= decision.at:
        raise TransitionRefusedError(NOT_NOW)
    _record(decision, task, (colour, since), command.command_id)
    plan()


def catch_up_case(decision: Decision, clock: Timed) -> None:
    """The same for the case itself, by the clock that runs for it."""
    if decision.case["origin"] != Origin.LIVE.value:
        return
    key = (decision.district_code, decision.case_id)
    while (since := decision.column("next_colour_at")) and since < decision.at:
        colour = Colour(decision.column("next_colour"))
        turn_of = (colour.value, int(decision.case["event_count"]))
        command_id = command_id_of(key, None, turn_of)
        _have_told(decision, _record(decision, None, (colour, since), command_id))
        plan_clock(decision, clock)


def catch_up(decision: Decision, task: TaskRow, clock: Sequence[ClockEvent]) -> None:
    """Before an act on a task: the changes that were due and that nobody has told yet."""
    if decision.case["origin"] != Origin.LIVE.value:
        return
    while task.next_colour and task.next_colour_at and task.next_colour_at < decision.at:
        colour, since = Colour(task.next_colour), task.next_colour_at
        key = (decision.district_code, decision.case_id)
        turn_of = (colour.value, int(decision.case["event_count"]))
        command_id = command_id_of(key, task.item_code, turn_of)
        _have_told(decision, _record(decision, task, (colour, since), command_id))
        plan_task(decision, task, clock)


def _next(
    decision: Decision, clock: Timed, calendar: WorkingCalendar, colour: str | None
) -> tuple[str | None, datetime | None]:
    rules = clock.rules
    thresholds = Thresholds(
        blue_percent=rules.blue_percent,
        yellow_percent=rules.yellow_percent,
        yellow_working_days=rules.yellow_working_days,
    )
    found = turns(clock.events, clock.limit, calendar, thresholds, ends_at=clock.ends_at)
    now = Colour(colour or Colour.CALM)
    coming = next_turn(found, decision.at, now)
    if decision.case["origin"] != Origin.LIVE.value:
        coming = _latest(found, decision.at, now) or coming
    return (str(coming.colour), coming.at) if coming else (None, None)


def _latest(found: Sequence[Turn], at: datetime, colour: Colour) -> Turn | None:
    """The colour that a clock should have by now, past those that it went through unseen."""
    wanted = colour_at(found, at)
    if rank(wanted) <= rank(colour):
        return None
    return next(each for each in found if each.colour is wanted)


def _due(decision: Decision, task: TaskRow | None) -> tuple[Colour | None, datetime | None]:
    if decision.command.item_code is None:
        colour, since = decision.column("next_colour"), decision.column("next_colour_at")
    else:
        colour = task.next_colour if task else None
        since = task.next_colour_at if task else None
    return (Colour(colour) if colour else None), since


def _have_told(decision: Decision, event: EventDraft) -> None:
    """Have the accountable person and the supervisors told, once the command is written."""
    arguments = {
        "district_code": decision.district_code,
        "case_id": str(decision.case_id),
        "event_number": decision.event_number(event),
    }
    decision.changes.jobs.append((TELL_COLOUR, arguments))


def _record(
    decision: Decision, task: TaskRow | None, change: tuple[Colour, datetime], command_id: UUID
) -> EventDraft:
    colour, since = change
    before = task.colour if task else decision.column("colour")
    state = task.state if task else decision.case_state
    due_at = _due_at(decision, task)
    body: dict[str, Any] = {
        "colour": {
            "from": before or Colour.CALM.value,
            "to": colour.value,
            "since": since.isoformat(),
            "due_at": due_at.isoformat() if due_at else None,
        },
        "answerable": _answerable(decision, task),
    }
    event = decision.record(
        EventDraft(
            trigger=TURNS[colour],
            actor_id=ENGINE_ACTOR.id,
            item_code=task.item_code if task else None,
            from_state=state,
            to_state=state,
            command_id=command_id,
            body=body,
        )
    )
    kept = None if colour is Colour.CALM else colour.value
    if task is not None:
        task.colour = kept
        decision.changes.changed_tasks[task.item_code] = task
    else:
        decision.changes.case["colour"] = kept
    return event


def _due_at(decision: Decision, task: TaskRow | None) -> datetime | None:
    """The end that the colour is of; before the acceptance there is none but the state's own."""
    if task is not None:
        return task.due_at
    found: datetime | None = decision.column("due_at") or decision.column("state_due_at")
    return found


def _answerable(decision: Decision, task: TaskRow | None) -> str | None:
    """Who has to answer for it: the holder, the assigned, the head of the desk, the supervisor."""
    entry = decision.snapshot.entries.get(_item_of(decision, task))
    holder = entry.holder_at(decision.at) if entry else None
    owner = task.assigned_to if task else entry.assigned_to if entry else None
    if holder or owner:
        return str(holder or owner)
    place = decision.place_of(task) if task else decision.place_of_case()
    found = decision.supervision.answerable(
        place.district_code, place.department_code or "", decision.at
    )
    return str(found) if found else None


def _item_of(decision: Decision, task: TaskRow | None) -> str:
    """Where an officer finds it: a case that waits for acceptance stands as its first item."""
    if task is not None:
        return task.item_code
    waits = decision.case_state == CaseState.SUBMITTED
    return decision.definition.acceptor.code if waits else ""
