"""What rules that decide without a hand must hold: they grant, can be decided, and are lawful."""

from collections import Counter
from collections.abc import Iterator, Mapping

from catalog import trust
from catalog.automatic_decisions import AutomaticDecision, Condition, Trust
from catalog.expression_checks import mistakes
from catalog.schema import Item, OneThing, ProcessDefinition
from catalog.source import Place
from core.text import Text
from workflows.process import Effect, State, StateKind, Transition

Found = Iterator[tuple[Place, Text]]

ONLY_GRANTS = Text(
    zh="规则只能准予，不能作出其他决定：“{name}”应到达办结（通过）的状态，办件流程里应创建分办件（fan_out）。",
    en='Rules may grant and decide nothing else: "{name}" should lead to a positive state, or in '
    "a case process create the tasks (fan_out).",
)
ONLY_BY_RULE = Text(
    zh="“{name}”由规则触发，不能同时是自动、到期或者逾期的动作。",
    en='"{name}" is fired by rules; it cannot be automatic, at a limit or overdue as well.',
)
FOUR_EYES = Text(
    zh="从“{state}”出发的决定要两个人办理，不能由规则代替。",
    en='Decisions from "{state}" need two persons; rules cannot stand in for them.',
)
TWO_HANDS = Text(
    zh="流程里的准予要两个人办理，规则不能从“{name}”绕过。",
    en='The process grants by two persons; "{name}" cannot go round them.',
)
NOT_OPEN = Text(
    zh="规则只能办理正在办理的状态，“{state}”还没有开始或者已经办结。",
    en='Rules may act only on what is open; "{state}" has not begun or has ended.',
)
NO_WAY = Text(
    zh="流程 {process} 没有由规则准予的一步（by_rule）。",
    en="The process {process} has no step that rules may take (by_rule).",
)
NO_ACCEPTANCE = Text(
    zh="事项“{name}”的部门负责受理，流程 {process} 却没有由规则受理的一步（by_rule）。",
    en='The office of "{name}" accepts the case, but the process {process} has no step by which '
    "rules accept it (by_rule).",
)
UNSAFE = Text(
    zh="事项“{name}”关系国家安全、公共安全或者生命健康，不能由规则准予。",
    en='"{name}" concerns national security, public safety or life and health; rules may not '
    "grant it.",
)
TRUSTED_LESS = Text(
    zh="条件“{name}”用到的“{path}”只有 {level} 级，低于要求的 {least} 级。",
    en='"{path}" in the condition "{name}" has the trust {level}, less than the {least} asked for.',
)
NO_BASIS = Text(
    zh="条件“{name}”以申请人的声明为准，请写明法律依据（legal_basis）。",
    en='The condition "{name}" rests on what the applicant says; name the law that allows it '
    "(legal_basis).",
)
TWICE = Text(zh="条件“{name}”写了两次。", en='The condition "{name}" is written twice.')


def rule_row_mistakes(process: ProcessDefinition) -> Found:
    """Everything that is wrong with the rows ``by_rule`` of a process."""
    states = {state.code: state for state in process.states}
    for at, row in enumerate(process.transitions):
        if not row.by_rule or row.destination not in states:
            continue
        place: Place = ("transitions", at)
        if row.automatic or row.at_limit or row.overdue:
            yield (*place, "by_rule"), ONLY_BY_RULE.format(name=row.trigger)
        if not _grants(row, states[row.destination]):
            yield (*place, "destination"), ONLY_GRANTS.format(name=row.trigger)
        if _is_for_two(process, states, states[row.destination]):
            yield (*place, "destination"), TWO_HANDS.format(name=row.trigger)
        yield from _sources((*place, "sources"), row, process, states)


def _sources(
    place: Place, row: Transition, process: ProcessDefinition, states: Mapping[str, State]
) -> Found:
    for number, source in enumerate(row.sources):
        if any(other.different_officer for other in process.from_state(source)):
            yield (*place, number), FOUR_EYES.format(state=source)
        if source in states and states[source].kind is not StateKind.OPEN:
            yield (*place, number), NOT_OPEN.format(state=source)


def _is_for_two(process: ProcessDefinition, states: Mapping[str, State], reached: State) -> bool:
    """Whether people grant it by other hands than those that prepared it, from wherever."""
    return reached.kind is StateKind.POSITIVE and any(
        row.different_officer
        and row.destination in states
        and states[row.destination].kind is StateKind.POSITIVE
        for row in process.transitions
    )


def _grants(row: Transition, reached: State) -> bool:
    return reached.kind is StateKind.POSITIVE or Effect.FAN_OUT in row.effects


def rule_set_mistakes(
    place: Place, item: Item, thing: OneThing, processes: Mapping[str, ProcessDefinition]
) -> Found:
    """Everything that is wrong with the rule set of ``item``; ``processes`` are those it uses."""
    rules = item.automatic_decision
    if rules is None:
        return
    if item.is_safety_class:
        yield place, UNSAFE.format(name=item.code)
    process = processes.get(item.process)
    if process is not None and not any(row.by_rule for row in process.transitions):
        yield place, NO_WAY.format(process=process.code)
    accepting = processes.get(thing.case_process)
    is_acceptor = item.code == thing.accepted_by
    if is_acceptor and accepting and not any(row.by_rule for row in accepting.transitions):
        yield place, NO_ACCEPTANCE.format(name=item.code, process=accepting.code)
    yield from _conditions((*place, "conditions"), rules, thing)


def _conditions(place: Place, rules: AutomaticDecision, thing: OneThing) -> Found:
    counted = Counter(each.code for each in rules.conditions)
    names = trust.names_of(thing)
    for at, condition in enumerate(rules.conditions):
        if counted[condition.code] > 1:
            yield (*place, at, "code"), TWICE.format(name=condition.code)
        wrong = list(mistakes(condition.expression, names))
        for sentence in wrong:
            yield (*place, at, "expression"), sentence
        if not wrong:
            yield from _trusted((*place, at), condition, thing)


def _trusted(place: Place, condition: Condition, thing: OneThing) -> Found:
    for path, level in trust.facts_of(thing, condition).items():
        if not level.is_at_least(condition.least_trust):
            yield (
                (*place, "least_trust"),
                TRUSTED_LESS.format(
                    name=condition.code, path=path, level=level, least=condition.least_trust
                ),
            )
    if condition.least_trust is Trust.DECLARED and condition.legal_basis is None:
        yield (*place, "legal_basis"), NO_BASIS.format(name=condition.code)
