"""Recorded rows as plain statements, with ids, numbers, codes, instants and hashes made anew."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.types.json import Jsonb

from benchmarks.recording import Row, Written
from models.base import new_id
from services.door import chain

_TAKE = """
insert into serials (district_code, series, last) values (%s, %s, %s)
on conflict (district_code, series) do update set last = serials.last + excluded.last
returning last
"""
_JOB_COLUMNS = ("queue_name", "task_name", "priority", "lock", "queueing_lock", "args")
_CASE_SERIES, _SEAL_SERIES = "case:", "seal_code"


class Fresh(dict[UUID, UUID]):
    """A new id for each one of the recorded case, the same at every mention."""

    def __missing__(self, recorded: UUID) -> UUID:
        self[recorded] = new_id()
        return self[recorded]


@dataclass(slots=True)
class Case:
    """What differs from one case to the next while it is written."""

    at: datetime
    ids: Fresh = field(default_factory=Fresh)
    head_hash: bytes = chain.GENESIS
    number: str = ""
    first_seal_code: int = 0


Value = Callable[[Case], Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement and its values, row by row."""

    text: str
    rows: Sequence[Sequence[Value]]

    def run(self, connection: Connection, case: Case) -> None:
        """Write it for ``case``; several rows of an update or a deletion one after the other."""
        rows = [[value(case) for value in row] for row in self.rows]
        if len(rows) > 1:
            connection.cursor().executemany(self.text, rows)
        else:
            connection.execute(self.text, rows[0])


@dataclass(frozen=True, slots=True)
class Events:
    """The events of a transaction: hashed one after the other, then written together."""

    text: str
    columns: Sequence[str]
    rows: Sequence[Mapping[str, Value]]

    def run(self, connection: Connection, case: Case) -> None:
        """Chain and write them for ``case``."""
        written: list[Any] = []
        for row in self.rows:
            event = {name: value(case) for name, value in row.items()}
            event["previous_hash"] = case.head_hash
            event["hash"] = case.head_hash = chain.event_hash(event)
            event["body"] = Jsonb(event["body"])
            written += [event[name] for name in self.columns]
        connection.execute(self.text, written)


@dataclass(frozen=True, slots=True)
class Serials:
    """Serials of one series, taken as every writer must: under a lock until the commit."""

    row: Row

    def run(self, connection: Connection, case: Case) -> None:
        """Take them, and make the number or the codes of them."""
        taken = [self.row["district_code"], self.row["series"], self.row["last"]]
        [last] = connection.execute(_TAKE, taken).fetchone() or (0,)
        if self.row["series"].startswith(_CASE_SERIES):
            case.number = f"{self.row['district_code']}-bench-{last:06d}"
        if self.row["series"] == _SEAL_SERIES:
            case.first_seal_code = 6_201_020_000_000 + last - self.row["last"] + 1


@dataclass(frozen=True, slots=True)
class Model:
    """The recorded case, and what of it is not made anew."""

    case_id: UUID
    number: str | None
    people: frozenset[UUID]
    at: datetime
    """The instant of the recorded transaction."""

    def value(self, column: str, recorded: Any) -> Value:
        """How a value of the recorded case becomes one of another."""
        if isinstance(recorded, UUID) and recorded not in self.people:
            return lambda case: case.ids[recorded]
        if isinstance(recorded, datetime) and recorded == self.at:
            return lambda case: case.at
        if column == "head_hash":
            return lambda case: case.head_hash
        if isinstance(recorded, str) and self.number and recorded.startswith(self.number):
            rest = recorded.removeprefix(self.number)
            return lambda case: case.number + rest
        if isinstance(recorded, dict | list):
            return lambda _case: Jsonb(recorded)
        return lambda _case: recorded

    def values(self, row: Row, columns: Iterable[str]) -> list[Value]:
        """The same for a row."""
        return [self.value(name, row[name]) for name in columns]


Step = Statement | Events | Serials


def steps(written: Sequence[Written], model: Model) -> Iterator[Step]:
    """The statements of one transaction, in an order that foreign keys bear."""
    chained = [_events(each, model) for each in written if each.table == "events"]
    for each in written:
        if each.table == "serials":
            yield from (Serials(row) for row in each.inserted)
    for each in written:
        if each.table == "cases" and each.inserted:
            yield from _inserts(each, model)
    yield from chained
    for each in written:
        if each.table not in {"serials", "events"}:
            yield from () if each.table == "cases" and each.inserted else _inserts(each, model)
            yield from _updates(each, model)
            yield from _deletions(each, model)


def _events(written: Written, model: Model) -> Events:
    columns = _filled(written.inserted) | {"hash", "previous_hash"}
    names = sorted(columns)
    hashed = [
        {
            name: model.value(name, value) if name != "body" else _constant(value)
            for name, value in row.items()
        }
        for row in sorted(written.inserted, key=lambda row: row["number"])
    ]
    return Events(text=_insert_text("events", names, len(hashed)), columns=names, rows=hashed)


def _constant(value: Any) -> Value:
    return lambda _case: value


def _inserts(written: Written, model: Model) -> Iterator[Statement]:
    if not written.inserted:
        return
    if written.table == "procrastinate_jobs":
        names: list[str] = list(_JOB_COLUMNS)
    else:
        names = sorted(_filled(written.inserted))
    values = [value for row in written.inserted for value in model.values(row, names)]
    yield Statement(_insert_text(written.table, names, len(written.inserted)), [values])


def _updates(written: Written, model: Model) -> Iterator[Statement]:
    """Rows in which the same columns changed go together."""
    together: dict[tuple[str, ...], list[Sequence[Value]]] = {}
    for place, (key, changed) in enumerate(written.updated):
        values = model.values(changed, changed)
        if written.table == "seals" and "code" in changed:
            values[list(changed).index("code")] = _seal_code(place)
        together.setdefault(tuple(changed), []).append([*values, *model.values(key, key)])
    where = " and ".join(f"{name} = %s" for name in written.key)
    for names, rows in together.items():
        assigned = ", ".join(f"{name} = %s" for name in names)
        yield Statement(f"update {written.table} set {assigned} where {where}", rows)  # noqa: S608


def _deletions(written: Written, model: Model) -> Iterator[Statement]:
    where = " and ".join(f"{name} = %s" for name in written.key)
    rows = [model.values(key, written.key) for key in written.deleted]
    if rows:
        yield Statement(f"delete from {written.table} where {where}", rows)  # noqa: S608


def _seal_code(place: int) -> Value:
    return lambda case: str(case.first_seal_code + place)


def _filled(rows: Sequence[Row]) -> set[str]:
    """The columns that hold something in at least one row."""
    return {name for row in rows for name, value in row.items() if value is not None}


def _insert_text(table: str, names: Sequence[str], count: int) -> str:
    marks = f"({', '.join('%s' for _ in names)})"
    columns = ", ".join(f'"{name}"' for name in names)
    return f"insert into {table} ({columns}) values {', '.join([marks] * count)}"  # noqa: S608
