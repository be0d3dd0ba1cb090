"""Conflicts of interest: who keeps out of a case, from the declaration on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Conflict(Base):
    """One person and one case. Why is the text of the event, which can be erased."""

    __tablename__ = "conflicts"
    __table_args__ = (
        ForeignKeyConstraint(["district_code", "case_id"], ["cases.district_code", "cases.id"]),
        Index("ix_conflicts_person_id", "person_id"),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_code: Mapped[str]
    """Where it was declared; it holds for the whole case."""
    event_number: Mapped[int]
    declared_at: Mapped[datetime]
