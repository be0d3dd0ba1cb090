"""The bodies of the jobs. Each opens a transaction and calls a service, and bears repetition.

A module of this folder has ``register(app, database)``, which names its jobs; those that handle
files get the file store as well. Whatever names no other gets the one policy of retries.
"""

from procrastinate import App, PsycopgConnector

from commands.job_ends import JobEnds, remember
from commands.jobs import (
    absences,
    automatic_decisions,
    colours,
    invariants,
    materials,
    notices,
    recounts,
    report_exports,
    sweeping,
    timers,
    upkeep,
)
from commands.observed_jobs import observe
from commands.patience import PATIENCE, Patience
from core.database import SESSION_OPTIONS, Database, network_settings, plain_url
from core.file_store import FileStore
from core.reports_database import ReportsDatabase

CONNECTIONS = 6
MODULES = (
    absences,
    automatic_decisions,
    colours,
    invariants,
    notices,
    recounts,
    sweeping,
    timers,
    upkeep,
)
WITH_FILES = (materials, report_exports)


def build_app(
    database: Database, store: FileStore | None = None, reports: ReportsDatabase | None = None
) -> App:
    """The worker's app, with every job by its name. Connects when it is opened, not before.

    Without a ``store`` nothing happens to files: a database and the files of another one would
    not fit, and the sweep would take them away. Reports are drawn up from ``reports``.
    """
    connector = PsycopgConnector(
        conninfo=plain_url(database.url),
        kwargs={"options": SESSION_OPTIONS, **network_settings(database.url)},
        min_size=1,
        max_size=CONNECTIONS,
    )
    app = App(connector=connector, worker_defaults={"worker_middleware": [observe, remember]})
    app.job_manager = ends = JobEnds(connector, database)
    for module in MODULES:
        module.register(app, database)
    if store:
        materials.register(app, database, store)
        report_exports.register(app, database, store, reports)
    for name, task in app.tasks.items():
        if task.retry_strategy is None:
            task.retry_strategy = PATIENCE
        if isinstance(task.retry_strategy, Patience):
            ends.attempts[name] = task.retry_strategy.attempts
    return app
