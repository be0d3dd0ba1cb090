"""Outputs (结果/证照) and seals (印章): what a case gives out."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Output(Base):
    """One result that an item issued: its kind and number, nothing personal."""

    __tablename__ = "outputs"
    __table_args__ = (
        ForeignKeyConstraint(["district_code", "case_id"], ["cases.district_code", "cases.id"]),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_code: Mapped[str] = mapped_column(primary_key=True)
    output_code: Mapped[str] = mapped_column(primary_key=True)
    event_number: Mapped[int]
    number: Mapped[str]
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    """Since when it holds no more, because the decision was revoked."""


class SealStatus(StrEnum):
    """Where a seal stands on its way."""

    ORDERED = "ordered"
    CODED = "coded"
    ENGRAVED = "engraved"
    DELIVERED = "delivered"
    FILED = "filed"
    CANCELLED = "cancelled"


class Seal(Base):
    """One seal of one case, from order to filing with public security."""

    __tablename__ = "seals"
    __table_args__ = (
        ForeignKeyConstraint(["district_code", "case_id"], ["cases.district_code", "cases.id"]),
        Index("uq_seals_code", "district_code", "code", unique=True),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    item_code: Mapped[str]
    kind: Mapped[str]
    material: Mapped[str]
    maker_code: Mapped[str]
    status: Mapped[SealStatus]
    code: Mapped[str | None]
    """13 digits beginning with the region, engraved on the face."""
    ordered_at: Mapped[datetime]
    coded_at: Mapped[datetime | None]
    engraved_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    filed_at: Mapped[datetime | None]


class SealOrder(Base):
    """The order of a case's seals; the delivery code is known to the applicant alone."""

    __tablename__ = "seal_orders"
    __table_args__ = (
        ForeignKeyConstraint(["district_code", "case_id"], ["cases.district_code", "cases.id"]),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    maker_code: Mapped[str]
    delivery_code: Mapped[str]
    ordered_at: Mapped[datetime]


class Serial(Base):
    """The last serial given out, per kind and period (case numbers of a day, seal codes...)."""

    __tablename__ = "serials"

    district_code: Mapped[str] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]
