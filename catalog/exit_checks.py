"""What the ways out of a process must hold: pauses, limits, ends, documents, answers."""

from collections.abc import Iterator

from catalog.schema import FieldKind, ProcessDefinition
from catalog.source import Place
from core.text import Text
from workflows.permissions import Permission
from workflows.process import (
    SPECIAL_PROCEDURES,
    ClockEffect,
    Effect,
    Handler,
    State,
    StateKind,
    Transition,
)

Found = Iterator[tuple[Place, Text]]

CAUSE = "cause"
"""The input of a step into a special procedure: which cause of the law it is."""
EXPECTED_DAYS = "expected_days"
"""And how many working days it is expected to take: the law asks to tell this in writing."""

NAMES_A_DAY = frozenset({Effect.ASK_TO_MEND, Effect.REOPEN_FOR_CORRECTIONS})
"""Effects that find the last day themselves, where the officer names none."""

NO_CAUSE = Text(
    zh="状态“{name}”停止计时，却没有法定事由：请写 pause，"
    "或者让进入它的每一步填写法定情形（cause）和预计天数（expected_days）。",
    en='The clock stands still in "{name}" without a lawful cause: give its pause, or let each '
    "step into it ask for the cause and the expected_days.",
)
NO_PAUSE_LAW = Text(
    zh="状态“{name}”停止计时，请写明依据哪一条法律（legal_basis）。",
    en='The clock stands still in "{name}"; say by which law (legal_basis).',
)
NO_NOTICE = Text(
    zh="“{name}”使状态“{state}”停止计时，申请人要收到书面通知：请写明文书（document）。",
    en='"{name}" makes the clock stand still in "{state}", which the applicant is told in '
    "writing; give its document.",
)
NOT_PAUSED = Text(
    zh="状态“{name}”没有停止计时，不能写 pause。",
    en='The clock does not stand still in "{name}", so it has no pause.',
)
NOBODY_MENDS = Text(
    zh="状态“{name}”让申请人修改申请表，却没有申请人提交的一步。",
    en='The form is open in "{name}", but there is no step with which the applicant sends it.',
)
NO_LIMIT = Text(
    zh="到期动作“{name}”离开的状态“{state}”没有期限（limit）。",
    en='"{name}" is fired at a limit, but "{state}" has none.',
)
NO_DAY = Text(
    zh="“{name}”进入状态“{state}”，要填写期限“{input}”（日期，必填）。",
    en='"{name}" leads to "{state}" and must ask for its last day "{input}", a date.',
)
TWO_AT_LIMIT = Text(
    zh="状态“{state}”有两个到期动作，不知道该走哪一个。",
    en='Two steps are fired at the limit of "{state}"; only one can be meant.',
)
SILENT_GRANT = Text(
    zh="“{name}”让逾期产生法律后果（视为受理、默示许可或者失效），必须写明法律依据（legal_basis）。",
    en='"{name}" makes silence accept, grant or end something; give its legal_basis.',
)
ENDS_NOTHING = Text(
    zh="“{name}”没有离开任何办结状态，不要写 leaves_end。",
    en='"{name}" leaves no final state; leave out leaves_end.',
)
RETURN_ENDS = Text(
    zh="“{name}”要求修改，不能同时结束这一件：退回不能掩盖不予办理。",
    en='"{name}" asks for changes and cannot end the case: a return must not hide a refusal.',
)
NO_REASON = Text(
    zh="“{name}”不予办理，必须要求写明理由（reason_required）。",
    en='"{name}" ends it against the applicant and must ask for the reason (reason_required).',
)
NO_REMEDY = Text(
    zh="“{name}”的文书告知救济途径，它到达的状态也要写明（remedy）。",
    en='The document of "{name}" tells of remedies, so the state it leads to needs a remedy.',
)
TWO_TITLES = Text(
    zh="文书“{name}”有两个不同的名称。", en='The document "{name}" has two different titles.'
)
NOT_THE_ENGINES = Text(
    zh="“{name}”由系统自动进行，不能写 once、follows 或 within。",
    en='"{name}" is fired by the engine, so once, follows and within say nothing.',
)
FOLLOWS_NOTHING = Text(
    zh="没有由人办理的动作“{name}”，不能答复它。",
    en='There is no step "{name}" of a person that could be answered.',
)
NO_RELEASE = Text(
    zh="by_commitment 只用于从等待状态自动启动的一步。",
    en="by_commitment is only for an automatic step out of a waiting state.",
)
NO_END = Text(
    zh="overdue 的一步应到达不予办理或者不再办理的状态。",
    en="A step that is overdue leads to a negative or a void state.",
)
HOW_TO_EXTEND = Text(
    zh="延期须由负责人批准（task:extend），写明理由，并且只有一次（once）。",
    en="An extension needs task:extend, a reason, and happens once.",
)


def exit_mistakes(process: ProcessDefinition) -> Found:
    """Everything that is wrong with pauses, ends and documents of a process."""
    states = {state.code: state for state in process.states}
    for at, state in enumerate(process.states):
        yield from _pause(("states", at), state, process)
        if state.opens_form and not _is_sent_by_applicant(state, process):
            yield ("states", at, "opens_form"), NOBODY_MENDS.format(name=state.code)
        if sum(row.at_limit for row in process.from_state(state.code)) > 1:
            yield ("states", at, "limit"), TWO_AT_LIMIT.format(state=state.code)
    for at, row in enumerate(process.transitions):
        if row.destination not in states or not set(row.sources) <= set(states):
            continue  # told elsewhere
        place: Place = ("transitions", at)
        yield from _limit(place, row, states)
        yield from _day((*place, "destination"), row, states[row.destination], process)
        yield from _end(place, row, states)
        yield from _written(place, row, states)
        yield from _order(place, row, process)
        if Effect.EXTEND_LIMIT in row.effects and not _may_extend(row):
            yield (*place, "effects"), HOW_TO_EXTEND
    yield from _titles(process)


def _pause(place: Place, state: State, process: ProcessDefinition) -> Found:
    if state.clock is not ClockEffect.PAUSED:
        if state.pause is not None:
            yield (*place, "pause"), NOT_PAUSED.format(name=state.code)
        return
    if state.legal_basis is None:
        yield (*place, "clock"), NO_PAUSE_LAW.format(name=state.code)
    if state.pause is None:
        steps = [
            row
            for row in process.transitions
            if row.destination == state.code and set(row.sources) != {state.code}
        ]
        if not steps or not all(_names_cause(row, process) for row in steps):
            yield (*place, "clock"), NO_CAUSE.format(name=state.code)


def _written(place: Place, row: Transition, states: dict[str, State]) -> Found:
    """Who has to wait without the time being counted is told so on paper, by every step there."""
    reached = states[row.destination]
    comes_in = set(row.sources) - {reached.code}
    if reached.clock is ClockEffect.PAUSED and comes_in and row.document is None:
        yield (*place, "destination"), NO_NOTICE.format(name=row.trigger, state=reached.code)


def _names_cause(row: Transition, process: ProcessDefinition) -> bool:
    asked = {field.code: field for field in process.inputs.get(row.trigger, ())}
    cause, days = asked.get(CAUSE), asked.get(EXPECTED_DAYS)
    return (
        cause is not None
        and cause.required
        and {option.value for option in cause.options}
        <= {each.value for each in SPECIAL_PROCEDURES}
        and bool(cause.options)
        and days is not None
        and days.required
        and days.kind is FieldKind.INTEGER
    )


def _is_sent_by_applicant(state: State, process: ProcessDefinition) -> bool:
    return state.handler is Handler.APPLICANT and any(
        row.permission is Permission.CASE_APPLY and row.destination != state.code
        for row in process.from_state(state.code)
    )


def _limit(place: Place, row: Transition, states: dict[str, State]) -> Found:
    if not row.at_limit or Effect.LAPSE_PROMISES in row.effects:
        return  # promised papers have their own days
    for number, source in enumerate(row.sources):
        if states[source].limit is None:
            yield (
                (*place, "sources", number),
                NO_LIMIT.format(name=row.trigger, state=source),
            )
    has_effect = states[row.destination].kind.is_final or Effect.FAN_OUT in row.effects
    stays_granted = all(states[source].kind.is_final for source in row.sources)
    if has_effect and not stays_granted and row.legal_basis is None:
        yield (*place, "at_limit"), SILENT_GRANT.format(name=row.trigger)


def _day(place: Place, row: Transition, reached: State, process: ProcessDefinition) -> Found:
    """A state that ends on a named day has to be told that day by every step into it."""
    name = reached.limit.input if reached.limit else None
    if name is None or set(row.sources) == {reached.code} or NAMES_A_DAY & {*row.effects}:
        return
    asked = {field.code: field for field in process.inputs.get(row.trigger, ())}
    field = asked.get(name)
    if field is None or field.kind is not FieldKind.DATE or not field.required:
        words = NO_DAY.format(name=row.trigger, state=reached.code, input=name)
        yield place, words


def _end(place: Place, row: Transition, states: dict[str, State]) -> Found:
    reached = states[row.destination]
    if row.leaves_end and not any(states[source].kind.is_final for source in row.sources):
        yield (*place, "leaves_end"), ENDS_NOTHING.format(name=row.trigger)
    if row.items_required and reached.kind.is_final:
        yield (*place, "destination"), RETURN_ENDS.format(name=row.trigger)
    is_refusal = reached.kind is StateKind.NEGATIVE and not row.by_itself
    if is_refusal and not row.reason_required:
        yield (*place, "trigger"), NO_REASON.format(name=row.trigger)
    if row.document is not None and row.document.has_remedies and reached.remedy is None:
        yield (*place, "document"), NO_REMEDY.format(name=row.trigger)
    if row.overdue and reached.kind not in {StateKind.NEGATIVE, StateKind.VOID}:
        yield (*place, "destination"), NO_END
    if row.by_commitment and not (
        row.automatic and all(states[source].kind is StateKind.WAITING for source in row.sources)
    ):
        yield (*place, "by_commitment"), NO_RELEASE


def _order(place: Place, row: Transition, process: ProcessDefinition) -> Found:
    if row.by_itself and (row.once or row.follows or row.within):
        yield (*place, "trigger"), NOT_THE_ENGINES.format(name=row.trigger)
    known = {other.trigger for other in process.transitions if not other.by_itself}
    for number, trigger in enumerate(row.follows.triggers if row.follows else ()):
        if trigger not in known:
            yield (
                (*place, "follows", "triggers", number),
                FOLLOWS_NOTHING.format(name=trigger),
            )


def _may_extend(row: Transition) -> bool:
    by_head = {Permission.TASK_EXTEND, Permission.CASE_EXTEND}
    return row.once and row.reason_required and row.permission in by_head


def _titles(process: ProcessDefinition) -> Found:
    titles: dict[str, Text] = {}
    for at, row in enumerate(process.transitions):
        if row.document is None:
            continue
        if titles.setdefault(row.document.code, row.document.title) != row.document.title:
            yield (
                ("transitions", at, "document", "title"),
                TWO_TITLES.format(name=row.document.code),
            )
