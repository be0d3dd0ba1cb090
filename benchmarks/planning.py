"""Recorded rows made into plain statements: what a person would write by hand for the same rows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from benchmarks.engine import Engine
from benchmarks.plain_sql import (
    Events,
    Head,
    Id,
    Instant,
    Json,
    Number,
    Plan,
    Same,
    SealCode,
    Serials,
    Statement,
    Step,
    Value,
    event_hash,
)
from benchmarks.recording import Recorder, Row, Written

_PEOPLE = "select id from people"
_JOB_COLUMNS = ("queue_name", "task_name", "priority", "lock", "queueing_lock", "args")


def plan(app_url: str, superuser_url: str) -> Plan:
    """Have the engine carry one case, and make statements of the rows that it was seen to write.

    Raises ValueError if a hash of ours differs from the engine's.
    """
    engine = Engine(app_url, superuser_url)
    engine.run(0, 1)  # what is read once in a process's life is read now
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("set search_path = public, procrastinate")
        people = frozenset(row[0] for row in connection.execute(_PEOPLE))
        recorder = Recorder(connection)
        seen = []
        for key in engine.steps(1):
            written = recorder.transaction(key.district_code, key.case_id)
            seen.append((written, recorder.number(key.case_id)))
    engine.close()
    _check_hashes([written for written, _number in seen])
    return Plan(
        district_code=key.district_code,
        case_id=key.case_id,
        transactions=[
            list(steps(written, Model(number=number, people=people, at=_at(written))))
            for written, number in seen
        ],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What of the recorded case is made anew: its number, its instant, all ids but people's."""

    number: str | None
    people: frozenset[UUID]
    at: datetime
    """The instant of the recorded transaction."""

    def value(self, column: str, recorded: Any) -> Value:
        """How a value of the recorded case becomes one of another."""
        if isinstance(recorded, UUID) and recorded not in self.people:
            return Id(recorded)
        if isinstance(recorded, datetime) and recorded == self.at:
            return Instant()
        if column == "head_hash":
            return Head()
        if isinstance(recorded, str) and self.number and recorded.startswith(self.number):
            return Number(recorded.removeprefix(self.number))
        return Json(recorded) if isinstance(recorded, dict | list) else Same(recorded)

    def values(self, row: Row, columns: Iterable[str]) -> list[Value]:
        """The same for a row."""
        return [self.value(name, row[name]) for name in columns]


def steps(written: Sequence[Written], model: Model) -> Iterator[Step]:
    """The statements of one transaction, in an order that foreign keys bear."""
    by_table = {each.table: each for each in written}
    if "serials" in by_table:
        for row in by_table["serials"].inserted:
            yield Serials("serials", row["district_code"], row["series"], row["last"])
    for table in ("cases", "events"):
        if table in by_table and by_table[table].inserted:
            yield (
                _events(by_table[table], model)
                if table == "events"
                else _insert(by_table[table], model)
            )
    for each in written:
        if each.table in {"serials", "events"}:
            continue
        if each.table != "cases" and each.inserted:
            yield _insert(each, model)
        yield from _updates(each, model)
        yield from _deletions(each, model)


def _events(written: Written, model: Model) -> Events:
    columns = sorted(_filled(written.inserted) | {"hash", "previous_hash"})
    rows = [
        {
            name: Same(value) if name == "body" else model.value(name, value)
            for name, value in row.items()
        }
        for row in sorted(written.inserted, key=lambda row: int(row["number"]))
    ]
    return Events("events", _insert_text("events", columns, len(rows)), columns, rows)


def _insert(written: Written, model: Model) -> Statement:
    is_job = written.table == "procrastinate_jobs"
    names = list(_JOB_COLUMNS) if is_job else sorted(_filled(written.inserted))
    values = [value for row in written.inserted for value in model.values(row, names)]
    text = _insert_text(written.table, names, len(written.inserted))
    return Statement(written.table, text, [values])


def _updates(written: Written, model: Model) -> Iterator[Statement]:
    """Rows in which the same columns changed go together."""
    together: dict[tuple[str, ...], list[Sequence[Value]]] = {}
    for place, (key, changed) in enumerate(written.updated):
        values = model.values(changed, changed)
        if written.table == "seals" and "code" in changed:
            values[list(changed).index("code")] = SealCode(place)
        together.setdefault(tuple(changed), []).append([*values, *model.values(key, key)])
    for names, rows in together.items():
        assigned = ", ".join(f"{name} = %s" for name in names)
        text = f"update {written.table} set {assigned} where {_is_row(written)}"  # noqa: S608
        yield Statement(written.table, text, rows)


def _deletions(written: Written, model: Model) -> Iterator[Statement]:
    rows = [model.values(key, written.key) for key in written.deleted]
    if rows:
        text = f"delete from {written.table} where {_is_row(written)}"  # noqa: S608
        yield Statement(written.table, text, rows)


def _is_row(written: Written) -> str:
    return " and ".join(f"{name} = %s" for name in written.key)


def _filled(rows: Sequence[Row]) -> set[str]:
    """The columns that hold something in at least one row."""
    return {name for row in rows for name, value in row.items() if value is not None}


def _insert_text(table: str, names: Sequence[str], count: int) -> str:
    marks = f"({', '.join('%s' for _ in names)})"
    columns = ", ".join(f'"{name}"' for name in names)
    return f"insert into {table} ({columns}) values {', '.join([marks] * count)}"  # noqa: S608


def _at(written: Sequence[Written]) -> datetime:
    """The instant of a transaction: that of its events, or of the draft."""
    rows = {each.table: each.inserted for each in written}
    at: datetime = rows["events"][0]["at"] if rows.get("events") else rows["cases"][0]["created_at"]
    return at


def _check_hashes(transactions: Sequence[Sequence[Written]]) -> None:
    for written in transactions:
        for each in written:
            for row in each.inserted if each.table == "events" else ():
                if event_hash(row) != row["hash"]:
                    raise ValueError("the plain hash of an event is not the engine's")
