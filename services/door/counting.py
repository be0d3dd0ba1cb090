"""What the door did, counted by process, trigger and outcome."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

from core import metrics
from core.errors import DomainError
from services.definitions import Definition
from services.door.command import Command
from workflows.process import FACTS

DONE = "done"
OTHER = "other"
"""A trigger that the process does not have: what was asked for is not repeated in a label."""


@contextmanager
def refusals(definition: Definition, command: Command) -> Iterator[None]:
    """Count the command as refused, by the code of the refusal, if the block raises one."""
    try:
        yield
    except DomainError as refusal:
        process, trigger = _labels(definition, command.item_code, command.trigger)
        metrics.transition_refused(process, trigger, refusal.code)
        raise


def done(session: Session, definition: Definition, events: Sequence[Mapping[str, Any]]) -> None:
    """Count the events of a command once they are committed."""
    metrics.transitions_made(
        session,
        [(*_labels(definition, event["item_code"], event["trigger"]), DONE) for event in events],
    )


def _labels(definition: Definition, item_code: str | None, trigger: str) -> tuple[str, str]:
    try:
        process = definition.process_of(item_code)
    except KeyError:
        return OTHER, OTHER
    known = trigger in FACTS or any(row.trigger == trigger for row in process.transitions)
    return process.code, trigger if known else OTHER
