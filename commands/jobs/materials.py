"""Jobs for files: those left unchecked are opened, those that nobody needs are removed."""

from contextlib import suppress

from procrastinate import App

from core.clock import now
from core.database import Database
from core.errors import NotFoundError
from core.file_store import FileStore
from core.inspection import UndecidedError, Verdict, inspect
from services import material_files, sweeping
from services.material_files import ToCheck

UNCHECKED = Verdict(code="unchecked")


def register(app: App, database: Database, store: FileStore) -> None:
    """Name the jobs of this module: ``check_materials`` each minute, ``sweep_files`` each hour."""

    @app.periodic(cron="* * * * *")
    @app.task(name="check_materials", queueing_lock="check_materials")
    def check_materials(timestamp: int) -> None:
        """Open files whose web process could not; tell the applicant if that takes too long."""
        del timestamp
        with database.transaction() as session:
            waiting = material_files.waiting(session, now())
        for each in waiting:
            conclude(database, store, each)

    @app.periodic(cron="41 * * * *")
    @app.task(name="sweep_files", queueing_lock="sweep_files")
    def sweep_files(timestamp: int) -> None:
        """Remove what no row has named for a day; again and again removes nothing more."""
        del timestamp
        with database.transaction() as session:
            sweeping.sweep_files(session, store, now())


def conclude(database: Database, store: FileStore, waiting: ToCheck) -> None:
    """Look into one file and write down what it is; a busy machine leaves it for the next time."""
    try:
        verdict = inspect(store.path(waiting.content_hash), waiting.maximum_pages)
    except UndecidedError:
        if not material_files.is_given_up(waiting, now()):
            return
        verdict = UNCHECKED
    with database.transaction() as session, suppress(NotFoundError):  # deleted with its draft
        material_files.conclude(session, waiting.key, verdict, now())
