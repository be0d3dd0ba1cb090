"""Places of a form that a return can name: a section, a line of it, a question, a paper."""

from collections.abc import Iterable

from catalog.schema import OneThing, Section

MATERIALS = "materials"
"""The first step of a path that names a paper and not a part of the form."""


def is_place(thing: OneThing, path: str) -> bool:
    """True if ``path`` names a place of ``thing``.

    Paths are ``section``, ``section.field``, in a repeating section ``section.0`` and
    ``section.0.field`` (lines are counted from 0), or ``materials.code``.
    """
    head, *rest = path.split(".")
    if head == MATERIALS:
        return len(rest) == 1 and rest[0] in {material.code for material in thing.materials}
    section = next((each for each in thing.sections if each.code == head), None)
    return section is not None and (not rest or _is_within(section, rest))


def belongs(thing: OneThing, item_code: str, path: str) -> bool:
    """True if the item reads the place at ``path``: only those may it ask to mend."""
    head, *rest = path.split(".")
    if head == MATERIALS:
        return any(paper.code in rest and item_code in paper.items for paper in thing.materials)
    return any(each.code == head and item_code in each.items for each in thing.sections)


def papers_of(paths: Iterable[str]) -> frozenset[str]:
    """The papers that some of the places name."""
    steps = (path.split(".") for path in paths)
    return frozenset(code for head, *rest in steps if head == MATERIALS for code in rest)


def covers(named: str, path: str) -> bool:
    """True if ``path`` is ``named`` itself or lies below it."""
    return path == named or path.startswith(f"{named}.")


def overlap(one: str, other: str) -> bool:
    """True if one of two places lies within the other."""
    return covers(one, other) or covers(other, one)


def _is_within(section: Section, rest: list[str]) -> bool:
    codes = {field.code for field in section.fields}
    if section.repeat is None:
        return len(rest) == 1 and rest[0] in codes
    is_line = _is_number(rest[0]) and int(rest[0]) < section.repeat.maximum
    return is_line and (len(rest) == 1 or (len(rest) == 2 and rest[1] in codes))  # noqa: PLR2004


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 4 and str(int(text)) == text  # noqa: PLR2004
