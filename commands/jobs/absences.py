"""Jobs for those who are away: at the beginning of an absence their work goes to others."""

from contextlib import suppress
from uuid import UUID

from procrastinate import App

from core.clock import now
from core.database import Database
from core.errors import ConflictError, NotFoundError
from services import absence_starts, absences


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
    """One entry a transaction, so that nobody waits for long; what left the queue is left alone."""
    with database.transaction() as session:
        tasks = absence_starts.in_hand(session, absence_id, now())
    for task in tasks:
        with suppress(ConflictError, NotFoundError), database.transaction() as session:
            absence_starts.hand_on(session, absence_id, task, now())
    with database.transaction() as session:
        absence_starts.finish(session, absence_id, now())
