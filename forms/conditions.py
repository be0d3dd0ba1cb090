"""Conditions that a page can follow while somebody types: one other answer of the same form."""

import re
from dataclasses import dataclass

from catalog.schema import FieldKind, Section
from core.text import Text

_CONDITIONS = (
    re.compile(r'row\.(?P<field>\w+) (?P<sign>==|!=) "(?P<value>\w+)"'),
    re.compile(
        r'row\.(?P<field>\w+)\.exists\((?P<each>\w+), (?P=each) (?P<sign>==|!=) "(?P<value>\w+)"\)'
    ),
    re.compile(r"row\.(?P<field>\w+)"),
)
"""The shapes of ``when`` that a page can follow while somebody types: one other answer of the
same form. Of other shapes the question is always there, and the server decides."""
ONLY_WHEN = {
    "==": Text(zh="选择“{option}”时填写。", en="Only if “{option}” is chosen."),
    "!=": Text(
        zh="选择“{option}”以外的选项时填写。",
        en="Only if something other than “{option}” is chosen.",
    ),
}
ONLY_WHEN_YES = Text(
    zh="“{question}”选“是”时填写。", en="Only if the answer to “{question}” is yes."
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A question is asked if some choice of ``field`` is (or, with ``!=``, is not) ``value``."""

    field: str
    sign: str
    value: str

    @classmethod
    def of(cls, when: str | None) -> "Condition | None":
        """The condition in ``when``, or None if there is none that a page can follow."""
        for shape in _CONDITIONS:
            found = shape.fullmatch(when or "")
            if found:
                parts = found.groupdict()
                return cls(parts["field"], parts.get("sign", "=="), parts.get("value", "yes"))
        return None

    def sentence(self, section: Section) -> Text | None:
        """In words, for those whose page does not hide questions."""
        other = next((each for each in section.fields if each.code == self.field), None)
        if other is not None and other.kind is FieldKind.YES_NO:
            return ONLY_WHEN_YES.format(question=other.label)
        options = other.options if other else ()
        option = next((each for each in options if each.value == self.value), None)
        return ONLY_WHEN[self.sign].format(option=option.label) if option else None
