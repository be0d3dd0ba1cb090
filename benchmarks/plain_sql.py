"""Plain statements for the rows of a case, ids, numbers, codes, instants and hashes anew for each.

Of the service only the clock is imported: other engines' environments write with it too.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import rfc8785
from psycopg import Connection

from core.clock import now

GENESIS = bytes(32)
FIRST_SEAL_CODE = 6_201_020_000_000
_LOCK = "select event_count, head_hash from cases where district_code = %s and id = %s for update"
_TAKE = """
insert into serials (district_code, series, last) values (%s, %s, %s)
on conflict (district_code, series) do update set last = serials.last + excluded.last
returning last
"""
_CASE_SERIES, _SEAL_SERIES = "case:", "seal_code"


def fresh_id() -> UUID:
    """A UUIDv7."""
    bits = int(time.time() * 1000) << 80 | int.from_bytes(os.urandom(10), "big")
    return UUID(int=bits & ~(0xF << 76 | 0x3 << 62) | 0x7 << 76 | 0x2 << 62)


class Fresh(dict[UUID, UUID]):
    """A new id for each one of the recorded case, the same at every mention."""

    def __missing__(self, recorded: UUID) -> UUID:
        self[recorded] = fresh_id()
        return self[recorded]


@dataclass(slots=True)
class Case:
    """What differs from one case to the next while it is written."""

    at: datetime
    ids: Fresh = field(default_factory=Fresh)
    head_hash: bytes = GENESIS
    number: str = ""
    first_seal_code: int = 0


@dataclass(frozen=True, slots=True)
class Same:
    """A value that every case has."""

    value: Any

    def of(self, _case: Case) -> Any:
        return self.value


@dataclass(frozen=True, slots=True)
class Json:
    """A document that every case has, written out as JSON each time."""

    value: Any

    def of(self, _case: Case) -> str:
        return json.dumps(self.value, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Id:
    """An id of the recorded case, made anew for each."""

    recorded: UUID

    def of(self, case: Case) -> UUID:
        return case.ids[self.recorded]


@dataclass(frozen=True, slots=True)
class Instant:
    """The instant of the transaction."""

    def of(self, case: Case) -> datetime:
        return case.at


@dataclass(frozen=True, slots=True)
class Head:
    """The hash of the newest event."""

    def of(self, case: Case) -> bytes:
        return case.head_hash


@dataclass(frozen=True, slots=True)
class Number:
    """The number of the case, with what follows it."""

    rest: str

    def of(self, case: Case) -> str:
        return case.number + self.rest


@dataclass(frozen=True, slots=True)
class SealCode:
    """The code of the seal at this place."""

    place: int

    def of(self, case: Case) -> str:
        return str(case.first_seal_code + self.place)


Value = Same | Json | Id | Instant | Head | Number | SealCode


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement on a table and its values, row by row."""

    table: str
    text: str
    rows: Sequence[Sequence[Value]]

    def run(self, connection: Connection[Any], case: Case) -> None:
        """Write it for ``case``; several updates or deletions go to the server together."""
        rows = [[value.of(case) for value in row] for row in self.rows]
        if len(rows) > 1:
            connection.cursor().executemany(self.text, rows)
        else:
            connection.execute(self.text, rows[0])


@dataclass(frozen=True, slots=True)
class Events:
    """The events of a transaction: hashed one after the other, then written together."""

    table: str
    text: str
    columns: Sequence[str]
    rows: Sequence[Mapping[str, Value]]

    def run(self, connection: Connection[Any], case: Case) -> None:
        """Chain and write them for ``case``."""
        written: list[Any] = []
        for row in self.rows:
            event = {name: value.of(case) for name, value in row.items()}
            event["previous_hash"] = case.head_hash
            event["hash"] = case.head_hash = event_hash(event)
            event["body"] = json.dumps(event["body"], ensure_ascii=False, separators=(",", ":"))
            written += [event[name] for name in self.columns]
        connection.execute(self.text, written)


@dataclass(frozen=True, slots=True)
class Serials:
    """Serials of one series, taken as every writer must: under a lock until the commit."""

    table: str
    district_code: str
    series: str
    count: int

    def run(self, connection: Connection[Any], case: Case) -> None:
        """Take them, and make the number or the codes of them."""
        taken = [self.district_code, self.series, self.count]
        [last] = connection.execute(_TAKE, taken).fetchone() or (0,)
        if self.series.startswith(_CASE_SERIES):
            case.number = f"{self.district_code}-bench-{last:06d}"
        if self.series == _SEAL_SERIES:
            case.first_seal_code = FIRST_SEAL_CODE + last - self.count + 1


Step = Statement | Events | Serials


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole case: its transactions in their order, each with its statements."""

    district_code: str
    case_id: UUID
    """Of the recorded case."""
    transactions: Sequence[Sequence[Step]]

    def write(self, connection: Connection[Any], case: Case, number: int) -> None:
        """The statements of one transaction; the caller begins and ends it."""
        case.at = now()
        if number > 0:
            key = [self.district_code, case.ids[self.case_id]]
            _count, head = connection.execute(_LOCK, key).fetchone() or (0, None)
            case.head_hash = head or GENESIS
        for step in self.transactions[number]:
            step.run(connection, case)

    def without(self, *tables: str) -> Plan:
        """The same without the rows of some tables."""
        kept = [[step for step in each if step.table not in tables] for each in self.transactions]
        return Plan(self.district_code, self.case_id, kept)


def new_case() -> Case:
    """A case that nothing is written of yet."""
    return Case(at=now())


def save(plan: Plan, path: Path) -> None:
    """Keep a plan for another process."""
    path.write_bytes(pickle.dumps(plan))


def load(path: Path) -> Plan:
    """A plan that `save` kept."""
    plan: Plan = pickle.loads(path.read_bytes())  # noqa: S301 -- our own file of this run
    return plan


def event_hash(event: Mapping[str, Any]) -> bytes:
    """SHA-256 over the canonical JSON of an event's document, as docs/ tells auditors."""
    document = {
        "form": 1,
        "district_code": event["district_code"],
        "case_id": str(event["case_id"]),
        "number": event["number"],
        "at": event["at"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "actor_id": str(event["actor_id"]),
        "trigger": event["trigger"],
        "item_code": event["item_code"],
        "from_state": event["from_state"],
        "to_state": event["to_state"],
        "reason_code": event["reason_code"],
        "command_id": str(event["command_id"]) if event["command_id"] else None,
        "definition_hash": event["definition_hash"].hex(),
        "calendar_hash": event["calendar_hash"].hex(),
        "tariff_hash": event["tariff_hash"].hex(),
        "body": event["body"],
        "previous_hash": event["previous_hash"].hex(),
    }
    return hashlib.sha256(rfc8785.dumps(document)).digest()
