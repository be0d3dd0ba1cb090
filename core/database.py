"""The database: the engine, made at first use, and the one way to open a transaction."""

import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import psycopg
from psycopg.types.json import set_json_dumps
from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import NullPool

from core.errors import DomainError
from core.json_text import dump_json
from core.text import Text

APP_ROLE = "yichuang_app"
SESSION_OPTIONS = f"-c role={APP_ROLE} -c search_path=public,procrastinate -c timezone=UTC"
"""Least privilege, whoever's address was given: the session acts as the application's role."""
PATIENCE_SECONDS = 2
"""How long whoever asks after the database itself waits for it."""


BROKE_OFF = Text(
    zh="数据库中断了连接，或者没有按时应答。",
    en="The database broke off, or did not answer in time.",
)


class DatabaseUnreachableError(DomainError):
    """PostgreSQL does not answer, or does not let us in."""

    code = "database_unreachable"


class Database:
    """One PostgreSQL database, seen with the application's rights.

    ``url`` may be a function that finds the address at first use. Nothing connects before the
    first transaction, so that a server may fork its workers first.
    """

    def __init__(self, url: str | Callable[[], str], *, pool_size: int = 8) -> None:
        self._url = url
        self._pool_size = pool_size

    @cached_property
    def url(self) -> str:
        """The address as given, found at first use."""
        return self._url if isinstance(self._url, str) else self._url()

    @cached_property
    def engine(self) -> Engine:
        engine = create_engine(
            driver_url(self.url),
            connect_args={"options": SESSION_OPTIONS},
            pool_size=self._pool_size,
            max_overflow=0,
            pool_reset_on_return=None,  # `transaction` has committed or rolled back by then
            json_serializer=dump_json,
        )
        event.listen(engine, "do_connect", _connect)
        event.listen(engine, "checkout", _refuse_the_dead)
        return engine

    @cached_property
    def _sessions(self) -> sessionmaker[Session]:
        return sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Commit if the block ends, roll back if it raises. Only views and commands open it."""
        with self._sessions.begin() as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """As `transaction`, for reading alone: every statement sees the same instant."""
        with self._sessions.begin() as session:
            session.connection(
                execution_options={
                    "isolation_level": "REPEATABLE READ",
                    "postgresql_readonly": True,
                }
            )
            yield session

    @contextmanager
    def apart(self) -> Iterator[Session]:
        """A session with a connection of its own and little patience, for asking how things are.

        It neither waits for the pool nor, for more than moments, for a server that is silent.
        Raises `DatabaseUnreachableError` if there is no answer.
        """
        try:
            with Session(self._engine_apart) as session:
                yield session
        except OperationalError as error:
            raise DatabaseUnreachableError(BROKE_OFF) from error

    @cached_property
    def _engine_apart(self) -> Engine:
        engine = create_engine(
            driver_url(self.url),
            connect_args={
                "options": f"{SESSION_OPTIONS} -c statement_timeout={PATIENCE_SECONDS}s",
                "connect_timeout": PATIENCE_SECONDS,
            },
            poolclass=NullPool,
        )
        event.listen(engine, "do_connect", _connect)
        return engine

    def dispose(self) -> None:
        """Close every idle connection. The next transaction opens a new one."""
        if "engine" in self.__dict__:
            self.engine.dispose()


def migration_engine(url: str) -> Engine:
    """An engine with the rights that ``url`` gives, for migrations; it keeps no connection."""
    engine = create_engine(driver_url(url), poolclass=NullPool)
    event.listen(engine, "do_connect", _connect)
    return engine


def driver_url(url: str) -> URL:
    """``postgres://`` or ``postgresql://`` as usual, turned to the driver that we use."""
    _scheme, separator, rest = url.partition("://")
    return make_url(f"postgresql+psycopg{separator}{rest}")


def plain_url(url: str) -> str:
    """The same address as libpq understands it."""
    _scheme, separator, rest = url.partition("://")
    return f"postgresql{separator}{rest}"


def _connect(
    _dialect: object, _record: object, arguments: Any, parameters: Any
) -> psycopg.Connection:
    try:
        connection = psycopg.connect(*arguments, **parameters)
    except psycopg.OperationalError as error:
        raise DatabaseUnreachableError(
            Text(
                zh=f"连接不上数据库（{_first_line(error)}）。",
                en=f"The database cannot be reached ({_first_line(error)}).",
            ),
            advice=Text(
                zh="请启动 PostgreSQL 并检查 DATABASE_URL；不设 DATABASE_URL 时，"
                "make run 会启动自带的数据库。",
                en="Start PostgreSQL and check DATABASE_URL; without DATABASE_URL, make run "
                "starts the database that comes along.",
            ),
        ) from error
    set_json_dumps(dump_json, connection)
    return connection


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def _refuse_the_dead(connection: psycopg.Connection, _record: object, _proxy: object) -> None:
    """Find connections that a restarted server closed, without a round trip for those that live.

    An idle connection has nothing to read; one that has is asked, and its pool renewed if silent.
    """
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if not connection.closed and not poll.poll(0):
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.Error as error:
        raise InvalidatePoolError from error
