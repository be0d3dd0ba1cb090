"""Repair verbs at the door: asked for by an operator, confirmed by another person, carried out."""

from core.errors import (
    ConflictError,
    NotFoundError,
    NotPermittedError,
    Problem,
    RuleViolatedError,
    TransitionRefusedError,
)
from core.text import Text
from services.door.changes import EventDraft
from services.door.clocks import limit_case_state
from services.door.command import RepairDraft
from services.door.decision import Decision
from services.door.persons import check_conflict
from services.door.repair_records import RepairRow
from services.door.retries import follow_now
from services.door.rewinds import rewind, states_of
from services.door.settle import move_case, move_task
from services.door.snapshot import NO_CASE, TaskRow
from workflows.case import CaseState, EndAct
from workflows.permissions import Permission, Place, may
from workflows.process import (
    ASK_FOR_REPAIR,
    CANCEL_CASE,
    CONFIRM_REPAIR,
    DECLINE_REPAIR,
    RETRY_CASE,
    SKIP_PART,
    TAKE_BACK_REPAIR,
    Transition,
)
from workflows.repairs import (
    BY_VERB,
    REASONS,
    Repair,
    RepairState,
    Standing,
    Verb,
    bar_of_case,
    bar_of_part,
    skip_state,
    ways_back,
)

REPAIR = "repair"
"""In the body of an event: the request that it settles, and how."""

NO_REQUEST = Text(
    zh="没有找到这个修复请求，或者您无权查看。",
    en="There is no such request for a repair, or you may not see it.",
)
REASON_UNKNOWN = Text(zh="请从列表中选择原因。", en="Choose the reason from the list.")
WORDS_MISSING = Text(
    zh="请写明为什么要这样修复；确认的人和审计会看到。",
    en="Say why; whoever confirms it reads it, and so do auditors.",
)
STATE_UNKNOWN = Text(
    zh="请从列表中选择退回到哪个状态。", en="Choose from the list the state to go back to."
)
WAITS_ALREADY = Text(
    zh="这一件已有一个修复请求在等待确认，处理以后才能再提出。",
    en="A repair of this case waits to be confirmed already; another can be asked for after it.",
)
SETTLED_ALREADY = Text(
    zh="这个修复请求已经处理过了，请刷新页面查看。",
    en="This request has been settled already. Reload to see how.",
)
OWN_REQUEST = Text(
    zh="修复须由另一个人确认，不能确认自己提出的请求。",
    en="A repair is confirmed by another person; you cannot confirm what you asked for.",
)
NOT_OWN_REQUEST = Text(
    zh="只有提出的人可以收回；您可以选择不同意。",
    en="Only whoever asked can take it back; you can decline it.",
)
CHANGED = Text(
    zh="提出以后这里已有变化，不能再照原来的请求办理。请不同意或者收回，看清现在的情况再提出。",
    en="Something happened here since it was asked for, so it cannot be carried out as it stands. "
    "Decline it or take it back, look again, and ask anew.",
)
STALE = Text(
    zh="您打开页面之后，这里已有变化，没有提出任何修复。请刷新后再看。",
    en="This has changed since you opened the page, and nothing was asked for. Reload first.",
)


def repair(decision: Decision) -> bool:
    """Carry out an act on repairs; True if something may follow by itself.

    Raises `NotFoundError` (not within the actor's reach), `NotPermittedError` (one's own request,
    or a conflict of interest), `ConflictError` (a stale page, a request that was settled),
    `TransitionRefusedError` (not possible now) and `RuleViolatedError` (no reason).
    """
    check_conflict(decision, decision.actor.id)
    trigger = decision.command.trigger
    if trigger == CONFIRM_REPAIR:
        _confirm(decision)
    elif trigger == RETRY_CASE:
        _retry(decision)
    elif trigger == ASK_FOR_REPAIR:
        _ask(decision)
    else:
        _settle(decision)
    return trigger in {CONFIRM_REPAIR, RETRY_CASE}


def _draft(decision: Decision) -> RepairDraft:
    return decision.command.repair or RepairDraft()


def _retry(decision: Decision) -> None:
    _check_operator(decision)
    bar = bar_of_case(Verb.RETRY, _standing(decision))
    if bar is not None:
        raise TransitionRefusedError(bar)
    _check_reason(decision, needs_words=False)
    event = _event(decision, RETRY_CASE, None, decision.command.reason)
    _keep(decision, event, BY_VERB[Verb.RETRY], RepairState.CARRIED_OUT)
    follow_now(decision)


def _ask(decision: Decision) -> None:
    _check_operator(decision)
    found = next((each for each in Verb if each == _draft(decision).verb), None)
    if found is None or not BY_VERB[found].needs_second:
        raise NotFoundError(NO_CASE)
    task = _task(decision, BY_VERB[found])
    if decision.command.expected_version not in {None, _version(decision, task)}:
        raise ConflictError(STALE)
    if any(each.state == RepairState.WAITING for each in decision.repairs.all()):
        raise ConflictError(WAITS_ALREADY)
    _check_reason(decision, needs_words=True)
    _check_possible(decision, found, task)
    event = _event(decision, ASK_FOR_REPAIR, task, decision.command.reason)
    _keep(decision, event, BY_VERB[found], RepairState.WAITING)


def _confirm(decision: Decision) -> None:
    row = _request(decision)
    if row.asked_by == decision.actor.id:
        raise NotPermittedError(OWN_REQUEST)
    verb, task = Verb(row.verb), _task_of(decision, row)
    if row.version != _version(decision, task):
        raise ConflictError(CHANGED)
    words = decision.repairs.reason(row.event_number)
    if task is None:
        event = _cancel(decision, words, row.reason_code)
    elif verb is Verb.SKIP:
        event = _skip(decision, task, words, row.reason_code)
    else:
        event = rewind(decision, task, str(row.to_state), (words, row.reason_code))
    _mark(decision, event, row, RepairState.CARRIED_OUT)


def _settle(decision: Decision) -> None:
    row, trigger = _request(decision), decision.command.trigger
    is_own = row.asked_by == decision.actor.id
    if trigger == TAKE_BACK_REPAIR and not is_own:
        raise NotPermittedError(NOT_OWN_REQUEST)
    if trigger == DECLINE_REPAIR and is_own:
        raise NotPermittedError(OWN_REQUEST)
    event = _event(decision, trigger, _task_of(decision, row), decision.command.reason)
    declined = trigger == DECLINE_REPAIR
    _mark(decision, event, row, RepairState.DECLINED if declined else RepairState.TAKEN_BACK)


def _cancel(decision: Decision, words: str | None, reason_code: str | None) -> EventDraft:
    bar = bar_of_case(Verb.CANCEL, _standing(decision))
    if bar is not None:
        raise TransitionRefusedError(bar)
    state = decision.definition.case_engine.state(CaseState.CANCELLED)
    event = decision.record(
        EventDraft(
            trigger=CANCEL_CASE,
            actor_id=decision.actor.id,
            from_state=decision.case_state,
            to_state=state.code,
            reason_code=reason_code,
            command_id=decision.command.command_id,
            text={"reason": words} if words else None,
        )
    )
    decision.changes.case["end_act"] = EndAct.CANCELLATION.value
    move_case(decision, state)
    limit_case_state(decision, event, state)
    return event


def _skip(
    decision: Decision, task: TaskRow, words: str | None, reason_code: str | None
) -> EventDraft:
    _check_possible(decision, Verb.SKIP, task)
    item = decision.definition.thing.item(task.item_code)
    destination = str(skip_state(decision.engine(item)))
    event = decision.record(
        EventDraft(
            trigger=SKIP_PART,
            actor_id=decision.actor.id,
            item_code=task.item_code,
            from_state=task.state,
            to_state=destination,
            reason_code=reason_code,
            command_id=decision.command.command_id,
            text={"reason": words} if words else None,
        )
    )
    row = Transition(
        trigger=SKIP_PART,
        label=BY_VERB[Verb.SKIP].title,
        sources=(task.state,),
        destination=destination,
        permission=Permission.REPAIR_CONFIRM,
    )
    move_task(decision, event, task, row)
    return event


def _check_possible(decision: Decision, verb: Verb, task: TaskRow | None) -> None:
    standing = _standing(decision)
    if task is None:
        bar = bar_of_case(verb, standing)
    else:
        engine = decision.engine(decision.definition.thing.item(task.item_code))
        been = states_of(decision, task)
        bar = bar_of_part(verb, standing, engine, been)
        to_state = _draft(decision).to_state
        if bar is None and verb is Verb.REWIND and to_state not in ways_back(engine, been):
            raise RuleViolatedError((Problem("to_state", STATE_UNKNOWN),))
    if bar is not None:
        raise TransitionRefusedError(bar)


def _check_operator(decision: Decision) -> None:
    place = decision.place_of_case()
    if not may(decision.actor, Permission.OPERATIONS_REPAIR, place, decision.at):
        raise NotFoundError(NO_CASE)


def _check_reason(decision: Decision, *, needs_words: bool) -> None:
    problems = []
    if decision.command.reason_code not in REASONS:
        problems.append(Problem("reason_code", REASON_UNKNOWN))
    if needs_words and not (decision.command.reason or "").strip():
        problems.append(Problem("reason", WORDS_MISSING))
    if problems:
        raise RuleViolatedError(tuple(problems))


def _request(decision: Decision) -> RepairRow:
    """The request that is answered. Raises `NotFoundError`, `ConflictError` if it was settled."""
    wanted = _draft(decision).request
    row = next((each for each in decision.repairs.all() if each.event_number == wanted), None)
    if row is None:
        raise NotFoundError(NO_REQUEST)
    if not may(decision.actor, Permission.REPAIR_CONFIRM, _place(decision, row), decision.at):
        raise NotFoundError(NO_REQUEST)
    if row.state != RepairState.WAITING:
        raise ConflictError(SETTLED_ALREADY)
    return row


def _place(decision: Decision, row: RepairRow) -> Place:
    task = _task_of(decision, row)
    return decision.place_of(task) if task else decision.place_of_case()


def _task(decision: Decision, wanted: Repair) -> TaskRow | None:
    """The part that is meant; None for the whole case. Raises `NotFoundError`."""
    code = decision.command.item_code
    if wanted.of_part != (code is not None) or (code is not None and code not in decision.tasks):
        raise NotFoundError(NO_CASE)
    return decision.tasks[code] if code is not None else None


def _task_of(decision: Decision, row: RepairRow) -> TaskRow | None:
    return decision.tasks[row.item_code] if row.item_code is not None else None


def _version(decision: Decision, task: TaskRow | None) -> int:
    return task.version if task is not None else int(decision.case["version"])


def _standing(decision: Decision) -> Standing:
    return Standing(
        case_state=decision.case_state,
        end_act=decision.column("end_act"),
        engine=decision.definition.case_engine,
    )


def _event(
    decision: Decision, trigger: str, task: TaskRow | None, reason: str | None
) -> EventDraft:
    """An event beside the states, with the words that were typed."""
    state = task.state if task else decision.case_state
    return decision.record(
        EventDraft(
            trigger=trigger,
            actor_id=decision.actor.id,
            item_code=task.item_code if task else None,
            from_state=state,
            to_state=state,
            reason_code=decision.command.reason_code,
            command_id=decision.command.command_id,
            text={"reason": reason} if reason else None,
        )
    )


def _keep(decision: Decision, event: EventDraft, wanted: Repair, state: RepairState) -> None:
    task = decision.tasks[event.item_code] if event.item_code else None
    is_done = state is RepairState.CARRIED_OUT
    number = decision.event_number(event)
    to_state = _draft(decision).to_state if wanted.verb is Verb.REWIND else None
    decision.changes.repair = RepairRow(
        event_number=number,
        verb=wanted.verb.value,
        item_code=event.item_code,
        to_state=to_state,
        version=_version(decision, task),
        reason_code=event.reason_code,
        asked_by=decision.actor.id,
        asked_at=decision.at,
        state=state.value,
        settled_by=decision.actor.id if is_done else None,
        settled_event_number=number if is_done else None,
    )
    written = {"verb": wanted.verb.value, "to_state": to_state, "state": state.value}
    event.wrote("repairs", {name: value for name, value in written.items() if value})


def _mark(decision: Decision, event: EventDraft, row: RepairRow, state: RepairState) -> None:
    """Note on the request what became of it."""
    event.body[REPAIR] = {"request": row.event_number, "state": state.value}
    row.state = state.value
    row.settled_by = decision.actor.id
    row.settled_event_number = decision.event_number(event)
    decision.changes.repair = row
