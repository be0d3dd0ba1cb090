"""One act on several entries at once: each by itself, each with its own answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from core.errors import DomainError, Problem, RuleViolatedError
from core.text import Text
from models.person import Person
from models.task import QueueEntry
from services import hand_overs, queue
from services.door.claims import NOT_A_COLLEAGUE, REASON_OF_HANDING_OVER
from services.hand_overs import HandOver, colleagues
from services.queue import QueueLine, TaskKey, line_of, reach, within
from workflows.permissions import Actor

MOST_SELECTED = 200

NOTHING_SELECTED = Text(
    zh="还没有勾选任何一件。请先勾选，再按按钮。",
    en="Nothing is ticked. Tick at least one, then press the button.",
)
TOO_MANY_SELECTED = Text(
    zh="一次最多处理 {count} 件。请分几次办理。",
    en="At most {count} at once. Do it in several goes.",
)


class Act(StrEnum):
    """What can be done with several entries at once."""

    CLAIM = "claim"
    RELEASE = "release"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be done, to whom it goes if it is handed over, and which press it was."""

    act: Act
    command_id: UUID
    reason: str = ""
    receiver_id: UUID | None = None

    def for_one(self, task: TaskKey) -> UUID:
        """The command id of one entry's part: the same if the button is pressed twice."""
        return uuid5(self.command_id, f"{self.act} {task.key.case_id} {task.item_code}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one entry: done, or a sentence that says why not."""

    line: QueueLine
    refusal: Text | None


def picked(
    session: Session, actor: Actor, tasks: Sequence[TaskKey], at: datetime
) -> list[QueueLine]:
    """Those of ``tasks`` that stand in the actor's queues.

    Raises `RuleViolatedError` if there are none to begin with, or too many.
    """
    if not tasks:
        raise RuleViolatedError((Problem("entry", NOTHING_SELECTED),), NOTHING_SELECTED)
    if len(tasks) > MOST_SELECTED:
        sentence = TOO_MANY_SELECTED.format(count=MOST_SELECTED)
        raise RuleViolatedError((Problem("entry", sentence),), sentence)
    rows = session.execute(
        within(select(QueueEntry, Person.name), reach(actor, at))
        .outerjoin(Person, Person.id == QueueEntry.claimed_by)
        .where(
            or_(
                *[
                    and_(
                        QueueEntry.district_code == task.key.district_code,
                        QueueEntry.case_id == task.key.case_id,
                        QueueEntry.item_code == task.item_code,
                    )
                    for task in tasks
                ]
            )
        )
    )
    lines = {line.task: line for row in rows if (line := line_of(session, row[0], row[1], at))}
    return [lines[task] for task in dict.fromkeys(tasks) if task in lines]


def check(session: Session, actor: Actor, order: Order, at: datetime) -> None:
    """Raises `RuleViolatedError` if what was typed is wrong whatever was ticked."""
    if order.act is not Act.HAND_OVER:
        return
    problems = []
    if order.receiver_id not in {other.id for other in colleagues(session, actor, at)}:
        problems.append(Problem("colleague", NOT_A_COLLEAGUE))
    if not order.reason:
        problems.append(Problem("reason", REASON_OF_HANDING_OVER))
    if problems:
        raise RuleViolatedError(tuple(problems))


def act_on(
    session: Session, actor: Actor, line: QueueLine, order: Order, at: datetime
) -> Text | None:
    """Do it to one entry; None if it is done, otherwise why not. Nothing is written then."""
    task, command_id = line.task, order.for_one(line.task)
    try:
        match order.act:
            case Act.CLAIM:
                queue.claim(session, actor, task, command_id, at)
            case Act.RELEASE:
                release = queue.Release(command_id=command_id, reason=order.reason)
                queue.hand_back(session, actor, task, release, at)
            case Act.HAND_OVER:
                to = HandOver(
                    receiver_id=order.receiver_id, reason=order.reason, command_id=command_id
                )
                hand_overs.hand_over(session, actor, task, to, at)
    except RuleViolatedError as refusal:
        return refusal.problems[0].sentence
    except DomainError as refusal:
        return refusal.sentence
    return None
