"""How far a long command is: one line on a terminal, a line for each tenth in a log."""

import sys
import time

import click

PAUSE_SECONDS = 0.2


class Progress:
    """Called with how many of how many are done."""

    def __init__(self, zh: str, en: str) -> None:
        self._label = f"{zh} / {en}"
        self._told_at = 0.0
        self._tenth = -1
        self._last = ""

    def __call__(self, done: int, total: int) -> None:
        self._last = f"{self._label}: {done:,} / {total:,}"
        if sys.stdout.isatty():
            if time.monotonic() - self._told_at >= PAUSE_SECONDS:
                self._told_at = time.monotonic()
                click.echo(f"\r\x1b[K{self._last}", nl=False)
        elif 10 * done // max(total, 1) > self._tenth:
            self._tenth = 10 * done // max(total, 1)
            click.echo(self._last)

    def finish(self) -> None:
        """The last line stays."""
        if sys.stdout.isatty() and self._last:
            click.echo(f"\r\x1b[K{self._last}")
