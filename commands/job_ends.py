"""How a job ends, comes again or is given back, whichever workers die, stall or come back late.

Every attempt has a number, and giving a job back counts as one more. Whoever says how an attempt
ended names its number: a worker that was thought dead changes nothing about the job that another
has taken up since.
"""

import asyncio
import logging
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from commands.patience import PATIENCE
from core.clock import now
from core.database import Database
from services import job_failures
from services.operations import SILENT

LOG = logging.getLogger("yichuang.job")
LONGEST = timedelta(hours=4)
"""A job that runs longer is stuck: no body takes so long without an end in sight."""


class WorkerForgottenError(Exception):
    """A worker is not known any more, or cannot say how a job ended: it must begin anew."""


class JobEnds(JobManager):
    """The library's own bookkeeping, with the number of the attempt in every statement."""

    def __init__(self, connector: PsycopgConnector, database: Database) -> None:
        super().__init__(connector)
        self.database = database
        self.attempts: dict[str, int] = {}
        """How often each job is tried, by its name."""
        self.running: dict[int, float] = {}
        """Since when each job of this worker runs, by its number."""
        self._has_lost_an_end = False

    async def update_heartbeat(self, worker_id: int) -> None:
        """Beat, unless this worker was thought dead meanwhile; then it registers as a new one."""
        if self._has_lost_an_end:
            raise WorkerForgottenError("it could not say how a job ended; that is given back")
        found = await self.connector.execute_query_all_async(_BEAT, worker_id=worker_id)
        if not found:
            raise WorkerForgottenError("it was silent so long that it was forgotten")

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """As the library does; a job whose name nobody here knows waits for one who does."""
        is_unknown = status is Status.FAILED and job.task_name not in self.attempts
        if is_unknown and await self._leave_to_others(job):
            return
        query = _SUCCEED if status is Status.SUCCEEDED else _FINISH
        await self._tell(
            query, job, status=status.value, delete_job=delete_job, attempts=job.attempts
        )

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """As the library does. If another of its kind waits already, that one does all of it."""
        del priority, queue, lock  # no policy of ours changes them
        try:
            await self._tell(_RETRY, job, retry_at=retry_at or now(), attempts=job.attempts)
        except UniqueViolation:
            await self.finish_job(job, Status.ABORTED, delete_job=False)

    async def give_back_stalled(self) -> int:
        """Have the jobs of silent workers done by others; how many.

        One that was lost at every attempt, and once more, is given up: it probably kills.
        """
        stalled: Iterable[Job] = await self.get_stalled_jobs(
            seconds_since_heartbeat=SILENT.total_seconds()
        )
        jobs = list(stalled)
        for job in jobs:
            await self.note(job, job_failures.WORKER_LOST, "WorkerLost")
            if job.attempts >= self.attempts.get(job.task_name, PATIENCE.attempts):
                await self.finish_job(job, Status.FAILED, delete_job=False)
            else:
                await self.retry_job(job, retry_at=now())
        await self.connector.execute_query_async(_SUPERSEDE)
        return len(jobs)

    async def note(self, job: Job, reason_code: str, error_class: str) -> None:
        """Keep why an attempt failed. Whatever goes wrong here must not hide that reason."""

        def keep() -> None:
            with self.database.transaction() as session:
                job_failures.note(session, job.id or 0, reason_code, error_class, now())

        await self._beside(keep)

    async def forget(self, job: Job) -> None:
        """It was done at last."""

        def drop() -> None:
            with self.database.transaction() as session:
                job_failures.forget(session, job.id or 0)

        await self._beside(drop)

    def is_stuck(self) -> bool:
        """Whether a job of this worker runs so long that it will never end."""
        longest = LONGEST.total_seconds()
        return any(time.monotonic() - since > longest for since in self.running.values())

    async def _leave_to_others(self, job: Job) -> bool:
        """False after the last attempt. A newer program may run on other machines."""
        await self.note(job, job_failures.UNKNOWN_NAME, "TaskNotFound")
        if job.attempts + 1 >= PATIENCE.attempts:
            return False
        await self.retry_job(job, retry_at=now() + PATIENCE.wait(job))
        return True

    async def _tell(self, query: Any, job: Job, **facts: Any) -> None:
        try:
            rows = await self.connector.execute_query_all_async(query, job_id=job.id, **facts)
        except UniqueViolation:
            raise
        except ConnectorException:
            # Until this worker begins anew, the job would seem to run for ever.
            self._has_lost_an_end = True
            raise
        if not rows:
            LOG.warning("job %s was taken up by another worker meanwhile", job.id)

    async def _beside(self, act: Any) -> None:
        try:
            await asyncio.to_thread(act)
        except Exception:  # the job's own end matters more
            LOG.exception("the reason of a failure was not kept")


def of(app: App) -> JobEnds:
    """The bookkeeping of an app that `commands.jobs.build_app` built."""
    if not isinstance(app.job_manager, JobEnds):
        raise TypeError("the app was built without it")
    return app.job_manager


async def remember(call_next: Any, context: JobContext, _worker: Any) -> Any:
    """Run one attempt; keep why it failed, forget former failures once it is done."""
    ends, job = of(context.app), context.job
    ends.running[job.id or 0] = time.monotonic()
    try:
        result = await call_next()
    except Exception as error:
        await ends.note(job, job_failures.reason_of(error), type(error).__name__)
        raise
    finally:
        ends.running.pop(job.id or 0, None)
    if job.attempts:
        await ends.forget(job)
    return result


_BEAT = """
UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = %(worker_id)s RETURNING id
"""

# What was done is done, whoever else has begun it again.
_SUCCEED = """
SELECT procrastinate_finish_job_v1(id, %(status)s, %(delete_job)s)
FROM (
    SELECT id FROM procrastinate_jobs
    WHERE id = %(job_id)s AND status IN ('todo', 'doing') AND %(attempts)s >= 0
    FOR UPDATE
) AS unfinished
"""

_FINISH = """
SELECT procrastinate_finish_job_v1(id, %(status)s, %(delete_job)s)
FROM (
    SELECT id FROM procrastinate_jobs
    WHERE id = %(job_id)s AND status = 'doing' AND attempts = %(attempts)s
    FOR UPDATE
) AS mine
"""

_RETRY = """
SELECT procrastinate_retry_job_v2(id, %(retry_at)s, NULL, NULL, NULL)
FROM (
    SELECT id FROM procrastinate_jobs
    WHERE id = %(job_id)s AND status = 'doing' AND attempts = %(attempts)s
    FOR UPDATE
) AS mine
"""

# A job that comes again by itself and fails each time is one failure, not one an attempt.
_SUPERSEDE = """
UPDATE procrastinate_jobs AS older SET status = 'cancelled'
WHERE older.status = 'failed' AND older.queueing_lock IS NOT NULL AND EXISTS (
    SELECT FROM procrastinate_jobs AS newer
    WHERE newer.queueing_lock = older.queueing_lock AND newer.status = 'failed'
        AND newer.id > older.id
)
"""
