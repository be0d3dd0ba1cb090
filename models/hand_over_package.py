"""Hand-over packages (移交包): what one office hands to another, its hash confirmed by both."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.routing import ClockFrom, ResultsAt, Way


class PackageState(StrEnum):
    """How far a package is."""

    SENT = "sent"
    RECEIVED = "received"
    REFUSED = "refused"


class HandOverPackage(Base):
    """One item's file on its way from the office that accepted it to the one that decides.

    The content holds commitments, hashes and codes alone. The event that made the package has its
    hash too, so that neither side can change it later.
    """

    __tablename__ = "hand_over_packages"
    __table_args__ = (
        ForeignKeyConstraint(["district_code", "case_id"], ["cases.district_code", "cases.id"]),
        Index("ix_hand_over_packages_to", "to_district_code", "to_department_code", "sent_at"),
        Index(
            "ix_hand_over_packages_from", "from_district_code", "from_department_code", "sent_at"
        ),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_code: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    """From 1 on; a package that was refused is followed by the next one."""
    from_district_code: Mapped[str]
    from_department_code: Mapped[str]
    to_district_code: Mapped[str]
    to_department_code: Mapped[str]
    route_id: Mapped[UUID | None]
    way: Mapped[Way]
    clock_from: Mapped[ClockFrom]
    results_at: Mapped[ResultsAt]
    needs_post: Mapped[bool]
    """True if papers travel too: it is received only once they have arrived."""
    event_number: Mapped[int]
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[bytes]
    """SHA-256 over the canonical JSON of the content."""
    sent_at: Mapped[datetime]
    sent_by: Mapped[UUID]
    """Who was asked first and answers for it until the other side has confirmed (首问负责)."""
    state: Mapped[PackageState]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[UUID | None]
    found_hash: Mapped[bytes | None]
    """What the receiving side computed from what it received."""
    carrier: Mapped[str | None]
    tracking_number: Mapped[str | None]
    posted_on: Mapped[date | None]
    arrived_on: Mapped[date | None]
