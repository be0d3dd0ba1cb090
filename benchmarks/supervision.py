"""The board, the unchanged queue, the times and a recount, with 100,000 open cases of one district.

``python -m benchmarks.supervision`` prints the figures and writes ``var/supervision.json``. Open
cases are copied row by row from two that the engine opened, then spread over twelve days so that a
sixth of them is late and two fifths have a colour. WATCHED_CASES changes how many there are.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
from flask.testing import FlaskClient
from psycopg import Connection, sql

from app import create_app
from benchmarks.engine import Engine
from benchmarks.growth import AT_ONCE, case_tables
from benchmarks.server import running
from benchmarks.table import grid
from catalog import working_days
from core.clock import now
from core.database import Database
from core.embedded_postgres import Urls
from core.settings import ROOT, Settings
from services import calendars, people, recounts, sign_in
from services.cases import CaseKey

RESULT = ROOT / "var" / "supervision.json"
ROUNDS = 7
RECOUNTED = 300
"""So many limits are counted again for the time of one."""
POLL = {"X-Poll": "1"}
PAGES: Mapping[str, tuple[str, str]] = {
    "board": ("supervisor", "/supervision"),
    "board, red alone": ("supervisor", "/supervision?band=red"),
    "board, nobody's": ("supervisor", "/supervision?person=nobody"),
    "board, page 100": ("supervisor", "/supervision?page=100"),
    "queue": ("registrar", "/queue"),
    "times, whole country": ("auditor", "/times"),
}
_ID = "(lpad(to_hex(g), 12, '0') || '7000{half}000000000000000')::uuid"
_SPREAD = """
update {table} set due_at = moved.due_at, colour = case
    when moved.due_at < now() then 'red' when moved.due_at < now() + interval '1 day' then 'yellow'
    when moved.due_at < now() + interval '3 days' then 'blue' end
from (select {key}, now() + (abs(hashtext(case_id::text)) %% 1036800 - 172800) * interval '1 second'
    as due_at from {table}) moved
where ({same}) and {table}.due_at is not null
"""


def main() -> None:
    """Measure all of it, and tell it."""
    count = int(os.environ.get("WATCHED_CASES", "100000"))
    found: dict[str, Any] = {"open_cases": count, "at": now().isoformat()}
    with running() as server, tempfile.TemporaryDirectory(prefix="yichuang-watch-") as folder:
        urls = server.copy("watched")
        superuser_url = server.superuser_url("watched")
        fill(urls, superuser_url, count)
        found["pages_ms"] = pages(urls, Path(folder))
        found["recount"] = recount(Database(urls.app_url))
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    rows = [(name, *(f"{each:.1f}" for each in ms)) for name, ms in found["pages_ms"].items()]
    rows += [(f"recount: {name}", f"{ms:.1f}", "", "") for name, ms in found["recount"].items()]
    sys.stdout.write(f"{count:,} open cases\n")
    sys.stdout.write(grid(("milliseconds", "fastest", "median", "slowest"), rows) + "\n")


def fill(urls: Urls, superuser_url: str, count: int) -> None:
    """Open two cases as people do, and copy them: one waits for acceptance, one is handled."""
    engine = Engine(urls.app_url, superuser_url)
    waiting = list(islice(engine.steps(1), 2))[-1]
    handled = list(islice(engine.steps(2), 4))[-1]
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("set synchronous_commit = off")
        _copy(connection, waiting, count // 5, half=1)
        _copy(connection, handled, count - count // 5, half=2)
        for table in ("tasks", "queue_entries"):
            key = ("district_code", "case_id", "item_code")
            same = " and ".join(f"{table}.{name} = moved.{name}" for name in key)
            connection.execute(_SPREAD.format(table=table, key=", ".join(key), same=same), [])
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")


def _copy(connection: Connection, model: CaseKey, count: int, *, half: int) -> None:
    new_id = _ID.format(half=half)
    otherwise = {
        ("cases", "id"): new_id,
        ("cases", "number"): f"'watched-{half}-' || g",
        ("queue_entries", "case_number"): f"'watched-{half}-' || g",
        ("queue_entries", "claimed_by"): "case when g %% 100 = 0 then m.claimed_by end",
        ("queue_entries", "claim_expires_at"): "case when g %% 100 = 0 then m.claim_expires_at end",
        ("seals", "code"): "null",
    }
    for first in range(1, count + 1, AT_ONCE):
        for table, columns in case_tables(connection).items():
            key = "id" if table == "cases" else "case_id"
            values = [
                otherwise.get((table, name), new_id if name == "case_id" else f'm."{name}"')
                for name in columns
            ]
            statement = sql.SQL(
                "insert into {table} ({columns}) select {values} from {table} m,"
                " generate_series(%s::bigint, %s::bigint) g"
                " where m.district_code = %s and m.{key} = %s"
            ).format(
                table=sql.Identifier(table),
                columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
                values=sql.SQL(", ").join(map(sql.SQL, values)),
                key=sql.Identifier(key),
            )
            last = min(first + AT_ONCE - 1, count)
            connection.execute(statement, [first, last, model.district_code, model.case_id])


def pages(urls: Urls, folder: Path) -> dict[str, tuple[float, float, float]]:
    """Server time of each page, the answer drawn whole: fastest, median and slowest."""
    settings = replace(
        Settings.from_environment({"DATA_FOLDER": str(folder)}, production=False),
        database_url=urls.app_url,
        owner_database_url=urls.owner_url,
    )
    app = create_app(settings)
    database = Database(urls.app_url)

    def browser(account: str) -> FlaskClient:
        at = now()
        with database.transaction() as session:
            token = sign_in.open_session(session, people.find(session, account, at).id, at)
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
        return client

    found = {}
    for name, (account, url) in PAGES.items():
        found[name] = timed(partial(_get, browser(account), url))
    registrar = browser("registrar")
    found["queue, unchanged"] = _unchanged(registrar)
    return found


def _unchanged(client: FlaskClient) -> tuple[float, float, float]:
    """The poll of a page that is still good, right after it was read.

    With so many entries something becomes late every ten seconds; then the page has changed.
    """
    taken: list[float] = []
    while len(taken) < ROUNDS:
        version = client.get("/queue", headers=POLL).headers["ETag"]
        before = time.perf_counter()
        answer = client.get("/queue", headers=POLL | {"If-None-Match": version})
        if answer.status_code == 304:  # noqa: PLR2004
            taken.append(1000 * (time.perf_counter() - before))
    return min(taken), statistics.median(taken), max(taken)


def _get(client: FlaskClient, url: str) -> None:
    answer = client.get(url)
    if answer.status_code != 200:  # noqa: PLR2004
        raise RuntimeError(f"{url}: {answer.status}")


def timed(act: Callable[[], None]) -> tuple[float, float, float]:
    """Milliseconds of an act: fastest, median and slowest of `ROUNDS`, after three to warm up."""
    taken = []
    for number in range(ROUNDS + 3):
        before = time.perf_counter()
        act()
        if number > 2:  # noqa: PLR2004  the first three
            taken.append(1000 * (time.perf_counter() - before))
    return min(taken), statistics.median(taken), max(taken)


def recount(database: Database) -> dict[str, float]:
    """After a new calendar: finding a batch of what is stale, and counting one again."""
    calendar = working_days.calendar()
    with database.transaction() as session:
        calendars.publish(session, replace(calendar, version="2024-2026.9"), now())
    before = time.perf_counter()
    with database.transaction() as session:
        found = recounts.stale_tasks(session)
    finding = time.perf_counter() - before
    before = time.perf_counter()
    for each in found[:RECOUNTED]:
        with database.transaction() as session:
            recounts.recount(session, each, now())
    counting = time.perf_counter() - before
    return {
        f"find {len(found)}": 1000 * finding,
        "count one": 1000 * counting / max(1, len(found[:RECOUNTED])),
    }


if __name__ == "__main__":
    main()
