"""What a process must hold: every state reachable, none a trap, an end in sight."""

from collections import Counter
from collections.abc import Iterable, Iterator

from catalog.automatic_decision_checks import rule_row_mistakes
from catalog.consent_checks import consent_mistakes
from catalog.credit_checks import credit_mistakes
from catalog.exit_checks import exit_mistakes
from catalog.halt_checks import halt_mistakes
from catalog.hand_checks import hand_mistakes
from catalog.question_checks import question_mistakes
from catalog.schema import ProcessDefinition
from catalog.source import Place
from core.text import Text
from workflows.permissions import Permission
from workflows.process import (
    CARD_PROCESS,
    FACTS,
    SUPERVISION_ACTS,
    ClockEffect,
    Handler,
    StateKind,
)

Found = Iterator[tuple[Place, Text]]


def process_mistakes(process: ProcessDefinition) -> Found:
    """Everything that is wrong with a process whose shape is right."""
    known = {state.code for state in process.states}
    yield from _names(process, known)
    yield from _reserved(process)
    yield from _ambiguities(process)
    reached = _reached(process, [process.initial])
    for at, state in enumerate(process.states):
        place: Place = ("states", at)
        leaving = process.from_state(state.code)
        if state.code not in reached:
            yield (*place, "code"), _about("没有动作能到达状态“{name}”。", state.code, "unreached")
        if state.kind.is_final and any(not row.leaves_end for row in leaving if not row.automatic):
            yield (*place, "kind"), _about("办结状态“{name}”不能再有动作。", state.code, "final")
        if not state.kind.is_final and not _ends(process, state.code):
            yield (*place, "code"), _about("从状态“{name}”走不到任何终点。", state.code, "endless")
        if state.kind is StateKind.OPEN and state.clock is ClockEffect.STOPPED:
            yield (*place, "clock"), _about("办理中的状态“{name}”没有计时。", state.code, "clock")
        if state.handler is not Handler.NOBODY and all(row.by_itself for row in leaving):
            yield (*place, "handler"), _about("状态“{name}”没有人可做的动作。", state.code, "idle")
    for check in _CHECKS:
        yield from check(process)


_ENGLISH = {
    "unreached": 'Nothing leads to the state "{name}".',
    "final": 'Nothing may leave the final state "{name}".',
    "endless": 'No end can be reached from the state "{name}".',
    "clock": 'No clock runs in the open state "{name}".',
    "idle": 'There is nothing for anybody to do in the state "{name}".',
}


def _names(process: ProcessDefinition, known: set[str]) -> Found:
    if process.initial not in known:
        yield ("initial",), _unknown_state(process.initial)
    counted = Counter(state.code for state in process.states)
    for at, state in enumerate(process.states):
        if counted[state.code] > 1:
            yield (
                ("states", at, "code"),
                Text(zh=f"状态“{state.code}”写了两次。", en=f'"{state.code}" is written twice.'),
            )
    yield from _transition_names(process, known)


def _transition_names(process: ProcessDefinition, known: set[str]) -> Found:
    for at, row in enumerate(process.transitions):
        for number, source in enumerate(row.sources):
            if source not in known:
                yield ("transitions", at, "sources", number), _unknown_state(source)
        if row.destination not in known:
            yield ("transitions", at, "destination"), _unknown_state(row.destination)
        if row.by_itself != (row.permission is Permission.ENGINE_ADVANCE):
            yield (
                ("transitions", at, "permission"),
                Text(
                    zh="自动动作的权限应是 engine:advance，其他动作不能用它。",
                    en="Automatic rows have the permission engine:advance, and no others do.",
                ),
            )


def _reserved(process: ProcessDefinition) -> Found:
    """A step with the name of an act of its own would never be taken: the act comes first."""
    own = process.code == CARD_PROCESS
    for at, row in enumerate(process.transitions):
        if not own and row.trigger in SUPERVISION_ACTS:
            yield (
                ("transitions", at, "trigger"),
                Text(
                    zh="动作“{name}”是督办自己的动作（变色、超期原因、督办牌），请换一个名字。",
                    en='"{name}" is an act of supervision itself; call the step something else.',
                ).format(name=row.trigger),
            )
        if row.trigger in FACTS - SUPERVISION_ACTS:
            yield (
                ("transitions", at, "trigger"),
                Text(
                    zh="动作“{name}”是系统自己的动作"
                    "（领取、放回、转交、指派、回避、重新计算时限、按规则评估），请换一个名字。",
                    en='"{name}" is an act of the system itself; call the step something else.',
                ).format(name=row.trigger),
            )


def _ambiguities(process: ProcessDefinition) -> Found:
    seen: set[tuple[str, str]] = set()
    for at, row in enumerate(process.transitions):
        for number, source in enumerate(row.sources):
            if (source, row.trigger) in seen:
                yield (
                    ("transitions", at, "sources", number),
                    Text(
                        zh=f"状态“{source}”的动作“{row.trigger}”写了两次，不知道该走哪一条。",
                        en=f'"{row.trigger}" leaves "{source}" twice; only one can be meant.',
                    ),
                )
            seen.add((source, row.trigger))


def _inputs(process: ProcessDefinition) -> Found:
    triggers = {row.trigger for row in process.transitions}
    for trigger, questions in process.inputs.items():
        if trigger not in triggers:
            yield (
                ("inputs", trigger),
                Text(zh=f"没有动作“{trigger}”。", en=f'There is no trigger "{trigger}".'),
            )
        for at, question in enumerate(questions):
            yield from question_mistakes(("inputs", trigger, at), question, {})


def _reasons(process: ProcessDefinition) -> Found:
    """Usual reasons belong to steps that take words, and each is named once."""
    takes_words = {
        row.trigger
        for row in process.transitions
        if not row.by_itself and (row.reason_required or row.items_required)
    }
    for trigger, reasons in process.reasons.items():
        if trigger not in takes_words:
            yield (
                ("reasons", trigger),
                Text(
                    zh=f"没有需要写理由的动作“{trigger}”。",
                    en=f'There is no trigger "{trigger}" that takes a reason.',
                ),
            )
        for at, reason in enumerate(reasons):
            if reason.code in {earlier.code for earlier in reasons[:at]}:
                yield (
                    ("reasons", trigger, at, "code"),
                    Text(
                        zh=f"理由“{reason.code}”写了两次。",
                        en=f'The reason "{reason.code}" is written twice.',
                    ),
                )


def _notices(process: ProcessDefinition) -> Found:
    """A notice may name what the service fills in, and nothing else."""
    for at, row in enumerate(process.transitions):
        for language, words in (("zh", row.notice.zh), ("en", row.notice.en)) if row.notice else ():
            try:
                words.format(count=0, day="")
            except (KeyError, IndexError, ValueError):
                yield (
                    ("transitions", at, "notice", language),
                    Text(
                        zh="通知里只能用 {count}（几处）和 {day}（最后一天）。",
                        en="A notice may hold {count} (places) and {day} (the last day) alone.",
                    ),
                )


def _reached(process: ProcessDefinition, start: Iterable[str]) -> set[str]:
    found: set[str] = set()
    ahead = list(start)
    while ahead:
        code = ahead.pop()
        if code not in found:
            found.add(code)
            ahead.extend(row.destination for row in process.from_state(code))
    return found


def _ends(process: ProcessDefinition, code: str) -> bool:
    final = {state.code for state in process.states if state.kind.is_final}
    return bool(_reached(process, [code]) & final)


def _about(chinese: str, name: str, kind: str) -> Text:
    return Text(zh=chinese, en=_ENGLISH[kind]).format(name=name)


def _unknown_state(code: str) -> Text:
    return Text(zh=f"没有状态“{code}”。", en=f'There is no state "{code}".')


_CHECKS = (
    exit_mistakes,
    consent_mistakes,
    rule_row_mistakes,
    halt_mistakes,
    credit_mistakes,
    _inputs,
    _reasons,
    _notices,
    hand_mistakes,
)
