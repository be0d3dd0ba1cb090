"""The counter: visits of applicants, who may type in a draft now, and its hand-overs."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Side(StrEnum):
    """Where a draft is typed: at the window, or by its applicant on a device of their own."""

    WINDOW = "window"
    APPLICANT = "applicant"


class CounterVisit(Base):
    """One visit of an applicant at a window, and what the officer saw and was told. Erasable."""

    __tablename__ = "counter_visits"
    __table_args__ = (
        ForeignKeyConstraint(["district_code", "case_id"], ["cases.district_code", "cases.id"]),
        Index("ix_counter_visits_officer_id", "officer_id", "id"),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    """The command, or the hand-over, that recorded it: pressed twice it is one visit."""
    officer_id: Mapped[UUID]
    at: Mapped[datetime]
    applicant_name: Mapped[str]
    """As said at the window; nothing is taken from the account."""
    document_kind: Mapped[str]
    """Which paper proved the identity; its number is not kept."""
    agent_name: Mapped[str | None]
    agent_relation: Mapped[str | None]
    is_brought: Mapped[bool]
    """True if the applicant brought a draft that was begun online."""
    made_account: Mapped[bool]
    """True if the account was made at this visit."""
    confirmed_submission_id: Mapped[UUID | None]
    """The submission that the applicant checked and signed."""


class DraftLock(Base):
    """Who may type in a draft now. A draft that never was at a window has no row."""

    __tablename__ = "draft_locks"
    __table_args__ = (
        ForeignKeyConstraint(["district_code", "case_id"], ["cases.district_code", "cases.id"]),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    side: Mapped[Side]
    held_by: Mapped[UUID]
    """The officer, the applicant, or the hand-over whose phone has it."""
    taken_at: Mapped[datetime]


class DraftHandOver(Base):
    """A one-time link and code that moves a draft between window and phone. Hashes only."""

    __tablename__ = "draft_hand_overs"
    __table_args__ = (
        ForeignKeyConstraint(["district_code", "case_id"], ["cases.district_code", "cases.id"]),
        Index("ix_draft_hand_overs_token_hash", "token_hash"),
        Index("ix_draft_hand_overs_code_hash", "code_hash"),
        Index("ix_draft_hand_overs_grant_hash", "district_code", "grant_hash"),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    to_side: Mapped[Side]
    token_hash: Mapped[bytes]
    code_hash: Mapped[bytes]
    made_by: Mapped[UUID]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    grant_hash: Mapped[bytes | None]
    """SHA-256 of the token in the cookie of the phone that used it."""
    grant_expires_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """When the phone gave it back, or it was taken back."""
