"""Reasons for being overdue: who has to give one, how it is given, and what the applicant reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from catalog import registry
from core.text import Text
from models.event import EventText
from models.supervision import DelayReason
from models.task import Task
from services import door
from services.case_keys import CaseKey
from services.opened_case import OpenedCase
from services.queue import TaskKey, command_for
from services.task_steps import Step
from workflows.colours import Colour
from workflows.permissions import Actor
from workflows.process import EXPLAIN_DELAY

UNKNOWN = Text(zh="其他原因", en="Another reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayLine:
    """One reason that was given. ``words`` is None if there were none, or they were erased."""

    title: Text
    words: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressure:
    """How a part of a case stands with its time."""

    colour: Colour | None
    """How much of it is used; None while there is enough."""
    given: Sequence[DelayLine]
    """Why it is overdue, as its officers said."""
    is_overdue: bool


NO_PRESSURE = Pressure(colour=None, given=(), is_overdue=False)
"""Of what has no clock, or enough time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One press of the button, with the reason."""

    command_id: UUID
    delay: door.Delay


def explain(
    session: Session, actor: Actor, task: TaskKey, given: Explanation, at: datetime
) -> door.Moved:
    """Say why a task is overdue, before it is decided. Raises as `services.door.move`."""
    command = replace(command_for(task, EXPLAIN_DELAY, given.command_id), delay=given.delay)
    return door.move(session, command, actor, at)


def of_case(session: Session, key: CaseKey) -> Mapping[str, Sequence[DelayLine]]:
    """The reasons that were given in a case, by item, the first first."""
    rows = session.execute(
        select(DelayReason, EventText.content)
        .outerjoin(
            EventText,
            and_(
                EventText.district_code == DelayReason.district_code,
                EventText.case_id == DelayReason.case_id,
                EventText.event_number == DelayReason.event_number,
            ),
        )
        .where(DelayReason.district_code == key.district_code, DelayReason.case_id == key.case_id)
        .order_by(DelayReason.event_number)
    )
    found: dict[str, list[DelayLine]] = {}
    for row, content in rows:
        reason = registry.catalogue().supervision.delay_reason(row.reason_code)
        words = (content or {}).get("reason")
        line = DelayLine(title=reason.title if reason else UNKNOWN, words=words, at=row.given_at)
        found.setdefault(row.item_code, []).append(line)
    return found


def is_overdue(task: Task | None, at: datetime) -> bool:
    """True once a task's promised end has passed while its clock ran."""
    if task is None or task.due_at is None or task.paused_at is not None:
        return False
    return task.due_at < (task.limits_met_at or task.ended_at or at)


def pressure(session: Session, opened: OpenedCase) -> Pressure:
    """How a part of a case that somebody opened stands with its time."""
    task, case = opened.task, opened.case
    given = of_case(session, CaseKey(case.district_code, case.id))
    colour = task.colour if task else case.colour
    return Pressure(
        colour=Colour(colour) if colour else None,
        given=given.get(opened.item.code, ()),
        is_overdue=is_overdue(task, opened.at),
    )


def with_delay(steps: Sequence[Step], found: Pressure) -> tuple[Step, ...]:
    """The steps, those marked with which a reason for the delay must come."""
    if found.given or not found.is_overdue:
        return tuple(steps)
    return tuple(
        replace(step, delay_required=step.leads_to.is_final and not step.of_case) for step in steps
    )
