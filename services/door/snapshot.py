"""The one locked read: a case, its tasks, its queue entries, its seals, in one round trip."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row
from sqlalchemy.orm import Session

from core.clock import CIVIL_ZONE
from core.errors import NotFoundError
from core.text import Text
from services.door.package_rows import PackageRow, package_row

NO_CASE = Text(
    zh="没有找到这个办件，或者您无权查看。",
    en="There is no such case, or you may not see it.",
)

_LOCK = """
select c.* from cases c
where c.district_code = %(district_code)s and c.id = %(case_id)s
for update
"""
# The queue and other walkers must not wait while they hold a queue row: see `services.queue`.
_LOCK_OR_SKIP = _LOCK + " skip locked"

# One document: to read it at once costs less than a dozen small ones.
_REST = """
select to_json(r) from (select
  (select coalesce(json_agg(t), '[]') from tasks t
    where t.district_code = %(district_code)s and t.case_id = %(case_id)s) as tasks,
  (select coalesce(json_agg(q), '[]') from (
    select q.item_code, q.handler_code, q.handling_district_code, q.waiting_since,
      q.is_preparation, q.due_at, q.due_provisional, q.assigned_to, q.assigned_at,
      q.assigned_until, q.colour, q.claimed_by, q.claimed_at, q.claim_expires_at,
      q.claim_command_id, p.name as claimed_name, a.name as assigned_name
    from queue_entries q left join people p on p.id = q.claimed_by
      left join people a on a.id = q.assigned_to
    where (q.handling_district_code = %(district_code)s or q.handling_district_code in (
        select t.handling_district_code from tasks t
        where t.district_code = %(district_code)s and t.case_id = %(case_id)s)
      or q.handling_district_code in (select c.handling_district_code from cases c
        where c.district_code = %(district_code)s and c.id = %(case_id)s))
      and q.district_code = %(district_code)s and q.case_id = %(case_id)s) q) as entries,
  (select coalesce(json_agg(s order by s.id), '[]') from seals s
    where s.district_code = %(district_code)s and s.case_id = %(case_id)s) as seals,
  (select o.delivery_code from seal_orders o
    where o.district_code = %(district_code)s and o.case_id = %(case_id)s) as delivery_code,
  (select coalesce(json_agg(k.person_id), '[]') from conflicts k
    where k.district_code = %(district_code)s and k.case_id = %(case_id)s) as conflicts,
  (select coalesce(json_agg(h order by h.event_number), '[]') from (
    select r.item_code, r.person_id, r.trigger, r.event_number, r.prepared_at, p.name
    from preparations r left join people p on p.id = r.person_id
    where r.district_code = %(district_code)s and r.case_id = %(case_id)s
      and r.decided_event_number is null) h) as preparations,
  (select coalesce(json_agg(p), '[]') from (
    select distinct on (h.item_code) h.item_code, h.number, h.from_district_code,
      h.from_department_code, h.to_district_code, h.to_department_code, h.route_id, h.clock_from,
      h.needs_post, h.state, encode(h.content_hash, 'hex') as content_hash, h.sent_by, h.settled_by,
      h.settled_at, encode(h.found_hash, 'hex') as found_hash, h.carrier, h.tracking_number,
      h.posted_on, h.arrived_on
    from hand_over_packages h
    where h.district_code = %(district_code)s and h.case_id = %(case_id)s
    order by h.item_code, h.number desc) p) as packages,
  (select json_build_object('number', e.number, 'hash', encode(e.hash, 'hex')) from events e
    where e.district_code = %(district_code)s and e.case_id = %(case_id)s
      and e.command_id = %(command_id)s) as earlier,
  (select e.at from events e
    where e.district_code = %(district_code)s and e.case_id = %(case_id)s
    order by e.number desc limit 1) as last_event_at,
  (select coalesce(json_object_agg(c.code, encode(c.hash, 'hex')), '{}') from (
    select distinct on (code) code, hash from calendar_versions
    where code = 'national' or split_part(code, '/', 1) in (
      select %(district_code)s::text union select t.handling_district_code from tasks t
      where t.district_code = %(district_code)s and t.case_id = %(case_id)s
      union select k.handling_district_code from cases k
      where k.district_code = %(district_code)s and k.id = %(case_id)s)
    order by code, number desc) c) as calendars,
  (select coalesce(json_agg(t), '[]') from (
    select distinct on (code) code, version, market_price_fen, contract_price_fen,
      encode(content_hash, 'hex') as content_hash
    from tariffs where valid_from <= %(on)s
    order by code, valid_from desc, version desc) t) as tariffs) r
"""

_DRIVER = "driver"
"""Where a session keeps its transaction's own connection: a command asks for it several times."""


@dataclass(slots=True, kw_only=True)
class TaskRow:
    """A task as the door moves it; instants are UTC."""

    item_code: str
    department_code: str
    handling_district_code: str
    maker_code: str | None
    state: str
    version: int = 0
    prepared_by: UUID | None = None
    started_at: datetime | None = None
    due_at: datetime | None = None
    due_provisional: bool = False
    statutory_due_at: datetime | None = None
    statutory_provisional: bool = False
    first_due_at: datetime | None = None
    paused_at: datetime | None = None
    state_due_at: datetime | None = None
    timer_at: datetime | None = None
    calendar_hash: bytes | None = None
    colour: str | None = None
    next_colour: str | None = None
    next_colour_at: datetime | None = None
    assigned_to: UUID | None = None
    limits_met_at: datetime | None = None
    core_ended_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A queue entry's claim, as it stood at the read."""

    item_code: str
    handler_code: str
    handling_district_code: str
    waiting_since: datetime
    is_preparation: bool
    due_at: datetime | None
    due_provisional: bool
    assigned_to: UUID | None
    assigned_name: str | None
    assigned_at: datetime | None
    assigned_until: datetime | None
    colour: str | None
    claimed_by: UUID | None
    claimed_name: str | None
    claimed_at: datetime | None
    claim_expires_at: datetime | None
    claim_command_id: UUID | None

    def holder_at(self, at: datetime) -> UUID | None:
        """Who holds the claim at ``at``; a lease that has run out counts as none."""
        if self.claim_expires_at is None or self.claim_expires_at <= at:
            return None
        return self.claimed_by

    def owner_at(self, at: datetime) -> UUID | None:
        """Whose work it is at ``at``: nobody's once it is overdue or was kept for too long."""
        is_over = self.assigned_until is None or self.assigned_until <= at
        is_late = self.due_at is not None and self.due_at < at
        return None if is_over or is_late else self.assigned_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A hand that prepared what is not decided yet; ``item_code`` is empty for the case itself."""

    item_code: str
    person_id: UUID
    name: str | None
    trigger: str
    at: datetime


@dataclass(slots=True, kw_only=True)
class SealRow:
    """A seal of the case, as the door moves it."""

    id: UUID
    item_code: str
    kind: str
    material: str
    maker_code: str
    status: str
    code: str | None
    ordered_at: datetime
    coded_at: datetime | None = None
    engraved_at: datetime | None = None
    delivered_at: datetime | None = None
    filed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffRow:
    """The prices in force on the day of the command, in fen."""

    code: str
    version: int
    market_price_fen: int
    contract_price_fen: int
    content_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that a decision needs, read after the lock was held."""

    case: dict[str, Any]
    tasks: dict[str, TaskRow]
    entries: dict[str, Entry]
    packages: dict[str, PackageRow]
    """By item the newest one; few cases have any."""
    seals: tuple[SealRow, ...]
    delivery_code: str | None
    conflicts: frozenset[UUID]
    """Who keeps out of this case."""
    preparations: tuple[Prepared, ...]
    earlier: tuple[int, bytes] | None
    last_event_at: datetime | None
    calendars: dict[str, bytes]
    """The newest calendar of the nation, and of each office in these districts."""
    districts: frozenset[str]
    """Those of the case and its tasks, as they were read: a task may move meanwhile."""
    tariffs: dict[str, TariffRow]


def driver(session: Session) -> Connection[Any]:
    """The psycopg connection of the session's own transaction."""
    kept: tuple[object, Connection[Any]] | None = session.info.get(_DRIVER)
    if kept is None or kept[0] is not session.get_transaction():
        connection: Any = session.connection().connection.driver_connection
        kept = session.info[_DRIVER] = (session.get_transaction(), connection)
    return kept[1]


def read(
    session: Session,
    *,
    case_key: tuple[str, UUID],
    command_id: UUID,
    at: datetime,
    wait: bool = True,
) -> Snapshot | None:
    """Lock the case row and read what belongs to it, in one round trip.

    The lock and the rest are two statements of one pipeline: in READ COMMITTED the second takes
    its snapshot after the lock was granted, so it sees what the holder before us wrote.

    Returns None if ``wait`` is false and somebody else holds the lock.
    Raises `NotFoundError` if there is no such case.
    """
    district_code, case_id = case_key
    values = {
        "district_code": district_code,
        "case_id": case_id,
        "command_id": command_id,
        "on": at.astimezone(CIVIL_ZONE).date(),
    }
    connection = driver(session)
    with connection.pipeline():
        locked = connection.cursor(row_factory=dict_row)
        locked.execute(_LOCK if wait else _LOCK_OR_SKIP, values)
        rest = connection.cursor()
        rest.execute(_REST, values)
        case = locked.fetchone()
        found = rest.fetchone()
    if case is None or found is None:
        if not wait:
            return None
        raise NotFoundError(NO_CASE)
    return _snapshot(case, found[0])


def _snapshot(case: dict[str, Any], other: dict[str, Any]) -> Snapshot:
    tasks = [_task(row) for row in other["tasks"]]
    earlier = other["earlier"]
    return Snapshot(
        case=case,
        tasks={task.item_code: task for task in tasks},
        entries={row["item_code"]: _entry(row) for row in other["entries"]},
        packages={row["item_code"]: package_row(row) for row in other["packages"]},
        seals=tuple(_seal(row) for row in other["seals"]),
        delivery_code=other["delivery_code"],
        conflicts=frozenset(map(UUID, other["conflicts"])),
        preparations=tuple(_prepared(row) for row in other["preparations"]),
        earlier=(earlier["number"], bytes.fromhex(earlier["hash"])) if earlier else None,
        last_event_at=_instant(other["last_event_at"]),
        districts=frozenset(
            {case["district_code"], case["handling_district_code"] or case["district_code"]}
            | {task.handling_district_code for task in tasks}
        ),
        calendars={code: bytes.fromhex(found) for code, found in other["calendars"].items()},
        tariffs={row["code"]: TariffRow(**row) for row in other["tariffs"]},
    )


def _task(row: dict[str, Any]) -> TaskRow:
    return TaskRow(
        item_code=row["item_code"],
        department_code=row["department_code"],
        handling_district_code=row["handling_district_code"],
        maker_code=row["maker_code"],
        state=row["state"],
        version=row["version"],
        prepared_by=_id(row["prepared_by"]),
        started_at=_instant(row["started_at"]),
        due_at=_instant(row["due_at"]),
        due_provisional=row["due_provisional"],
        statutory_due_at=_instant(row["statutory_due_at"]),
        statutory_provisional=row["statutory_provisional"],
        first_due_at=_instant(row["first_due_at"]),
        paused_at=_instant(row["paused_at"]),
        state_due_at=_instant(row["state_due_at"]),
        timer_at=_instant(row["timer_at"]),
        calendar_hash=_bytes(row["calendar_hash"]),
        colour=row["colour"],
        next_colour=row["next_colour"],
        next_colour_at=_instant(row["next_colour_at"]),
        assigned_to=_id(row["assigned_to"]),
        limits_met_at=_instant(row["limits_met_at"]),
        core_ended_at=_instant(row["core_ended_at"]),
        ended_at=_instant(row["ended_at"]),
    )


def _entry(row: dict[str, Any]) -> Entry:
    return Entry(
        item_code=row["item_code"],
        handler_code=row["handler_code"],
        handling_district_code=row["handling_district_code"],
        waiting_since=datetime.fromisoformat(row["waiting_since"]),
        is_preparation=row["is_preparation"],
        due_at=_instant(row["due_at"]),
        due_provisional=row["due_provisional"],
        assigned_to=_id(row["assigned_to"]),
        assigned_name=row["assigned_name"],
        assigned_at=_instant(row["assigned_at"]),
        assigned_until=_instant(row["assigned_until"]),
        colour=row["colour"],
        claimed_by=_id(row["claimed_by"]),
        claimed_name=row["claimed_name"],
        claimed_at=_instant(row["claimed_at"]),
        claim_expires_at=_instant(row["claim_expires_at"]),
        claim_command_id=_id(row["claim_command_id"]),
    )


def _prepared(row: dict[str, Any]) -> Prepared:
    return Prepared(
        item_code=row["item_code"],
        person_id=UUID(row["person_id"]),
        name=row["name"],
        trigger=row["trigger"],
        at=datetime.fromisoformat(row["prepared_at"]),
    )


def _seal(row: dict[str, Any]) -> SealRow:
    return SealRow(
        id=UUID(row["id"]),
        item_code=row["item_code"],
        kind=row["kind"],
        material=row["material"],
        maker_code=row["maker_code"],
        status=row["status"],
        code=row["code"],
        ordered_at=datetime.fromisoformat(row["ordered_at"]),
        coded_at=_instant(row["coded_at"]),
        engraved_at=_instant(row["engraved_at"]),
        delivered_at=_instant(row["delivered_at"]),
        filed_at=_instant(row["filed_at"]),
    )


def _bytes(text: str | None) -> bytes | None:
    """A ``bytea`` as JSON gives it: a backslash, an x and hexadecimal digits."""
    return bytes.fromhex(text.removeprefix("\\x")) if text else None


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
