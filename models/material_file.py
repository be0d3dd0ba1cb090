"""The files of a case's materials (材料)."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class FileState(StrEnum):
    """How far a file is."""

    RECEIVED = "received"
    CHECKED = "checked"
    REFUSED = "refused"


class MaterialFile(Base):
    """One file of one material. Erasable; the content lies in the file store by its hash."""

    __tablename__ = "material_files"
    __table_args__ = (
        ForeignKeyConstraint(["district_code", "case_id"], ["cases.district_code", "cases.id"]),
        CheckConstraint("state = 'refused' OR content_hash IS NOT NULL", name="content_is_there"),
        Index("ix_material_files_content_hash", "content_hash"),
        Index(
            "ix_material_files_received_at",
            "received_at",
            postgresql_where="state = 'received'",
        ),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    material_code: Mapped[str]
    content_hash: Mapped[bytes | None]
    """SHA-256; empty if more came than may be kept."""
    original_name: Mapped[str]
    """As the applicant called it, without folders and signs that hide its end."""
    media_type: Mapped[str | None]
    """By its content, once it was opened."""
    size_bytes: Mapped[int]
    page_count: Mapped[int | None]
    state: Mapped[FileState]
    refusal: Mapped[dict[str, Any] | None]
    """``code`` and the sentence in both languages."""
    uploaded_by: Mapped[UUID]
    received_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    replaces: Mapped[UUID | None]
    """The file of the same paper whose place it takes once it is found sound."""
    sent_event_number: Mapped[int | None]
    """The last submission that it was part of, or the step that set it aside unsent."""
