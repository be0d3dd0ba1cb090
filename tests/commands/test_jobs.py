"""Jobs: there exactly if the transaction committed, done at least once, rescued from the dead."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from commands.jobs import MODULES, WITH_FILES, build_app
from commands.worker import work
from core.database import Database
from core.embedded_postgres import Urls
from core.settings import ROOT
from services.jobs import enqueue
from tests.fixtures.world import World


def count_jobs(session: Session, name: str) -> int:
    found = session.execute(
        text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :name"), {"name": name}
    )
    return int(found.scalar_one())


def status_of(database: Database, name: str) -> list[str]:
    with database.transaction() as session:
        statement = text("SELECT status::text FROM procrastinate_jobs WHERE task_name = :name")
        return list(session.execute(statement, {"name": name}).scalars())


async def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not await asyncio.to_thread(is_so):
        assert time.monotonic() < deadline, "it never came to that"
        await asyncio.sleep(0.1)


async def work_until(database: Database, is_so: Callable[[], bool]) -> None:
    worker = asyncio.create_task(work(database))
    await until(is_so)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(worker, 20)


def test_a_job_shares_the_fate_of_its_transaction(database: Database) -> None:
    with Session(database.engine) as session:
        enqueue(session, "remove_old_jobs", timestamp=0)
        assert count_jobs(session, "remove_old_jobs") == 1
        session.rollback()
    with database.transaction() as session:
        assert count_jobs(session, "remove_old_jobs") == 0
        enqueue(session, "remove_old_jobs", timestamp=0, case_id=uuid4())
    with database.transaction() as session:
        assert count_jobs(session, "remove_old_jobs") == 1


def test_the_worker_does_what_was_enqueued_and_stops_when_told(database: Database) -> None:
    with database.transaction() as session:
        enqueue(session, "remove_old_jobs", timestamp=0)
    asyncio.run(
        work_until(database, lambda: status_of(database, "remove_old_jobs") == ["succeeded"])
    )


@pytest.mark.long
def test_the_worker_outlives_a_database_that_went_away(database: Database, urls: Urls) -> None:
    def cut() -> None:
        with psycopg.connect(urls.superuser_url, autocommit=True) as superuser:
            superuser.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    async def scene() -> None:
        worker = asyncio.create_task(work(database))
        await asyncio.sleep(0.5)
        await asyncio.to_thread(cut)
        database.dispose()  # a periodic job may have left a connection that was cut
        with database.transaction() as session:
            enqueue(session, "remove_old_jobs", timestamp=0)
        await until(lambda: status_of(database, "remove_old_jobs") == ["succeeded"])
        assert not worker.done()
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(worker, 20)

    asyncio.run(scene())


def test_the_jobs_of_a_killed_worker_are_given_back(database: Database) -> None:
    with database.transaction() as session:
        enqueue(session, "remove_old_jobs", timestamp=0)
        session.execute(
            text(
                "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) "
                "VALUES (now() - interval '1 hour') RETURNING id) "
                "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM dead)"
            )
        )
        enqueue(session, "rescue_jobs", timestamp=0)
    asyncio.run(
        work_until(database, lambda: status_of(database, "remove_old_jobs") == ["succeeded"])
    )


def test_a_worker_process_ends_with_its_parent(database: Database, tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, database.url, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    time.sleep(1.5)
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 15
    while Path(f"/proc/{worker}/cmdline").exists() and _is_alive(worker):
        assert time.monotonic() < deadline, "the worker goes on without its parent"
        time.sleep(0.1)


PARENT = """
import os, subprocess, sys, time
from commands.processes import environment_for_children
database_url, folder = sys.argv[1:]
environment = environment_for_children(dict(os.environ))
environment |= {"DATABASE_URL": database_url, "DATA_FOLDER": folder}
worker = subprocess.Popen(
    [sys.executable, "-m", "flask", "--app", "app", "worker"], env=environment
)
print(worker.pid, flush=True)
time.sleep(60)
"""


def _is_alive(process_id: int) -> bool:
    state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    return state != "Z"


def test_every_job_that_a_case_enqueues_exists(database: Database, world: World) -> None:
    world.delivered(world.licensed())
    with database.transaction() as session:
        used = set(session.execute(text("SELECT task_name FROM procrastinate_jobs")).scalars())
    assert used
    assert used <= set(build_app(database).tasks), "name these jobs in commands/jobs"


def test_every_module_of_jobs_is_registered() -> None:
    files = {path.stem for path in (ROOT / "commands" / "jobs").glob("[a-z]*.py")}
    registered = {module.__name__.rpartition(".")[2] for module in (*MODULES, *WITH_FILES)}
    assert registered == files, "add it to MODULES of commands/jobs"
