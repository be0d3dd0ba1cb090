"""Each job that a case or the clock asks for is done twice: the second time changes nothing."""

import asyncio
import inspect
from datetime import timedelta
from typing import Any

from procrastinate import App
from sqlalchemy import text

from commands.jobs import build_app
from core.clock import now
from core.database import Database
from core.districts import across_districts
from core.file_store import FileStore
from tests.fixtures.world import World

MEASURED = {"alembic_version", "invariant_runs"}
"""A run of the checks is told each time."""
MARK = across_districts("all that stands in a database of a test")


def everything(database: Database) -> dict[str, str]:
    """What stands in each table, as a hash."""
    with database.transaction() as session:
        tables = session.execute(
            text("select tablename from pg_tables where schemaname = 'public'")
        ).scalars()
        return {
            name: session.execute(
                text(f"select {MARK} md5(string_agg(t::text, ',' order by t::text)) from {name} t")  # noqa: S608
            ).scalar_one()
            for name in sorted(set(tables) - MEASURED)
        }


def asked_for(database: Database) -> list[tuple[str, dict[str, Any]]]:
    with database.transaction() as session:
        rows = session.execute(
            text("select task_name, args - 'request_id' as args from procrastinate_jobs")
        )
        return [(row.task_name, row.args) for row in rows]


def do(app: App, name: str, arguments: dict[str, Any]) -> None:
    app.tasks[name].func(**arguments)


def test_done_twice_is_done_once(world: World, tmp_path: Any) -> None:
    database = world.database
    world.at = now() - timedelta(days=40)
    world.delivered(world.licensed())
    world.submitted(suffix=2)
    app = build_app(database, FileStore(tmp_path))
    periodic = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}
    jobs = asked_for(database) + [
        (name, {"timestamp": 0}) for name in periodic if not app.tasks[name].pass_context
    ]
    before, changed = everything(database), set()
    for name, arguments in jobs:
        assert not inspect.iscoroutinefunction(app.tasks[name].func)
        do(app, name, arguments)
        once = everything(database)
        changed |= {name} if once != before else set()
        do(app, name, arguments)
        before = everything(database)
        assert before == once, f"{name} did something again"
    assert {"tell_applicant", "turn_colours"} <= changed


def test_upkeep_done_twice_is_done_once(database: Database) -> None:
    async def twice() -> None:
        app = build_app(database)
        async with app.open_async():
            for name in ("rescue_jobs", "remove_old_jobs"):
                for _time in range(2):
                    await app.tasks[name].defer_async(timestamp=0)
                    await app.run_worker_async(wait=False, install_signal_handlers=False)

    before = everything(database)
    asyncio.run(twice())
    after = everything(database)
    assert {name for name in after if after[name] != before[name]} <= {"presences", "attempts"}
