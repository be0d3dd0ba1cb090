"""Marks of broken promises that count no more: what they rested on was set aside."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class LiftedCreditMark(Base):
    """The row against one mark. The mark itself stays, so that its history can be read."""

    __tablename__ = "lifted_credit_marks"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district_code", "case_id", "marked_event_number"],
            ["credit_marks.district_code", "credit_marks.case_id", "credit_marks.event_number"],
        ),
        ForeignKeyConstraint(
            ["district_code", "case_id", "event_number"],
            ["events.district_code", "events.case_id", "events.number"],
        ),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    marked_event_number: Mapped[int] = mapped_column(primary_key=True)
    """The revocation that left the mark."""
    event_number: Mapped[int]
    """The reopening that lifted it."""
    lifted_at: Mapped[datetime]
