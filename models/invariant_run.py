"""What the invariant monitor found, run by run."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class InvariantRun(Base):
    """One check of one run: how many cases were looked at, and which break it."""

    __tablename__ = "invariant_runs"
    __table_args__ = (Index("ix_invariant_runs_ended_at", "check_code", "scope", "ended_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    check_code: Mapped[str]
    scope: Mapped[str]
    """``recent`` (cases that moved of late) or ``all``."""
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    looked_at: Mapped[int]
    """Cases."""
    breach_count: Mapped[int]
    breaches: Mapped[list[Any]]
    """The first of them: district, case, item, and the case's number. Nothing personal."""
