"""The local numbers of a one-thing (本地标准): named once, put wherever they are needed."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import Field as Bounded

from catalog.source import Place
from core.text import Text
from workflows.process import Code, Frozen

Found = Iterator[tuple[Place, Text]]

SECTION: Final = "parameters"
EXPRESSIONS: Final = frozenset({"when", "expression", "title_expression"})
"""Keys that hold expressions: there a parameter is ``parameter.code``, in texts with braces."""

_IN_TEXT = re.compile(r"\{parameter\.([a-z][a-z0-9_]*)\}")
_IN_EXPRESSION = re.compile(r"(?<![\w.])parameter\.([a-z][a-z0-9_]*)\b")

UNKNOWN: Final = Text(zh="没有名为“{code}”的参数。", en='There is no parameter called "{code}".')
UNUSED: Final = Text(
    zh="参数“{code}”没有用到，请删去。", en='The parameter "{code}" is used nowhere; remove it.'
)


class Parameter(Frozen):
    """A number that a place sets for itself: a threshold, a size."""

    code: Code
    title: Text
    value: int = Bounded(ge=0, le=1_000_000_000)
    unit: Text
    source: Text
    """The law, the local rule, or that it is an assumption of the demonstration."""
    is_demonstration: bool = False
    """Taken from no rule in force here; to be set before use."""


def substituted(data: object) -> tuple[object, list[tuple[Place, Text]]]:
    """``data`` of a file with its parameters put in, and what is wrong with their use.

    What is not yet known to have the right shape is left as it is: its reader will say so.
    """
    if not isinstance(data, dict) or not isinstance(data.get(SECTION), list):
        return data, []
    values = {
        str(entry["code"]): str(entry["value"])
        for entry in data[SECTION]
        if isinstance(entry, dict) and "code" in entry and "value" in entry
    }
    writer = _Writer(values)
    found = {
        key: part if key == SECTION else writer.put(part, (key,)) for key, part in data.items()
    }
    unused = [
        ((SECTION, at), UNUSED.format(code=str(entry["code"])))
        for at, entry in enumerate(data[SECTION])
        if isinstance(entry, dict) and "code" in entry and entry["code"] not in writer.used
    ]
    return found, writer.mistakes + unused


class _Writer:
    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.used: set[str] = set()
        self.mistakes: list[tuple[Place, Text]] = []

    def put(self, data: object, place: Place) -> object:
        match data:
            case dict():
                return {key: self.put(part, (*place, key)) for key, part in data.items()}
            case list():
                return [self.put(part, (*place, at)) for at, part in enumerate(data)]
            case str():
                pattern = _IN_EXPRESSION if place[-1] in EXPRESSIONS else _IN_TEXT
                return pattern.sub(lambda match: self._value(match, place), data)
        return data

    def _value(self, match: re.Match[str], place: Place) -> str:
        code = match[1]
        if code not in self._values:
            self.mistakes.append((place, UNKNOWN.format(code=code)))
            return match[0]
        self.used.add(code)
        return self._values[code]
