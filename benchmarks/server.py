"""A PostgreSQL of the run's own: the embedded binaries, durable as in service, gone afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from commands.database import migrate
from core.clock import now
from core.database import Database
from core.embedded_postgres import EmbeddedPostgres, Urls
from core.settings import ROOT
from services import demonstration

TEMPLATE = "template"
SETTINGS = {"shared_buffers": "1GB", "max_wal_size": "8GB", "checkpoint_timeout": "30min"}
"""Memory for caches, and no checkpoint in the midst of one contender's round."""

_DISCONNECT = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s"


class Server:
    """The server and its databases; every one is a copy of a template."""

    def __init__(self, embedded: EmbeddedPostgres) -> None:
        self._embedded = embedded

    def copy(self, name: str, template: str = TEMPLATE) -> Urls:
        """A fresh database, whatever stood under that name before."""
        self.drop(name)
        with psycopg.connect(self.superuser_url("postgres"), autocommit=True) as connection:
            connection.execute(_DISCONNECT, [template])
        return self._embedded.create_database(name, template)

    def drop(self, name: str) -> None:
        """Remove a database if it is there."""
        with psycopg.connect(self.superuser_url("postgres"), autocommit=True) as connection:
            connection.execute(f'drop database if exists "{name}" with (force)')

    def superuser_url(self, name: str) -> str:
        """Into a database, with all rights."""
        urls = self._embedded.start()
        return urls.superuser_url.replace("/yichuang?", f"/{name}?")

    @property
    def version(self) -> str:
        """As the server tells it."""
        with psycopg.connect(self.superuser_url("postgres")) as connection:
            [version] = connection.execute("show server_version").fetchone() or ("",)
            return str(version)


@contextmanager
def running() -> Iterator[Server]:
    """The server with a migrated and seeded template, until the block ends."""
    (ROOT / "var").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT / "var"))
    folder.chmod(0o711)  # as root, the account that runs PostgreSQL must find its data
    embedded = EmbeddedPostgres(folder)
    try:
        _configure(embedded)
        urls = embedded.create_database(TEMPLATE)
        migrate(urls.owner_url)
        database = Database(urls.app_url)
        with database.transaction() as session:
            demonstration.load(session, now())
        database.dispose()
        yield Server(embedded)
    finally:
        embedded.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _configure(embedded: EmbeddedPostgres) -> None:
    urls = embedded.start()
    with psycopg.connect(urls.superuser_url, autocommit=True) as connection:
        for name, value in SETTINGS.items():
            connection.execute(f"alter system set {name} = '{value}'")
    embedded.stop()
    embedded.start()
