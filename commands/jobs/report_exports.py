"""The job that writes a report's file: workbooks are made here and never in a web process."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from procrastinate import App, JobContext

from commands.patience import Patience
from core.clock import now
from core.database import Database
from core.errors import NotFoundError, NotPermittedError, RuleViolatedError
from core.file_store import FileStore, IncomingFile
from core.reports_database import ReportsDatabase
from services import report_exports, report_files, report_writing
from services.report_exports import BROKEN, INVALID, NOT_PERMITTED, TOO_LARGE, Drawn, Order, Written

MAXIMUM_BYTES = 512 * 1024 * 1024
ATTEMPTS = 4
RETRY = Patience(attempts=ATTEMPTS)
"""4 s, 16 s and 64 s, no longer: whoever asked is waiting."""


def register(
    app: App, database: Database, store: FileStore, reports: ReportsDatabase | None = None
) -> None:
    """Name the jobs of this module: ``write_report``."""

    @app.task(name=report_exports.WRITE_REPORT, retry=RETRY, pass_context=True)
    def write_report(context: JobContext, export_id: str) -> None:
        """Write one file that somebody asked for; once it is there, again does nothing."""
        attempt = context.job.attempts if context.job else 0
        write(database, store, UUID(export_id), attempt=attempt, reports=reports)


def write(
    database: Database,
    store: FileStore,
    export_id: UUID,
    *,
    attempt: int = 0,
    reports: ReportsDatabase | None = None,
) -> None:
    """Write the file, then the row. ``attempt`` counts from 0; the last one tells of its failure.

    A job whose worker was killed again and again is told as failed too, unwritten.
    """
    if attempt >= ATTEMPTS:
        _fail(database, export_id, BROKEN)
        return
    try:
        failure_code = _write(reports or ReportsDatabase(database), store, export_id)
    except NotPermittedError:
        failure_code = NOT_PERMITTED
    except (NotFoundError, RuleViolatedError):
        failure_code = INVALID
    except Exception:
        if attempt + 1 >= ATTEMPTS:
            _fail(database, export_id, BROKEN)
        raise
    if failure_code is not None:
        _fail(database, export_id, failure_code)


def _write(reports: ReportsDatabase, store: FileStore, export_id: UUID) -> str | None:
    """The code of why it could not be kept; None if it was, or if nothing was left to do."""
    with reports.primary.transaction() as session:
        order = report_exports.begin(session, export_id, now())
    if order is None:
        return None
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report"
        incoming = store.incoming(MAXIMUM_BYTES)
        drawn = _draw_up(reports, order, path)
        _copy(path, incoming)
    if incoming.is_lost:
        raise OSError("the disk could not take the file")
    if incoming.is_too_large:
        return TOO_LARGE
    written = Written(
        drawn=drawn, content_hash=store.keep(incoming), size_bytes=incoming.size_bytes
    )
    with reports.primary.transaction() as session:
        report_exports.finish(session, export_id, written, now())
    return None


def _draw_up(reports: ReportsDatabase, order: Order, path: Path) -> Drawn:
    """Write the file as of one instant; what is told of it."""
    with reports.snapshot(reports.source()) as session:
        report = order.report.draw_up(session, now())
        return Drawn(
            row_count=report_files.write(report, order.wanted, path),
            file_name=report_writing.file_name(report, order.wanted),
            holds_synthetic=report.holds_synthetic,
            reach=order.report.district_codes,
        )


def _copy(path: Path, incoming: IncomingFile) -> None:
    with path.open("rb") as file:
        shutil.copyfileobj(file, incoming, 1024 * 1024)


def _fail(database: Database, export_id: UUID, failure_code: str) -> None:
    with database.transaction() as session:
        report_exports.fail(session, export_id, failure_code, now())
