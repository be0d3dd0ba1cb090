"""Loading the synthetic cases of the demonstration, batch by batch, and telling how far it is."""

import os
from collections.abc import Callable

import click

from core.clock import now
from core.database import Database
from services import synthetic_loads
from services.synthetic import cast, loading, plan
from services.synthetic_loads import Load

SETTING = "SYNTHETIC_CASES"
"""How many cases ``make run`` loads: all without it, none with 0."""
NICE = 15
"""So that pages of the same machine come first."""

Watch = Callable[[Load], None]


def load(database: Database, wanted: int | None, watch: Watch) -> Load:
    """Load ``wanted`` cases, all if None, or go on with the load that was begun.

    Raises `LoadRunningError` if another process is loading, `OtherPlanError` if what is there was
    begun by another plan.
    """
    most = plan.full_size()
    with database.transaction() as guard:
        synthetic_loads.claim(guard)
        with database.transaction() as session:
            found = synthetic_loads.begin(
                session, most if wanted is None else min(wanted, most), plan.VERSION, now()
            )
            people = None if found.is_whole else cast.officers(session, found.anchor)
        watch(found)
        if people is None:
            return found
        lives = plan.plan(found.anchor, found.wanted)
        while not found.is_whole:
            with database.transaction() as session:
                found = loading.play_some(session, found, lives, people, now())
            watch(found)
    return found


def give_way() -> None:
    """Let everything else on this machine come first, where the system knows of that."""
    if hasattr(os, "nice"):
        os.nice(NICE)


class Bar:
    """A progress bar for a terminal."""

    def __init__(self) -> None:
        self._bar = None

    def __call__(self, found: Load) -> None:
        if self._bar is None:
            label = "演示办件 / Synthetic cases"
            self._bar = click.progressbar(length=found.wanted, label=label, show_pos=True)
        self._bar.update(found.loaded - self._bar.pos)


class Lines:
    """One line for each tenth, for a log that others write to as well."""

    def __init__(self) -> None:
        self._told = -1

    def __call__(self, found: Load) -> None:
        tenth = 10 if found.is_whole else 10 * found.loaded // found.wanted
        if tenth > self._told:
            self._told = tenth
            click.echo(
                f"· 演示办件 / Synthetic cases: {found.loaded:,} / {found.wanted:,} ({tenth}0 %)"
            )
