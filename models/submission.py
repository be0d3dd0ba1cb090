"""Submissions: the form as it was sent, each time it was sent. Erasable with its key."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Submission(Base):
    """What one event took in. ``case_answers`` is the working copy; this is what was sent.

    A request to mend that is taken back leaves a row too: what the applicant had typed until then
    and not sent, with no answers.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district_code", "case_id", "event_number"],
            ["events.district_code", "events.case_id", "events.number"],
        ),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_number: Mapped[int] = mapped_column(primary_key=True)
    typed: Mapped[dict[str, Any]]
    """Exactly as typed, by section."""
    answers: Mapped[dict[str, Any] | None]
    """As read and checked; empty if it was never sent."""
    materials: Mapped[list[Any]]
    """The papers as sent: codes, file ids and content hashes."""
    commitment_key: Mapped[bytes]
    """32 random bytes: the event holds an HMAC with it; erased with the row."""
