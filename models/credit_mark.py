"""Marks of broken promises: who has one may not promise again until it is repaired (信用记录)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class CreditMark(Base):
    """One mark, left by the revocation of what was granted on a promise."""

    __tablename__ = "credit_marks"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district_code", "case_id", "event_number"],
            ["events.district_code", "events.case_id", "events.number"],
        ),
        Index(
            "ix_credit_marks_applicant_id",
            "applicant_id",
            postgresql_where="repaired_at IS NULL",
        ),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_number: Mapped[int] = mapped_column(primary_key=True)
    """The revocation that left it."""
    item_code: Mapped[str]
    applicant_id: Mapped[UUID]
    marked_at: Mapped[datetime]
    repaired_at: Mapped[datetime | None]
