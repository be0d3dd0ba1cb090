"""Delegations of signature: some acts of a head's desk, for a while, by somebody else."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Delegation(Base):
    """Who may sign which acts of which desk for whom. Never changed: ended by ``revoked_at``."""

    __tablename__ = "delegations"
    __table_args__ = (
        CheckConstraint("valid_from < valid_until", name="from_before_until"),
        UniqueConstraint("giver_id", "command_id"),
        Index("ix_delegations_receiver_id", "receiver_id", "valid_until"),
        Index("ix_delegations_desk", "district_code", "department_code", "valid_until"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    giver_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    receiver_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    district_code: Mapped[str]
    department_code: Mapped[str]
    permissions: Mapped[list[Any]]
    """Codes of permissions, in the order of `workflows.permissions.Permission`."""
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    granted_at: Mapped[datetime]
    command_id: Mapped[UUID]
    revoked_by: Mapped[UUID | None]
    revoked_at: Mapped[datetime | None]
