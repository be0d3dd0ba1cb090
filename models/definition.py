"""What was published: immutable, content-hashed versions of definitions and calendars."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class DefinitionVersion(Base):
    """A one-thing with the processes it uses, as published. Cases name it by its hash."""

    __tablename__ = "definition_versions"

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    content: Mapped[dict[str, Any]]
    """``thing`` and ``processes`` as the typed schema dumps them."""
    flow: Mapped[dict[str, Any]]
    """The picture of the flow, SVG by locale, drawn at publication."""
    published_at: Mapped[datetime]


class CalendarVersion(Base):
    """One published state of an office's working calendar; the highest number is in force."""

    __tablename__ = "calendar_versions"

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    code: Mapped[str]
    """The office: ``national``, a district, or ``district/department``."""
    number: Mapped[int]
    """Counts the versions of the office from 1."""
    version: Mapped[str]
    first_year: Mapped[int]
    last_year: Mapped[int]
    opens_at: Mapped[str]
    closes_at: Mapped[str]
    zone: Mapped[str]
    week: Mapped[list[Any]]
    """The slots of Monday to Sunday, as ``09:00-12:00``; empty for one stretch every day."""
    published_at: Mapped[datetime]
    published_by: Mapped[UUID | None]
    """None for a version that came with the program or by the command line."""

    __table_args__ = (UniqueConstraint("code", "version"), UniqueConstraint("code", "number"))


class CalendarDay(Base):
    """A day that differs from the others: a holiday, a make-up working day, other hours."""

    __tablename__ = "calendar_days"

    calendar_hash: Mapped[bytes] = mapped_column(
        ForeignKey("calendar_versions.hash"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    is_working_day: Mapped[bool]
    name: Mapped[dict[str, Any]]
    source: Mapped[str]
    slots: Mapped[list[Any]]
    """Other hours than the weekday's; empty if there are none."""


class Maker(Base):
    """A seal maker that the local police has designated (刻章企业)."""

    __tablename__ = "makers"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[dict[str, Any]]
    address: Mapped[dict[str, Any]]
    phone: Mapped[str]
    district_codes: Mapped[list[Any]]
    """The districts it serves."""
    is_demonstration: Mapped[bool]
    recorded_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
