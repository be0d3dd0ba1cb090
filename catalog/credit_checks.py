"""What marks of broken promises must hold: only a commitment leaves one, and they can be lifted."""

from collections.abc import Iterator

from catalog.schema import ProcessDefinition
from catalog.source import Place
from core.text import Text
from workflows.process import Effect

Found = Iterator[tuple[Place, Text]]

NO_COMMITMENT = Text(
    zh="“{name}”记入信用记录（mark_credit），可是到达状态“{state}”不必作出承诺。",
    en='"{name}" leaves a mark on the record (mark_credit), but "{state}" can be reached without '
    "any commitment.",
)
NOT_LIFTED = Text(
    zh="“{name}”使撤销不再有效，撤销留下的信用记录要一并取消（lift_credit）。",
    en='"{name}" sets a revocation aside, so the mark that it left has to be lifted (lift_credit).',
)


def credit_mistakes(process: ProcessDefinition) -> Found:
    """Everything that is wrong with the marks that a process leaves and lifts."""
    final = {state.code: state.kind.is_final for state in process.states}
    plain = _without_commitment(process)
    marked = {row.destination for row in process.transitions if Effect.MARK_CREDIT in row.effects}
    for at, row in enumerate(process.transitions):
        if Effect.MARK_CREDIT in row.effects:
            for number, source in enumerate(row.sources):
                if source in plain:
                    words = NO_COMMITMENT.format(name=row.trigger, state=source)
                    yield ("transitions", at, "sources", number), words
        is_reopening = marked & {*row.sources} and not final.get(row.destination, True)
        if is_reopening and Effect.LIFT_CREDIT not in row.effects:
            yield ("transitions", at, "effects"), NOT_LIFTED.format(name=row.trigger)


def _without_commitment(process: ProcessDefinition) -> set[str]:
    """The states that can be reached by who made no commitment."""
    found: set[str] = set()
    ahead = [process.initial]
    while ahead:
        code = ahead.pop()
        if code not in found:
            found.add(code)
            rows = process.from_state(code)
            ahead.extend(row.destination for row in rows if not row.by_commitment)
    return found
