"""Whether a page of a queue still shows what it showed, without reading the page again.

Each command at the door leaves a mark at the desks whose queues it changes. A page carries a stamp
of these marks and the instant until which it is good: up to then nothing in it changes by itself.
Same stamp and still good: the same page. Marks are inserted and nothing else, so that commands do
not wait for one another; a stamp is an exclusive or over those of the last minutes, so that one
which is committed late changes it too.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, literal, select
from sqlalchemy.orm import Session

from core.districts import across_districts
from models.presence import Presence
from models.queue_mark import QueueMark
from models.task import QueueEntry
from services.presences import COUNTS
from services.queue import Reach, reach
from services.queue_filters import day_after
from workflows.permissions import Actor

LONGEST = timedelta(minutes=5)
"""Names and grants leave no mark: after so long a page is read again in any case."""
SPAN = 300
"""Marks are counted from the beginning of the span of so many seconds before the present one."""
KEPT = timedelta(hours=1)
"""Marks are swept after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a page of an actor's queues rests on, at one instant."""

    queues: int
    watchers: int
    """Whose pages are open, and on which entries."""

    def __str__(self) -> str:
        """As it stands in the version of a page."""
        return f"{self.queues:x}.{self.watchers:x}".replace("-", "n")


def stamp(session: Session, actor: Actor, at: datetime) -> Stamp:
    """What the actor's queues rest on now, in one statement that reads no entry."""
    place = reach(actor, at)
    since = _oldest_id(_span_begin(at))
    marks = (
        select(_folded(QueueMark.id))
        .where(
            QueueMark.handling_district_code.in_(place.district_codes),
            QueueMark.handler_code.in_(place.handler_codes),
            QueueMark.id >= since,
        )
        .scalar_subquery()
    )
    watchers = (
        select(
            func.bit_xor(
                func.uuid_hash_extended(Presence.case_id, literal(0)).op("#")(
                    func.uuid_hash_extended(Presence.person_id, literal(1))
                )
            )
        )
        .where(
            Presence.handling_district_code.in_(place.district_codes),
            Presence.person_id != actor.id,
            Presence.seen_at > at - COUNTS,
        )
        .scalar_subquery()
    )
    row = session.execute(select(marks, watchers)).one()
    return Stamp(queues=int(row[0] or 0), watchers=int(row[1] or 0))


def good_until(session: Session, actor: Actor, at: datetime) -> datetime:
    """Until when the counts of the actor's queues stay so, if nobody does anything."""
    place = reach(actor, at)
    lease = _first(QueueEntry.claim_expires_at, place, at, QueueEntry.claimed_by.is_not(None))
    ready, early = (
        _first(QueueEntry.due_at, place, at, QueueEntry.is_preparation.is_(is_early))
        for is_early in (False, True)
    )
    row = session.execute(select(lease, ready, early)).one()
    ends: list[datetime] = [instant for instant in row if instant is not None]
    return min(
        [
            *ends,
            at + LONGEST,
            day_after(at),
            datetime.fromtimestamp(_span_begin(at).timestamp() + 2 * SPAN, UTC),
        ]
    )


def forget_old(session: Session, at: datetime) -> int:
    """Delete marks that no page rests on any more; how many."""
    gone = session.execute(
        delete(QueueMark)
        .prefix_with(across_districts("sweeping what has run out"))
        .where(QueueMark.id < _oldest_id(at - KEPT))
        .returning(QueueMark.id)
    )
    return len(gone.all())


def _first(
    column: ColumnElement[datetime | None] | object,
    place: Reach,
    at: datetime,
    where: ColumnElement[bool],
) -> ColumnElement[datetime | None]:
    instant: ColumnElement[datetime | None] = column  # type: ignore[assignment]
    found: ColumnElement[datetime | None] = (
        select(func.min(instant))
        .where(
            QueueEntry.handling_district_code.in_(place.district_codes),
            QueueEntry.handler_code.in_(place.handler_codes),
            and_(instant > at, where),
        )
        .scalar_subquery()
    )
    return found


def _folded(column: object) -> ColumnElement[int]:
    found: ColumnElement[int] = func.bit_xor(func.uuid_hash_extended(column, literal(0)))
    return found


def _span_begin(at: datetime) -> datetime:
    """The beginning of the span before the one of ``at``."""
    seconds = int(at.timestamp())
    return datetime.fromtimestamp(seconds - seconds % SPAN - SPAN, UTC)


def _oldest_id(at: datetime) -> UUID:
    """The smallest id that can be made at ``at``: the first 48 bits are its milliseconds."""
    return UUID(int=int(at.timestamp() * 1000) << 80)
