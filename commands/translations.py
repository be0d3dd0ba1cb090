"""The English wording of every page: ``python -m commands.translations`` brings it up to date.

It collects the Chinese sentences of templates, forms and views, keeps the English ones that exist,
drops what no page says any more, compiles the result and lists what is still untranslated.
"""

import sys
from collections.abc import Iterator
from io import BytesIO

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from core.settings import ROOT
from core.text import ENGLISH

SOURCES = (
    ("forms", "**.py", "python"),
    ("views", "**.py", "python"),
    ("templates", "**.html", "jinja2"),
)
FOLDER = ROOT / "translations" / ENGLISH / "LC_MESSAGES"
WORDING, COMPILED = FOLDER / "messages.po", FOLDER / "messages.mo"

Sentence = str | tuple[str, ...]
"""The Chinese words; a pair where English tells one from many (``ngettext``)."""


def collected() -> Iterator[tuple[Sentence, str]]:
    """Every Chinese sentence of the pages, with the file that says it."""
    for room, pattern, method in SOURCES:
        for name, _line, sentence, _comments, _context in extract_from_dir(
            ROOT / room, method_map=[(pattern, method)]
        ):
            yield sentence, f"{room}/{name}"


def read() -> Catalog:
    """The English wording as it is kept."""
    if not WORDING.exists():
        return Catalog(locale=ENGLISH)
    with WORDING.open("rb") as file:
        return read_po(file, locale=ENGLISH)


def renewed(kept: Catalog) -> Catalog:
    """The wording of exactly the sentences that the pages say now."""
    catalog = Catalog(
        locale=ENGLISH,
        header_comment="# English wording. The Chinese sentence is the key.",
        project="Yichuang",
        version="1",
        creation_date=kept.creation_date,
        revision_date=kept.creation_date,
        fuzzy=False,
    )
    for sentence, place in sorted(set(collected()), key=str):
        known = kept.get(sentence)
        same_kind = known is not None and isinstance(known.id, str) == isinstance(sentence, str)
        catalog.add(sentence, known.string if known and same_kind else None, locations=[(place, 1)])
    return catalog


def untranslated(catalog: Catalog) -> list[str]:
    """The sentences without English words."""
    return [str(message.id) for message in sentences(catalog) if not all(english(message))]


def sentences(catalog: Catalog) -> Iterator[Message]:
    """All messages but the head of the file."""
    return (message for message in catalog if message.id)


def english(message: Message) -> tuple[str, ...]:
    """The English words of ``message``: one wording, or those for one and for many."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as the running program reads it."""
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def write(catalog: Catalog) -> None:
    """Keep ``catalog`` as text for people and compiled for the program."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with WORDING.open("wb") as file:
        write_po(file, catalog, width=100, include_lineno=False)
    COMPILED.write_bytes(compiled(catalog))


def main() -> None:
    """Bring the English wording up to date; fail if a sentence has none."""
    catalog = renewed(read())
    write(catalog)
    missing = untranslated(catalog)
    for sentence in missing:
        click.echo(sentence)
    if missing:
        click.echo(f"{len(missing)} 句还没有英文 / sentences without English", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
