"""Reports that were asked for as a file (导出), which the worker writes."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class ExportState(StrEnum):
    """How far it is. That its time has run out is read from ``expires_at``."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class ReportExport(Base):
    """One report that one person asked for; the content lies in the file store by its hash."""

    __tablename__ = "report_exports"
    __table_args__ = (
        UniqueConstraint("asked_by", "command_id"),
        CheckConstraint("state <> 'ready' OR content_hash IS NOT NULL", name="content_is_there"),
        Index("ix_report_exports_asked_by", "asked_by", "asked_at"),
        Index("ix_report_exports_asked_at", "asked_at"),
        Index("ix_report_exports_content_hash", "content_hash"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    asked_by: Mapped[UUID]
    command_id: Mapped[UUID]
    """Pressed twice it is one file."""
    asked_at: Mapped[datetime]
    report_code: Mapped[str]
    format: Mapped[str]
    """``xlsx``, ``csv`` or ``json``."""
    table_code: Mapped[str | None]
    """The one table that a CSV file holds."""
    filters: Mapped[dict[str, Any]]
    """As typed, by name."""
    language: Mapped[str]
    state: Mapped[ExportState]
    failure_code: Mapped[str | None]
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    content_hash: Mapped[bytes | None]
    size_bytes: Mapped[int | None]
    row_count: Mapped[int | None]
    file_name: Mapped[str | None]
    holds_synthetic: Mapped[bool | None]
    reach: Mapped[list[Any] | None]
    """The districts that were written, empty for all: who reads it must reach as far."""
