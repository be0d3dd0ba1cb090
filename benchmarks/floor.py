"""The floor: plain psycopg that writes the same rows in as many durable transactions, and no more.

No rules, no permissions, no process: a locked read of the chain's end, one statement for each
kind of row, the hash of every event, the commit. What it writes is what the engine was seen to
write for one case (`benchmarks.recording`), so that it can never write other bytes.
"""

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg.types.json import set_json_dumps

from benchmarks.contender import serve
from benchmarks.engine import Engine
from benchmarks.growth import counts, grow
from benchmarks.plain_sql import Case, Model, Step, steps
from benchmarks.recording import Recorder, Written
from core.clock import now
from core.database import SESSION_OPTIONS
from core.json_text import dump_json
from services.door import chain

_LOCK = "select event_count, head_hash from cases where district_code = %s and id = %s for update"
_PEOPLE = "select id from people"
PREPARE_AFTER = 2


class Floor:
    """Writes cases one after the other as the first one was written."""

    def __init__(self, app_url: str, superuser_url: str) -> None:
        self._superuser_url = superuser_url
        self._district_code = ""
        self._case_id = UUID(int=0)
        self._transactions = list(self._record(app_url))
        self._connection = psycopg.connect(
            app_url, options=SESSION_OPTIONS, prepare_threshold=PREPARE_AFTER
        )
        set_json_dumps(dump_json, self._connection)

    def run(self, first: int, count: int) -> None:
        """Write ``count`` cases."""
        for _number in range(first, first + count):
            self._write_one()

    def grow(self, count: int) -> None:
        """Copy the newest ended case ``count`` times."""
        grow(self._superuser_url, count)

    def check(self) -> dict[str, int]:
        """What stands in the tables that every case writes to."""
        return counts(self._superuser_url)

    def _write_one(self) -> None:
        case = Case(at=now())
        for number, statements in enumerate(self._transactions):
            case.at = now()
            with self._connection.transaction():
                if number > 0:
                    self._read_head(case)
                for statement in statements:
                    statement.run(self._connection, case)

    def _read_head(self, case: Case) -> None:
        key = [self._district_code, case.ids[self._case_id]]
        _count, head = self._connection.execute(_LOCK, key).fetchone() or (0, None)
        case.head_hash = head or chain.GENESIS

    def _record(self, app_url: str) -> Iterator[list[Step]]:
        """Have the engine carry one case, and look at the rows after each transaction."""
        engine = Engine(app_url, self._superuser_url)
        engine.run(0, 1)  # what is read once in a process's life is read now
        with psycopg.connect(self._superuser_url, autocommit=True) as connection:
            connection.execute("set search_path = public, procrastinate")
            people = frozenset(row[0] for row in connection.execute(_PEOPLE))
            recorder = Recorder(connection)
            written, numbers = [], []
            for key in engine.steps(1):
                self._district_code, self._case_id = key.district_code, key.case_id
                written.append(recorder.transaction(key.district_code, key.case_id))
                numbers.append(recorder.number(key.case_id))
        for each, number in zip(written, numbers, strict=True):
            model = Model(case_id=self._case_id, number=number, people=people, at=_at(each))
            yield list(steps(each, model))


def _at(written: Sequence[Written]) -> datetime:
    """The instant of a transaction: that of its events, or of the draft."""
    rows = {each.table: each.inserted for each in written}
    at: datetime = rows["events"][0]["at"] if rows.get("events") else rows["cases"][0]["created_at"]
    return at


if __name__ == "__main__":
    serve(Floor(*sys.argv[1:3]))
