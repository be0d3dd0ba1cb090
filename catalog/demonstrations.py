"""How each one-thing is played in a demonstration: its answers, papers and what officers type.

``catalog/demonstration/<code>.yaml`` says it, so that the walk and the tests need no code for a new
one-thing. Nobody in it exists: identity numbers and credit codes use an unassigned division.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import Field as Bounded

from catalog import identifiers, regions, registry, samples
from catalog.source import CatalogueError, Source
from workflows.process import Code, Frozen

FOLDER: Final = Path(__file__).parent / "demonstration"

DELIVERY_CODE: Final = "{delivery_code}"
"""Stays as it is: only the applicant's page tells it."""
_TOKEN = re.compile(
    r"\{(?P<name>[a-z_]+)(?:\.(?P<number>\d{1,3})\.(?P<part>[a-z_]+))?(?P<days>[+-]\d{1,4})?\}"
)


class Detour(Frozen):
    """A step away from the shortest way, taken once: corrections asked for, an extension."""

    item: Code
    trigger: Code
    places: tuple[str, ...] = ()
    """What the applicant is asked to mend, where the step names places."""
    mends: dict[str, Any] = Bounded(default_factory=dict)
    """What the applicant then types, by section; what is not named stays."""


class Demonstration(Frozen):
    """One application from beginning to end."""

    thing: Code
    answers: dict[str, Any]
    """What the applicant types, by section, with tokens such as ``{day+3}`` in it."""
    inputs: dict[str, dict[Code, str]] = Bounded(default_factory=dict)
    """What officers type at ``trigger`` or ``item.trigger``; the rest follows from the kinds."""
    detours: tuple[Detour, ...] = ()


@cache
def demonstration(thing_code: str) -> Demonstration:
    """The demonstration of a one-thing.

    Raises `NotFoundError` if there is no such one-thing, `CatalogueError` if its file is wrong.
    """
    thing = registry.catalogue().thing(thing_code)
    source = Source(FOLDER / f"{thing.code}.yaml")
    if source.mistakes:
        raise CatalogueError(source.mistakes)
    return Demonstration.model_validate(source.data)


def typed(
    thing_code: str, *, on: date, district_code: str = "620102-gx", suffix: int = 1
) -> dict[str, Any]:
    """Typed answers by section, filled in on the day ``on``; ``suffix`` makes other people."""
    return played(thing_code, on=on, district_code=district_code, suffix=suffix).answers


def played(
    thing_code: str, *, on: date, district_code: str = "620102-gx", suffix: int = 1
) -> Demonstration:
    """The demonstration with days, people and places put in where tokens stand."""
    writer, known = _Writer(on, district_code, suffix), demonstration(thing_code)
    return known.model_copy(
        update={"answers": writer.put(known.answers), "inputs": writer.put(known.inputs)}
    )


class _Writer:
    """Puts days, people and places where tokens stand."""

    def __init__(self, on: date, district_code: str, suffix: int) -> None:
        self._on = on
        self._people = _Few(samples.people(suffix))
        self._values: Mapping[str, str] = {
            "region": registry.catalogue().district(district_code).region_code,
            "mark": samples.mark(suffix),
            "suffix": str(suffix),
            "delivery_code": DELIVERY_CODE,
            "credit_code": identifiers.make_credit_code(regions.SYNTHETIC, suffix),
        }

    def put(self, data: Any) -> Any:
        match data:
            case dict():
                return {key: self.put(part) for key, part in data.items()}
            case list():
                return [self.put(part) for part in data]
            case str():
                return _TOKEN.sub(self._value, data)
        return data

    def _value(self, match: re.Match[str]) -> str:
        """Raises KeyError for a token that is unknown."""
        if match["name"] == "day":
            return (self._on + timedelta(days=int(match["days"] or 0))).isoformat()
        if match["name"] == "person":
            return self._people[int(match["number"])][match["part"]]
        return self._values[match["name"]]


class _Few:
    """The first people of an endless row, made when they are asked for."""

    def __init__(self, people: Iterator[dict[str, str]]) -> None:
        self._source = people
        self._made: list[dict[str, str]] = []

    def __getitem__(self, number: int) -> dict[str, str]:
        while len(self._made) <= number:
            self._made.append(next(self._source))
        return self._made[number]
