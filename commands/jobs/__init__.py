"""The bodies of the jobs. Each opens a transaction and calls a service, and bears repetition.

A module of this folder has ``register(app, database)``, which names its jobs.
"""

from procrastinate import App, PsycopgConnector

from commands.jobs import notices, sweeping, upkeep
from core.database import SESSION_OPTIONS, Database, plain_url

CONNECTIONS = 6
MODULES = (notices, sweeping, upkeep)


def build_app(database: Database) -> App:
    """The worker's app, with every job by its name. Connects when it is opened, not before."""
    connector = PsycopgConnector(
        conninfo=plain_url(database.url),
        kwargs={"options": SESSION_OPTIONS},
        min_size=1,
        max_size=CONNECTIONS,
    )
    app = App(connector=connector)
    for module in MODULES:
        module.register(app, database)
    return app
