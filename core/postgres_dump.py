"""Copies of a database by the programs that come along: ``pg_dump`` and ``pg_restore``.

Passwords go by the environment, not by the command line, which everybody on the machine can read.
"""

import os
import subprocess
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import Conninfo
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.database import migration_engine, plain_url
from core.errors import DomainError
from core.postgres_home import PROGRAMS
from core.text import Text

Told = Callable[[int, int], None]
"""Hears how many tables of how many are done."""
DONE = ("pg_dump: dumping contents of table", "pg_restore: processing data for table")


class PostgresProgramError(DomainError):
    """A program of PostgreSQL ended with an error; the sentence repeats its last words."""

    code = "postgres_program"


@dataclass(frozen=True, slots=True)
class Exported:
    """A session that sees one instant, and the name under which others see the same."""

    session: Session
    snapshot: str
    server_version: int
    place: dict[str, str]
    """The server that answered, of several that the address may name."""


@contextmanager
def exported(url: str) -> Iterator[Exported]:
    """One instant of the database, for reading, as long as the block lasts."""
    engine = migration_engine(url)
    connection = engine.connect().execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    )
    with connection, connection.begin(), Session(connection) as session:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)  # noqa: S101 -- the driver of our engine
        yield Exported(
            session=session,
            snapshot=session.execute(text("SELECT pg_export_snapshot()")).scalar_one(),
            server_version=driver.info.server_version,
            place={"PGHOST": driver.info.host, "PGPORT": str(driver.info.port)},
        )


def dump(url: str, found: Exported, path: Path, told: Told) -> None:
    """Write the instant of ``found`` into the file ``path``. Raises `PostgresProgramError`."""
    total = found.session.execute(text(_TABLES)).scalar_one()
    command = [program("pg_dump"), "--format=custom", "--verbose", f"--snapshot={found.snapshot}"]
    _run([*command, f"--file={path}"], _environment(url) | found.place, told, total)


def restore(url: str, path: Path, told: Told) -> None:
    """Bring a dump into an empty database, all of it or nothing. Raises `PostgresProgramError`."""
    contents = subprocess.run(
        [program("pg_restore"), "--list", str(path)], capture_output=True, text=True, check=False
    )
    total = sum(" TABLE DATA " in line for line in contents.stdout.splitlines())
    command = [program("pg_restore"), "--no-owner", "--single-transaction", "--exit-on-error"]
    name = conninfo_to_dict(plain_url(url)).get("dbname") or ""
    _run([*command, "--verbose", f"--dbname={name}", str(path)], _environment(url), told, total)


def is_empty(session: Session) -> bool:
    """Whether the database holds nothing that somebody made."""
    return not session.execute(text(_OWN_THINGS)).scalar_one()


def lacks_role(session: Session, role: str) -> bool:
    """Whether the server knows no such role; a dump names it and does not make it."""
    known = session.execute(
        text("SELECT count(*) FROM pg_roles WHERE rolname = :role"), {"role": role}
    )
    return not known.scalar_one()


def program(name: str) -> str:
    """Where a program of PostgreSQL lies that came with the wheel."""
    return str(Path(sysconfig.get_path("purelib")) / PROGRAMS / "bin" / name)


def _environment(url: str) -> dict[str, str]:
    """The address as the variables that libpq reads."""
    variables = {
        option.keyword.decode(): option.envvar.decode()
        for option in Conninfo.get_defaults()
        if option.envvar
    }
    said = conninfo_to_dict(plain_url(url))
    return {variables[name]: str(value) for name, value in said.items() if name in variables}


def _run(command: list[str], more: dict[str, str], told: Told, total: int) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    last, done = [""], 0
    with subprocess.Popen(
        command,
        env=environment | more | {"LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        for line in process.stderr or ():
            last = [*last, line.strip()][-3:]
            if line.startswith(DONE):
                done += 1
                told(done, max(total, done))
    if process.returncode != 0:
        words = " ".join(last).strip()
        name = Path(command[0]).name
        raise PostgresProgramError(
            Text(zh=f"{name} 没有成功：{words}", en=f"{name} did not succeed: {words}")
        )


_TABLES = """
SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind = 'r' AND nspname IN ('public', 'procrastinate')
"""
_OWN_THINGS = """
SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND nspname NOT LIKE 'pg\\_%'
"""
