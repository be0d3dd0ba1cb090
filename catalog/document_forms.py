"""Forms of documents (文书格式): the standing sentences of each numbered paper, by day."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import Field, ValidationError

from catalog.source import CatalogueError, Place, Source
from core.text import Text
from workflows.process import Code, Frozen

FILE = Path(__file__).parent / "documents.yaml"
GENERAL = "general"
"""The form of a kind of paper that has none of its own."""
PLACEHOLDERS = ("item", "thing", "case", "received", "day", "count", "due")

UNKNOWN_PLACEHOLDER = Text(
    zh="文书里只能用这些占位：{names}。",
    en="A document may hold these placeholders alone: {names}.",
)
NO_GENERAL = Text(zh="缺少通用格式 general。", en="The form called general is missing.")
MARK_TWICE = Text(
    zh="代字“{mark}”已经用在另一种文书上。", en='The mark "{mark}" is that of another kind already.'
)
TWICE = Text(
    zh="格式“{code}”有两份同一天生效。", en='Two forms called "{code}" begin on the same day.'
)


class DocumentForm(Frozen):
    """The standing sentences of one kind of paper, from a day on."""

    code: Code
    mark: str | None = Field(default=None, pattern=r"^[A-Z]{2,4}$")
    """What stands for this kind in the numbers of its papers (文号代字)."""
    valid_from: date
    opening: Text
    effect: Text | None = None
    """What it means for the applicant, and what to do now."""
    has_remedies: bool = False
    """It tells how to have the decision reviewed."""


class DocumentFile(Frozen):
    """The whole of ``documents.yaml``."""

    forms: tuple[DocumentForm, ...]


def load(path: Path = FILE) -> tuple[DocumentForm, ...]:
    """Read and check the forms. Raises `CatalogueError` with every mistake, its file and line."""
    source = Source(path, name=path.name)
    if source.mistakes:
        raise CatalogueError(source.mistakes)
    try:
        found = DocumentFile.model_validate(source.data)
    except ValidationError as error:
        raise CatalogueError(
            [
                source.mistake(problem["loc"], Text(zh=problem["msg"], en=problem["msg"]))
                for problem in error.errors()
            ]
        ) from error
    mistakes = [source.mistake(place, sentence) for place, sentence in _mistakes(found.forms)]
    if mistakes:
        raise CatalogueError(mistakes)
    return found.forms


def form_of(code: str, on: date) -> DocumentForm:
    """The form of a kind of paper that was in force on the day ``on``; the general one if none."""
    own = [form for form in _forms() if form.code == code and form.valid_from <= on]
    if own:
        return max(own, key=lambda form: form.valid_from)
    return next(form for form in _forms() if form.code == GENERAL)


@cache
def mark_of(code: str) -> str:
    """What stands for a kind of paper in its numbers; of a kind without a mark, its code."""
    marks = [form.mark for form in _forms() if form.code == code and form.mark]
    return marks[0] if marks else code.replace("_", "-").upper()


@cache
def _forms() -> tuple[DocumentForm, ...]:
    return load()


def _mistakes(forms: tuple[DocumentForm, ...]) -> Iterator[tuple[Place, Text]]:
    if GENERAL not in {form.code for form in forms}:
        yield ("forms",), NO_GENERAL
    seen: set[tuple[str, date]] = set()
    owners: dict[str, str] = {}
    for at, form in enumerate(forms):
        if (form.code, form.valid_from) in seen:
            yield ("forms", at, "code"), TWICE.format(code=form.code)
        seen.add((form.code, form.valid_from))
        if form.mark and owners.setdefault(form.mark, form.code) != form.code:
            yield ("forms", at, "mark"), MARK_TWICE.format(mark=form.mark)
        for name, words in (("opening", form.opening), ("effect", form.effect)):
            if words is not None and not _is_fillable(words):
                yield (
                    ("forms", at, name),
                    UNKNOWN_PLACEHOLDER.format(names=", ".join(PLACEHOLDERS)),
                )


def _is_fillable(words: Text) -> bool:
    try:
        words.format(**dict.fromkeys(PLACEHOLDERS, ""))
    except (KeyError, IndexError, ValueError):
        return False
    return True
