"""Ended cases by the thousand: the newest one copied row by row, as if it had been handled before.

The copies keep every byte but their ids, numbers and codes, so that tables and indexes grow as
with real ones. Their chains say so: the hash of a copy is that of its model.
"""

from collections.abc import Sequence

import psycopg
from psycopg import Connection, sql

AT_ONCE = 10_000
_TABLES = """
select c.table_name, array_agg(c.column_name::text order by c.ordinal_position)
from information_schema.columns c
join information_schema.tables t on t.table_schema = c.table_schema
  and t.table_name = c.table_name and t.table_type = 'BASE TABLE'
where c.table_schema = 'public' and c.is_generated = 'NEVER'
group by c.table_name having array_agg(c.column_name::text) @> '{district_code}'
  and (c.table_name = 'cases' or array_agg(c.column_name::text) @> '{case_id}')
order by c.table_name = 'cases' desc, c.table_name
"""
_MODEL = """
select district_code, id from cases where ended_at is not null order by created_at desc limit 1
"""
# Ids in the manner of version 7, of the very first milliseconds: copies come before all others.
_ID = "(lpad(to_hex(g), 12, '0') || '70008000000000000000')::uuid"
_WAITING = """
select district_code, id from cases where state = 'submitted' order by created_at desc limit 1
"""
_IN_QUEUE = ("cases", "events", "queue_entries")
"""What a case that waits for its acceptance has, but for its answers, which no claim reads."""
_OTHERWISE = {
    ("queue_entries", "waiting_since"): "m.waiting_since + g * interval '1 second'",
    # No two in the order in which they were sent: the index is asked in another one.
    ("queue_entries", "due_at"): "m.waiting_since + interval '5 days'"
    " + mod(g * 7919, 1000003) * interval '1 second'",
    ("cases", "id"): _ID,
    ("cases", "number"): "'copy-' || g",
    ("seals", "code"): "'9' || lpad((g * 8 + row_number() over (partition by g order by id))::text,"
    " 12, '0')",
}


def case_tables(connection: Connection) -> dict[str, list[str]]:
    """The tables with rows of cases, that of the cases first, with their columns."""
    return dict(connection.execute(_TABLES).fetchall())


def grow(superuser_url: str, count: int) -> None:
    """Copy the newest ended case ``count`` times, and bring statistics and visibility up to date.

    Foreign keys and the triggers against changes are not asked: the copies are as sound as their
    model, and asking takes longer than writing.
    """
    _copies(superuser_url, _MODEL, count)


def grow_queue(superuser_url: str, count: int) -> None:
    """The same of the newest case that waits for its acceptance."""
    _copies(superuser_url, _WAITING, count, _IN_QUEUE)


def _copies(superuser_url: str, model: str, count: int, only: Sequence[str] = ()) -> None:
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("set synchronous_commit = off")
        district_code, case_id = connection.execute(model).fetchone() or ("", None)
        [last] = connection.execute(
            "select count(*) from cases where district_code = %s and number like 'copy-%%'",
            [district_code],
        ).fetchone() or (0,)
        tables = case_tables(connection)
        for first in range(last + 1, last + count + 1, AT_ONCE):
            until = min(first + AT_ONCE - 1, last + count)
            for table, columns in tables.items():
                if only and table not in only:
                    continue
                statement = _copy(table, columns)
                connection.execute(statement, [first, until, district_code, case_id])
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")


def counts(superuser_url: str) -> dict[str, int]:
    """How many rows stand in each table that has rows of cases."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        found = {}
        for table in case_tables(connection):
            statement = sql.SQL("select count(*) from {}").format(sql.Identifier(table))
            [found[table]] = connection.execute(statement).fetchone() or (0,)
        return found


def _copy(table: str, columns: list[str]) -> sql.Composed:
    key = "id" if table == "cases" else "case_id"
    values = [
        sql.SQL(_OTHERWISE.get((table, name), _ID if name == "case_id" else f'm."{name}"'))
        for name in columns
    ]
    return sql.SQL(
        "insert into {table} ({columns}) select {values} from {table} m,"
        " generate_series(%s::bigint, %s::bigint) g where m.district_code = %s and m.{key} = %s"
    ).format(
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(values),
        key=sql.Identifier(key),
    )
