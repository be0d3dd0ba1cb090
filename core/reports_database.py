"""Where reports are read: a replica while it keeps up, the primary whenever it does not.

How far a replica is behind is told by positions in the log, which both servers know: a replica
that has replayed what the primary had written a moment ago is not behind, however long nothing
was written. Only of one that has not is the age of what it replayed last a measure.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.database import BROKE_OFF, Database, DatabaseUnreachableError
from core.text import Text

LOG = logging.getLogger("yichuang.reports")
AWAY_SECONDS = 10.0
"""So long a replica that failed is not asked again: its silence costs each reader seconds."""
CATCH_UP_TRIES, CATCH_UP_SECONDS = 3, 0.1
"""What was written just now is on its way: it is given this much before it counts as missing."""

AWAY = Text(zh="报表副本没有应答。", en="The replica for reports does not answer.")
BEHIND = Text(
    zh="报表副本落后太多（{seconds} 秒，最多 {most} 秒）。",
    en="The replica for reports is too far behind ({seconds} s; {most} s are allowed).",
)
UNKNOWN_LAG = Text(
    zh="报表副本落后，多少无法得知。",
    en="The replica for reports is behind, by how much is not known.",
)
NOT_OURS = Text(
    zh="REPORTS_DATABASE_URL 指向的不是本数据库的副本。",
    en="REPORTS_DATABASE_URL does not lead to a replica of this database.",
)


class ReplicaLostError(DatabaseUnreachableError):
    """The replica broke off while a report was read; the primary answers if asked again."""

    code = "replica_lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSource:
    """Who answers, and how old the answer may be."""

    is_configured: bool
    is_replica: bool
    lag_seconds: float | None = None
    """0 if it has all that the primary had; None if that is not known."""
    reason: Text | None = None
    """Why the primary answers in the place of the replica."""


ALONE = ReportSource(is_configured=False, is_replica=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Position:
    system: int
    started_at: object
    written: str


class ReportsDatabase:
    """The primary, and the replica if there is one."""

    def __init__(
        self, primary: Database, replica: Database | None = None, most_lag_seconds: int = 60
    ) -> None:
        self._primary = primary
        self._replica = replica
        self._most = most_lag_seconds
        self._away_until = 0.0
        self._told: str | None = None

    @property
    def primary(self) -> Database:
        """The database that everything else reads and writes."""
        return self._primary

    def source(self) -> ReportSource:
        """Who would answer now. Raises `DatabaseUnreachableError` if the primary is away."""
        if self._replica is None:
            return ALONE
        found = self._look(self._replica)
        self._tell(found)
        return found

    @contextmanager
    def snapshot(self, source: ReportSource) -> Iterator[Session]:
        """Reading alone, every statement of the same instant, from the ``source`` just found.

        Raises `ReplicaLostError` if the replica breaks off; it is left alone for a while then.
        """
        if self._replica is None or not source.is_replica:
            with self._primary.snapshot() as session:
                yield session
            return
        try:
            with self._replica.snapshot() as session:
                yield session
        except DatabaseUnreachableError as error:
            self._leave_alone()
            raise ReplicaLostError(error.sentence, advice=error.advice) from error
        except DBAPIError as error:
            # What it must replay may take away what a long report still reads.
            if not isinstance(error.orig, psycopg.errors.SerializationFailure):
                raise
            self._leave_alone()
            raise ReplicaLostError(BROKE_OFF) from error

    def dispose(self) -> None:
        """Close what is idle; the primary is its owner's."""
        if self._replica is not None:
            self._replica.dispose()

    def _leave_alone(self) -> None:
        self._away_until = time.monotonic() + AWAY_SECONDS

    def _look(self, replica: Database) -> ReportSource:
        if time.monotonic() < self._away_until:
            return _primary_for(AWAY)
        position = self._position()
        try:
            for attempt in range(CATCH_UP_TRIES):
                found = self._compare(replica, position)
                if found.is_replica or found.reason is NOT_OURS:
                    break
                if attempt + 1 < CATCH_UP_TRIES:
                    time.sleep(CATCH_UP_SECONDS)
        except DatabaseUnreachableError:
            self._leave_alone()
            return _primary_for(AWAY)
        return found

    def _position(self) -> _Position:
        with self._primary.transaction() as session:
            row = session.execute(text(_PRIMARY)).one()
        return _Position(system=row.system, started_at=row.started_at, written=row.written)

    def _compare(self, replica: Database, primary: _Position) -> ReportSource:
        with replica.snapshot() as session:  # a standby bears no other kind
            row = session.execute(text(_REPLICA), {"written": primary.written}).one()
        if row.system != primary.system:
            return _primary_for(NOT_OURS)
        if not row.is_standby:
            # Promoted it may be the primary itself by now; any other writes a history of its own.
            is_primary = row.started_at == primary.started_at
            return _replica(0.0) if is_primary else _primary_for(NOT_OURS)
        if row.has_all:
            return _replica(0.0)
        if row.age_seconds is None:
            return _primary_for(UNKNOWN_LAG)
        lag = max(float(row.age_seconds), 0.0)
        if lag > self._most:
            reason = BEHIND.format(seconds=f"{lag:.0f}", most=self._most)
            return _primary_for(reason, lag)
        return _replica(lag)

    def _tell(self, found: ReportSource) -> None:
        """A line in the log for each change, for operators."""
        told = found.reason.en if found.reason else None
        told = told.partition("(")[0] if told else None
        if told != self._told:
            self._told = told
            LOG.warning(told or "The replica for reports answers.")


def _replica(lag_seconds: float) -> ReportSource:
    return ReportSource(is_configured=True, is_replica=True, lag_seconds=lag_seconds)


def _primary_for(reason: Text, lag_seconds: float | None = None) -> ReportSource:
    return ReportSource(
        is_configured=True, is_replica=False, reason=reason, lag_seconds=lag_seconds
    )


# What was committed counts even before it is written to the disk (synchronous_commit = off). Where
# the next record would begin may lie behind the head of a page, which nothing follows yet.
_PRIMARY = """
SELECT system_identifier AS system, pg_postmaster_start_time() AS started_at,
    CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()::text
    ELSE (pg_current_wal_insert_lsn() - 40::numeric)::text END AS written
FROM pg_control_system()
"""
_REPLICA = """
SELECT system_identifier AS system, pg_postmaster_start_time() AS started_at,
    pg_is_in_recovery() AS is_standby,
    coalesce(pg_last_wal_replay_lsn() >= CAST(:written AS pg_lsn), false) AS has_all,
    extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) AS age_seconds
FROM pg_control_system()
"""
