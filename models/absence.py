"""Who is away from work, from which day to which, and who stands in."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Absence(Base):
    """One absence of one person. Why somebody is away is nobody's business and has no column."""

    __tablename__ = "absences"
    __table_args__ = (
        CheckConstraint("first_on <= last_on", name="first_before_last"),
        UniqueConstraint("recorded_by", "command_id"),
        Index("ix_absences_person_id", "person_id", "last_on"),
        Index(
            "ix_absences_to_begin",
            "first_on",
            postgresql_where="begun_at IS NULL AND ended_at IS NULL",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    """Both days are part of it; days are those of Beijing."""
    deputy_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]
    command_id: Mapped[UUID]
    ended_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    """When somebody ended it before its last day, or took it back."""
    begun_at: Mapped[datetime | None]
    """When the work of the absent person was given away, once."""
