"""Service of documents (送达): who got which paper, when and how. Rows are never changed."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class ServiceMethod(StrEnum):
    """How a paper reached its addressee."""

    ELECTRONIC = "electronic"
    """Opened by the applicant, who had consented, on the page of the case."""
    WINDOW = "window"
    """Handed over on paper by an officer."""
    POST = "post"
    """Sent by post; the day on the receipt counts."""


class DocumentService(Base):
    """One paper reached its addressee in one way; the first of a way counts."""

    __tablename__ = "document_services"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district_code", "case_id", "event_number"],
            ["documents.district_code", "documents.case_id", "documents.event_number"],
        ),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_number: Mapped[int] = mapped_column(primary_key=True)
    """The event that issued the paper."""
    method: Mapped[ServiceMethod] = mapped_column(primary_key=True)
    served_at: Mapped[datetime]
    recorded_by: Mapped[UUID]
    """The applicant who opened it, or the officer who recorded it."""
    recipient_name: Mapped[str | None]
    """Who took the paper, as the receipt says; erased with the case's personal data."""
    recipient_relation: Mapped[str | None]
    """What the recipient is to the applicant, if somebody else came."""
    tracking_number: Mapped[str | None]
    """Of a letter; erased with the case's personal data."""
