"""The command itself: versions, both locks, claim, machine, effects."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from catalog import identifiers
from core.clock import CIVIL_ZONE
from core.errors import (
    ConflictError,
    NotFoundError,
    Problem,
    RuleViolatedError,
    TransitionRefusedError,
)
from core.text import Text
from services.door import persons
from services.door.acceptance_clock import catch_up_acceptance
from services.door.assigning import assign
from services.door.automatic_decisions import assess, note_overturned
from services.door.bars import check_grant, check_order
from services.door.changes import EventDraft
from services.door.claims import GONE, Draft, check_claim, take_or_give
from services.door.clocks import case_standing, limit_case_state
from services.door.command import Command, PlaceToMend
from services.door.decision import Decision, clock_time
from services.door.documents import issue_document
from services.door.effects import apply_effects
from services.door.packages import act_on_package, check_received
from services.door.persons import NOT_YOURS
from services.door.recounts import recompute_limit
from services.door.recusal import recuse
from services.door.repairs import repair
from services.door.serials import LastAct
from services.door.settle import move_case, move_task, settle
from services.door.snapshot import NO_CASE, TaskRow
from services.door.submissions import take_in
from services.door.supervising import supervise, tell_before, tell_colours
from services.door.tolerance import refuse_missing, sign_promise
from workflows.case import CaseState
from workflows.engine import Engine
from workflows.permissions import ENGINE_ACTOR, Permission, Place, may
from workflows.process import (
    ASSESS,
    ASSIGN,
    CLAIM_ACTS,
    PACKAGE_ACTS,
    RECOMPUTE_LIMIT,
    RECUSE,
    REPAIR_ACTS,
    SUPERVISION_ACTS,
    Effect,
    Transition,
)

REASON_MISSING = Text(zh="请写明理由。", en="Give the reason.")
PLACES_MISSING = Text(
    zh="请至少列出一处需要修改的内容，一次列全。",
    en="List at least one thing to mend, and list them all at once.",
)
NOT_YET = Text(
    zh="期限还没有到，不能按到期处理。",
    en="The time has not run out yet, so nothing follows from it.",
)
CHANGED = Text(
    zh="您打开页面之后，这一件已有变化：{name} 于 {at} 办理了“{act}”。请刷新后再办理。",
    en='This has changed since you opened the page: {name} did "{act}" at {at}. Reload first.',
)


HANDS: dict[str, Callable[[Decision, Draft], None]] = {ASSIGN: assign, RECUSE: recuse}
"""The acts on who handles an entry that are more than taking or giving it."""


def act(decision: Decision, last_act: Callable[[], LastAct | None]) -> None:
    """Carry out the decision's command; raises the domain's refusals, changes nothing then."""
    command = decision.command
    decision.stood = case_standing(decision)
    if command.trigger in CLAIM_ACTS:
        HANDS.get(command.trigger, take_or_give)(decision, _draft)
        return
    if command.trigger == RECOMPUTE_LIMIT:
        recompute_limit(decision)
        return
    if command.trigger in PACKAGE_ACTS:
        act_on_package(decision, _draft)
        settle(decision)
        return
    if command.trigger in REPAIR_ACTS:
        if repair(decision):
            _follow(decision)
        return
    _step(decision, last_act)
    _follow(decision)


def _step(decision: Decision, last_act: Callable[[], LastAct | None]) -> None:
    command = decision.command
    if command.trigger == ASSESS:
        assess(decision)
        tell_colours(decision, decision.tasks.get(command.item_code or ""))
    elif command.trigger in SUPERVISION_ACTS:
        supervise(decision)
    elif command.item_code is None:
        catch_up_acceptance(decision)
        _case_act(decision, last_act)
    else:
        _task_act(decision, last_act)


def _follow(decision: Decision) -> None:
    """What a step overturns, and what follows from it by itself."""
    note_overturned(decision)
    settle(decision)


def _case_act(decision: Decision, last_act: Callable[[], LastAct | None]) -> None:
    engine = decision.definition.case_engine
    place = decision.place_of_case()
    _check_reach(decision, place)
    _check_version(decision, int(decision.case["version"]), last_act)
    row = _permitted_row(decision, engine, decision.case_state, place)
    _check_claim(decision, row, decision.definition.acceptor.code)
    check_order(decision, engine, row, None)
    if Effect.FAN_OUT in row.effects and not {Effect.TOLERATE, Effect.DEEM_ACCEPTED} & {
        *row.effects
    }:
        refuse_missing(decision)
    if not decision.tasks:
        check_received(decision, decision.definition.acceptor.code, row)
    _, state = engine.fire(decision.case_state, row.trigger)
    before = decision.case_state
    event = decision.record(_draft(decision, before, state.code))
    _note_limit(decision, event, row)
    persons.keep_hands(decision, event, row, "")
    if row.permission is Permission.CASE_APPLY and state.code == CaseState.SUBMITTED:
        _submit(decision, event)
    if before == CaseState.SUBMITTED and state.code == CaseState.IN_PROGRESS:
        decision.changes.case["accepted_at"] = decision.at
    move_case(decision, state)
    issue_document(decision, event, row)
    apply_effects(decision, row.effects, event, None)
    if state.code != before or decision.promises.is_changed:
        limit_case_state(decision, event, state)


def _task_act(decision: Decision, last_act: Callable[[], LastAct | None]) -> None:
    task = _task(decision)
    item = decision.definition.thing.item(task.item_code)
    engine = decision.engine(item)
    place = decision.place_of(task)
    _check_reach(decision, place)
    _check_version(decision, task.version, last_act)
    row = _permitted_row(decision, engine, task.state, place)
    _check_claim(decision, row, task.item_code)
    check_received(decision, task.item_code, row)
    check_order(decision, engine, row, item)
    check_grant(decision, task, row)
    before = task.state
    _, state = engine.fire(before, row.trigger)
    tell_before(decision, task, row, state)
    event = decision.record(_draft(decision, before, state.code))
    _note_limit(decision, event, row)
    persons.keep_hands(decision, event, row, task.item_code)
    task.prepared_by = decision.actor.id
    move_task(decision, event, task, row)
    if decision.promises.is_changed:
        limit_case_state(
            decision, event, decision.definition.case_engine.state(decision.case_state)
        )


def _task(decision: Decision) -> TaskRow:
    task = decision.tasks.get(str(decision.command.item_code))
    if task is None:
        raise NotFoundError(NO_CASE)
    return task


def _check_version(
    decision: Decision, version: int, last_act: Callable[[], LastAct | None]
) -> None:
    expected = decision.command.expected_version
    if expected is None or expected == version:
        return
    last = last_act()
    if last is None:
        raise ConflictError(GONE)
    raise ConflictError(
        CHANGED.format(
            name=_who(decision, last), at=clock_time(last.at), act=_act_label(decision, last)
        )
    )


def _who(decision: Decision, last: LastAct) -> Text:
    """The applicant by their part in it: not everybody who reads this may know the name."""
    if last.actor_id == decision.case["applicant_id"]:
        return Text(zh="申请人", en="the applicant")
    return Text(zh=last.name, en=last.name) if last.name else Text(zh="系统", en="the system")


def _act_label(decision: Decision, last: LastAct) -> Text:
    definition = decision.definition
    engine = (
        definition.engine_of(definition.thing.item(last.item_code))
        if last.item_code
        else definition.case_engine
    )
    labels = {row.trigger: row.label for row in engine.process.transitions}
    return labels.get(last.trigger, Text(zh=last.trigger, en=last.trigger))


def _check_reach(decision: Decision, place: Place) -> None:
    """Somebody else's case does not exist: not even a stale page may tell that it does."""
    by_person = decision.actor.id != ENGINE_ACTOR.id
    if by_person and not may(decision.actor, Permission.CASE_READ, place, decision.at):
        raise NotFoundError(NO_CASE)


def _permitted_row(decision: Decision, engine: Engine, state: str, place: Place) -> Transition:
    """The transition meant, if the actor may fire it."""
    row = engine.row(state, decision.command.trigger)
    if row is None:
        engine.fire(state, decision.command.trigger)  # refuses, in the process's own words
        raise TransitionRefusedError(NOT_YOURS)
    persons.permit(decision, row, place, decision.command.item_code or "")
    if row.automatic or row.overdue or row.by_rule:
        raise TransitionRefusedError(NOT_YOURS)  # only ever follows from another command
    if row.at_limit and not _has_run_out(decision):
        raise TransitionRefusedError(NOT_YET)
    _check_words(decision.command, row)
    return row


def _has_run_out(decision: Decision) -> bool:
    """True if the timer of the task, or of the case itself, says that it is time."""
    ends = _timer_of(decision)
    return ends is not None and ends <= decision.at


def _note_limit(decision: Decision, event: EventDraft, row: Transition) -> None:
    """Of a step that follows from a limit: when it ran out, however late it was noticed."""
    ends = _timer_of(decision)
    if row.at_limit and ends is not None:
        event.body["ran_out_at"] = ends.isoformat()


def _timer_of(decision: Decision) -> datetime | None:
    item_code = decision.command.item_code
    found: datetime | None = (
        decision.case["timer_at"] if item_code is None else decision.tasks[item_code].timer_at
    )
    return found


def _check_words(command: Command, row: Transition) -> None:
    problems = []
    if row.reason_required and not (command.reason or "").strip():
        problems.append(Problem("reason", REASON_MISSING))
    if row.items_required and not command.places:
        problems.append(Problem("places", PLACES_MISSING))
    if problems:
        raise RuleViolatedError(tuple(problems))


def _check_claim(decision: Decision, row: Transition, item_code: str) -> None:
    """A claim keeps colleagues out, never the applicant, nor the government above the desk."""
    if row.permission in {Permission.CASE_APPLY, Permission.CASE_EXTEND}:
        return
    check_claim(decision, item_code)


def _draft(decision: Decision, before: str, after: str) -> EventDraft:
    command = decision.command
    text: dict[str, Any] = {}
    if command.reason:
        text["reason"] = command.reason
    if command.places:
        text["places"] = [_place_text(place) for place in command.places]
    if command.inputs:
        text["inputs"] = dict(command.inputs)
    return EventDraft(
        trigger=command.trigger,
        actor_id=decision.actor.id,
        item_code=command.item_code,
        from_state=before,
        to_state=after,
        reason_code=command.reason_code,
        command_id=command.command_id,
        body=_signature(decision),
        text=text or None,
    )


def _signature(decision: Decision) -> dict[str, Any]:
    """Under whose delegation it is done, if it is not by a right of the actor's own."""
    mandate = decision.mandate
    if mandate is None:
        return {}
    return {"delegation": {"id": str(mandate.id), "giver": str(mandate.giver_id)}}


def _place_text(place: PlaceToMend) -> dict[str, str]:
    words = {"suggestion": place.suggestion, "new_fact": place.new_fact}
    return {"path": place.path, "reason": place.reason} | {
        name: text for name, text in words.items() if text
    }


def _submit(decision: Decision, event: EventDraft) -> None:
    """Take in the form for the first time, or again after a return: number, title, commitments."""
    take_in(decision, event)
    sign_promise(decision, event)
    changes, day = decision.changes, decision.at.astimezone(CIVIL_ZONE).date()
    if decision.case["number"] is None:
        serial = decision.allocate(decision.district_code, f"case:{day.isoformat()}", 1)
        changes.case["number"] = identifiers.make_case_number(decision.district_code, day, serial)
    changes.case["submitted_at"] = decision.at
