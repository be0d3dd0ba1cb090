"""The database: the engine, made at first use, and the one way to open a transaction."""

import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Protocol

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.json import set_json_dumps
from sqlalchemy import Engine, ExceptionContext, create_engine, event, text
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import NullPool, QueuePool

from core import metrics
from core.errors import DomainError
from core.json_text import dump_json
from core.text import Text

APP_ROLE = "yichuang_app"
IDLE_SECONDS = 120
SESSION_OPTIONS = (
    f"-c role={APP_ROLE} -c search_path=public,procrastinate -c timezone=UTC"
    f" -c idle_in_transaction_session_timeout={IDLE_SECONDS}s"
)
"""Least privilege, whoever's address was given: the session acts as the application's role.

A process that stalls in the midst of a transaction keeps its cases locked for two minutes at most.
"""
PATIENCE_SECONDS = 2
"""How long whoever asks after the database itself waits for it."""


DIALECT = "postgresql+psycopg://"
"""The address itself is read by libpq alone, which knows more kinds: several hosts, for one."""
NETWORK: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""How soon a machine that fell silent is given up, unless the address says otherwise."""
BROKE_OFF = Text(
    zh="数据库中断了连接，或者没有按时应答。",
    en="The database broke off, or did not answer in time.",
)


DONE_ONCE = Text(
    zh="刚才的操作可能已经保存，也可能没有。请过几秒钟再试；重复提交不会办两次。",
    en="What you did may or may not have been kept. Try again in a few seconds; sent twice, it is "
    "done once.",
)
READ_ONLY = Text(
    zh="现在连接的数据库是只读的。",
    en="The database that answers can only be read.",
)


class DatabaseUnreachableError(DomainError):
    """PostgreSQL does not answer, or does not let us in."""

    code = "database_unreachable"


class Database:
    """One PostgreSQL database, seen with the application's rights.

    ``url`` may be a function that finds the address at first use. Nothing connects before the
    first transaction, so that a server may fork its workers first. ``name`` is what its pool is
    measured as.
    """

    def __init__(
        self, url: str | Callable[[], str], *, pool_size: int = 8, name: str = "primary"
    ) -> None:
        self._url = url
        self._name = name
        self._pool_size = pool_size

    @cached_property
    def url(self) -> str:
        """The address as given, found at first use."""
        return self._url if isinstance(self._url, str) else self._url()

    @cached_property
    def engine(self) -> Engine:
        engine = _engine(
            self.url,
            connect_args={"options": SESSION_OPTIONS},
            pool_size=self._pool_size,
            max_overflow=0,
            pool_reset_on_return=None,  # `transaction` has committed or rolled back by then
        )
        event.listen(engine, "checkout", _refuse_the_dead)
        for moment in ("checkout", "checkin"):
            event.listen(engine, moment, self._measure)
        return engine

    def _measure(self, *_what: object) -> None:
        """Say how many connections are lent out; asked of the pool, so that it never drifts."""
        pool = self.engine.pool
        if isinstance(pool, QueuePool):
            metrics.pool_is(self._name, pool.checkedout(), self._pool_size)

    @cached_property
    def _sessions(self) -> sessionmaker[Session]:
        return sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Commit if the block ends, roll back if it raises. Only views and commands open it."""
        with _lost_in_words():
            with self._sessions.begin() as session:
                yield session
            metrics.committed(session)

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """As `transaction`, for reading alone: every statement sees the same instant."""
        with _lost_in_words(), self._sessions.begin() as session:
            session.connection(
                execution_options={
                    "isolation_level": "REPEATABLE READ",
                    "postgresql_readonly": True,
                }
            )
            # A report may be drawn up for long, and locks nothing.
            session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            yield session

    @contextmanager
    def apart(self) -> Iterator[Session]:
        """A session with a connection of its own and little patience, for asking how things are.

        It neither waits for the pool nor, for more than moments, for a server that is silent.
        Raises `DatabaseUnreachableError` if there is no answer.
        """
        try:
            with _lost_in_words(), Session(self._engine_apart) as session:
                yield session
        except DBAPIError as error:
            if not isinstance(error.orig, psycopg.errors.QueryCanceled):
                raise
            raise DatabaseUnreachableError(BROKE_OFF) from error  # it was too slow to say anything

    @cached_property
    def _engine_apart(self) -> Engine:
        return _engine(
            self.url,
            connect_args={
                "options": f"{SESSION_OPTIONS} -c statement_timeout={PATIENCE_SECONDS}s",
                "connect_timeout": PATIENCE_SECONDS,
            },
            poolclass=NullPool,
        )

    def dispose(self) -> None:
        """Close every idle connection. The next transaction opens a new one."""
        if "engine" in self.__dict__:
            self.engine.dispose()


def migration_engine(url: str) -> Engine:
    """An engine with the rights that ``url`` gives, for migrations; it keeps no connection."""
    return _engine(url, poolclass=NullPool)


def plain_url(url: str) -> str:
    """The address as libpq understands it, whichever usual scheme it was given with."""
    _scheme, separator, rest = url.partition("://")
    return f"postgresql{separator}{rest}"


def network_settings(url: str) -> dict[str, Any]:
    """What `NETWORK` adds to an address that does not say it itself."""
    try:
        said = conninfo_to_dict(plain_url(url))
    except psycopg.ProgrammingError as error:
        raise _unreachable(error) from error
    return {name: value for name, value in NETWORK.items() if name not in said}


def _engine(url: str, **options: Any) -> Engine:
    # Parameters hold what people typed, and errors are logged.
    engine = create_engine(DIALECT, json_serializer=dump_json, hide_parameters=True, **options)
    event.listen(engine, "do_connect", _connector(url))
    event.listen(engine, "handle_error", _note_loss)
    return engine


class _Connect(Protocol):
    def __call__(
        self, _dialect: object, _record: object, _arguments: object, parameters: dict[str, Any]
    ) -> psycopg.Connection: ...


def _connector(url: str) -> _Connect:
    network = network_settings(url)

    def connect(
        _dialect: object, _record: object, _arguments: object, parameters: dict[str, Any]
    ) -> psycopg.Connection:
        try:
            connection = psycopg.connect(plain_url(url), **{**network, **parameters})
        except psycopg.OperationalError as error:
            raise _unreachable(error) from error
        set_json_dumps(dump_json, connection)
        return connection

    return connect


def _unreachable(error: psycopg.Error) -> DatabaseUnreachableError:
    return DatabaseUnreachableError(
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
    )


@contextmanager
def _lost_in_words() -> Iterator[None]:
    """A connection that broke off is no bug: say so, and that repeating is safe.

    Statements that go past SQLAlchemy raise what the driver raises.
    """
    try:
        yield
    except (DBAPIError, psycopg.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, psycopg.errors.ReadOnlySqlTransaction):
            raise DatabaseUnreachableError(READ_ONLY, advice=DONE_ONCE) from error
        if _is_loss(cause) or (isinstance(error, DBAPIError) and error.connection_invalidated):
            raise DatabaseUnreachableError(BROKE_OFF, advice=DONE_ONCE) from error
        raise


def _is_loss(error: BaseException | None) -> bool:
    """Whether the driver lost the server: an error without a code is its own, not the server's."""
    if isinstance(error, psycopg.OperationalError):
        return error.sqlstate is None or error.sqlstate.startswith("57P")
    return False


def _note_loss(context: ExceptionContext) -> None:
    """A connection that broke off within a pipeline still looks open: it must not be lent again."""
    if _is_loss(context.original_exception):
        context.is_disconnect = True


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
