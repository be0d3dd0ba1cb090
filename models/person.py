"""People who can sign in, and what each was granted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Person(Base):
    """One account. People have no district: they may act in several."""

    __tablename__ = "people"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(unique=True)
    """Mobile number, e-mail address or staff account name, normalised: lower case, no spaces."""
    name: Mapped[str]
    password_hash: Mapped[str | None]
    """Argon2id. Empty until an invited person has chosen a password."""
    locale: Mapped[str]
    is_demonstration: Mapped[bool]
    """Such accounts have a public password and are refused outside demonstration mode."""
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class PersonGrant(Base):
    """One role of one person within a reach. Never changed: ended by ``valid_until``."""

    __tablename__ = "person_grants"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[str]
    district_code: Mapped[str | None]
    department_code: Mapped[str | None]
    maker_code: Mapped[str | None]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
