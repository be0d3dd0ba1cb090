"""The names of files that people send: kept as far as they are names, made harmless otherwise."""

import unicodedata

LONGEST = 120
"""Characters; the middle of a longer name is left out."""
NAMELESS = "file"
LONGEST_ENDING = 5
EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of signs that are not seen, or turn round what is: a name must read as it is."""


def cleaned(name: str) -> str:
    """``name`` without folders and invisible signs, and no longer than a line."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(
        character if unicodedata.category(character) not in HIDDEN else ""
        for character in unicodedata.normalize("NFC", last)
    )
    plain = " ".join(seen.split()).strip(". ")
    if len(plain) > LONGEST:
        plain = f"{plain[: LONGEST - 21]}…{plain[-20:]}"
    return plain or NAMELESS


def for_download(name: str, media_type: str | None) -> str:
    """``name`` with the ending of what the file really is, so that the right program opens it."""
    extension = EXTENSIONS.get(media_type or "", "bin")
    stem, dot, ending = name.rpartition(".")
    endings = {"jpg", "jpeg"} if extension == "jpg" else {extension}
    if dot and ending.lower() in endings:
        return name
    has_ending = bool(dot) and len(ending) <= LONGEST_ENDING
    return f"{(stem if has_ending else name) or NAMELESS}.{extension}"
