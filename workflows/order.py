"""What may follow what: steps that are taken once, and steps that answer another one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.clock import CIVIL_ZONE
from core.text import Text
from workflows.calendar import WorkingCalendar
from workflows.clocks import ClockEvent, ClockEventKind, due
from workflows.process import Follows, Process, StepLimit, Transition

ONLY_ONCE = Text(
    zh="“{step}”只能办理一次，已经在 {at} 办理过。",
    en='"{step}" can be done once only, and was done at {at}.',
)
NOTHING_TO_ANSWER = Text(
    zh="没有等待答复的“{step}”。", en='There is no "{step}" that waits for an answer.'
)
TOO_LATE = Text(
    zh="期限已过：应在 {at} 以前办理。", en="It is too late: the time for it ended at {at}."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A step that was taken, of the case itself or of one task, since it was last reopened."""

    trigger: str
    at: datetime


def refusal(
    process: Process,
    row: Transition,
    taken: Sequence[Taken],
    calendar: WorkingCalendar,
    at: datetime,
) -> Text | None:
    """Why ``row`` may not be taken at ``at`` after the steps ``taken``; None if it may."""
    if row.once and (done := _last(taken, {row.trigger})) is not None:
        return ONLY_ONCE.format(step=row.label, at=_civil(done.at))
    if row.follows is None:
        return None
    asked = unanswered(process, row.follows, taken)
    if asked is None:
        if row.follows.is_optional:
            return None
        return NOTHING_TO_ANSWER.format(step=_label(process, row.follows.triggers[0]))
    ends = ends_at(row.follows.within, asked.at, calendar)
    if ends is not None and ends < at:
        return TOO_LATE.format(at=_civil(ends))
    return None


def unanswered(process: Process, follows: Follows, taken: Sequence[Taken]) -> Taken | None:
    """The last step that ``follows`` names, if none that answers it has come after it."""
    named = set(follows.triggers)
    answers = {
        row.trigger
        for row in process.transitions
        if row.follows is not None and named & set(row.follows.triggers)
    }
    last = _last(taken, named | answers)
    return last if last is not None and last.trigger in named else None


def ends_at(
    within: StepLimit | None, since: datetime, calendar: WorkingCalendar
) -> datetime | None:
    """Until when a step may be taken that has so much time from ``since``; None for ever."""
    if within is None:
        return None
    return due([ClockEvent(kind=ClockEventKind.START, at=since)], within.limit, calendar).at


def _last(taken: Sequence[Taken], triggers: set[str]) -> Taken | None:
    return next((each for each in reversed(taken) if each.trigger in triggers), None)


def _label(process: Process, trigger: str) -> Text:
    labels = [row.label for row in process.transitions if row.trigger == trigger]
    return labels[0] if labels else Text(zh=trigger, en=trigger)


def _civil(at: datetime) -> str:
    return at.astimezone(CIVIL_ZONE).strftime("%Y-%m-%d %H:%M")
