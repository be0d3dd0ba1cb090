"""The job that clears away what has run out."""

from procrastinate import App

from core.clock import now
from core.database import Database
from services import sweeping


def register(app: App, database: Database) -> None:
    """Name the jobs of this module: ``sweep`` each minute."""

    @app.periodic(cron="* * * * *")
    @app.task(name="sweep", queueing_lock="sweep")
    def sweep(timestamp: int) -> None:
        """Forget ended sessions and old attempts; again and again changes nothing more."""
        del timestamp  # the clock of this process says what has run out
        with database.transaction() as session:
            sweeping.sweep(session, now())
