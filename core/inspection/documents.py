"""Opening a PDF: whole, readable without a password, nothing in it that acts, no bomb."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

from core.inspection import signatures

END = b"%%EOF"
LONGEST_REST = 1024
"""Bytes after the end that careless programs leave."""
DEEPEST = 24
EXPANDED_BYTES = 192 * 1024 * 1024
"""All streams but pictures, unpacked: a hundred times what a form of a hundred pages has."""
LARGEST_PICTURE = 120_000_000
"""Pixels: a page of A3 at 600 dots an inch has 70 million."""

ACTING_KEYS = ("/JS", "/JavaScript", "/XFA", "/RichMedia")
ACTING_KINDS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition"})
ATTACHED_KEYS = ("/EmbeddedFiles", "/EF")
ATTACHED_KINDS = frozenset({"/FileAttachment", "/EmbeddedFile"})


def look_into_document(path: Path, content: bytes, maximum_pages: int) -> dict[str, Any]:
    """What speaks against the document, or ``sound`` and its number of pages."""
    end = content.rfind(END)
    rest = content[end + len(END) :] if end >= 0 else b""
    if signatures.hides_after_end(rest) or len(rest.strip()) > LONGEST_REST:
        return {"code": "two_in_one"}
    try:
        return _opened(path, maximum_pages)
    except pikepdf.PasswordError:
        return {"code": "locked"}
    except (MemoryError, RecursionError):
        return {"code": "too_heavy"}
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError) as error:
        return {"code": "too_heavy" if "bad_alloc" in str(error) else "damaged"}


def _opened(path: Path, maximum_pages: int) -> dict[str, Any]:
    with pikepdf.open(path, attempt_recovery=False, suppress_warnings=True) as document:
        if document.is_encrypted:
            return {"code": "locked"}
        pages = len(document.pages)
        if pages == 0:
            return {"code": "no_pages"}
        if pages > maximum_pages:
            return {"code": "too_many_pages", "page_count": pages}
        found = _objections(document)
        return {"code": found or "sound", "page_count": pages}


def _objections(document: pikepdf.Pdf) -> str | None:
    expanded = 0
    for each in (document.trailer, *document.objects):
        for part in _parts(each, 0):
            if _acts(part):
                return "acts"
            if _attaches(part):
                return "attaches"
        if isinstance(each, pikepdf.Stream):
            expanded += _expanded(each)
            if expanded > EXPANDED_BYTES:
                return "too_heavy"
    return None


def _parts(thing: Any, depth: int) -> Iterator[Any]:
    """The dictionaries written inside an object; those it refers to are objects themselves."""
    if depth > DEEPEST:
        raise RecursionError
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        yield thing
        for key in thing.keys():  # noqa: SIM118 -- its own kind of mapping
            if not thing[key].is_indirect if isinstance(thing[key], pikepdf.Object) else False:
                yield from _parts(thing[key], depth + 1)
    elif isinstance(thing, pikepdf.Array):
        for part in thing:
            if isinstance(part, pikepdf.Object) and not part.is_indirect:
                yield from _parts(part, depth + 1)


def _acts(part: Any) -> bool:
    return any(key in part for key in ACTING_KEYS) or str(part.get("/S", "")) in ACTING_KINDS


def _attaches(part: Any) -> bool:
    kinds = {str(part.get("/Type", "")), str(part.get("/Subtype", ""))}
    return any(key in part for key in ATTACHED_KEYS) or bool(kinds & ATTACHED_KINDS)


def _expanded(stream: Any) -> int:
    """How much a stream becomes; a picture is bounded by its own measures instead."""
    if str(stream.get("/Subtype", "")) == "/Image":
        pixels = int(stream.get("/Width", 0)) * int(stream.get("/Height", 0))
        return EXPANDED_BYTES + 1 if pixels > LARGEST_PICTURE else 0
    try:
        return len(stream.read_bytes())
    except pikepdf.PdfError as error:
        if "unfilterable" in str(error) or "filter" in str(error).lower():
            return len(stream.read_raw_bytes())
        raise
