"""The floor: plain psycopg that writes the same rows in as many durable transactions, and no more.

No rules, no permissions, no process: a locked read of the chain's end, one statement for each
kind of row, the hash of every event, the commit. What it writes is what the engine was seen to
write for one case (`benchmarks.recording`), so that it can never write other bytes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import psycopg
from psycopg.types.json import set_json_dumps

from benchmarks.contender import serve
from benchmarks.growth import counts
from benchmarks.plain_sql import load, new_case

PREPARE_AFTER = 2
OPTIONS = "-c role=yichuang_app -c search_path=public,procrastinate -c timezone=UTC"


def connect(url: str, role: str = "yichuang_app") -> psycopg.Connection:
    """A connection with the rights of the application, which prepares what comes again."""
    connection = psycopg.connect(
        url,
        options=OPTIONS.replace("yichuang_app", role),
        prepare_threshold=PREPARE_AFTER,
        autocommit=True,
    )
    set_json_dumps(json.dumps, connection)
    return connection


class Floor:
    """Writes cases one after the other as the recorded one was written."""

    def __init__(self, app_url: str, superuser_url: str, plan: Path) -> None:
        self._superuser_url = superuser_url
        self._plan = load(plan)
        self._connection = connect(app_url)

    def run(self, first: int, count: int) -> None:
        """Write ``count`` cases."""
        for _number in range(first, first + count):
            case = new_case()
            for number in range(len(self._plan.transactions)):
                with self._connection.transaction():
                    self._plan.write(self._connection, case, number)

    def grow(self, count: int) -> None:
        """Nothing: its tables are the service's, which are grown for everybody."""

    def check(self) -> dict[str, int]:
        """What stands in the tables that every case writes to."""
        return counts(self._superuser_url)

    def close(self) -> None:
        """Leave the database."""
        self._connection.close()


if __name__ == "__main__":
    serve(Floor(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
