"""The throttle: sliding windows over attempts, shared by all processes through the database.

An attempt is written down before the door is tried and given back if it turns out well, so that
many attempts at once count no less than one after another, and a failure needs no second write.
"""

import hashlib
import hmac
import ipaddress
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from core.errors import TooManyAttemptsError
from core.text import Text
from models.attempt import Attempt
from models.base import new_id

IPV6_NETWORK_BITS = 64
"""One household or office commonly owns a whole /64, so that single addresses mean nothing."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``count`` attempts of one kind within any ``window``."""

    kind: str
    count: int
    window: timedelta


SIGN_IN_ACCOUNT = Limit("sign_in_account", 10, timedelta(minutes=15))
SIGN_IN_ADDRESS = Limit("sign_in_address", 60, timedelta(minutes=15))
"""Wider than for one account: a service hall sends many people from one address."""
SIGN_UP_ADDRESS = Limit("sign_up_address", 30, timedelta(hours=1))
INVITATION_ADDRESS = Limit("invitation_address", 20, timedelta(hours=1))
PASSWORD_ACCOUNT = Limit("password_account", 10, timedelta(minutes=15))
HAND_OVER_ADDRESS = Limit("hand_over_address", 30, timedelta(minutes=15))
"""Eight characters of 31 and a quarter of an hour: thirty guesses find nothing."""
HAND_OVER_OFFICER = Limit("hand_over_officer", 20, timedelta(minutes=15))
UPLOAD_ACCOUNT = Limit("upload_account", 300, timedelta(hours=1))

LIMITS = (
    SIGN_IN_ACCOUNT,
    SIGN_IN_ADDRESS,
    SIGN_UP_ADDRESS,
    INVITATION_ADDRESS,
    PASSWORD_ACCOUNT,
    HAND_OVER_ADDRESS,
    HAND_OVER_OFFICER,
    UPLOAD_ACCOUNT,
)


@dataclass(frozen=True, slots=True)
class Meter:
    """One limit for one account or one network."""

    limit: Limit
    key_hash: bytes


def meter(limit: Limit, key: str, secret: str) -> Meter:
    """The meter of ``key`` (an account, or what `network_of` gives); only its HMAC is kept."""
    message = f"{limit.kind}\0{key}".encode()
    return Meter(limit, hmac.digest(secret.encode(), message, hashlib.sha256))


def network_of(address: str | None) -> str:
    """What stands for a caller's address: an IPv4 address itself, an IPv6 address its /64."""
    try:
        parsed = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, IPV6_NETWORK_BITS), strict=False))
    return str(parsed)


def reserve(session: Session, meters: Sequence[Meter], at: datetime) -> tuple[UUID, ...]:
    """Count one attempt on every meter; the ids are for `give_back`.

    Raises `TooManyAttemptsError` with the waiting time, and counts nothing, if one is full.
    """
    for each in sorted(meters, key=lambda each: each.key_hash):  # one order, so no deadlock
        key = int.from_bytes(each.key_hash[:8], "big", signed=True)
        session.execute(select(func.pg_advisory_xact_lock(key)))
    wait_seconds = max((_wait_seconds(session, each, at) for each in meters), default=0)
    if wait_seconds:
        raise TooManyAttemptsError(wait_words(wait_seconds), wait_seconds)
    reserved = {new_id(): each for each in meters}
    session.execute(
        insert(Attempt),
        [
            {"id": attempt_id, "kind": each.limit.kind, "key_hash": each.key_hash, "at": at}
            for attempt_id, each in reserved.items()
        ],
    )
    return tuple(reserved)


def give_back(session: Session, attempts: Collection[UUID]) -> None:
    """These attempts turned out well and do not count."""
    session.execute(delete(Attempt).where(Attempt.id.in_(attempts)))


def clear(session: Session, full: Meter) -> None:
    """Forget everything on one meter: its owner has proved to be the owner."""
    session.execute(
        delete(Attempt).where(Attempt.kind == full.limit.kind, Attempt.key_hash == full.key_hash)
    )


def forget_old(session: Session, at: datetime) -> int:
    """Delete what no window reaches any more; the number of rows deleted."""
    oldest = at - max(limit.window for limit in LIMITS)
    deleted = session.execute(delete(Attempt).where(Attempt.at < oldest).returning(Attempt.id))
    return len(deleted.all())


def wait_words(seconds: int) -> Text:
    """How long to wait, as people say it: whole minutes, at least one."""
    minutes = max(1, ceil(seconds / 60))
    unit = "minute" if minutes == 1 else "minutes"
    return Text(
        zh=f"尝试次数太多，请在 {minutes} 分钟后再试。",
        en=f"There have been too many attempts. Try again in {minutes} {unit}.",
    )


def _wait_seconds(session: Session, each: Meter, at: datetime) -> int:
    """Seconds until the meter has room: when the oldest of a full window leaves it."""
    oldest = session.execute(
        select(Attempt.at)
        .where(
            Attempt.kind == each.limit.kind,
            Attempt.key_hash == each.key_hash,
            Attempt.at > at - each.limit.window,
        )
        .order_by(Attempt.at.desc())
        .offset(each.limit.count - 1)
        .limit(1)
    ).scalar_one_or_none()
    if oldest is None:
        return 0
    return max(1, ceil((oldest + each.limit.window - at).total_seconds()))
