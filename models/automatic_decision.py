"""Decisions without a hand: what the rules found, and where they are switched on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.supervision import EVENT


class AutomaticAssessment(Base):
    """What a rule set found about one task; the event says it in full and is chained."""

    __tablename__ = "automatic_assessments"
    __table_args__ = (
        ForeignKeyConstraint(["district_code", "case_id", "event_number"], EVENT),
        Index(
            "ix_automatic_assessments_office",
            "handling_district_code",
            "department_code",
            "thing_code",
            "item_code",
            "assessed_at",
        ),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_number: Mapped[int] = mapped_column(primary_key=True)
    item_code: Mapped[str]
    thing_code: Mapped[str]
    handling_district_code: Mapped[str]
    department_code: Mapped[str]
    rule_code: Mapped[str]
    rule_version: Mapped[int]
    outcome: Mapped[str]
    """``granted``, ``sampled`` (it would have been) or ``left``."""
    assessed_at: Mapped[datetime]
    overturned_event_number: Mapped[int | None]
    """The event by which people decided otherwise."""
    overturned_at: Mapped[datetime | None]


class AutomaticSwitch(Base):
    """One turn of the switch of one item at one office; the newest holds, none means off."""

    __tablename__ = "automatic_switches"

    district_code: Mapped[str] = mapped_column(primary_key=True)
    department_code: Mapped[str] = mapped_column(primary_key=True)
    thing_code: Mapped[str] = mapped_column(primary_key=True)
    item_code: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    is_on: Mapped[bool]
    share_permille: Mapped[int]
    """Of those that could be granted, how many an officer examines all the same."""
    cause: Mapped[str]
    """``person`` or ``alarm``."""
    reason: Mapped[str]
    changed_by: Mapped[UUID]
    changed_at: Mapped[datetime]
