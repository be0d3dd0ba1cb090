"""At load, every expression is read, typed and tried on samples made from the form itself."""

from collections.abc import Iterator, Mapping
from typing import Final

from catalog.expression_syntax import ExpressionError, parse
from catalog.expression_types import Basic, Checker, Path, Type
from catalog.expressions import Facts, Undecided
from core.text import Text

SAMPLE_LENGTHS: Final = (0, 1, 3)
"""How long the sample lists are: none, one, several."""

_NEVER_DECIDED = Text(
    zh="即使所有问题都已回答，也得不出结果。",
    en="It gives no result even when every question is answered.",
)


def paths(expression: str, names: Mapping[str, Type]) -> frozenset[Path]:
    """The answers that ``expression`` asks for, e.g. ``("shareholders", "amount")``.

    Raises `ExpressionError` if the expression is wrong or asks for something unknown.
    """
    checker = Checker(names)
    checker.type_of(parse(expression))
    return frozenset(checker.paths)


def mistakes(
    expression: str, names: Mapping[str, Type], wanted: Basic = Basic.TRUTH
) -> Iterator[Text]:
    """What is wrong with ``expression``, at most one sentence; ``wanted`` is what it must give."""
    checker = Checker(names)
    try:
        result = checker.type_of(parse(expression))
    except ExpressionError as error:
        yield error.sentence
        return
    if result.basic is not wanted:
        yield _wrong_result(wanted)
        return
    asked = {path[0] for path in checker.paths}
    known = {name: kind for name, kind in names.items() if name in asked}
    decided = False
    for sample in _samples(known, checker.paths):
        outcome = _outcome(sample, expression, wanted)
        if not isinstance(outcome, bool | str | Undecided):
            yield _wrong_result(wanted)
            return
        decided = decided or not isinstance(outcome, Undecided)
    if not decided:
        yield _NEVER_DECIDED


def _outcome(sample: Mapping[str, object], expression: str, wanted: Basic) -> object:
    row = sample.get("row")
    facts = Facts({name: value for name, value in sample.items() if name != "row"})
    if wanted is Basic.TEXT:
        return facts.text(expression)
    return facts.decide(expression, row if isinstance(row, Mapping) else None)


def _samples(names: Mapping[str, Type], asked: set[Path]) -> Iterator[Mapping[str, object]]:
    """Everything answered with lists of several lengths; each question empty; each unanswered."""
    for length in SAMPLE_LENGTHS:
        yield {name: _filled(kind, length) for name, kind in names.items()}
    full = {name: _filled(kind, 1) for name, kind in names.items()}
    for path in asked:
        yield _with(full, path, None)
        yield _with(full, path, _empty)


def _filled(kind: Type, length: int) -> object:
    match kind.basic:
        case Basic.TEXT | Basic.ANY:
            # A date reads as any text would, so one sample serves every text.
            return min(kind.options) if kind.options else "2026-06-01"
        case Basic.WHOLE:
            return length
        case Basic.TRUTH:
            return length > 0
        case Basic.LIST:
            return [_filled(kind.element, at) for at in range(length)] if kind.element else []
        case Basic.RECORD:
            return {name: _filled(inner, length) for name, inner in kind.fields.items()}


def _empty(value: object) -> object:
    """What stands there if the question was left empty but kept."""
    match value:
        case bool():
            return False
        case int():
            return 0
        case list():
            return []
        case Mapping():
            return {}
    return ""


def _with(value: object, path: Path, put: object) -> dict[str, object]:
    changed = _changed(value, path, put)
    if not isinstance(changed, dict):
        raise TypeError("samples are sections by name")
    return changed


def _changed(value: object, path: Path, put: object) -> object:
    """``value`` with what lies at ``path``, in every line of a list, replaced by ``put``."""
    match value:
        case _ if not path:
            return put(value) if callable(put) else put
        case list():
            return [_changed(part, path, put) for part in value]
        case dict():
            return {
                name: _changed(part, path[1:], put) if name == path[0] else part
                for name, part in value.items()
            }
    return value


def _wrong_result(wanted: Basic) -> Text:
    if wanted is Basic.TEXT:
        return Text(zh="结果应是文字。", en="The result should be a text.")
    return Text(zh="结果应是“是”或“否”。", en="The result should be true or false.")
