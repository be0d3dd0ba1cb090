"""Jobs for those who are away: at the beginning of an absence their work goes to others."""

import logging
from contextlib import suppress
from uuid import UUID

from procrastinate import App

from core.clock import now
from core.database import Database
from core.errors import ConflictError, NotFoundError
from services import absence_starts, absences
from services.queue import TaskKey

LOG = logging.getLogger(__name__)


def register(app: App, database: Database) -> None:
    """Name the jobs of this module: ``begin_absences`` each minute, and that of a single one."""

    @app.periodic(cron="* * * * *")
    @app.task(name="begin_absences", queueing_lock="begin_absences")
    def begin_absences(timestamp: int) -> None:
        """Give away the work of every absence that has begun; again and again changes nothing."""
        del timestamp
        with database.transaction() as session:
            due = absence_starts.due(session, now())
        for absence_id in due:
            begin(database, absence_id)

    @app.task(name=absences.BEGIN_ABSENCE)
    def begin_absence(absence_id: str) -> None:
        """Give away the work of one absence that begins today."""
        begin(database, UUID(absence_id))


def begin(database: Database, absence_id: UUID) -> None:
    """One entry a transaction, so that nobody waits for long; what left the queue is left alone.

    An entry that cannot be given away keeps no other back; the absence is taken up again then.
    """
    with database.transaction() as session:
        tasks = absence_starts.in_hand(session, absence_id, now())
    left = [task for task in tasks if not _hand_on(database, absence_id, task)]
    if left:
        return
    with database.transaction() as session:
        absence_starts.finish(session, absence_id, now())


def _hand_on(database: Database, absence_id: UUID, task: TaskKey) -> bool:
    """False if one entry could not be given away for a reason that nobody foresaw."""
    try:
        with suppress(ConflictError, NotFoundError), database.transaction() as session:
            absence_starts.hand_on(session, absence_id, task, now())
    except Exception:  # one broken case must not keep all others on the desk of who is away
        LOG.exception("an entry of case %s could not be given away", task.key.case_id)
        return False
    return True
