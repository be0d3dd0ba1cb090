"""The business-scope entries (经营范围规范条目) one may choose from: data with a version."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from core.text import Text

FILE = Path(__file__).parent / "data" / "business_scope.csv"
CODE = re.compile(r"[A-T]\d{4}")
"""The industry's letter in GB/T 4754 and four digits."""

ScopeKind = Literal["general", "post_licence", "pre_licence"]


@dataclass(frozen=True, slots=True)
class ScopeEntry:
    """One entry: its kind says whether a permit is needed, and if so before or after."""

    code: str
    kind: ScopeKind
    name: Text
    permit: Text | None


@dataclass(frozen=True, slots=True)
class ScopeCatalogue:
    """A version of the list; ``note`` says what it is and is not."""

    version: str
    note: str
    entries: Mapping[str, ScopeEntry]


@cache
def catalogue() -> ScopeCatalogue:
    """The list that came with the program. Raises ValueError if the file is not well formed."""
    note, *lines = FILE.read_text(encoding="utf-8").splitlines()
    entries = {}
    for row in csv.DictReader(lines):
        entry = _entry(row)
        if entry.code in entries:
            raise ValueError(f"{FILE.name}: {entry.code} stands twice")
        entries[entry.code] = entry
    version = re.search(r"\d{4}-\d{2}-\d{2}", note)
    if version is None:
        raise ValueError(f"{FILE.name} does not say its version")
    return ScopeCatalogue(version.group(), note.removeprefix("# "), entries)


def get(code: str) -> ScopeEntry | None:
    """The entry with this code, or None."""
    return catalogue().entries.get(code)


def search(text: str) -> tuple[ScopeEntry, ...]:
    """The entries whose code or name, in either language, contains ``text``."""
    wanted = text.strip().casefold()
    return tuple(
        entry
        for entry in catalogue().entries.values()
        if wanted in f"{entry.code} {entry.name.zh} {entry.name.en}".casefold()
    )


def _entry(row: dict[str, str]) -> ScopeEntry:
    kinds: dict[str, ScopeKind] = {
        "general": "general",
        "post_licence": "post_licence",
        "pre_licence": "pre_licence",
    }
    code, kind = row["code"], kinds.get(row["kind"])
    if not CODE.fullmatch(code) or kind is None:
        raise ValueError(f"{FILE.name}: {row}")
    permit = Text(zh=row["permit_zh"], en=row["permit_en"]) if row["permit_zh"] else None
    return ScopeEntry(code, kind, Text(zh=row["name_zh"], en=row["name_en"]), permit)
