"""Which office handles what for whom: modes of handling, routes between districts. Dated rows."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Way(StrEnum):
    """How the accepting and the deciding office work together."""

    ONLINE = "online"  # 全程网办
    COLLECTED = "collected"  # 异地代收代办
    JOINT = "joint"  # 多地联办


class ClockFrom(StrEnum):
    """From when the deciding office's time counts."""

    ACCEPTANCE = "acceptance"
    RECEIPT = "receipt"


class ResultsAt(StrEnum):
    """Where the applicant collects what cannot be sent as a file."""

    ACCEPTING = "accepting"
    DECIDING = "deciding"


class HandlingMode(Base):
    """One wording of a mode of handling (通办); an edit adds a version, none is ever changed."""

    __tablename__ = "handling_modes"

    code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    label: Mapped[dict[str, Any]]
    description: Mapped[dict[str, Any]]
    is_example: Mapped[bool]
    """True until an operator has put a label of their own in its place."""
    is_closed_list: Mapped[bool]
    """True if a window that works in this mode accepts nothing that is not on its list."""
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]


class Route(Base):
    """Where an item handed in at one of several districts is decided. Ended, never changed."""

    __tablename__ = "routes"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="ends_later"),
        CheckConstraint("jsonb_array_length(accepting_codes) > 0", name="accepted_somewhere"),
        Index("ix_routes_thing_code", "thing_code"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    mode_code: Mapped[str]
    thing_code: Mapped[str]
    item_code: Mapped[str | None]
    """Empty for every item of the one-thing."""
    accepting_codes: Mapped[list[Any]]
    """The districts at which it may be handed in."""
    partner: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The partner region that these districts belong to, in both languages."""
    condition: Mapped[str | None]
    """CEL over the answers: the route counts only if true."""
    condition_words: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The same for people, in both languages."""
    deciding_code: Mapped[str]
    """The district whose department decides and answers for it."""
    way: Mapped[Way]
    clock_from: Mapped[ClockFrom]
    results_at: Mapped[ResultsAt]
    recognises_licences: Mapped[bool]
    """True if electronic licences of the other side count like the paper."""
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]
    ended_by: Mapped[UUID | None]
