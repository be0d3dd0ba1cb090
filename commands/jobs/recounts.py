"""The job that counts every open limit again after a calendar was published."""

from procrastinate import App

from commands.sweeps import sweep_each
from core.clock import now
from core.database import Database
from services import calendars, recounts


def register(app: App, database: Database) -> None:
    """Name the jobs of this module: ``recompute_limits``, also each hour by itself."""

    @app.periodic(cron="17 * * * *", periodic_id="hourly")
    @app.task(name="recompute_limits_hourly", queueing_lock="recompute_limits_hourly")
    def recompute_limits_hourly(timestamp: int) -> None:
        """Take up what a killed run left, or what was held by somebody just then."""
        del timestamp  # what is stale is found by its calendar, not by the time
        recompute_limits(database)

    @app.task(name=calendars.RECOMPUTE_JOB)
    def recompute_after_publication() -> None:
        """Count every open limit again; again and again counts nothing twice."""
        recompute_limits(database)


def recompute_limits(database: Database) -> int:
    """Count again whatever an older calendar was used for; how many. One transaction each."""
    return sum(
        sweep_each(
            database,
            find,
            lambda session, each: recounts.recount(session, each, now()),
            lambda each: f"a recount of case {each.case_id}",
        )
        for find in (recounts.stale_tasks, recounts.stale_cases)
    )
