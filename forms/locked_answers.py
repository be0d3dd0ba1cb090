"""Answers of a returned form that are not open: shown as text, with a word that all is well."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from catalog.open_places import OpenPlaces
from catalog.places import covers
from catalog.schema import Section
from forms.conditions import Condition


class LockedLook(StrEnum):
    """How a question stands on the page of a returned form."""

    OPEN = "open"
    FOLLOWS = "follows"
    """Open, though the return does not name it: it follows from another change."""
    TEXT = "text"
    ABSENT = "absent"
    """Not asked, and nothing that is open could call for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedAnswers:
    """What is open of one section, and the words of what is not, by path."""

    places: OpenPlaces
    named: tuple[str, ...]
    values: Mapping[str, str]

    def look_of(self, section: Section, number: int, name: str) -> LockedLook:
        """How the question ``name`` of line ``number`` stands on the page."""
        path = _path(section, number, name)
        if self.places.is_open(path):
            named = any(covers(each, path) for each in self.named)
            return LockedLook.OPEN if named else LockedLook.FOLLOWS
        if path in self.values:
            return LockedLook.TEXT
        asks = next((field.when for field in section.fields if field.code == name), None)
        condition = Condition.of(asks)
        if condition is None or condition.field == name:
            return LockedLook.ABSENT
        may_come = self.look_of(section, number, condition.field) in {
            LockedLook.OPEN,
            LockedLook.FOLLOWS,
        }
        return LockedLook.FOLLOWS if may_come else LockedLook.ABSENT

    def value(self, section: Section, number: int, name: str) -> str:
        """The answer in words; empty if there is none."""
        return self.values.get(_path(section, number, name), "")


def _path(section: Section, number: int, name: str) -> str:
    return f"{section.code}.{number}.{name}" if section.repeat else f"{section.code}.{name}"
