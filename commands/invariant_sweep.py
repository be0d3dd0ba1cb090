"""How the invariants are checked: one check after the other, each in a snapshot of its own."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from core.clock import now
from core.database import Database
from services import invariants
from services.invariants import ALL, AT_NIGHT, BY_CODE, CHAINS, FIRST, RECENT, Breach, Key, Result


def results(
    database: Database, codes: Sequence[str], at: datetime, since: datetime | None = None
) -> Iterator[Result]:
    """Check each of ``codes`` at ``at``, over the cases that moved since an instant or over all.

    Each sees one instant of the database, so that what moves meanwhile is no breach.
    """
    for code in codes:
        if code == CHAINS:
            yield _chains(database, since)
            continue
        with database.snapshot() as session:
            result = invariants.check(session, code, at, since)
        yield result


def _chains(database: Database, since: datetime | None) -> Result:
    """Every chain, batch by batch: one long snapshot would keep old rows from being removed."""
    after: Key | None = FIRST
    looked_at = 0
    breaches: list[Breach] = []
    while after is not None:
        with database.snapshot() as session:
            batch = invariants.chains(session, since, after)
        looked_at += batch.looked_at
        breaches += batch.breaches
        after = batch.last
    return Result(invariant=BY_CODE[CHAINS], looked_at=looked_at, breaches=breaches)


def watch(database: Database, at: datetime, since: datetime | None) -> int:
    """Check everything and keep what was found; how many breaches there are."""
    breaches, started_at = 0, now()
    codes = [code for code in BY_CODE if since is None or code not in AT_NIGHT]
    for result in results(database, codes, at, since):
        with database.transaction() as session:
            scope = ALL if since is None else RECENT
            invariants.keep(session, result, scope, (started_at, now()))
        breaches += len(result.breaches)
        started_at = now()
    return breaches
