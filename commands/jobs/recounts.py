"""The job that counts every open limit again after a calendar was published."""

import logging
from collections.abc import Callable

from procrastinate import App
from sqlalchemy.orm import Session

from core.clock import now
from core.database import Database
from services import calendars, recounts
from services.recounts import Stale

LOG = logging.getLogger(__name__)


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
    return sum(_walk(database, find) for find in (recounts.stale_tasks, recounts.stale_cases))


def _walk(database: Database, find: Callable[[Session, int], list[Stale]]) -> int:
    counted, left = 0, 0
    while True:
        with database.transaction() as session:
            found = find(session, left)
        if not found:
            return counted
        for each in found:
            done = _recount(database, each)
            counted += done
            left += not done


def _recount(database: Database, each: Stale) -> bool:
    try:
        with database.transaction() as session:
            return recounts.recount(session, each, now()) is not None
    except Exception:  # one broken case must not keep all others on an old calendar
        LOG.exception("a limit of case %s could not be counted again", each.case_id)
        return False
