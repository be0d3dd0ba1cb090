"""Documents (文书): the numbered papers that acts issue; their words lie with the event."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Document(Base):
    """One paper of one event. Kind and number alone: nothing personal."""

    __tablename__ = "documents"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district_code", "case_id", "event_number"],
            ["events.district_code", "events.case_id", "events.number"],
        ),
        UniqueConstraint("district_code", "number"),
        Index("ix_documents_kind", "kind", "issued_at"),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_number: Mapped[int] = mapped_column(primary_key=True)
    item_code: Mapped[str | None]
    kind: Mapped[str]
    number: Mapped[str]
    issued_at: Mapped[datetime]
