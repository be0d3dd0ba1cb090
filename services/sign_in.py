"""Signing in and out: sessions on the server that can be seen and ended.

Signing in takes two short transactions with the slow password check between them, so that no
database connection waits for Argon2: `begin` counts the attempt, `complete` opens the session.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select, true, update
from sqlalchemy.orm import Session

from core.errors import NotFoundError, Problem, RuleViolatedError
from core.text import Text
from models.base import new_id
from models.person import Person, PersonGrant
from models.sign_in import SignInSession
from services import attempts, delegations, passwords
from services.account_names import normalise_account
from services.passwords import Checked, Passwords
from services.people import STAFF_ROLES, UNKNOWN_PERSON, as_grant
from workflows.permissions import Actor, Grant

STAFF_IDLE = timedelta(minutes=30)
"""Staff see other people's data on shared counters."""
APPLICANT_IDLE = timedelta(hours=2)
"""A long form, with papers to look for."""
LONGEST_SESSION = timedelta(hours=12)
"""However busy: one working day at most."""
KEPT_AFTER_END = timedelta(days=1)
"""How long it is known whose an ended session was."""
SEEN_EVERY = timedelta(minutes=1)
"""How exactly the last request is known; each update costs a write."""
TOKEN_BYTES = 32

WRONG_CREDENTIALS = Text(
    zh="账号或密码不正确。请检查后再试。",
    en="The account or the password is not right. Check both and try again.",
)
WRONG_PASSWORD = Text(zh="现在的密码不正确。", en="The present password is not right.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """What guards the door: the secret of the meters, the password parameters, and the mode.

    Outside demonstration mode demonstration accounts do not exist.
    """

    secret: str
    passwords: Passwords
    demonstration: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An attempt that was counted. ``person_id`` is None if no such account may sign in."""

    account: str
    person_id: UUID | None
    password_hash: str | None
    reserved: tuple[UUID, ...]


@dataclass(frozen=True)
class Identity:
    """The person behind a live session."""

    session_id: UUID
    person_id: UUID
    account: str
    name: str
    locale: str
    grants: tuple[Grant, ...]
    rests_until: datetime
    """When the session ends if nothing is done."""
    ends_at: datetime
    """When it ends however much is done."""

    @cached_property
    def actor(self) -> Actor:
        """The same person as services know them."""
        return Actor(id=self.person_id, name=self.name, grants=self.grants)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """One live session, as its owner sees it."""

    id: UUID
    created_at: datetime
    seen_at: datetime


def begin(
    session: Session, entrance: Entrance, typed_account: str, address: str | None, at: datetime
) -> Candidate:
    """Count an attempt to sign in and find what its password must be checked against.

    Raises `TooManyAttemptsError` if the account or the address must wait.
    """
    account = normalise_account(typed_account)
    reserved = attempts.reserve(
        session,
        (
            attempts.meter(attempts.SIGN_IN_ACCOUNT, account, entrance.secret),
            attempts.meter(attempts.SIGN_IN_ADDRESS, attempts.network_of(address), entrance.secret),
        ),
        at,
    )
    person = session.execute(
        select(Person.id, Person.password_hash).where(
            Person.account == account,
            Person.disabled_at.is_(None),
            _is_allowed(entrance.demonstration),
        )
    ).one_or_none()
    return Candidate(
        account=account,
        person_id=person.id if person else None,
        password_hash=person.password_hash if person else None,
        reserved=reserved,
    )


def complete(
    session: Session, entrance: Entrance, candidate: Candidate, checked: Checked, at: datetime
) -> str | None:
    """Open a session if the password was right; its token, or None.

    None too if the account was disabled or its password changed while the check ran.
    """
    if not checked.is_right or candidate.person_id is None:
        return None
    person = session.execute(
        select(Person).where(Person.id == candidate.person_id).with_for_update()
    ).scalar_one()
    if person.disabled_at is not None or person.password_hash != candidate.password_hash:
        return None
    if checked.new_hash is not None:
        person.password_hash = checked.new_hash
    attempts.give_back(session, candidate.reserved)
    attempts.clear(
        session, attempts.meter(attempts.SIGN_IN_ACCOUNT, candidate.account, entrance.secret)
    )
    return open_session(session, person.id, at)


def open_session(session: Session, person_id: UUID, at: datetime) -> str:
    """Sign a person in whose right to it is proved; the token for the cookie."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        SignInSession(
            id=new_id(),
            token_hash=token_hash(token),
            person_id=person_id,
            created_at=at,
            seen_at=at,
            expires_at=at + LONGEST_SESSION,
            revoked_at=None,
        )
    )
    session.flush()
    return token


def identify(
    session: Session, token: str, at: datetime, *, demonstration: bool, is_act: bool = True
) -> Identity | None:
    """Who holds this token, if the session is alive: one query, and a write once a minute.

    For those who work at a desk a second one: what others delegated to them.

    What a page asks by itself is no act of its person: it does not keep the session alive.
    """
    rows = session.execute(_alive(token, at, demonstration=demonstration)).all()
    if not rows:
        return None
    live, person = rows[0][0], rows[0][1]
    own = tuple(as_grant(row[2]) for row in rows if row[2] is not None)
    grants = own + delegations.mandates(session, person.id, own, at)
    if at - live.seen_at >= idle_limit(grants):
        return None
    seen_at = _touch(session, live, at) if is_act else live.seen_at
    return Identity(
        session_id=live.id,
        person_id=person.id,
        account=person.account,
        name=person.name,
        locale=person.locale,
        grants=grants,
        rests_until=min(seen_at + idle_limit(grants), live.expires_at),
        ends_at=live.expires_at,
    )


def _alive(
    token: str, at: datetime, *, demonstration: bool
) -> Select[SignInSession, Person, PersonGrant | None]:
    """The session of a token with its person, a row for each grant that holds."""
    return (
        select(SignInSession, Person, PersonGrant)
        .join(Person, Person.id == SignInSession.person_id)
        .outerjoin(
            PersonGrant,
            and_(
                PersonGrant.person_id == Person.id,
                PersonGrant.valid_from <= at,
                or_(PersonGrant.valid_until.is_(None), PersonGrant.valid_until > at),
            ),
        )
        .where(
            SignInSession.token_hash == token_hash(token),
            SignInSession.revoked_at.is_(None),
            SignInSession.expires_at > at,
            Person.disabled_at.is_(None),
            _is_allowed(demonstration),
        )
        .order_by(PersonGrant.id)
    )


def seconds_left(identity: Identity, at: datetime) -> dict[str, int]:
    """How long the session lasts if nothing is done, and however much is done."""
    return {
        "idle_seconds": max(int((identity.rests_until - at).total_seconds()), 0),
        "end_seconds": max(int((identity.ends_at - at).total_seconds()), 0),
    }


def idle_limit(grants: tuple[Grant, ...]) -> timedelta:
    """How long a session may rest: the shortest that any of the roles allows."""
    is_staff = any(grant.role in STAFF_ROLES for grant in grants)
    return STAFF_IDLE if is_staff else APPLICANT_IDLE


def sign_out(session: Session, session_id: UUID, at: datetime) -> None:
    """End one session, at once and for good."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.revoked_at.is_(None))
        .values(revoked_at=at)
    )


def sign_out_everywhere(
    session: Session, person_id: UUID, at: datetime, *, keep: UUID | None = None
) -> int:
    """End every session of a person but ``keep``; how many ended."""
    ended = session.execute(
        update(SignInSession)
        .where(
            SignInSession.person_id == person_id,
            SignInSession.revoked_at.is_(None),
            SignInSession.id != keep if keep else SignInSession.id.is_not(None),
        )
        .values(revoked_at=at)
        .returning(SignInSession.id)
    )
    return len(ended.all())


def sessions_of(session: Session, who: Identity, at: datetime) -> list[SessionLine]:
    """A person's live sessions, the newest first."""
    rows = session.execute(
        select(SignInSession)
        .where(
            SignInSession.person_id == who.person_id,
            SignInSession.revoked_at.is_(None),
            SignInSession.expires_at > at,
            SignInSession.seen_at > at - idle_limit(who.grants),
        )
        .order_by(SignInSession.created_at.desc())
    ).scalars()
    return [SessionLine(id=row.id, created_at=row.created_at, seen_at=row.seen_at) for row in rows]


def owner_of_ended(session: Session, token: str) -> UUID | None:
    """Whose session it was that time has ended; None for one that its person or we ended.

    Known for a day after its longest life, so that a page left open may still be sent.
    """
    return session.execute(
        select(SignInSession.person_id).where(
            SignInSession.token_hash == token_hash(token), SignInSession.revoked_at.is_(None)
        )
    ).scalar_one_or_none()


def forget_ended(session: Session, at: datetime) -> int:
    """Delete sessions a day past their longest life; how many. Nothing refers to them any more."""
    deleted = session.execute(
        delete(SignInSession)
        .where(SignInSession.expires_at <= at - KEPT_AFTER_END)
        .returning(SignInSession.id)
    )
    return len(deleted.all())


def begin_password_change(
    session: Session, entrance: Entrance, who: Identity, at: datetime
) -> Candidate:
    """Count an attempt to prove the present password, which a stolen session may not guess.

    Raises `TooManyAttemptsError`, `NotFoundError` if the account is gone.
    """
    reserved = attempts.reserve(
        session, (attempts.meter(attempts.PASSWORD_ACCOUNT, who.account, entrance.secret),), at
    )
    person = session.get(Person, who.person_id)
    if person is None:
        raise NotFoundError(UNKNOWN_PERSON)
    return Candidate(
        account=who.account,
        person_id=person.id,
        password_hash=person.password_hash,
        reserved=reserved,
    )


def change_password(
    session: Session, candidate: Candidate, new_hash: str, keep: UUID, at: datetime
) -> int:
    """Store a new password after the old one was proved, and end all other sessions; how many.

    Raises `RuleViolatedError` if the password was changed elsewhere meanwhile.
    """
    changed = session.execute(
        update(Person)
        .where(Person.id == candidate.person_id, Person.password_hash == candidate.password_hash)
        .values(password_hash=new_hash)
        .returning(Person.id)
    ).scalar_one_or_none()
    if changed is None:
        raise RuleViolatedError((Problem("present", WRONG_PASSWORD),))
    attempts.give_back(session, candidate.reserved)
    return sign_out_everywhere(session, changed, at, keep=keep)


def new_password_problems(password: str, again: str, account: str) -> tuple[Problem, ...]:
    """What is wrong with a new password typed twice, at ``password`` or ``again``."""
    if sentence := passwords.refusal(password, normalise_account(account)):
        return (Problem("password", sentence),)
    if password != again:
        return (
            Problem("again", Text(zh="两次输入的密码不一致。", en="The two passwords differ.")),
        )
    return ()


def token_hash(token: str) -> bytes:
    """What is stored of a token. It is random, so that a plain SHA-256 gives nothing away."""
    return hashlib.sha256(token.encode()).digest()


def _is_allowed(demonstration: bool) -> ColumnElement[bool]:
    return true() if demonstration else Person.is_demonstration.is_(False)


def _touch(session: Session, live: SignInSession, at: datetime) -> datetime:
    """Note an act, once a minute; the instant of the last one that is noted."""
    if at - live.seen_at < SEEN_EVERY:
        return live.seen_at
    session.execute(
        update(SignInSession)
        .where(SignInSession.id == live.id, SignInSession.seen_at < at)
        .values(seen_at=at)
    )
    return at
