"""How a refusal reads on a terminal: Chinese, then English, then what to do."""

import functools
import logging
import sys
import time
from collections.abc import Callable
from typing import Any

import click
from psycopg.errors import UndefinedColumn, UndefinedTable
from sqlalchemy.exc import ProgrammingError

from core import logs
from core.errors import DomainError, RuleViolatedError
from core.text import Text

LOG = logging.getLogger("yichuang.command")

WORKER = "worker"
NOT_MIGRATED = Text(
    zh="数据库里还没有这些数据表。请先运行 make run，或 flask --app app database migrate。",
    en="The tables are not there yet. Start with make run, or flask --app app database migrate.",
)


def words(refusal: DomainError) -> str:
    """The sentence and the advice in both languages."""
    texts = [refusal.sentence, *([refusal.advice] if refusal.advice else [])]
    if isinstance(refusal, RuleViolatedError):
        texts += [problem.sentence for problem in refusal.problems]
    return "\n".join([*(text.zh for text in texts), *(text.en for text in texts)])


def refuse_in_words(command: click.Command) -> None:
    """Make ``command``, and all below it, end with the sentence instead of a traceback."""
    _wrap(command, _in_words)


def log_commands(command: click.Command) -> None:
    """Log ``command``, and all below it, once each time: name, time taken, how it ended.

    What is typed after the name is left out: it may be somebody's name. The worker is left out
    too: it tells of its jobs, each on its own account.
    """
    if isinstance(command, click.Group):
        for below in command.commands.values():
            log_commands(below)
    elif command.name != WORKER:
        _wrap(command, _logged)


def _wrap(command: click.Command, wrapper: Callable[[Callable[..., Any]], Any]) -> None:
    if isinstance(command, click.Group):
        for below in command.commands.values():
            _wrap(below, wrapper)
    elif command.callback is not None:
        command.callback = wrapper(command.callback)


def lacks_tables(error: ProgrammingError) -> bool:
    """Whether a statement failed because the database is not migrated."""
    return isinstance(error.orig, UndefinedTable | UndefinedColumn)


def _logged(callback: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(callback)
    def call(*arguments: Any, **options: Any) -> Any:
        logs.configure(production=True, stream=sys.stderr)
        begun_at, outcome = time.perf_counter(), "failed"
        with logs.on_behalf_of(None):
            try:
                result = callback(*arguments, **options)
                outcome = "done"
                return result
            finally:
                logs.tell(
                    LOG,
                    logging.INFO if outcome == "done" else logging.WARNING,
                    "command",
                    command=click.get_current_context().command_path,
                    outcome=outcome,
                    duration_ms=round((time.perf_counter() - begun_at) * 1000, 1),
                )

    return call


def _in_words(callback: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(callback)
    def call(*arguments: Any, **options: Any) -> Any:
        try:
            return callback(*arguments, **options)
        except DomainError as refusal:
            raise click.ClickException(words(refusal)) from refusal
        except ProgrammingError as error:
            if not lacks_tables(error):
                raise
            raise click.ClickException(words(DomainError(NOT_MIGRATED))) from error

    return call
