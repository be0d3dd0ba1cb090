"""Sessions of signed-in people, and one-time invitations. Tokens are stored as hashes only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class SignInSession(Base):
    """One browser that is signed in, until it signs out, idles too long or expires."""

    __tablename__ = "sign_in_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    """SHA-256 of the random token in the cookie; the token itself is nowhere in the database."""
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """The last request, exact to a minute."""
    expires_at: Mapped[datetime] = mapped_column(index=True)
    """The end however busy the session is."""
    revoked_at: Mapped[datetime | None]


class Invitation(Base):
    """A link with which a person sets a password, once."""

    __tablename__ = "invitations"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    """Set when a newer link took its place, or the account was disabled."""
