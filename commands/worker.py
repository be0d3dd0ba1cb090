"""``flask worker``: does the jobs, one process of many, until it is told to stop."""

import asyncio
import logging
import os
import signal
from os import EX_TEMPFAIL

import click
import procrastinate.exceptions
from flask import current_app
from flask.cli import with_appcontext
from psycopg import OperationalError
from psycopg_pool import PoolTimeout

from commands import job_ends, worker_metrics
from commands.job_ends import LONGEST, JobEnds
from commands.jobs import build_app
from commands.processes import end_with_parent
from core import logs
from core.clock import now
from core.database import Database
from core.file_store import FileStore
from core.reports_database import ReportsDatabase
from core.settings import Settings
from services.operation_metrics import OperationCollector
from services.operations import SILENT

LOG = logging.getLogger(__name__)
PAUSE_SECONDS = 2.0
STOP_SECONDS = 20.0
LOOK_SECONDS = 30.0


@click.command("worker")
@with_appcontext
def worker_command() -> None:
    """处理后台任务 / Do the jobs until told to stop."""
    end_with_parent()
    database: Database = current_app.extensions["database"]
    settings: Settings = current_app.extensions["settings"]
    logs.configure(production=settings.production, level=settings.operators.log_level)
    _serve_metrics(database, settings)
    reports: ReportsDatabase = current_app.extensions["reports_database"]
    asyncio.run(work(database, FileStore(settings.data_folder / "files"), reports))


def _serve_metrics(database: Database, settings: Settings) -> None:
    address = settings.operators.worker_metrics_address
    if address is not None:
        collector = OperationCollector(database.apart, now)
        worker_metrics.serve(address, settings.operators.metrics_token, collector)


async def work(
    database: Database, store: FileStore | None = None, reports: ReportsDatabase | None = None
) -> None:
    """Work until SIGINT or SIGTERM. A database that went away is waited for."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    while not stopping.is_set():
        # The job library takes the signals while it runs, and gives none back.
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stopping.set)
        app = build_app(database, store, reports)
        worker = asyncio.create_task(_run(app))
        stop = asyncio.create_task(stopping.wait())
        await asyncio.wait({worker, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not worker.done():
            worker.cancel()
        try:
            await worker
        except asyncio.CancelledError:
            return
        except (procrastinate.exceptions.ConnectorException, OperationalError, PoolTimeout):
            LOG.warning("the database is away; trying again in %s s", PAUSE_SECONDS)
            await asyncio.sleep(PAUSE_SECONDS)


async def _run(app: procrastinate.App) -> None:
    async with app.open_async():
        watching = asyncio.create_task(_end_if_stuck(job_ends.of(app)))
        try:
            await _work(app)
        finally:
            watching.cancel()


async def _work(app: procrastinate.App) -> None:
    await app.run_worker_async(
        concurrency=4,
        fetch_job_polling_interval=5.0,
        shutdown_graceful_timeout=STOP_SECONDS,
        install_signal_handlers=False,
        stalled_worker_timeout=SILENT.total_seconds(),
    )


async def _end_if_stuck(ends: JobEnds) -> None:
    """End the process at once when a job never ends: no thread can be stopped otherwise.

    It is started again, and its jobs are given back.
    """
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        if ends.is_stuck():
            LOG.critical("a job has run for %s and never ends; this worker begins anew", LONGEST)
            os._exit(EX_TEMPFAIL)
