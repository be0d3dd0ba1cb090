"""What was reckoned from rows of the ledger, kept while exactly these rows stay as they are.

A SHA-256 over fifty thousand lines takes longer than a page may. So a process keeps what it
reckoned under a fingerprint of the rows, which takes a fifth of that: any row that is added,
changed or gone gives another fingerprint, and everything is reckoned anew.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from sqlalchemy import Numeric, cast, func, select, tuple_
from sqlalchemy.orm import Session

from models.case import Case
from models.ledger import Transfer
from services.ledger_scope import TO_CASE, Filters, bounded

MOST = 64
"""So many results at most; the one that was not asked for the longest goes first."""
SEED = 20_260_922
Kept = TypeVar("Kept")
Fingerprint = tuple[tuple[str, int, str], ...]


def fingerprint(session: Session, filters: Filters) -> Fingerprint:
    """By origin: how many rows there are within ``filters``, and the sum of their 64-bit hashes.

    Every column counts, and what a row is grouped by of its case.
    """
    row = tuple_(*Transfer.__table__.columns, Case.origin, Case.thing_code, Case.definition_hash)
    hashes = func.sum(cast(func.hash_record_extended(row, SEED), Numeric))
    statement = bounded(
        select(Case.origin, func.count(), hashes).select_from(Transfer).join(*TO_CASE), filters
    ).group_by(Case.origin)
    found = ((str(origin), int(n), str(sums)) for origin, n, sums in session.execute(statement))
    return tuple(sorted(found))


class Reckoned(Generic[Kept]):
    """Results by what they were reckoned for, the latest `MOST` of them. Safe among threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, reckon: Callable[[], Kept]) -> Kept:
        """What is kept under ``key``, or what ``reckon`` gives now."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        result = reckon()
        with self._lock:
            self._kept[key] = result
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return result
