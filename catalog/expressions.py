"""Rules and conditions in CEL: compiled once, evaluated safely, undecided if a fact is missing."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import cel

from catalog import business_scope, regions
from catalog.expression_syntax import ExpressionError
from catalog.expression_syntax import parse as parse_expression
from core.text import Text

MAXIMUM_LIST = 200
MAXIMUM_TEXT = 10_000
MAXIMUM_DEPTH = 6

_HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x323AF), (0x3007, 0x3007))
"""Where Unicode keeps Chinese characters; names of persons and companies use rare ones too."""

# A function that raises makes the rule undecided, which the caller sees. The library would also
# log the exception with the value it was given, and values are people's answers.
logging.getLogger("cel").addFilter(lambda record: False)


@dataclass(frozen=True, slots=True)
class Undecided:
    """A fact is missing, so the rule is neither kept nor broken.

    False in an ``if``, so that it never approves anything.
    """

    reason: str

    def __bool__(self) -> bool:
        return False


def characters(text: str) -> int:
    """How many characters ``text`` has; CEL's own ``size`` counts UTF-8 bytes."""
    return len(text)


def days_between(first: str, second: str) -> int:
    """Calendar days from ``first`` to ``second`` (``YYYY-MM-DD``), negative if it lies before."""
    return (date.fromisoformat(second) - date.fromisoformat(first)).days


def years_after(day: str, years: int) -> str:
    """The day ``years`` after ``day``; 29 February becomes 28 February where there is none."""
    start = date.fromisoformat(day)
    try:
        return start.replace(year=start.year + years).isoformat()
    except ValueError:
        return start.replace(year=start.year + years, day=28).isoformat()


def are_distinct(values: Sequence[str | int]) -> bool:
    """True if no value stands twice."""
    return len(set(values)) == len(values)


def is_chinese(text: str) -> bool:
    """True if ``text`` is not empty and has nothing but Chinese characters (规范汉字)."""
    return bool(text) and all(any(low <= ord(mark) <= high for low, high in _HAN) for mark in text)


def starts_with_any(text: str, beginnings: Sequence[str]) -> bool:
    """True if ``text`` begins with one of ``beginnings``."""
    return text.startswith(tuple(beginnings))


def contains_any(text: str, words: Sequence[str]) -> bool:
    """True if one of ``words`` stands somewhere in ``text``."""
    return any(word in text for word in words)


def is_division_name(text: str) -> bool:
    """True if ``text`` is the name of a county or anything above it, with or without its suffix."""
    return regions.is_county_or_above(text)


def is_pre_licence(code: str) -> bool:
    """True if the business-scope entry needs its permit before registration (前置许可)."""
    entry = business_scope.get(code)
    return entry is not None and entry.kind == "pre_licence"


FUNCTIONS: Final[Mapping[str, Callable[..., object]]] = {
    "characters": characters,
    "sum": sum,
    "days_between": days_between,
    "years_after": years_after,
    "are_distinct": are_distinct,
    "is_chinese": is_chinese,
    "starts_with_any": starts_with_any,
    "contains_any": contains_any,
    "is_division_name": is_division_name,
    "is_pre_licence": is_pre_licence,
}


@lru_cache(maxsize=4096)
def compiled(expression: str) -> cel.Program:
    """The program of ``expression``, made once. Raises `ExpressionError` if it cannot be read."""
    parse_expression(expression)
    try:
        return cel.compile(expression)
    except ValueError as error:
        raise ExpressionError(
            Text(zh="表达式的写法不对。", en="The expression is not well formed.")
        ) from error


class Facts:
    """What is known when rules are asked: the answers by section, and the circumstances.

    Unanswered questions (None) are left out, so that asking for one leaves the rule undecided
    unless the rule asks ``has(…)`` first.
    """

    def __init__(self, values: Mapping[str, object]) -> None:
        self._trouble: str | None = None
        try:
            known = {name: _known(value, 1) for name, value in values.items() if value is not None}
        except ValueError as error:
            self._trouble, known = str(error), {}
        self._context = cel.Context(variables={"row": {}} | known, functions=dict(FUNCTIONS))
        self._has_row = "row" in known

    def learn(self, name: str, value: object) -> None:
        """Know one more section, without reading again what was known before."""
        if self._trouble is not None:
            return
        try:
            self._context.add_variable(name, _known(value, 1))
        except ValueError as error:
            self._trouble = str(error)

    def decide(
        self, expression: str, row: Mapping[str, object] | None = None
    ) -> "bool | Undecided":
        """True or false, or `Undecided`; never an exception. ``row`` is the line it is asked of."""
        result = self._run(expression, row)
        if isinstance(result, bool | Undecided):
            return result
        return Undecided("the result is neither true nor false")

    def text(self, expression: str) -> "str | Undecided":
        """The text that ``expression`` gives, or `Undecided`; never an exception."""
        result = self._run(expression, None)
        if isinstance(result, str | Undecided):
            return result
        return Undecided("the result is no text")

    def _run(self, expression: str, row: Mapping[str, object] | None) -> object:
        if self._trouble is not None:
            return Undecided(self._trouble)
        try:
            if row is not None or self._has_row:
                self._context.add_variable("row", _known(row or {}, 1))
                self._has_row = row is not None
            return compiled(expression).execute(self._context)
        except ExpressionError as error:
            return Undecided(error.sentence.en)
        except (
            KeyError,
            IndexError,
            TypeError,
            ValueError,
            ArithmeticError,
            RuntimeError,
        ) as error:
            # The text of these may hold answers; their kind is enough.
            return Undecided(type(error).__name__)


def evaluate(expression: str, context: Mapping[str, object]) -> bool | Undecided:
    """Decide one ``expression`` over ``context`` (``row`` in it is the line it is asked of)."""
    row = context.get("row")
    return Facts(context).decide(expression, row if isinstance(row, Mapping) else None)


def _known(value: object, depth: int) -> object:
    """``value`` without what is unanswered. Raises ValueError if it is larger than any form."""
    if depth > MAXIMUM_DEPTH:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        if len(value) > MAXIMUM_TEXT:
            raise ValueError("a text is too long")
        return value
    if isinstance(value, dict | Mapping):
        return {
            str(name): _known(part, depth + 1) for name, part in value.items() if part is not None
        }
    if isinstance(value, list | tuple):
        if len(value) > MAXIMUM_LIST:
            raise ValueError("a list is too long")
        return [_known(part, depth + 1) for part in value if part is not None]
    return value
