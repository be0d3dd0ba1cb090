"""Who prepared a decision, so that somebody else takes it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Preparation(Base):
    """One hand that prepared one part of a case; no step lifts its bar but the decision itself."""

    __tablename__ = "preparations"
    __table_args__ = (
        ForeignKeyConstraint(["district_code", "case_id"], ["cases.district_code", "cases.id"]),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_code: Mapped[str] = mapped_column(primary_key=True)
    """Empty for the case's own steps."""
    event_number: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    trigger: Mapped[str]
    prepared_at: Mapped[datetime]
    decided_event_number: Mapped[int | None]
    """The decision by other hands that took it up; what is prepared afterwards is another."""
