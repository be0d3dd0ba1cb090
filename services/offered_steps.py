"""The steps that an officer's page offers: what they ask for, and why some must wait."""

from sqlalchemy.orm import Session

from core.text import Text
from services import return_steps, step_bars, transfer_steps
from services.opened_case import OpenedCase
from services.package_lists import PackageLine
from services.task_steps import Step, StepGroup, steps


def offered_steps(
    session: Session, opened: OpenedCase, package: PackageLine | None
) -> tuple[Step, ...]:
    """Every step of a person here, with what is offered for it and what stands in its way.

    ``package`` is the newest one by which it came from another district.
    """
    offered = return_steps.with_due_day(session, opened, steps(opened))
    offered = transfer_steps.with_districts(session, opened, offered)
    offered = transfer_steps.with_receipt(opened, package, offered)
    return step_bars.with_bars(session, opened, offered)


def bars(barred: tuple[Step, ...], group: StepGroup) -> tuple[tuple[Text, tuple[Step, ...]], ...]:
    """Why steps of a group must wait: each sentence once, with all the steps it is about."""
    here = [step for step in barred if step.group == group]
    sentences = dict.fromkeys(step.barred for step in here)
    return tuple(
        (sentence, tuple(step for step in here if step.barred == sentence))
        for sentence in sentences
        if sentence is not None
    )
