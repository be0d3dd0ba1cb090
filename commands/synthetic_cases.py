"""Loading the synthetic cases of the demonstration, batch by batch, and telling how far it is."""

import os
from collections.abc import Callable, Mapping
from typing import Any

import click

from core.clock import now
from core.database import Database
from core.errors import SettingsError
from core.text import Text
from services import demonstration, synthetic_loads
from services.synthetic import cast, loading, plan
from services.synthetic_loads import Load

SETTING = "SYNTHETIC_CASES"
"""How many cases ``make run`` loads: all without it, none with 0."""
NICE = 15
"""So that pages of the same machine come first."""

NOT_A_NUMBER = Text(
    zh="SYNTHETIC_CASES 应为不小于 0 的整数，现在是“{typed}”。",
    en="SYNTHETIC_CASES must be a whole number, 0 or more; it is “{typed}”.",
)

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
            demonstration.load(session, now())  # prices and makers; nothing if they are there
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


def is_whole(database_url: str) -> bool:
    """Whether a load was begun in this database and nothing of it is missing."""
    database = Database(database_url)
    try:
        with database.transaction() as session:
            return synthetic_loads.is_whole(session)
    finally:
        database.dispose()


def wanted_by(environ: Mapping[str, str]) -> int | None:
    """How many cases the environment asks for; None for all. Raises `SettingsError`."""
    typed = environ.get(SETTING) or ""
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal()):
        raise SettingsError(NOT_A_NUMBER.format(typed=typed))
    return int(typed)


def give_way() -> None:
    """Let everything else on this machine come first, where the system knows of that."""
    if hasattr(os, "nice"):
        os.nice(NICE)


class Bar:
    """A progress bar for a terminal."""

    def __init__(self) -> None:
        self._bar: Any = None

    def __call__(self, found: Load) -> None:
        if self._bar is None:
            label = "演示办件 / Synthetic cases"
            self._bar = click.progressbar(length=found.wanted, label=label, show_pos=True)
        self._bar.update(found.loaded - self._bar.pos)
        if found.is_whole:
            self._bar.render_finish()


class Lines:
    """One line for each tenth, for a log that others write to as well."""

    def __init__(self) -> None:
        self._told = -1

    def __call__(self, found: Load) -> None:
        tenth = 10 if found.is_whole else 10 * found.loaded // found.wanted
        if tenth > self._told:
            self._told = tenth
            share = f"{found.loaded:,} / {found.wanted:,} ({10 * tenth} %)"
            click.echo(f"· 演示办件 / Synthetic cases: {share}")
