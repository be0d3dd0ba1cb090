"""What a one-thing takes, counted from its definition: for the front page and the guide."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from catalog.schema import LimitDefinition, Material, OneThing
from workflows.clocks import Unit

_MINUTES_OF: Final = {
    Unit.WORKING_DAYS: 8 * 60,
    Unit.CALENDAR_DAYS: 24 * 60,
    Unit.OFFICE_MINUTES: 1,
    Unit.WALL_MINUTES: 1,
}
"""Only to tell which of several limits is the longest; never to compute a date."""

_WITHOUT_THE_APPLICANT: Final = frozenset({"generated", "shared", "commitment"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The numbers of one one-thing."""

    pages: int
    items: int
    departments: int
    outputs: int
    materials: int
    brought: int
    """Materials that the applicant may have to provide: the others are made, shared or promised."""
    accepted_within: LimitDefinition
    """The promise of the department that accepts."""
    by_law_within: LimitDefinition | None
    afterwards_within: LimitDefinition | None
    """The longest promise of the items that follow; None if none follows."""


def facts(thing: OneThing) -> Facts:
    """Count what ``thing`` takes and gives."""
    first = thing.item(thing.accepted_by)
    others = [item.promised_limit for item in thing.items if item.code != first.code]
    return Facts(
        pages=len(thing.sections),
        items=len(thing.items),
        departments=len({item.department for item in thing.items}),
        outputs=sum(len(item.outputs) for item in thing.items),
        materials=len(thing.materials),
        brought=len(list(brought(thing.materials))),
        accepted_within=first.promised_limit,
        by_law_within=first.statutory_limit,
        afterwards_within=max(others, key=_rough_minutes, default=None),
    )


def brought(materials: Iterable[Material]) -> Iterable[Material]:
    """Those of ``materials`` that the applicant may have to provide."""
    return (each for each in materials if each.met_by not in _WITHOUT_THE_APPLICANT)


def _rough_minutes(limit: LimitDefinition) -> int:
    return limit.amount * _MINUTES_OF[limit.unit]
