"""A short reason that may go along with an act: the words, or why they cannot be taken."""

from catalog.fields import Unreadable, clean
from core.text import Text

REASON_LENGTH = 500
REASON_TOO_LONG = Text(
    zh="请把理由控制在 500 字以内。", en="Keep the reason within 500 characters."
)


def read_reason(typed: str) -> str | Text:
    """What was typed, empty if nothing was; a sentence instead if it cannot be taken."""
    reason = clean(typed, lines=True)
    if isinstance(reason, Unreadable):
        return reason.sentence
    return REASON_TOO_LONG if len(reason) > REASON_LENGTH else reason
