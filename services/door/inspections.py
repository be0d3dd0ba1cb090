"""Inspections of premises: the day that was told, and asking for another one."""

from datetime import date

from core.clock import CIVIL_ZONE
from core.errors import Problem, RuleViolatedError, TransitionRefusedError
from core.text import Text
from services.door.changes import EventDraft
from services.door.decision import Decision
from services.door.pauses import NOT_A_DAY
from services.door.snapshot import TaskRow

INSPECTION_ON = "inspection_on"
"""In the body of an appointment: its day."""
DAY_HAS_COME = Text(
    zh="约定的勘验日期 {day} 已经到了，不能再申请改期。有困难的，请直接联系办理机关。",
    en="The day of the inspection, {day}, has come, so another one can no longer be asked for. If "
    "there is a difficulty, call the office.",
)


def set_inspection_day(decision: Decision, event: EventDraft, _task: TaskRow) -> None:
    """Write down the day on which the officers come.

    Raises `RuleViolatedError` for what is no day.
    """
    try:
        day = date.fromisoformat(str(decision.command.inputs.get(INSPECTION_ON)))
    except ValueError:
        raise RuleViolatedError((Problem(INSPECTION_ON, NOT_A_DAY),)) from None
    event.body[INSPECTION_ON] = day.isoformat()


def ask_for_another_day(decision: Decision, _event: EventDraft, task: TaskRow) -> None:
    """The day does not suit the applicant; the officers set another one.

    Raises `TransitionRefusedError` from the morning of the day on.
    """
    said = decision.records.said(task.item_code, INSPECTION_ON)
    today = decision.at.astimezone(CIVIL_ZONE).date()
    if said is not None and date.fromisoformat(said) <= today:
        raise TransitionRefusedError(DAY_HAS_COME.format(day=said))
