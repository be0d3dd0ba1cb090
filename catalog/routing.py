"""Which office decides an item that was handed in somewhere: a pure function of dated routes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from catalog.expressions import Undecided
from core.text import Text
from models.routing import ClockFrom, ResultsAt, Way


class Facts(Protocol):
    """What conditions are asked of: a case's answers, or an assumption about them."""

    def decide(self, expression: str) -> bool | Undecided:
        """True, false, or undecided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One route between districts, as it was recorded. It is ended, never changed."""

    id: UUID
    mode_code: str
    is_closed_list: bool
    """Of its mode: what is not on the list of such a window is not accepted there."""
    thing_code: str
    item_code: str | None
    accepting_codes: tuple[str, ...]
    partner: Text | None
    condition: str | None
    condition_words: Text | None
    deciding_code: str
    way: Way
    clock_from: ClockFrom
    results_at: ResultsAt
    recognises_licences: bool
    valid_from: datetime
    valid_until: datetime | None
    recorded_at: datetime

    def holds_at(self, at: datetime) -> bool:
        """True from its first instant on, until the instant at which it ends."""
        return self.valid_from <= at and (self.valid_until is None or at < self.valid_until)

    def names(self, item_code: str) -> bool:
        """True if it is for this item, or for every item."""
        return self.item_code in {None, item_code}

    @property
    def needs_post(self) -> bool:
        """True if papers travel beside the file: collected there, and not recognised as files."""
        return self.way is Way.COLLECTED and not self.recognises_licences

    @property
    def rank(self) -> tuple[bool, bool, datetime, UUID]:
        """The order in which routes are asked; a later one never takes over silently."""
        return (self.item_code is None, self.condition is None, self.recorded_at, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Who decides: a district, and the route that leads there; None if it decides at home."""

    district_code: str
    course: Course | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotListed:
    """The window works by a closed list, and the item is not on it."""

    course: Course
    """A route of that list, which says with whom it was agreed."""


def choose(
    courses: Iterable[Course],
    item_code: str,
    accepting_code: str,
    facts: Facts,
    at: datetime,
) -> Office | NotListed:
    """The one office that decides an item handed in at ``accepting_code``, at the instant ``at``.

    ``courses`` are those of the item's one-thing, in any order. A route for the item goes before
    one for all items, one with a condition before one without, an earlier recorded one before a
    later. A condition that cannot be decided counts as not met. Without a route the district
    decides what it accepts itself, unless it accepts by a closed list.
    """
    here = [
        course
        for course in sorted(courses, key=lambda course: course.rank)
        if course.holds_at(at) and accepting_code in course.accepting_codes
    ]
    met = [course for course in here if _is_met(course, facts)]
    for course in met:
        if course.names(item_code):
            return Office(district_code=course.deciding_code, course=course)
    closed = next((course for course in met if course.is_closed_list), None)
    return NotListed(course=closed) if closed else Office(district_code=accepting_code)


def overlaps(course: Course, other: Course) -> bool:
    """True if two routes could both be meant for the same item, so that one of them is in vain."""
    return (
        course.thing_code == other.thing_code
        and course.item_code == other.item_code
        and course.condition == other.condition
        and bool(set(course.accepting_codes) & set(other.accepting_codes))
        and (other.valid_until is None or course.valid_from < other.valid_until)
        and (course.valid_until is None or other.valid_from < course.valid_until)
    )


def _is_met(course: Course, facts: Facts) -> bool:
    return course.condition is None or facts.decide(course.condition) is True
