"""A district as it takes one one-thing in: for its own county, and for those that routes name."""

from collections.abc import Iterable
from datetime import datetime

from catalog.routing import Course
from catalog.schema import District, OneThing

SERVED = "served_regions"
"""What rules call the counties for which the window of a case takes applications in."""


class Window(District):
    """A district with the counties of the other districts to which its routes lead."""

    routed_regions: tuple[str, ...]

    @property
    def served_regions(self) -> tuple[str, ...]:
        """Its own county first, then those that its routes name."""
        own = super().served_regions
        return (*own, *sorted(set(self.routed_regions) - set(own)))


def window(
    district: District, others: Iterable[District], courses: Iterable[Course], at: datetime
) -> Window:
    """``district`` as a window at the instant ``at``; ``courses`` are those of one one-thing."""
    deciding = {
        course.deciding_code
        for course in courses
        if course.holds_at(at) and district.code in course.accepting_codes
    }
    regions = tuple(other.region_code for other in others if other.code in deciding)
    return Window(**dict(district), routed_regions=regions)


def asks_for_regions(thing: OneThing) -> bool:
    """True if a question or a rule of the form depends on which counties its window serves."""
    return any(SERVED in rule.expression for rule in thing.rules) or any(
        question.only_served for section in thing.sections for question in section.fields
    )


def place_of(district: District) -> dict[str, object]:
    """What rules know of the district of a case, as ``place``."""
    return {
        "district_code": district.code,
        "region_code": district.region_code,
        "name_prefixes": list(district.name_prefixes),
        SERVED: list(district.served_regions),
    }
