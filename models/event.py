"""Events: append-only by privilege, chained by hash, without personal data."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, and_
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Event(Base):
    """One thing that happened to a case. Its hash covers the one before and what it wrote."""

    __tablename__ = "events"
    __table_args__ = (
        ForeignKeyConstraint(["district_code", "case_id"], ["cases.district_code", "cases.id"]),
        Index(
            "uq_events_command_id",
            "district_code",
            "case_id",
            "command_id",
            unique=True,
            postgresql_where="command_id IS NOT NULL",
        ),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[UUID]
    trigger: Mapped[str]
    item_code: Mapped[str | None]
    from_state: Mapped[str | None]
    to_state: Mapped[str | None]
    reason_code: Mapped[str | None]
    command_id: Mapped[UUID | None]
    definition_hash: Mapped[bytes]
    calendar_hash: Mapped[bytes]
    tariff_hash: Mapped[bytes]
    body: Mapped[dict[str, Any]]
    """Commitments to erasable rows, and the rows that its effects wrote: codes and ids only."""
    previous_hash: Mapped[bytes]
    hash: Mapped[bytes]


class EventText(Base):
    """Free text of an event (reasons, lists, names typed at delivery). Erasable with its key."""

    __tablename__ = "event_texts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district_code", "case_id", "event_number"],
            ["events.district_code", "events.case_id", "events.number"],
        ),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]]
    """``reason``, ``items`` to mend, ``inputs`` of the officer."""
    commitment_key: Mapped[bytes]


TEXT_OF_EVENT = and_(
    EventText.district_code == Event.district_code,
    EventText.case_id == Event.case_id,
    EventText.event_number == Event.number,
)
"""Joins an event with its text."""

SENDS_THE_FORM = Event.body["commitments"].has_key("answers")
"""True of events that took in the form: the submission, and what was supplied later."""
