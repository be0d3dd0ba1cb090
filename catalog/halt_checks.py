"""What a step that makes others wait must hold: it can be answered, and cuts off no right."""

from collections.abc import Iterable, Iterator

from catalog.schema import ProcessDefinition
from catalog.source import Place
from core.text import Text
from workflows.order import answers_to
from workflows.permissions import Permission
from workflows.process import Transition

Found = Iterator[tuple[Place, Text]]

HALTS_NOTHING = Text(
    zh="没有由人办理的动作“{name}”，不能让它等待。",
    en='There is no step "{name}" of a person that could wait.',
)
NO_ANSWER = Text(
    zh="“{name}”让别的动作等待，却没有答复它的动作（follows），会永远等下去。",
    en='"{name}" makes other steps wait, and no step answers it (follows): they would wait for '
    "ever.",
)
CUT_OFF = Text(
    zh="“{question}”以后可以到达状态“{state}”，申请人在那里却不能“{answer}”：权利会被中断。",
    en='After "{question}" the state "{state}" can be reached, and the applicant cannot '
    '"{answer}" there: a right would be cut off.',
)
NO_PAPER = Text(
    zh="“{name}”的期限从送达起算（from_service），它答复的“{question}”却没有文书。",
    en='The time of "{name}" counts from service (from_service), and "{question}", which it '
    "answers, issues no document.",
)


def halt_mistakes(process: ProcessDefinition) -> Found:
    """Everything that is wrong with the steps of a process that make others wait."""
    known = {row.trigger for row in process.transitions if not row.by_itself}
    for at, row in enumerate(process.transitions):
        place: Place = ("transitions", at)
        for number, trigger in enumerate(row.halts):
            if trigger not in known:
                yield (*place, "halts", number), HALTS_NOTHING.format(name=trigger)
        if row.halts:
            yield from _answerable((*place, "halts"), row, process)
        yield from _served((*place, "follows", "within"), row, process)


def _answerable(place: Place, question: Transition, process: ProcessDefinition) -> Found:
    answers = answers_to(process, question.trigger)
    if not answers:
        yield place, NO_ANSWER.format(name=question.trigger)
    rights = {row.trigger for row in answers if row.permission is Permission.CASE_APPLY}
    for state in _open_in(question, process):
        possible = {row.trigger for row in process.from_state(state)}
        for trigger in sorted(rights - possible):
            words = {"question": question.trigger, "state": state, "answer": trigger}
            yield place, CUT_OFF.format(**words)


def _open_in(question: Transition, process: ProcessDefinition) -> Iterable[str]:
    """The states in which a step may stand unanswered, in the order of the file."""
    final = {state.code for state in process.states if state.kind.is_final}
    found: set[str] = set()
    ahead = [question.destination]
    while ahead:
        code = ahead.pop()
        if code in found | final:
            continue
        found.add(code)
        ahead.extend(
            row.destination
            for row in process.from_state(code)
            if row.trigger not in question.halts
            and not (row.follows and question.trigger in row.follows.triggers)
        )
    return [state.code for state in process.states if state.code in found]


def _served(place: Place, row: Transition, process: ProcessDefinition) -> Found:
    if row.follows is None or row.follows.within is None or not row.follows.within.from_service:
        return
    for trigger in row.follows.triggers:
        asked = [each for each in process.transitions if each.trigger == trigger]
        if any(each.document is None for each in asked):
            yield place, NO_PAPER.format(name=row.trigger, question=trigger)
