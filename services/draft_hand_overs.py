"""Handing a draft over between window and phone: one-time links and codes, and who has it then.

A link or code works once and for a quarter of an hour. A phone without an account that used one is
lent this one draft for two hours; giving it back, or taking it back, ends that at once.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from catalog import registry
from core.districts import across_districts
from core.errors import ConflictError, NotFoundError, TransitionRefusedError
from core.text import Text
from models.base import new_id
from models.case import Case
from models.counter import DraftHandOver, Side
from services import attempts, counter_visits, definitions, draft_locks, loans
from services.attempts import Meter
from services.case_keys import CaseKey
from services.cases import EDITABLE, NOT_EDITABLE
from services.hand_over_codes import code_hash, new_code, read_code
from services.own_cases import own_case
from services.sign_in import TOKEN_BYTES, token_hash
from workflows.permissions import Actor, Permission

LASTS = timedelta(minutes=15)
KEPT = timedelta(days=2)
NAMES_NO_DISTRICT = across_districts("the link or code of a hand-over names no district")

GONE = Text(
    zh="这个二维码或八位码已失效：可能已经用过、过期，或被新的取代。",
    en="This QR code or eight-character code no longer works: it was used, has expired, or a "
    "newer one took its place.",
)
ASK_ANEW = Text(
    zh="请在出示它的窗口或手机上重新生成一个，再试一次。",
    en="Have a new one made where it was shown, then try again.",
)
FOR_WINDOW = Text(
    zh="这是带到窗口用的码。请把它出示给窗口工作人员，不用在手机上输入。",
    en="This code is for a window. Show it to the window officer; do not enter it on a phone.",
)
FOR_PHONE = Text(
    zh="这是给手机用的码。请申请人在手机上打开，不用在窗口输入。",
    en="This code is for the applicant’s phone. It is not entered at the window.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A new link and code: both appear here and nowhere else."""

    id: UUID
    token: str
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A hand-over whose link or code is alive."""

    id: UUID
    key: CaseKey
    to_side: Side
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a link says of its draft before it is used: no more than its owner needs."""

    thing_title: Text
    district_name: Text
    applicant_name: str
    """The first character alone."""
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A draft that a phone has now; ``grant`` is for its cookie, None for the applicant's own."""

    key: CaseKey
    grant: str | None


def offer(session: Session, actor: Actor, key: CaseKey, secret: str, at: datetime) -> Offer:
    """Make a link and code that bring the draft to the other side; earlier ones stop working.

    Raises `NotFoundError`, `TransitionRefusedError` if nothing may be written in the case any
    more, and `ConflictError` while the draft is open on the other side.
    """
    case = own_case(session, actor, key, lock=True)
    if case.state not in EDITABLE:
        raise TransitionRefusedError(NOT_EDITABLE)
    side = draft_locks.side_of(actor, case)
    draft_locks.require(session, key, side, at)
    _revoke(session, key, at)
    made = Offer(
        id=new_id(),
        token=secrets.token_urlsafe(TOKEN_BYTES),
        code=new_code(),
        expires_at=at + LASTS,
    )
    session.add(
        DraftHandOver(
            district_code=key.district_code,
            case_id=key.case_id,
            id=made.id,
            to_side=Side.APPLICANT if side is Side.WINDOW else Side.WINDOW,
            token_hash=token_hash(made.token),
            code_hash=code_hash(made.code, secret),
            made_by=actor.id,
            created_at=at,
            expires_at=made.expires_at,
        )
    )
    session.flush()
    return made


def pending(session: Session, key: CaseKey, at: datetime) -> Found | None:
    """The hand-over of a case that waits to be used. Only for those who may read the case."""
    row = session.execute(
        select(DraftHandOver).where(
            DraftHandOver.district_code == key.district_code,
            DraftHandOver.case_id == key.case_id,
            *_is_live(at),
        )
    ).scalar_one_or_none()
    return _found(row) if row else None


def revoke(session: Session, actor: Actor, key: CaseKey, at: datetime) -> None:
    """Make the case's link and code stop working. Raises `NotFoundError`."""
    own_case(session, actor, key, lock=True)
    _revoke(session, key, at)


def look(session: Session, token: str, at: datetime) -> Found | None:
    """The hand-over of a link; None if it does not work (any more)."""
    return _one(session, DraftHandOver.token_hash == token_hash(token), at)


def open_link(session: Session, token: str, meter: Meter, at: datetime) -> Found | None:
    """As `look`, and count a link that does not work on ``meter``.

    Raises `TooManyAttemptsError` when there were too many of these.
    """
    found = look(session, token, at)
    if found is None:
        attempts.reserve(session, (meter,), at)
    return found


def find_by_code(
    session: Session, typed: str, secret: str, meter: Meter, at: datetime
) -> Found | None:
    """The hand-over of a code as typed or scanned; None if it does not work (any more).

    The attempt is counted before the code is looked at and given back if it is right, so that
    guessing stops at the limit. Raises `TooManyAttemptsError`.
    """
    reserved = attempts.reserve(session, (meter,), at)
    found = _one(session, DraftHandOver.code_hash == code_hash(read_code(typed), secret), at)
    if found is not None:
        attempts.give_back(session, reserved)
    return found


def find_used(session: Session, typed: str, secret: str, at: datetime) -> Found | None:
    """The hand-over of a code that was used and would still be alive, for whoever presses twice."""
    row = session.execute(
        select(DraftHandOver)
        .prefix_with(NAMES_NO_DISTRICT)
        .where(
            DraftHandOver.code_hash == code_hash(read_code(typed), secret),
            DraftHandOver.used_at.is_not(None),
            DraftHandOver.expires_at > at,
        )
    ).scalar_one_or_none()
    return _found(row) if row else None


def about(session: Session, found: Found) -> About:
    """What may be said of the draft behind a live link."""
    case = session.execute(
        select(Case).where(
            Case.district_code == found.key.district_code, Case.id == found.key.case_id
        )
    ).scalar_one()
    visit = counter_visits.last_visit(session, found.key)
    name = visit.visitor.applicant_name if visit else ""
    return About(
        thing_title=definitions.by_hash(session, case.definition_hash).thing.title,
        district_name=registry.catalogue().district(case.district_code).name,
        applicant_name=f"{name[:1]}**",
        expires_at=found.expires_at,
    )


def accept_on_phone(
    session: Session, found: Found, applicant: Actor | None, at: datetime
) -> Accepted:
    """Give the draft to the phone that opened the link or typed the code, once.

    Somebody signed in as the applicant needs no more; any other phone is lent this one draft.
    Raises `NotFoundError` if the hand-over was used or revoked meanwhile, `ConflictError` for a
    code that belongs to a window, `TransitionRefusedError` if the case was submitted.
    """
    if found.to_side is not Side.APPLICANT:
        raise ConflictError(FOR_WINDOW)
    case = _locked(session, found.key)
    is_own = applicant is not None and applicant.id == case.applicant_id
    grant = None if is_own else secrets.token_urlsafe(TOKEN_BYTES)
    use(session, found, at)
    if grant is not None:
        loans.lend(session, found.key, found.id, grant, at)
    holder = case.applicant_id if is_own else found.id
    draft_locks.take(session, found.key, Side.APPLICANT, holder, at)
    return Accepted(key=found.key, grant=grant)


def use(session: Session, found: Found, at: datetime) -> None:
    """Use a hand-over up. Raises `NotFoundError` if it was used or revoked meanwhile."""
    used = session.execute(
        update(DraftHandOver)
        .where(
            DraftHandOver.district_code == found.key.district_code,
            DraftHandOver.case_id == found.key.case_id,
            DraftHandOver.id == found.id,
            *_is_live(at),
        )
        .values(used_at=at)
        .returning(DraftHandOver.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if used is None:
        raise NotFoundError(GONE, advice=ASK_ANEW)


def give_back(session: Session, actor: Actor, key: CaseKey, at: datetime) -> None:
    """Give a draft that the phone has back to its window.

    Raises `NotFoundError`, `ConflictError` if the phone does not have it (any more).
    """
    case = own_case(session, actor, key, Permission.DRAFT_WRITE, lock=True)
    draft_locks.require(session, key, draft_locks.side_of(actor, case), at)
    if case.taken_by is not None:
        loans.end(session, key, at)
        draft_locks.take(session, key, Side.WINDOW, case.taken_by, at)


def take_back(session: Session, actor: Actor, key: CaseKey, at: datetime) -> None:
    """Take a draft back to the window, whether or not the phone gave it back.

    Raises `NotFoundError` for everybody but an officer of the case's window.
    """
    own_case(session, actor, key, Permission.CASE_TAKE, lock=True)
    _revoke(session, key, at)
    loans.end(session, key, at)
    draft_locks.take(session, key, Side.WINDOW, actor.id, at)


def take_home(session: Session, actor: Actor, key: CaseKey, at: datetime) -> None:
    """Let the applicant go on alone, signed in, with a draft that the window has.

    Raises `NotFoundError` for everybody but the applicant.
    """
    case = own_case(session, actor, key, lock=True)
    if draft_locks.side_of(actor, case) is Side.APPLICANT and draft_locks.lock_of(session, key):
        _revoke(session, key, at)
        loans.end(session, key, at)
        draft_locks.take(session, key, Side.APPLICANT, actor.id, at)


def forget_old(session: Session, at: datetime) -> int:
    """Delete hand-overs that nothing depends on any more; how many."""
    deleted = session.execute(
        delete(DraftHandOver)
        .prefix_with(across_districts("hand-overs that have run out"))
        .where(DraftHandOver.created_at < at - KEPT)
        .returning(DraftHandOver.id)
    )
    return len(deleted.all())


def phone_meter(address: str | None, secret: str) -> Meter:
    """What counts the wrong links and codes of one network."""
    return attempts.meter(attempts.HAND_OVER_ADDRESS, attempts.network_of(address), secret)


def officer_meter(officer: Actor, secret: str) -> Meter:
    """What counts the wrong codes of one officer: a hall shares one address."""
    return attempts.meter(attempts.HAND_OVER_OFFICER, str(officer.id), secret)


def _one(session: Session, is_it: ColumnElement[bool], at: datetime) -> Found | None:
    row = session.execute(
        select(DraftHandOver).prefix_with(NAMES_NO_DISTRICT).where(is_it, *_is_live(at))
    ).scalar_one_or_none()
    return _found(row) if row else None


def _found(row: DraftHandOver) -> Found:
    return Found(
        id=row.id,
        key=CaseKey(row.district_code, row.case_id),
        to_side=row.to_side,
        expires_at=row.expires_at,
    )


def _is_live(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        DraftHandOver.used_at.is_(None),
        DraftHandOver.revoked_at.is_(None),
        DraftHandOver.expires_at > at,
    )


def _locked(session: Session, key: CaseKey) -> Case:
    """The case's row with its lock, while it may be written in."""
    case = session.execute(
        select(Case)
        .where(Case.district_code == key.district_code, Case.id == key.case_id)
        .with_for_update(of=Case)
    ).scalar_one()
    if case.state not in EDITABLE:
        raise TransitionRefusedError(NOT_EDITABLE)
    return case


def _revoke(session: Session, key: CaseKey, at: datetime) -> None:
    session.execute(
        update(DraftHandOver)
        .where(
            DraftHandOver.district_code == key.district_code,
            DraftHandOver.case_id == key.case_id,
            DraftHandOver.used_at.is_(None),
            DraftHandOver.revoked_at.is_(None),
        )
        .values(revoked_at=at)
        .execution_options(synchronize_session=False)
    )
