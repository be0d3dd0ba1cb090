"""The case (办件): one applicant's request for one one-thing, and what was answered."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Origin(StrEnum):
    """Where a case comes from; it stays so for ever."""

    LIVE = "live"
    SYNTHETIC = "synthetic"
    IMPORTED = "imported"


class Channel(StrEnum):
    """Where a case is begun or brought to before it is sent."""

    ONLINE = "online"
    WINDOW = "window"


class Case(Base):
    """One row a case; its lock serialises everything that happens to it.

    ``version`` counts changes of the case's own state, ``event_count`` and ``head_hash`` are the
    length and the end of its event chain.
    """

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("district_code", "number"),
        Index("ix_cases_applicant_id", "applicant_id"),
        Index(
            "ix_cases_window",
            "district_code",
            "created_at",
            postgresql_where="channel = 'window'",
        ),
        Index(
            "ix_cases_extension_asked_at",
            "district_code",
            "extension_asked_at",
            postgresql_where="extension_asked_at IS NOT NULL",
        ),
        Index(
            "ix_cases_returned_home",
            "district_code",
            "resubmission_due_on",
            "id",
            postgresql_where="state = 'returned'",
        ),
        Index(
            "ix_cases_returned_elsewhere",
            "handling_district_code",
            "resubmission_due_on",
            "id",
            postgresql_where="state = 'returned'",
        ),
        Index("ix_cases_registered_title", "title", postgresql_where="credit_code IS NOT NULL"),
        Index("ix_cases_timer_at", "timer_at", postgresql_where="timer_at IS NOT NULL"),
        Index(
            "ix_cases_next_colour_at",
            "next_colour_at",
            postgresql_where="next_colour_at IS NOT NULL",
        ),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str | None]
    thing_code: Mapped[str]
    definition_hash: Mapped[bytes]
    applicant_id: Mapped[UUID]
    submit_command_id: Mapped[UUID]
    """Minted with the draft: however often the form is sent, it is one submission."""
    state: Mapped[str]
    version: Mapped[int] = mapped_column(default=0)
    event_count: Mapped[int] = mapped_column(default=0)
    head_hash: Mapped[bytes | None]
    title: Mapped[str | None]
    credit_code: Mapped[str | None]
    """The unified social credit code, once registration has given it."""
    origin: Mapped[Origin]
    channel: Mapped[Channel] = mapped_column(default=Channel.ONLINE, server_default="online")
    taken_by: Mapped[UUID | None]
    """The window officer who took it in; empty for a case that stayed online."""
    opened_at: Mapped[datetime]
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    resubmission_due_on: Mapped[date | None]
    """While it is returned: the last day on which it is asked to be sent again."""
    accepted_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    """The promised end of the whole case, where its definition promises one."""
    due_provisional: Mapped[bool] = mapped_column(default=False, server_default="false")
    statutory_due_at: Mapped[datetime | None]
    statutory_provisional: Mapped[bool] = mapped_column(default=False, server_default="false")
    first_due_at: Mapped[datetime | None]
    """The promised end as it was first told; it is kept whatever becomes of the date."""
    paused_at: Mapped[datetime | None]
    """Since when the clock stands still; empty while it runs."""
    state_due_at: Mapped[datetime | None]
    """When the limit of the present state itself runs out."""
    timer_at: Mapped[datetime | None]
    """The same, if something follows by itself then."""
    calendar_hash: Mapped[bytes | None]
    """The calendar by which the stored ends were counted."""
    colour: Mapped[str | None]
    """``blue``, ``yellow`` or ``red``; empty while nobody need look at it."""
    next_colour: Mapped[str | None]
    next_colour_at: Mapped[datetime | None]
    handling_district_code: Mapped[str | None]
    """Where it is accepted, if not at home."""
    withdrawal_asked_at: Mapped[datetime | None]
    extension_asked_at: Mapped[datetime | None]
    """While the accepting office waits for the government to extend the whole case."""
    ended_at: Mapped[datetime | None]
    end_act: Mapped[str | None]
    """``withdrawal``, ``lapse`` or ``cancellation`` when an act ended the case; else empty."""
    repaired_at: Mapped[datetime | None]
    """When a part of it last went back by the hand of operators."""


class CaseAnswers(Base):
    """What the applicant typed, section by section, and what it was read as. Erasable."""

    __tablename__ = "case_answers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district_code", "case_id"], ["cases.district_code", "cases.id"], ondelete="CASCADE"
        ),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    typed: Mapped[dict[str, Any]]
    """Exactly as typed, by section: so that nothing is lost, however wrong."""
    answers: Mapped[dict[str, Any] | None]
    """As read and checked at submission; empty before it."""
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    """Counts the savings that changed something."""
    saved: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """By section: the revision of its last change, its instant, and the page that sent it."""
    electronic_service: Mapped[bool | None]
    """What the applicant chose when the form was last sent; the event says it for ever."""
    commitment_key: Mapped[bytes]
    """32 random bytes: events hold an HMAC with it; erased with the answers."""
    updated_at: Mapped[datetime]
