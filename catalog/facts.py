"""What a one-thing takes, counted from its definition: for the front page and the guide."""

from dataclasses import dataclass
from typing import Final

from catalog.limits import LimitDefinition
from catalog.schema import Material, OneThing
from workflows.clocks import Unit

_MINUTES_OF: Final = {
    Unit.WORKING_DAYS: 8 * 60,
    Unit.CALENDAR_DAYS: 24 * 60,
    Unit.OFFICE_MINUTES: 1,
    Unit.WALL_MINUTES: 1,
}
"""Only to tell which of several limits is the longest; never to compute a date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The numbers of one one-thing."""

    items: int
    departments: int
    outputs: int
    materials: int
    uploads: int
    """Materials that everybody uploads; the others are made, shared, promised or conditional."""
    uploads_perhaps: int
    """Materials that some upload, by what they answer or as they like."""
    accepted_within: LimitDefinition
    """The promise of the department that accepts."""
    by_law_within: LimitDefinition | None
    afterwards_within: LimitDefinition | None
    """The longest promise of the items that follow; None if none follows."""


def facts(thing: OneThing) -> Facts:
    """Count what ``thing`` takes and gives."""
    first = thing.item(thing.accepted_by)
    others = [item.promised_limit for item in thing.items if item.code != first.code]
    uploads = [each for each in thing.materials if each.met_by == "upload"]
    return Facts(
        items=len(thing.items),
        departments=len({item.department for item in thing.items}),
        outputs=sum(len(item.outputs) for item in thing.items),
        materials=len(thing.materials),
        uploads=sum(_is_for_all(each) for each in uploads),
        uploads_perhaps=sum(not _is_for_all(each) for each in uploads),
        accepted_within=first.promised_limit,
        by_law_within=first.statutory_limit,
        afterwards_within=max(others, key=_rough_minutes, default=None),
    )


def _is_for_all(material: Material) -> bool:
    return material.required and material.when is None


def _rough_minutes(limit: LimitDefinition) -> int:
    return limit.amount * _MINUTES_OF[limit.unit]
