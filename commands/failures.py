"""How a refusal reads on a terminal: Chinese, then English, then what to do."""

import functools
from collections.abc import Callable
from typing import Any

import click

from core.errors import DomainError


def words(refusal: DomainError) -> str:
    """The sentence and the advice in both languages."""
    texts = [refusal.sentence, *([refusal.advice] if refusal.advice else [])]
    return "\n".join([*(text.zh for text in texts), *(text.en for text in texts)])


def refuse_in_words(command: click.Command) -> None:
    """Make ``command``, and all below it, end with the sentence instead of a traceback."""
    if isinstance(command, click.Group):
        for below in command.commands.values():
            refuse_in_words(below)
    elif command.callback is not None:
        command.callback = _in_words(command.callback)


def _in_words(callback: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(callback)
    def call(*arguments: Any, **options: Any) -> Any:
        try:
            return callback(*arguments, **options)
        except DomainError as refusal:
            raise click.ClickException(words(refusal)) from refusal

    return call
