"""The job that fires what follows when a limit has run out."""

from procrastinate import App

from commands.sweeps import sweep_each
from core.clock import now
from core.database import Database
from services import timers


def register(app: App, database: Database) -> None:
    """Name the jobs of this module: ``fire_due_limits`` each minute."""

    @app.periodic(cron="* * * * *")
    @app.task(name="fire_due_limits", queueing_lock="fire_due_limits")
    def fire_due_limits(timestamp: int) -> None:
        """Fire every limit that has run out; again and again fires nothing twice."""
        del timestamp  # the clock of this process says what has run out
        fire_due(database)


def fire_due(database: Database) -> int:
    """Fire every limit that has run out by now; how many. Each has a transaction of its own.

    One that cannot be fired is left for the next time, and keeps none of the others back.
    """
    at = now()
    return sweep_each(
        database,
        lambda session, left: timers.run_out(session, at, skip=left),
        lambda session, each: timers.fire(session, each, at),
        lambda each: f"what follows from a limit of case {each.case_id}",
    )
