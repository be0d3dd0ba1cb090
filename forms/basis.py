"""What a section's page says of itself when it saves: hidden fields beside the questions."""

from collections.abc import Mapping

from services.section_drafts import Basis

LONGEST_NUMBER = 15
LONGEST_WRITER = 64


def posted_basis(posted: Mapping[str, str]) -> Basis | None:
    """What the page was drawn from, or None if it does not say, or says nonsense."""
    revision = _number(posted.get("revision", ""))
    if revision is None:
        return None
    writer = posted.get("writer", "")
    if not (writer.isascii() and writer.isprintable() and len(writer) <= LONGEST_WRITER):
        writer = ""
    return Basis(
        revision=revision, writer=writer, sequence=_number(posted.get("sequence", "")) or 0
    )


def _number(typed: str) -> int | None:
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_NUMBER
    return int(typed) if is_number else None
