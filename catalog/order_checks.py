"""In which order items may be granted, and that all of them can be taken up again."""

from collections.abc import Iterator, Mapping

from catalog.schema import Item, OneThing, ProcessDefinition
from catalog.source import Place
from core.text import Text
from workflows.process import Effect, StateKind

Found = Iterator[tuple[Place, Text]]

UNKNOWN = Text(zh="没有事项“{code}”。", en='There is no item "{code}".')
CIRCLE = Text(
    zh="事项“{code}”要等自己办好才能准予，永远办不成。",
    en='"{code}" could be granted only after itself, so never.',
)
NO_WAY_BACK = Text(
    zh="流程 {case} 可以恢复撤回的办件，流程 {process} 的“{state}”"
    "却没有随办件恢复的一步（restore）。",
    en="The process {case} can reopen a case, but {process} has no automatic row like restore "
    'out of "{state}".',
)


def order_mistakes(
    place: Place, item: Item, thing: OneThing, processes: Mapping[str, ProcessDefinition]
) -> Found:
    """What is wrong with what must hold before ``item`` is granted, and with its way back."""
    known = {other.code for other in thing.items}
    for at, code in enumerate(item.decide_after):
        if code not in known:
            yield (*place, "decide_after", at), UNKNOWN.format(code=code)
    if item.decide_after and item.code in _rests_on(item, thing):
        yield (*place, "decide_after"), CIRCLE.format(code=item.code)
    process = processes.get(item.process)
    if process is not None:
        case_process = processes.get(thing.case_process)
        yield from reopening_mistakes((*place, "process"), process, case_process)


def reopening_mistakes(
    place: Place, process: ProcessDefinition, case_process: ProcessDefinition | None
) -> Found:
    """What a case cancels with its end must come back when the case is reopened."""
    rows = case_process.transitions if case_process else ()
    if case_process is None or not any(Effect.REOPEN_CASE in row.effects for row in rows):
        return
    kinds = {state.code: state.kind for state in process.states}
    for code in sorted(_cancelled(process, kinds)):
        back = (row for row in process.from_state(code) if row.automatic and row.leaves_end)
        if not any(kinds.get(row.destination) is StateKind.WAITING for row in back):
            words = {"case": case_process.code, "process": process.code}
            yield place, NO_WAY_BACK.format(**words, state=code)


def _cancelled(process: ProcessDefinition, kinds: Mapping[str, StateKind]) -> set[str]:
    """The states into which the engine itself puts what is open when its case ends."""
    return {
        row.destination
        for row in process.transitions
        if row.automatic
        and kinds.get(row.destination) is StateKind.VOID
        and any(kinds.get(source) is StateKind.OPEN for source in row.sources)
    }


def _rests_on(item: Item, thing: OneThing) -> set[str]:
    """Every item that must hold before ``item`` is granted, or before it can start."""
    needs = {other.code: (*other.after, *other.decide_after) for other in thing.items}
    found: set[str] = set()
    ahead = list(needs[item.code])
    while ahead:
        code = ahead.pop()
        if code not in found:
            found.add(code)
            ahead.extend(needs.get(code, ()))
    return found
