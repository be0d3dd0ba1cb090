"""How jobs walk through what is due: in batches, each in a transaction of its own."""

import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from core.database import Database

LOG = logging.getLogger(__name__)
Due = TypeVar("Due")


def sweep_each(
    database: Database,
    find: Callable[[Session, int], Sequence[Due]],
    act: Callable[[Session, Due], Any],
    named: Callable[[Due], str],
) -> int:
    """Act on everything that ``find`` finds; on how many something was done.

    ``find`` gets the number of those that stay at the head because nothing could be done, ``act``
    answers None for them. What fails is logged as ``named``, is left for the next time, and keeps
    none of the others back.
    """
    done, left = 0, 0
    while True:
        with database.transaction() as session:
            found = find(session, left)
        if not found:
            return done
        for each in found:
            try:
                with database.transaction() as session:
                    result = act(session, each)
            except Exception:  # one broken case must not stop all others
                LOG.exception("%s could not be done", named(each))
                result = None
            done += result is not None
            left += result is None
        LOG.info("%d more looked at; %d done, %d left for the next time", len(found), done, left)
