"""The filter of the supervisor's board as it stands in an address: read with care."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.text import Text
from forms.posted import posted_id
from forms.queue_filters import UNKNOWN, page_number
from services.board_scope import NOBODY, Band, BoardFilter

SHOWN_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class BoardQuery:
    """What an address asked for: what of it can be done, and a sentence for each other part."""

    chosen: BoardFilter
    problems: Mapping[str, Text] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)


def read(
    arguments: Mapping[str, str], *, districts: Collection[str], departments: Collection[str]
) -> BoardQuery:
    """Read a filter; a part that makes no sense is left out and has a sentence in ``problems``."""
    offered: dict[str, dict[str, Any]] = {
        "band": {str(band): band for band in Band},
        "district": {code: code for code in districts},
        "department": {code: code for code in departments},
    }
    values: dict[str, Any] = {}
    problems: dict[str, Text] = {}
    for name, options in offered.items():
        typed = arguments.get(name, "").strip()
        if typed in options:
            values[name] = options[typed]
        elif typed:
            problems[name] = _unknown(typed)
    typed = arguments.get("person", "").strip()
    person = NOBODY if typed == NOBODY else posted_id(typed)
    if person:
        values["person"] = person
    elif typed:
        problems["person"] = _unknown(typed)
    values["page"] = page_number(arguments.get("page", "1"))
    return BoardQuery(BoardFilter(**values), problems, dict(arguments))


def written(chosen: BoardFilter, **changes: object) -> dict[str, str]:
    """The filter as the arguments of an address; what is as usual is left out."""
    asked: dict[str, object] = {
        "band": chosen.band,
        "district": chosen.district,
        "department": chosen.department,
        "person": chosen.person,
        "page": chosen.page if chosen.page > 1 else None,
    }
    asked |= changes
    return {name: str(value) for name, value in asked.items() if value}


def _unknown(typed: str) -> Text:
    shown = "".join(each for each in typed[:SHOWN_CHARACTERS] if each.isprintable())
    return UNKNOWN.format(value=shown or "…")
