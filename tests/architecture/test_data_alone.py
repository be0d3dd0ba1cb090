"""One-things are data: no program and no template knows what one of them is called or made of."""

import re
from collections.abc import Iterator
from pathlib import Path

from catalog import registry
from catalog.schema import OneThing

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "models", "workflows", "catalog", "services", "forms", "views", "commands")
BROUGHT_IN = ("open_restaurant",)
"""Those that came after the program was written: by YAML alone (docs/adding-a-one-thing.md)."""


def programs() -> Iterator[Path]:
    for room in ROOMS:
        yield from (ROOT / room).rglob("*.py")
    yield from (ROOT / "templates").rglob("*.html")
    yield from (ROOT / "static" / "js").rglob("*.js")
    yield ROOT / "app.py"


def own_words(thing: OneThing) -> set[str]:
    """Its code and those of its items, but for words that others use too."""
    words = {thing.code} | {item.code for item in thing.items}
    others = [other for other in registry.catalogue().things.values() if other is not thing]
    shared = set(registry.catalogue().processes)
    return words - shared - {item.code for other in others for item in other.items}


def test_no_program_names_a_one_thing_that_was_brought_in_or_its_items() -> None:
    for code in BROUGHT_IN:
        words = own_words(registry.catalogue().thing(code))
        assert len(words) > 5
        pattern = re.compile(r"\b(?:" + "|".join(sorted(words)) + r")\b")
        named = [
            f"{path.relative_to(ROOT)}: {found.group()}"
            for path in programs()
            if (found := pattern.search(path.read_text(encoding="utf-8")))
        ]
        assert named == []
