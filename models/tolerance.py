"""Papers that may come after acceptance, as the applicant promised (容缺受理)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class ToleratedPaper(Base):
    """One promised paper of one case: until when it is awaited, and what became of it."""

    __tablename__ = "tolerated_papers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district_code", "case_id", "event_number"],
            ["events.district_code", "events.case_id", "events.number"],
        ),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    material_code: Mapped[str] = mapped_column(primary_key=True)
    event_number: Mapped[int]
    """The acceptance that let it be missing."""
    due_at: Mapped[datetime]
    supplied_at: Mapped[datetime | None]
    lapsed_at: Mapped[datetime | None]
    """It did not come in time, and what was published for that case has followed."""
