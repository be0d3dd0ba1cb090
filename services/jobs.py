"""Work for later: a job that exists exactly if the caller's transaction commits."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.json_text import dump_json
from core.logs import REQUEST_ID, current_request_id

Argument = str | int | UUID | Sequence[int] | None

DEFER = """procrastinate_defer_jobs_v1(array(
  select row('default', name, 0, lock, null, args, null)::procrastinate_job_to_defer_v1
  from jsonb_to_recordset(%(jobs)s::jsonb) as row(name text, lock text, args jsonb)))"""
"""What a statement selects to enqueue jobs beside its own rows; ``jobs`` are some of `row`."""


def enqueue(
    session: Session, name: str, *, in_turn_for: str | None = None, **arguments: Argument
) -> None:
    """Enqueue the job ``name`` in the transaction of ``session``.

    Jobs with the same ``in_turn_for`` are done one after the other.

    Jobs are done at least once, so that their bodies must bear repetition. Arguments are ids and
    codes, never personal data; a UUID arrives as text.
    """
    connection: Any = session.connection().connection.driver_connection
    rows = [row(name, in_turn_for=in_turn_for, **arguments)]
    connection.execute(f"select {DEFER}", {"jobs": dump_json(rows)})


def row(name: str, *, in_turn_for: str | None = None, **arguments: Argument) -> dict[str, Any]:
    """A job as `DEFER` takes it, with the arguments of `enqueue`.

    It keeps the id of the request that it follows from, so that the logs tell them together; the
    worker takes it out again before the job's body sees its arguments.
    """
    request_id = current_request_id()
    plain = {key: _plain(value) for key, value in arguments.items()}
    plain |= {REQUEST_ID: request_id} if request_id else {}
    return {"name": name, "lock": in_turn_for, "args": plain}


def _plain(value: Argument) -> object:
    if isinstance(value, UUID):
        return str(value)
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
