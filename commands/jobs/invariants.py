"""The jobs that check the invariants: what moved of late all the time, everything at night."""

import logging
from datetime import timedelta

from procrastinate import App

from commands.invariant_sweep import watch
from core.clock import now
from core.database import Database

LOG = logging.getLogger(__name__)
LATELY = timedelta(minutes=10)
"""Twice the time between two runs, so that nothing falls between them."""


def register(app: App, database: Database) -> None:
    """Name the jobs of this module: ``watch_invariants``, and of everything each night."""

    @app.periodic(cron="*/5 * * * *")
    @app.task(name="watch_invariants", queueing_lock="watch_invariants")
    def watch_invariants(timestamp: int) -> None:
        """Check the cases that moved within the last minutes."""
        del timestamp  # the clock of this process says what is recent
        at = now()
        _tell(watch(database, at, at - LATELY))

    @app.periodic(cron="47 2 * * *", periodic_id="nightly")
    @app.task(name="watch_all_invariants", queueing_lock="watch_all_invariants")
    def watch_all_invariants(timestamp: int) -> None:
        """Check every case there is."""
        del timestamp  # it checks everything, whenever it comes to it
        _tell(watch(database, now(), None))


def _tell(breaches: int) -> None:
    if breaches:
        LOG.error("%s breaches of invariants; see the operators' page", breaches)
