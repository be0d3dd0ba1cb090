"""What was published: immutable, content-hashed versions of definitions and calendars."""

from datetime import date, datetime
from typing import Any

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
    """One published state of the working calendar."""

    __tablename__ = "calendar_versions"

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    code: Mapped[str]
    version: Mapped[str]
    first_year: Mapped[int]
    last_year: Mapped[int]
    opens_at: Mapped[str]
    closes_at: Mapped[str]
    published_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("code", "version"),)


class CalendarDay(Base):
    """A day that differs from Monday to Friday: a holiday, or a make-up working day."""

    __tablename__ = "calendar_days"

    calendar_hash: Mapped[bytes] = mapped_column(
        ForeignKey("calendar_versions.hash"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    is_working_day: Mapped[bool]
    name: Mapped[dict[str, Any]]
    source: Mapped[str]


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
