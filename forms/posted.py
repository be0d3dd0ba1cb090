"""What the hidden fields of a page carry: read with care, since anything may be sent in them."""

from datetime import datetime
from uuid import UUID

LONGEST_NUMBER = 9
"""Digits; no counter of a page is longer, and the database can hold as many."""


def posted_id(typed: str | None) -> UUID | None:
    """An id; None if it is none."""
    try:
        return UUID(typed or "")
    except ValueError:
        return None


def posted_instant(typed: str | None, at: datetime) -> datetime:
    """An instant in the zone of ``at``; what is none is the earliest there can be."""
    try:
        until = datetime.fromisoformat(typed or "")
    except ValueError:
        return datetime.min.replace(tzinfo=at.tzinfo)
    return until if until.tzinfo else until.replace(tzinfo=at.tzinfo)


def posted_number(typed: str | None, longest: int = LONGEST_NUMBER) -> int | None:
    """A whole number from 0 on; None if it is none."""
    digits = typed or ""
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= longest
    return int(digits) if is_number else None
