"""What an officer typed for a step that is not taken yet. Seen by that officer alone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class DecisionDraft(Base):
    """The form of one step of one task, as one person typed it; gone once the step is taken."""

    __tablename__ = "decision_drafts"

    handling_district_code: Mapped[str] = mapped_column(primary_key=True)
    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_code: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    step_code: Mapped[str] = mapped_column(primary_key=True)
    """``case.return`` for a step of the case itself, ``approve`` for one of the item."""
    typed: Mapped[dict[str, Any]]
    """Field names and what stands in them, exactly as typed, however wrong."""
    saved_at: Mapped[datetime]
