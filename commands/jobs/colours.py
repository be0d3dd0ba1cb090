"""The job that turns colours whose time has come."""

import logging

from procrastinate import App

from core.clock import now
from core.database import Database
from services import colour_turns

LOG = logging.getLogger(__name__)


def register(app: App, database: Database) -> None:
    """Name the jobs of this module: ``turn_colours`` each minute."""

    @app.periodic(cron="* * * * *")
    @app.task(name="turn_colours", queueing_lock="turn_colours")
    def turn_colours(timestamp: int) -> None:
        """Turn every colour that is due; again and again turns nothing twice."""
        del timestamp  # the clock of this process says what is due
        turn_due(database)


def turn_due(database: Database) -> int:
    """Turn what is due by now; how many. Each change has a transaction of its own.

    One that cannot be turned is left for the next time, and keeps none of the others back.
    """
    at, turned, left = now(), 0, 0
    while True:
        with database.transaction() as session:
            found = colour_turns.due_turns(session, at, skip=left)
        if not found:
            return turned
        for each in found:
            try:
                with database.transaction() as session:
                    moved = colour_turns.turn(session, each, at)
            except Exception:  # one broken case must not stop the colours of all others
                LOG.exception("a colour of case %s could not be turned", each.key.case_id)
                moved = None
            turned += moved is not None
            left += moved is None
