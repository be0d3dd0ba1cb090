"""What a file is, by its bytes and by opening it; the answer is a word and a few numbers."""

from pathlib import Path
from typing import Any

from core.inspection import signatures
from core.inspection.signatures import JPEG, PDF

Answer = dict[str, Any]


def look_into(path: Path, maximum_pages: int) -> Answer:
    """``code`` (``sound``, or what speaks against the file), ``media_type``, ``page_count``."""
    content = path.read_bytes()
    if not content:
        return {"code": "empty"}
    kind = signatures.media_type(content)
    if kind is None:
        return {"code": "wrong_type"}
    if signatures.hides_archive(content) or signatures.hides_at_start(content, kind):
        return {"code": "two_in_one", "media_type": kind}
    if kind == PDF:
        from core.inspection.documents import look_into_document

        found = look_into_document(path, content, maximum_pages)
    else:
        from core.inspection.pictures import look_into_picture

        found = look_into_picture(path, content, is_jpeg=kind == JPEG)
    return {"media_type": kind, **found}
