"""Repairs (修复): what operators asked for, who confirmed it, and the events of both."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Repair(Base):
    """One repair of one case. Why is the text of its event, which can be erased."""

    __tablename__ = "repairs"
    __table_args__ = (
        ForeignKeyConstraint(["district_code", "case_id"], ["cases.district_code", "cases.id"]),
        Index("ix_repairs_asked_at", "asked_at"),
        Index("ix_repairs_waiting", "asked_at", postgresql_where="state = 'waiting'"),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_number: Mapped[int] = mapped_column(primary_key=True)
    verb: Mapped[str]
    item_code: Mapped[str | None]
    to_state: Mapped[str | None]
    version: Mapped[int]
    """Of the part, or of the case itself, as it was when somebody asked."""
    reason_code: Mapped[str | None]
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime]
    state: Mapped[str]
    """``waiting``, ``carried_out``, ``declined`` or ``taken_back``."""
    settled_by: Mapped[UUID | None]
    settled_at: Mapped[datetime | None]
    settled_event_number: Mapped[int | None]
