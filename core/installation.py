"""What can be asked of the machine and the server below: disk, clock, revision. Nothing legal."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.settings import ROOT

MIGRATIONS = ROOT / "migrations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """The disk under a folder."""

    free_bytes: int
    total_bytes: int
    is_writable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerState:
    """What the database server says of itself."""

    version: str
    is_standby: bool
    started_at: datetime
    clock: datetime
    """Its own clock, to be compared with ours and for nothing else."""
    connections: int
    most_connections: int
    revisions: tuple[str, ...]
    """Of the tables; empty if it was never migrated."""


@cache
def migrations() -> ScriptDirectory:
    """The migrations that came with the program."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)


@cache
def newest_revision() -> str | None:
    """The revision that the program needs."""
    return migrations().get_current_head()


def is_known_revision(revision: str) -> bool:
    """Whether the program has this migration; one that it lacks is of a later program."""
    return any(script.revision == revision for script in migrations().walk_revisions())


def disk(folder: Path) -> Disk:
    """How much room there is, and whether a file can be written and brought to the disk."""
    usage = shutil.disk_usage(folder)
    return Disk(free_bytes=usage.free, total_bytes=usage.total, is_writable=_is_writable(folder))


def _is_writable(folder: Path) -> bool:
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".probe-") as probe:
            probe.write(b"1")
            probe.flush()
            os.fsync(probe.fileno())
    except OSError:
        return False
    return True


def server_state(session: Session) -> ServerState:
    """Asked in one statement, so that the clock is of the moment of the answer."""
    row = session.execute(
        text(
            "SELECT current_setting('server_version') AS version,"
            " pg_is_in_recovery() AS is_standby, pg_postmaster_start_time() AS started_at,"
            " clock_timestamp() AS clock,"
            " (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')"
            " AS connections, current_setting('max_connections')::int AS most_connections,"
            " to_regclass('public.alembic_version') IS NOT NULL AS is_migrated"
        )
    ).one()
    revisions = (
        session.execute(text("SELECT version_num FROM public.alembic_version")).scalars().all()
        if row.is_migrated
        else ()
    )
    return ServerState(
        version=row.version.split()[0],
        is_standby=row.is_standby,
        started_at=row.started_at,
        clock=row.clock,
        connections=row.connections,
        most_connections=row.most_connections,
        revisions=tuple(revisions),
    )
