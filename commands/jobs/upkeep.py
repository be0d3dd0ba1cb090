"""Jobs that keep the job queue itself in order."""

import asyncio

from procrastinate import App, JobContext

from commands import job_ends
from core.database import Database
from services import job_failures

KEPT_HOURS = 7 * 24


def register(app: App, database: Database) -> None:
    """Name the jobs of this module: ``rescue_jobs`` each minute, ``remove_old_jobs`` each night."""

    @app.periodic(cron="* * * * *")
    @app.task(name="rescue_jobs", queueing_lock="rescue_jobs", pass_context=True)
    async def rescue_jobs(context: JobContext, timestamp: int) -> None:
        """Give back the jobs of workers that were killed: their heartbeat has stopped."""
        del timestamp  # the database's clock says who is silent
        await job_ends.of(context.app).give_back_stalled()

    @app.periodic(cron="17 3 * * *")
    @app.task(name="remove_old_jobs", queueing_lock="remove_old_jobs", pass_context=True)
    async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
        """Forget jobs that ended a week ago; failed ones stay to be looked at."""
        del timestamp
        await context.app.job_manager.delete_old_jobs(
            nb_hours=KEPT_HOURS, include_cancelled=True, include_aborted=True
        )
        await asyncio.to_thread(_forget_failures, database)


def _forget_failures(database: Database) -> None:
    with database.transaction() as session:
        job_failures.forget_settled(session)
