"""The job that fires what follows when a limit has run out."""

import logging

from procrastinate import App

from core.clock import now
from core.database import Database
from services import timers

LOG = logging.getLogger(__name__)


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
    at, fired, left = now(), 0, 0
    while True:
        with database.transaction() as session:
            found = timers.run_out(session, at, skip=left)
        if not found:
            return fired
        for each in found:
            try:
                with database.transaction() as session:
                    moved = timers.fire(session, each, at)
            except Exception:  # one broken case must not stop the clocks of all others
                LOG.exception("a limit of case %s could not be fired", each.case_id)
                moved = None
            fired += moved is not None
            left += moved is None
