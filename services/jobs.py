"""Work for later: a job that exists exactly if the caller's transaction commits."""

from functools import cache
from uuid import UUID

from procrastinate import App, SyncPsycopgConnector
from sqlalchemy.orm import Session


@cache
def _deferrer() -> App:
    """An app that only enqueues, by name; the bodies of the jobs live in ``commands/jobs``."""
    return App(connector=SyncPsycopgConnector())


def enqueue(session: Session, name: str, **arguments: str | int | UUID | list[int] | None) -> None:
    """Enqueue the job ``name`` in the transaction of ``session``.

    Jobs are done at least once, so that their bodies must bear repetition. Arguments are ids and
    codes, never personal data; a UUID arrives as text.
    """
    connection = session.connection().connection.driver_connection
    plain = {
        key: str(value) if isinstance(value, UUID) else value for key, value in arguments.items()
    }
    _deferrer().configure_task(name, connection=connection).defer(**plain)
