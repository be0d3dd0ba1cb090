"""Why something is due when it is: every day that was counted or skipped, line by line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.text import Text
from models.case import Case
from services import task_clocks
from services.calendars import office_name
from services.case_keys import CaseKey
from services.opened_case import OpenedCase
from services.own_cases import own_case
from services.task_clocks import Ending, TaskClock
from workflows.calendar import WorkingCalendar
from workflows.clocks import (
    ClockEvent,
    ClockEventKind,
    Due,
    Limit,
    Unit,
    day_words,
    due,
    words_of_limit,
)
from workflows.permissions import Actor

IN_DAYS = frozenset({Unit.WORKING_DAYS, Unit.CALENDAR_DAYS})

START_DAY = Text(
    zh="{day}：收到，当天不计入（《民法典》第二百零一条）",
    en="{day}: received; the day itself is not counted (Civil Code, article 201)",
)
START_MINUTE = Text(zh="自 {at} 起，只计办公时间", en="From {at}, office hours alone")
EXTENDED = Text(zh="{day}：延长 {limit}", en="{day}: extended by {limit}")
PAUSE = Text(zh="{begun} 至 {ended}：暂停计时", en="{begun} to {ended}: the clock was paused")
PAUSE_GOES_ON = Text(zh="自 {begun} 起暂停计时", en="The clock has been paused since {begun}")
LAST_DAY = Text(
    zh="{day} 是最后一天，{clock} 下班时到期（《民法典》第二百零三条）",
    en="{day} is the last day; it ends when the office closes at {clock} (Civil Code, article 203)",
)
PROVISIONAL = Text(
    zh="{year} 年的放假安排尚未公布，公布后重新计算，日期可能变动",
    en="The holidays of {year} are not published yet; the date is counted again then and may move",
)
CALENDAR = Text(
    zh="工作日历：{office}，{version} 版，校验值 {digest}",
    en="Working calendar: {office}, version {version}, checksum {digest}",
)
DIGEST_CHARACTERS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The end of one limit, and the lines that lead to it, in their order."""

    due: Due
    lines: tuple[Text, ...]
    last_day: str
    """The day of the end in the office's own time."""
    clock: str
    is_in_days: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One limit of a part of a case, or of the whole, as its page tells it."""

    limit: Text
    legal_basis: Text | None
    due_at: datetime
    is_provisional: bool
    first_due_at: datetime | None
    """What was told first, where that is another date; None where nothing moved."""
    lines: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyDue:
    """Why a part of a case is due when it is: by promise, and by law where the law says it."""

    promised: Why | None
    statutory: Why | None
    is_paused: bool
    """The clock stands still now; that is why its end may move."""


def for_applicant(session: Session, actor: Actor, key: CaseKey) -> Mapping[str | None, WhyDue]:
    """Why each part of the actor's own case is due when it is; the whole case under None.

    Raises `NotFoundError` for anybody else's case, as if it did not exist.
    """
    return _of_case(session, own_case(session, actor, key))


def for_officer(session: Session, opened: OpenedCase) -> WhyDue | None:
    """Why the part that an officer or maker has opened is due; None before its clock starts."""
    if opened.task is None:
        return None
    return _of_case(session, opened.case).get(opened.item.code)


def _of_case(session: Session, case: Case) -> dict[str | None, WhyDue]:
    return {
        item_code: WhyDue(
            promised=_why(clock, clock.promised, clock.first_due_at),
            statutory=_why(clock, clock.statutory, None),
            is_paused=_is_paused(clock.events),
        )
        for item_code, clock in task_clocks.read(session, case).items()
    }


def _is_paused(events: Sequence[ClockEvent]) -> bool:
    turns = [event.kind for event in events if event.kind is not ClockEventKind.EXTEND]
    return bool(turns) and turns[-1] is ClockEventKind.PAUSE


def _why(clock: TaskClock, ending: Ending | None, first: datetime | None) -> Why | None:
    if ending is None:
        return None
    found = explain(clock.events, ending.limit.limit, clock.calendar)
    return Why(
        limit=words_of_limit(ending.limit.limit),
        legal_basis=ending.limit.legal_basis,
        due_at=found.due.at,
        is_provisional=found.due.provisional,
        first_due_at=first if first != found.due.at else None,
        lines=found.lines,
    )


def explain(events: Sequence[ClockEvent], limit: Limit, calendar: WorkingCalendar) -> Explanation:
    """Why a clock of these events runs out when it does, by one calendar.

    Raises ValueError as `workflows.clocks.due`.
    """
    found = due(events, limit, calendar)
    return Explanation(
        due=found,
        lines=tuple(_lines(tuple(_until_stop(events)), limit, calendar, found)),
        last_day=calendar.civil_day(found.at).isoformat(),
        clock=_clock(found.at, calendar),
        is_in_days=limit.unit in IN_DAYS,
    )


def _lines(
    events: Sequence[ClockEvent], limit: Limit, calendar: WorkingCalendar, found: Due
) -> Iterator[Text]:
    start = events[0].at
    if limit.unit in IN_DAYS:
        yield START_DAY.format(day=day_words(calendar.civil_day(start)))
    elif limit.unit is Unit.OFFICE_MINUTES:
        yield START_MINUTE.format(at=_minute(start, calendar))
    for event in events:
        if event.extra:
            extra = words_of_limit(Limit(event.extra, limit.unit))
            yield EXTENDED.format(day=day_words(calendar.civil_day(event.at)), limit=extra)
    if limit.unit is not Unit.WALL_MINUTES:
        yield from _pauses(events, calendar)
    yield from found.reasons
    last = calendar.civil_day(found.at)
    if limit.unit in IN_DAYS:
        yield LAST_DAY.format(day=day_words(last), clock=_clock(found.at, calendar))
    if found.provisional and not calendar.is_published(last):
        yield PROVISIONAL.format(year=last.year)
    yield calendar_line(calendar)


def calendar_line(calendar: WorkingCalendar) -> Text:
    """Which calendar something was counted by."""
    return CALENDAR.format(
        office=office_name(calendar.office),
        version=calendar.version,
        digest=calendar.content_hash().hex()[:DIGEST_CHARACTERS],
    )


def _until_stop(events: Sequence[ClockEvent]) -> Iterator[ClockEvent]:
    """What comes after the stop of a clock changes nothing of it."""
    for event in events:
        yield event
        if event.kind is ClockEventKind.STOP:
            return


def _pauses(events: Sequence[ClockEvent], calendar: WorkingCalendar) -> Iterator[Text]:
    since: datetime | None = None
    for event in events:
        if event.kind is ClockEventKind.PAUSE and since is None:
            since = event.at
        elif since is not None and event.kind in {ClockEventKind.RESUME, ClockEventKind.STOP}:
            yield PAUSE.format(begun=_minute(since, calendar), ended=_minute(event.at, calendar))
            since = None
    if since is not None:
        yield PAUSE_GOES_ON.format(begun=_minute(since, calendar))


def _minute(at: datetime, calendar: WorkingCalendar) -> str:
    return at.astimezone(calendar.civil_zone).strftime("%Y-%m-%d %H:%M")


def _clock(at: datetime, calendar: WorkingCalendar) -> str:
    return at.astimezone(calendar.civil_zone).strftime("%H:%M")
