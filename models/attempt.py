"""Attempts at a door that is throttled: who knocked is kept as a keyed hash, and not for long."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Attempt(Base):
    """One knock. Deleted when it is given back, or when its window has passed."""

    __tablename__ = "attempts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    key_hash: Mapped[bytes]
    """HMAC-SHA256 of the account or network with the server's secret."""
    at: Mapped[datetime] = mapped_column(index=True)


Index("ix_attempts_kind_key_hash_at", Attempt.kind, Attempt.key_hash, Attempt.at)
