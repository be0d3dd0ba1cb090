"""What may follow what: steps taken once, answers to others, and what waits for an answer."""

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


HALTED_UNTIL = Text(
    zh="“{question}”以后，申请人可以在 {at} 以前答复。在申请人答复以前，或者期限届满以前，"
    "不能办理“{step}”。",
    en='After "{question}" the applicant may answer until {at}. Until they have answered, or that '
    'time is over, "{step}" must wait.',
)
HALTED_UNSERVED = Text(
    zh="“{question}”的文书还没有送达，申请人答复的期限还没有开始，现在不能办理“{step}”。"
    "申请人同意电子送达的，打开文书即为送达；否则在窗口交付或者邮寄，由签收之日起算。",
    en='The paper of "{question}" has not been served, so the applicant\'s time to answer has not '
    'begun and "{step}" must wait. It is served when an applicant who '
    "consented opens it, or by hand or post on the day of receipt.",
)
HALTED = Text(
    zh="“{question}”还没有答复，答复以前不能办理“{step}”。",
    en='"{question}" has not been answered; until it is, "{step}" must wait.',
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A step that was taken, of the case itself or of one task, since it was last reopened."""

    trigger: str
    at: datetime
    served_at: datetime | None = None
    """When the paper that it issued first reached its addressee."""


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
    ends = answer_ends_at(row.follows, asked, calendar)
    if ends is not None and ends < at:
        return TOO_LATE.format(at=_civil(ends))
    return None


def may_be_halted(process: Process, trigger: str) -> bool:
    """True if some step of the process makes this one wait."""
    return any(trigger in row.halts for row in process.transitions)


def halted(
    process: Process,
    row: Transition,
    taken: Sequence[Taken],
    calendar: WorkingCalendar,
    at: datetime,
) -> Text | None:
    """Which unanswered step ``row`` has to wait for at ``at``, and until when; None if none."""
    questions = dict.fromkeys(
        each.trigger for each in process.transitions if row.trigger in each.halts
    )
    for question in questions:
        asked = unanswered(process, Follows(triggers=(question,)), taken)
        if asked is None:
            continue
        words = {"question": _label(process, question), "step": row.label}
        limits = [each.follows for each in answers_to(process, question) if each.follows]
        if not limits or any(each.within is None for each in limits):
            return HALTED.format(**words)
        ends = [answer_ends_at(each, asked, calendar) for each in limits]
        known = [each for each in ends if each is not None]
        if len(known) < len(ends):
            return HALTED_UNSERVED.format(**words)
        if max(known) >= at:
            return HALTED_UNTIL.format(**words, at=_civil(max(known)))
    return None


def answers_to(process: Process, question: str) -> tuple[Transition, ...]:
    """The rows that are there to answer a step; those that may be taken unasked are not."""
    return tuple(
        row
        for row in process.transitions
        if row.follows and question in row.follows.triggers and not row.follows.is_optional
    )


def answer_ends_at(follows: Follows, asked: Taken, calendar: WorkingCalendar) -> datetime | None:
    """Until when ``asked`` may be answered; None for ever, or while its paper is not served."""
    within = follows.within
    since = asked.served_at if within is not None and within.from_service else asked.at
    return None if since is None else ends_at(within, since, calendar)


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
