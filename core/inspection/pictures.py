"""Opening a picture, and drawing pages as pictures that hold nothing but what is seen."""

import warnings
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from core.inspection import signatures

LARGEST = 60_000_000
"""Pixels. A page photographed by a good telephone has 12 to 50 million."""
WIDTH = 1240
"""Of drawn pages: A4 at 150 dots an inch."""
HEIGHT = 3508
QUALITY = 80


def look_into_picture(path: Path, content: bytes, *, is_jpeg: bool) -> dict[str, Any]:
    """What speaks against the picture, or ``sound``; a picture has one page."""
    end = _end_of_jpeg(content) if is_jpeg else _end_of_png(content)
    if end is None:
        return {"code": "damaged"}
    if signatures.hides_after_end(content[end:]):
        return {"code": "two_in_one"}
    try:
        return {"code": _objection(path, is_jpeg=is_jpeg) or "sound", "page_count": 1}
    except MemoryError:
        return {"code": "too_heavy"}
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, ZeroDivisionError):
        return {"code": "damaged"}


def _objection(path: Path, *, is_jpeg: bool) -> str | None:
    with _open(path) as picture:
        if picture.width * picture.height > LARGEST:
            return "too_many_pixels"
        # Two cameras in one telephone write two pictures into one JPEG; that is no film.
        if not is_jpeg and getattr(picture, "n_frames", 1) > 1:
            return "moves"
        picture.verify()
    with _open(path) as picture:
        picture.load()
    return None


def _open(path: Path) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = None  # we count them ourselves, before anything is unpacked
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Image.open(path, formats=("JPEG", "PNG"))


def _end_of_png(content: bytes) -> int | None:
    """Where the last chunk ends, walking from the first; None if there is no end."""
    at = 8
    while at + 12 <= len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        kind = content[at + 4 : at + 8]
        at += 12 + size
        if kind == b"IEND":
            return at if at <= len(content) else None
    return None


def _end_of_jpeg(content: bytes) -> int | None:
    """Where the picture ends, walking from marker to marker; None if there is no end."""
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:  # noqa: PLR2004 -- every marker begins so
            at = content.find(b"\xff", at)  # inside a scan
            if at < 0:
                return None
            continue
        kind = content[at + 1]
        if kind == 0xD9:  # noqa: PLR2004 -- end of the picture
            return at + 2
        if kind in {0x00, 0x01, 0xFF} or 0xD0 <= kind <= 0xD8:  # noqa: PLR2004 -- without length
            at += 1 if kind == 0xFF else 2  # noqa: PLR2004
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return at + 2 if content[at : at + 2] == b"\xff\xd9" else None


def draw(path: Path, page: int, picture: Path) -> None:
    """Draw page ``page``, from 1, as a JPEG at ``picture``. Raises ValueError if there is none."""
    kind = signatures.media_type(path.read_bytes()[:16])
    drawn = _page_of_document(path, page) if kind == signatures.PDF else _picture(path, page)
    # A new picture has none of the notes that came with the old one.
    plain = Image.new("RGB", drawn.size)
    plain.paste(drawn)
    picture.touch(mode=0o600)
    plain.save(picture, "JPEG", quality=QUALITY)


def _picture(path: Path, page: int) -> Image.Image:
    if page != 1:
        raise ValueError("a picture has one page")
    with _open(path) as source:
        source.draft("RGB", (WIDTH * 2, HEIGHT * 2))
        upright = ImageOps.exif_transpose(source) or source
        opaque = upright
        if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info:
            layer = upright.convert("RGBA")
            opaque = Image.new("RGB", layer.size, "white")
            opaque.paste(layer, mask=layer.getchannel("A"))
        opaque.thumbnail((WIDTH, HEIGHT))
        return opaque


def _page_of_document(path: Path, page: int) -> Image.Image:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    if not 1 <= page <= len(document):
        raise ValueError("no such page")
    sheet = document[page - 1]
    width, height = sheet.get_size()
    scale = min(WIDTH / max(width, 1), HEIGHT / max(height, 1))
    drawn: Image.Image = sheet.render(scale=scale, may_draw_forms=False).to_pil()
    return drawn
