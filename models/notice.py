"""Notices (通知) to applicants: in-app, written by a job after the event was committed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Notice(Base):
    """One message about one event. Its key makes writing it twice impossible."""

    __tablename__ = "notices"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district_code", "case_id", "event_number"],
            ["events.district_code", "events.case_id", "events.number"],
        ),
        Index("ix_notices_person_id", "person_id"),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_number: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    sentence: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
