"""What one case writes, transaction by transaction: the rows before and after each, compared.

The floor writes the same rows again; so it can never write other bytes than the engine does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import dict_row

from benchmarks.growth import case_tables
from core.districts import across_districts

Row = Mapping[str, Any]
Key = tuple[Any, ...]

_KEYS = """
select c.relname, array_agg(a.attname::text order by a.attnum)
from pg_index i join pg_class c on c.oid = i.indrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey)
where i.indisprimary and n.nspname = 'public' group by c.relname
"""
_JOBS = "select * from procrastinate.procrastinate_jobs order by id"
_SERIALS = f"select {across_districts('all that were given out')} * from serials"  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The rows that one transaction left in one table."""

    table: str
    key: tuple[str, ...]
    inserted: Sequence[Row] = ()
    updated: Sequence[tuple[Row, Row]] = ()
    """Each with its key and the columns that changed."""
    deleted: Sequence[Row] = ()
    """The keys alone."""

    def __bool__(self) -> bool:
        return bool(self.inserted or self.updated or self.deleted)


class Recorder:
    """Looks at all rows of one case after each of its transactions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tables = case_tables(connection)
        self._keys = {name: tuple(columns) for name, columns in connection.execute(_KEYS)}
        self._before: dict[str, dict[Key, Row]] = {}
        self._serials = self._series()
        self._jobs = {row["id"] for row in self._rows(_JOBS)}

    def transaction(self, district_code: str, case_id: UUID) -> list[Written]:
        """What was written since the last look, parents before children."""
        found = [self._serials_taken()]
        for table in self._in_order():
            now = self._rows_of(table, district_code, case_id)
            found.append(self._difference(table, self._before.get(table, {}), now))
            self._before[table] = now
        found.append(self._jobs_enqueued())
        return [written for written in found if written]

    def number(self, case_id: UUID) -> str | None:
        """The case's number as it was at the last look."""
        rows = self._before.get("cases", {})
        return next((row["number"] for row in rows.values() if row["id"] == case_id), None)

    def _in_order(self) -> Iterator[str]:
        first = ("cases", "events")
        yield from first
        yield from (table for table in self._tables if table not in first)

    def _rows_of(self, table: str, district_code: str, case_id: UUID) -> dict[Key, Row]:
        statement = sql.SQL("select * from {} where district_code = %s and {} = %s").format(
            sql.Identifier(table), sql.Identifier("id" if table == "cases" else "case_id")
        )
        rows = self._rows(statement, [district_code, case_id])
        return {tuple(row[name] for name in self._keys[table]): row for row in rows}

    def _difference(self, table: str, before: Mapping[Key, Row], now: Mapping[Key, Row]) -> Written:
        names = self._keys[table]
        return Written(
            table=table,
            key=names,
            inserted=[row for key, row in now.items() if key not in before],
            updated=[
                (dict(zip(names, key, strict=True)), changed)
                for key, row in now.items()
                if key in before and (changed := _changed(before[key], row))
            ],
            deleted=[dict(zip(names, key, strict=True)) for key in before if key not in now],
        )

    def _serials_taken(self) -> Written:
        now = self._series()
        taken = [
            {"district_code": key[0], "series": key[1], "last": last - self._serials.get(key, 0)}
            for key, last in now.items()
            if last != self._serials.get(key)
        ]
        self._serials = now
        return Written(table="serials", key=("district_code", "series"), inserted=taken)

    def _jobs_enqueued(self) -> Written:
        rows = [row for row in self._rows(_JOBS) if row["id"] not in self._jobs]
        self._jobs |= {row["id"] for row in rows}
        return Written(table="procrastinate_jobs", key=("id",), inserted=rows)

    def _series(self) -> dict[Key, int]:
        return {(row["district_code"], row["series"]): row["last"] for row in self._rows(_SERIALS)}

    def _rows(self, statement: Any, values: list[Any] | None = None) -> Sequence[Row]:
        cursor = self._connection.cursor(row_factory=dict_row)
        return cursor.execute(statement, values).fetchall()


def _changed(before: Row, now: Row) -> Row:
    return {name: value for name, value in now.items() if value != before[name]}
