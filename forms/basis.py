"""What a section's page says of itself when it saves: hidden fields beside the questions."""

from collections.abc import Mapping

from forms.posted import posted_number
from services.section_drafts import Basis

LONGEST_NUMBER = 15
LONGEST_WRITER = 64


def posted_basis(posted: Mapping[str, str]) -> Basis | None:
    """What the page was drawn from, or None if it does not say, or says nonsense."""
    revision = posted_number(posted.get("revision"), LONGEST_NUMBER)
    if revision is None:
        return None
    writer = posted.get("writer", "")
    if not (writer.isascii() and writer.isprintable() and len(writer) <= LONGEST_WRITER):
        writer = ""
    sequence = posted_number(posted.get("sequence"), LONGEST_NUMBER)
    return Basis(revision=revision, writer=writer, sequence=sequence or 0)
