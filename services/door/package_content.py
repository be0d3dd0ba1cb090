"""What a hand-over package holds: commitments, hashes and codes, the same on both sides."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785

from catalog.schema import OneThing
from services.door import chain

FORM = 1
"""Version of the content's form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A submission as it lies in the database, with the key of its commitments."""

    event_number: int
    answers: Mapping[str, Any]
    materials: tuple[Mapping[str, Any], ...]
    commitment_key: bytes


def answers_part(thing: OneThing, item_code: str | None, sent: Sent) -> list[dict[str, str]]:
    """A commitment to each section that the item may read; to all of them without an item."""
    found = []
    for section in thing.sections:
        seen = sent.answers.get(section.code)
        if seen is None or not (item_code is None or item_code in section.items):
            continue
        hidden = {
            field.code
            for field in section.fields
            if item_code is not None and field.items and item_code not in field.items
        }
        found.append(
            {
                "section": section.code,
                "commitment": chain.commitment(sent.commitment_key, _without(seen, hidden)),
            }
        )
    return found


def materials_part(
    thing: OneThing, item_code: str | None, files: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The files of each paper that the item may open, by the hash of their content."""
    allowed = {
        material.code
        for material in thing.materials
        if item_code is None or item_code in material.items
    }
    return [
        {"code": file["code"], "id": file["id"], "hash": file["hash"], "pages": file["pages"]}
        for file in files
        if file["code"] in allowed
    ]


def digest(content: Mapping[str, Any]) -> bytes:
    """SHA-256 over the canonical JSON (RFC 8785) of a package's content."""
    return hashlib.sha256(rfc8785.dumps(dict(content))).digest()


def _without(seen: Any, hidden: set[str]) -> Any:
    if isinstance(seen, list):
        return [_without(line, hidden) for line in seen]
    if isinstance(seen, Mapping):
        return {name: value for name, value in seen.items() if name not in hidden}
    return seen
