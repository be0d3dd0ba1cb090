"""Work for later: a job that exists exactly if the caller's transaction commits."""

from collections.abc import Sequence
from functools import cache
from uuid import UUID

from procrastinate import App, SyncPsycopgConnector
from procrastinate.types import JSONValue
from sqlalchemy.orm import Session

Argument = str | int | UUID | Sequence[int] | None


@cache
def _deferrer() -> App:
    """An app that only enqueues, by name; the bodies of the jobs live in ``commands/jobs``."""
    return App(connector=SyncPsycopgConnector())


def enqueue(
    session: Session, name: str, *, in_turn_for: str | None = None, **arguments: Argument
) -> None:
    """Enqueue the job ``name`` in the transaction of ``session``.

    Jobs with the same ``in_turn_for`` are done one after the other.

    Jobs are done at least once, so that their bodies must bear repetition. Arguments are ids and
    codes, never personal data; a UUID arrives as text.
    """
    connection = session.connection().connection.driver_connection
    plain = {key: _plain(value) for key, value in arguments.items()}
    task = _deferrer().configure_task(name, connection=connection, lock=in_turn_for)
    task.defer(**plain)


def _plain(value: Argument) -> JSONValue:
    if isinstance(value, UUID):
        return str(value)
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
