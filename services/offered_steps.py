"""The steps that an officer's page offers: what they ask for, and why some must wait."""

from dataclasses import replace

from sqlalchemy.orm import Session

from core.text import Text
from models.hand_over_package import PackageState
from services import return_steps, step_bars, transfer_steps
from services.door.packages import NOT_RECEIVED
from services.opened_case import OpenedCase
from services.package_lists import PackageLine
from services.task_steps import Step, StepGroup, steps


def offered_steps(session: Session, opened: OpenedCase) -> tuple[Step, ...]:
    """Every step of a person here, with what is offered for it and what stands in its way."""
    offered = return_steps.with_due_day(session, opened, steps(opened))
    offered = transfer_steps.with_districts(session, opened, offered)
    return step_bars.with_bars(session, opened, offered)


def with_receipt(
    opened: OpenedCase, package: PackageLine | None, steps: tuple[Step, ...]
) -> tuple[Step, ...]:
    """``steps``, those of the office barred until it has confirmed what was handed over to it."""
    if package is None or package.state is PackageState.RECEIVED:
        return steps
    why = NOT_RECEIVED.format(place=package.from_name)
    return tuple(
        replace(step, is_possible=False, barred=why)
        if step.is_possible and step.of_case is (opened.task is None)
        else step
        for step in steps
    )


def bars(barred: tuple[Step, ...], group: StepGroup) -> tuple[tuple[Text, tuple[Step, ...]], ...]:
    """Why steps of a group must wait: each sentence once, with all the steps it is about."""
    here = [step for step in barred if step.group == group]
    sentences = dict.fromkeys(step.barred for step in here)
    return tuple(
        (sentence, tuple(step for step in here if step.barred == sentence))
        for sentence in sentences
        if sentence is not None
    )
