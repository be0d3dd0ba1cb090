"""Special procedures and hearings: what must be told, and which days the law allows."""

from datetime import date, datetime, timedelta

from catalog.exit_checks import CAUSE, EXPECTED_DAYS
from core.clock import CIVIL_ZONE
from core.errors import Problem, RuleViolatedError
from core.text import Text
from services.door.changes import EventDraft
from services.door.decision import Decision
from services.door.snapshot import TaskRow
from workflows.calendar import WorkingCalendar
from workflows.process import SPECIAL_PROCEDURES

EXPECTED_UNTIL = "expected_until"
HEARING_ON = "hearing_on"
HEARING_WAS_DUE = "hearing_was_due"
"""In the body of a summons that comes too late: until when the hearing had to be held."""
HELD_ON = "held_on"
ASKED = "ask_for_hearing"
NOTICE_DAYS = 7
"""Working days between the summons and the hearing (许可法 48)."""
HELD_WITHIN = 20
"""Working days from the day on which it was asked for (许可法 47)."""

UNLAWFUL_CAUSE = Text(
    zh="只有法律列明的情形才能停止计时，请重新选择。",
    en="The clock may stop only for what the law names; choose again.",
)
NO_DAYS = Text(
    zh="请填写预计需要几个工作日，法律要求书面告知。",
    en="Say how many working days it is expected to take; the law asks to tell it in writing.",
)
NOT_A_DAY = Text(zh="请填写一个存在的日期。", en="Enter a day that exists.")
TOO_SOON = Text(
    zh="听证的七个工作日以前要通知申请人，最早可以定在 {day}。",
    en="The applicant is told at least seven working days ahead; the first possible day is {day}.",
)
TOO_LATE = Text(
    zh="申请人要求听证的，应在二十个工作日内举行，最迟 {day}。",
    en="A hearing that was asked for is held within twenty working days, at the latest on {day}.",
)
NOT_YET = Text(
    zh="听证通知书定在 {day}，不能记录为更早举行。",
    en="The summons says {day}; a hearing cannot be recorded as held before that day.",
)
DAY_OFF = Text(
    zh="{day} 不是工作日，请选择工作日。", en="{day} is no working day; choose one that is."
)


def tell_expected_days(decision: Decision, event: EventDraft, task: TaskRow) -> None:
    """Write down why the clock stands still, and how long it is expected to.

    Raises `RuleViolatedError` for a cause that the law does not name, or without the days.
    """
    cause = decision.command.inputs.get(CAUSE)
    days = decision.command.inputs.get(EXPECTED_DAYS)
    problems = []
    if cause not in {each.value for each in SPECIAL_PROCEDURES}:
        problems.append(Problem(CAUSE, UNLAWFUL_CAUSE))
    if not isinstance(days, int) or isinstance(days, bool) or days < 1:
        problems.append(Problem(EXPECTED_DAYS, NO_DAYS))
    if problems or not isinstance(days, int):
        raise RuleViolatedError(tuple(problems))
    today = decision.at.astimezone(CIVIL_ZONE).date()
    until = decision.calendar(task).add_working_days(today, days).day
    event.body[CAUSE] = str(cause)
    event.body[EXPECTED_DAYS] = days
    event.body[EXPECTED_UNTIL] = until.isoformat()


def set_hearing_day(decision: Decision, event: EventDraft, task: TaskRow) -> None:
    """Write down the day of the hearing, if the law allows it.

    Raises `RuleViolatedError` for a day that is too soon, too late, or no working day.
    """
    calendar = decision.calendar(task)
    try:
        day = date.fromisoformat(str(decision.command.inputs.get(HEARING_ON)))
    except ValueError:
        raise RuleViolatedError((Problem(HEARING_ON, NOT_A_DAY),)) from None
    engine = decision.engine(decision.definition.thing.item(task.item_code))
    asked = [
        each.at for each in decision.records.taken(task.item_code, engine) if each.trigger == ASKED
    ]
    found = hearing_mistake(day, decision.at, asked[-1] if asked else None, calendar)
    if found is not None:
        raise RuleViolatedError((Problem(HEARING_ON, found),))
    event.body[HEARING_ON] = day.isoformat()
    if asked and day > (last := _held_until(asked[-1], calendar)):
        event.body[HEARING_WAS_DUE] = last.isoformat()


def note_hearing(decision: Decision, event: EventDraft, task: TaskRow) -> None:
    """Write down the day on which the hearing was held.

    Raises `RuleViolatedError` for a day before that of the summons: nobody had to be there yet.
    """
    try:
        held = date.fromisoformat(str(decision.command.inputs.get(HELD_ON)))
    except ValueError:
        raise RuleViolatedError((Problem(HELD_ON, NOT_A_DAY),)) from None
    said = decision.records.said(task.item_code, HEARING_ON)
    if said is not None and held < date.fromisoformat(said):
        raise RuleViolatedError((Problem(HELD_ON, NOT_YET.format(day=said)),))
    event.body[HELD_ON] = held.isoformat()


def hearing_mistake(
    day: date, now: datetime, asked_at: datetime | None, calendar: WorkingCalendar
) -> Text | None:
    """Why a hearing may not be on ``day``; None if it may.

    One that the office can no longer hold in time is held on the first day that is possible: the
    office's delay takes nobody's right away.
    """
    today = now.astimezone(CIVIL_ZONE).date()
    first = calendar.add_working_days(today, NOTICE_DAYS).day
    if day < first:
        return TOO_SOON.format(day=first.isoformat())
    if asked_at is not None:
        last = max(_held_until(asked_at, calendar), first)
        if day > last:
            return TOO_LATE.format(day=last.isoformat())
    if day > today + timedelta(days=366) or not calendar.is_working_day(day):
        return DAY_OFF.format(day=day.isoformat())
    return None


def _held_until(asked_at: datetime, calendar: WorkingCalendar) -> date:
    """The last day for a hearing that was asked for at ``asked_at`` (许可法 47)."""
    asked_on = asked_at.astimezone(CIVIL_ZONE).date()
    return calendar.add_working_days(asked_on, HELD_WITHIN).day
