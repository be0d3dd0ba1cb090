"""Jobs that fail, and workers that die, stall and come back: every job is done, and told right."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from procrastinate import App
from procrastinate.exceptions import TaskNotFound
from procrastinate.jobs import Job, Status
from sqlalchemy import text

from commands import job_ends
from commands.job_ends import JobEnds, WorkerForgottenError
from commands.jobs import build_app
from commands.patience import ATTEMPTS, PATIENCE, Patience
from core.clock import now
from core.database import Database, DatabaseUnreachableError
from core.errors import NotFoundError
from core.file_store import FileStore
from core.text import Text
from services import job_failures
from tests.fixtures.failed_jobs import NAME, enqueued, given_up, job, set_job


def run(database: Database, act: Callable[[App, JobEnds], Awaitable[Any]]) -> Any:
    """What an act of the bookkeeping gives, on an open app."""

    async def opened() -> Any:
        app = build_app(database)
        async with app.open_async():
            return await act(app, job_ends.of(app))

    return asyncio.run(opened())


def reason_kept(database: Database, number: int) -> str | None:
    with database.transaction() as session:
        return session.execute(
            text("select reason_code from job_failures where job_id = :id"), {"id": number}
        ).scalar_one_or_none()


def new_job(database: Database, name: str = NAME, lock: str | None = None) -> int:
    with database.transaction() as session:
        return enqueued(session, name, lock)


async def one_round(app: App) -> None:
    """Do what waits."""
    await app.run_worker_async(concurrency=1, wait=False, install_signal_handlers=False)


async def fetched(ends: JobEnds) -> Job:
    """The next job, begun by a worker of its own."""
    found = await ends.fetch_job(queues=None, worker_id=await ends.register_worker())
    assert found is not None
    return found


async def fall_silent(ends: JobEnds, found: Job) -> None:
    await ends.connector.execute_query_async(
        "update procrastinate_workers set last_heartbeat = now() - interval '1 hour'"
        " where id = %(id)s",
        id=found.worker_id,
    )


def test_every_job_has_the_one_policy(database: Database, tmp_path: Any) -> None:
    app = build_app(database, FileStore(tmp_path))
    policies = {name: task.retry_strategy for name, task in app.tasks.items()}

    assert all(isinstance(each, Patience) for each in policies.values()), policies
    other = {name for name, each in policies.items() if each is not PATIENCE}
    assert other == {"write_report"}, "somebody waits for it, and is told soon"
    assert set(job_ends.of(app).attempts) == set(app.tasks)


def test_waits_grow_and_a_job_that_comes_again_by_itself_waits_a_minute_at_most() -> None:
    def waits(lock: str | None) -> list[float]:
        made = [
            Job(id=1, queue="", lock=None, queueing_lock=lock, task_name=NAME, attempts=number)
            for number in range(ATTEMPTS)
        ]
        return [PATIENCE.wait(each).total_seconds() for each in made]

    alone = waits(None)
    assert 3 < alone[0] <= 4
    assert 12 < alone[1] <= 16
    assert 12 * 3600 < sum(alone[:-1]) < 36 * 3600
    assert max(waits("sweep")) <= 60


def test_a_job_is_tried_again_and_given_up_after_the_last_attempt(database: Database) -> None:
    number = new_job(database)

    async def fail(app: App, _ends: JobEnds) -> None:
        def broken(**_facts: object) -> None:
            raise KeyError("王小明 must not be kept")

        app.tasks[NAME].func = broken
        await one_round(app)

    run(database, fail)
    assert job(database, number)["status"] == "todo"
    assert job(database, number)["attempts"] == 1
    assert job(database, number)["scheduled_at"] is not None
    assert reason_kept(database, number) == job_failures.PROGRAM

    with database.transaction() as session:
        set_job(session, number, attempts=ATTEMPTS - 1, scheduled_at=None)
    run(database, fail)
    assert job(database, number)["status"] == "failed"
    with database.transaction() as session:
        [line] = job_failures.of_name(session, NAME)
    assert (line.attempts, line.error_class, line.next_at) == (ATTEMPTS, "KeyError", None)
    assert "王小明" not in repr(line)


def test_a_job_that_is_done_at_last_forgets_its_failures(database: Database) -> None:
    number = new_job(database)
    with database.transaction() as session:
        set_job(session, number, attempts=1)
        job_failures.note(session, number, job_failures.PROGRAM, "KeyError", now())
    run(database, lambda app, _ends: one_round(app))

    assert job(database, number)["status"] == "succeeded"
    assert reason_kept(database, number) is None


def test_a_job_that_no_program_here_knows_waits_for_one_that_does(database: Database) -> None:
    number = new_job(database, "of_a_later_version")
    run(database, lambda app, _ends: one_round(app))

    assert job(database, number)["status"] == "todo"
    assert reason_kept(database, number) == job_failures.UNKNOWN_NAME


def test_a_worker_that_stalled_changes_nothing_about_what_another_took_up(
    database: Database,
) -> None:
    number = new_job(database)

    async def story(_app: App, ends: JobEnds) -> None:
        stalled = await fetched(ends)
        await fall_silent(ends, stalled)
        assert await ends.give_back_stalled() == 1
        other = await fetched(ends)
        assert other.id == stalled.id == number
        assert other.attempts == stalled.attempts + 1

        await ends.finish_job(stalled, Status.FAILED, delete_job=False)
        await ends.retry_job(stalled)
        assert job(database, number)["status"] == "doing", "the other has it"
        await ends.finish_job(other, Status.SUCCEEDED, delete_job=False)
        await ends.finish_job(stalled, Status.FAILED, delete_job=False)

    run(database, story)
    assert job(database, number)["status"] == "succeeded"


def test_what_a_stalled_worker_has_done_is_done(database: Database) -> None:
    number = new_job(database)

    async def story(_app: App, ends: JobEnds) -> None:
        stalled = await fetched(ends)
        await fall_silent(ends, stalled)
        await ends.give_back_stalled()
        other = await fetched(ends)
        await ends.finish_job(stalled, Status.SUCCEEDED, delete_job=False)
        await ends.finish_job(other, Status.FAILED, delete_job=False)

    run(database, story)
    assert job(database, number)["status"] == "succeeded"


def test_a_forgotten_worker_begins_anew(database: Database) -> None:
    async def story(_app: App, ends: JobEnds) -> None:
        worker = await ends.register_worker()
        await ends.update_heartbeat(worker)
        await ends.unregister_worker(worker)
        with pytest.raises(WorkerForgottenError):
            await ends.update_heartbeat(worker)

    run(database, story)


def test_one_rescue_gives_back_all_whatever_else_waits(database: Database) -> None:
    """A sweep whose worker died, while the next of its kind waits, hinders no other rescue."""
    first, waiting = new_job(database, lock="sweep"), 0
    last = new_job(database)

    async def story(_app: App, ends: JobEnds) -> None:
        nonlocal waiting
        jobs = [await fetched(ends), await fetched(ends)]
        waiting = await asyncio.to_thread(new_job, database, NAME, "sweep")
        for each in jobs:
            await fall_silent(ends, each)
        assert await ends.give_back_stalled() == 2
        assert await ends.give_back_stalled() == 0

    run(database, story)
    assert job(database, first)["status"] == "aborted", "the one that waits does all of it"
    assert job(database, waiting)["status"] == "todo"
    assert job(database, last)["status"] == "todo"


def test_a_job_that_kills_its_worker_every_time_is_given_up(database: Database) -> None:
    number = new_job(database)
    with database.transaction() as session:
        set_job(session, number, attempts=ATTEMPTS)

    async def story(_app: App, ends: JobEnds) -> None:
        await fall_silent(ends, await fetched(ends))
        await ends.give_back_stalled()

    run(database, story)
    assert job(database, number)["status"] == "failed"
    assert reason_kept(database, number) == job_failures.WORKER_LOST


def test_of_a_job_that_comes_again_by_itself_the_last_failure_alone_is_shown(
    database: Database,
) -> None:
    older, newer = given_up(database, lock="sweep"), given_up(database, lock="sweep")
    run(database, lambda _app, ends: ends.give_back_stalled())

    assert job(database, older)["status"] == "cancelled"
    assert job(database, newer)["status"] == "failed"


def test_reasons_have_words_and_never_those_of_the_error() -> None:
    refusal = NotFoundError(Text(zh="王小明", en="Wang"))
    assert job_failures.reason_of(refusal) == job_failures.RULE
    assert (
        job_failures.reason_of(DatabaseUnreachableError(refusal.sentence)) == job_failures.DATABASE
    )
    assert job_failures.reason_of(OSError()) == job_failures.FILES
    assert job_failures.reason_of(TaskNotFound()) == job_failures.PROGRAM
    assert all(each.zh and each.en for each in job_failures.REASONS.values())
