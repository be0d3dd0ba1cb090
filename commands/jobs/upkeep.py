"""Jobs that keep the job queue itself in order."""

from procrastinate import App, JobContext

from core.clock import now
from core.database import Database

SILENT_SECONDS = 60
KEPT_HOURS = 7 * 24


def register(app: App, _database: Database) -> None:
    """Name the jobs of this module: ``rescue_jobs`` each minute, ``remove_old_jobs`` each night."""

    @app.periodic(cron="* * * * *")
    @app.task(name="rescue_jobs", queueing_lock="rescue_jobs", pass_context=True)
    async def rescue_jobs(context: JobContext, timestamp: int) -> None:
        """Give back the jobs of workers that were killed: their heartbeat has stopped."""
        jobs = context.app.job_manager
        for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
            await jobs.retry_job(job, retry_at=now())

    @app.periodic(cron="17 3 * * *")
    @app.task(name="remove_old_jobs", queueing_lock="remove_old_jobs", pass_context=True)
    async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
        """Forget jobs that succeeded a week ago; failed ones stay to be looked at."""
        await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS)
