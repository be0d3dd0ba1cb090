"""One-time links with which staff, or visitors of a window, set a password."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.errors import ConflictError, NotFoundError
from core.text import Text
from models.person import Person
from models.sign_in import Invitation
from services import attempts, sign_in
from services.people import UNKNOWN_PERSON
from services.sign_in import TOKEN_BYTES, Entrance, token_hash

LASTS = timedelta(hours=48)
TAKEN_HOME_LASTS = timedelta(hours=72)
"""For a visitor who goes home with it on paper."""

GONE = Text(
    zh="这个链接已失效：可能已经用过、过期，或被新的链接取代。",
    en="This link no longer works: it was used, has expired, or a newer one took its place.",
)
ASK_AGAIN = Text(
    zh="请联系管理员（在窗口办件的，请联系窗口）重新发一个链接；已设好密码的，请直接登录。",
    en="Ask your administrator, or the window where you applied, for a new link. If your "
    "password is set, sign in.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A new link: the token appears here and nowhere else."""

    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """Whom a live link belongs to."""

    person_id: UUID
    account: str
    name: str
    expires_at: datetime


def invite(session: Session, person_id: UUID, at: datetime, lasts: timedelta = LASTS) -> Link:
    """Make a link for a person, which works for as long as ``lasts``; older ones stop working.

    Raises `NotFoundError`, `ConflictError` if the account is disabled.
    """
    person = session.execute(
        select(Person).where(Person.id == person_id).with_for_update()
    ).scalar_one_or_none()
    if person is None:
        raise NotFoundError(UNKNOWN_PERSON)
    if person.disabled_at is not None:
        raise ConflictError(
            Text(
                zh="这个账号已停用，不能发送链接。请先启用。",
                en="This account is disabled and gets no link. Enable it first.",
            )
        )
    revoke(session, person_id, at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = Link(token=token, expires_at=at + lasts)
    session.add(
        Invitation(
            token_hash=token_hash(token),
            person_id=person_id,
            created_at=at,
            expires_at=link.expires_at,
            used_at=None,
            revoked_at=None,
        )
    )
    session.flush()
    return link


def look(session: Session, token: str, at: datetime) -> Invited | None:
    """Whom a link belongs to; None if it does not work (any more)."""
    row = session.execute(
        select(Person.id, Person.account, Person.name, Invitation.expires_at)
        .join(Invitation, Invitation.person_id == Person.id)
        .where(
            Invitation.token_hash == token_hash(token),
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > at,
            Person.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    return Invited(person_id=row.id, account=row.account, name=row.name, expires_at=row.expires_at)


def open_link(
    session: Session, entrance: Entrance, token: str, address: str | None, at: datetime
) -> Invited | None:
    """As `look`, and count a link that does not work against the address.

    Raises `TooManyAttemptsError` when there were too many of these.
    """
    invited = look(session, token, at)
    if invited is None:
        network = attempts.network_of(address)
        meter = attempts.meter(attempts.INVITATION_ADDRESS, network, entrance.secret)
        attempts.reserve(session, (meter,), at)
    return invited


def accept(session: Session, token: str, password_hash: str, at: datetime) -> str:
    """Use a link: store the password, end every session, open a new one; its token.

    Raises `NotFoundError` if the link does not work; of two uses at once one succeeds.
    """
    invited = look(session, token, at)
    used = session.execute(
        update(Invitation)
        .where(
            Invitation.token_hash == token_hash(token),
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(used_at=at)
        .returning(Invitation.person_id)
    ).scalar_one_or_none()
    if invited is None or used is None:
        raise NotFoundError(GONE, advice=ASK_AGAIN)
    session.execute(update(Person).where(Person.id == used).values(password_hash=password_hash))
    sign_in.sign_out_everywhere(session, used, at)
    return sign_in.open_session(session, used, at)


def revoke(session: Session, person_id: UUID, at: datetime) -> None:
    """Make every link of a person stop working."""
    session.execute(
        update(Invitation)
        .where(
            Invitation.person_id == person_id,
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=at)
    )
