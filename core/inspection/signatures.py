"""What the first and last bytes of a file say it is, and whether it pretends to be two things."""

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
STARTS = {b"%PDF-": PDF, b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG}
OTHER_STARTS = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"MZ",
    b"\x7fELF",
    b"Rar!",
    b"7z\xbc\xaf\x27\x1c",
    b"GIF8",
    b"\x1f\x8b",
    b"\xca\xfe\xba\xbe",
    b"%PDF-",
)
MARKUP = (b"<html", b"<script", b"<!doctype", b"<svg", b"<?php", b"<?xml", b"<body", b"<iframe")
HEAD_BYTES = 1024
ARCHIVE_END = b"PK\x05\x06"
ARCHIVE_END_BYTES = 22
LONGEST_COMMENT = 65_535


def media_type(content: bytes) -> str | None:
    """The type that the first bytes name; None if we do not take it."""
    return next((kind for start, kind in STARTS.items() if content.startswith(start)), None)


def hides_archive(content: bytes) -> bool:
    """True if programs that read archives would find one: they look from the end."""
    at = content.rfind(ARCHIVE_END, max(0, len(content) - LONGEST_COMMENT - ARCHIVE_END_BYTES))
    if at < 0 or at + ARCHIVE_END_BYTES > len(content):
        return False
    comment = int.from_bytes(content[at + 20 : at + 22], "little")
    directory = int.from_bytes(content[at + 12 : at + 16], "little")
    return at + ARCHIVE_END_BYTES + comment <= len(content) and directory <= at


def hides_at_start(content: bytes, kind: str) -> bool:
    """True if another kind of file begins within the first kilobyte, where readers still look."""
    head = content[len(b"%PDF-") : HEAD_BYTES].lower()
    if any(mark in head for mark in MARKUP):
        # Cameras and editors write descriptions of a picture as XML; those are no page.
        return kind == PDF or any(mark in head for mark in MARKUP[:2])
    return b"%pdf-" in head


def hides_after_end(rest: bytes) -> bool:
    """True if ``rest``, what follows the end of a picture or document, is a file of its own."""
    stripped = rest.lstrip(b"\0\t\n\f\r ")
    if any(stripped.startswith(start) for start in OTHER_STARTS):
        return True
    lowered = rest.lower()
    return any(mark in lowered for mark in (*MARKUP, b"%pdf-", b"pk\x03\x04"))
