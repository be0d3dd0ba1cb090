"""When the law's own limit of each started task ends: days by the calendar, minutes in SQL.

Only the promise has a stored due time. A limit in days depends on nothing but the day of the start,
so that it is reckoned once for each day, however many cases began on it.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import (
    CTE,
    BigInteger,
    Date,
    DateTime,
    String,
    and_,
    bindparam,
    case,
    column,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from catalog.limits import LimitDefinition
from core.clock import CIVIL_ZONE
from models.case import Case
from services import calendars
from services.case_scope import CaseFilters, of_cases
from services.definitions import Definition
from workflows.calendar import WorkingCalendar
from workflows.clocks import ClockEvent, ClockEventKind, Limit, Unit, due

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)

_ends: dict[tuple[int, Limit, date], datetime] = {}
"""Published calendars are kept for ever (`services.calendars`), so that their ids stay theirs."""


def with_legal_due(
    session: Session,
    tasks: CTE,
    found: tuple[Definition, ...],
    filters: CaseFilters,
    at: datetime,
) -> CTE:
    """``tasks`` (definition_hash, item_code, started_at, …) with ``legal_due_at`` beside them.

    It is empty where the law sets no limit or the clock has not started.
    """
    limits = {
        (definition.hash.hex(), item.code): item.statutory_limit
        for definition in found
        for item in definition.thing.items
        if item.statutory_limit is not None
    }
    known = _limits(limits)
    dues = _dues(session, {limit.limit for limit in limits.values()}, filters, at)
    after_minutes = tasks.c.started_at + known.c.amount * MINUTE
    legal_due_at = case((known.c.unit == Unit.WALL_MINUTES, after_minutes), else_=dues.c.due_at)
    has_limit = and_(
        known.c.definition_hash == tasks.c.definition_hash,
        known.c.item_code == tasks.c.item_code,
    )
    starts_on_day = and_(
        dues.c.unit == known.c.unit,
        dues.c.amount == known.c.amount,
        dues.c.day == func.timezone(CIVIL_ZONE.key, tasks.c.started_at).cast(Date),
    )
    joined = tasks.outerjoin(known, has_limit).outerjoin(dues, starts_on_day)
    return select(*tasks.c, legal_due_at.label("legal_due_at")).select_from(joined).cte("limited")


def legal_due(limit: Limit, day: date, calendar: WorkingCalendar) -> datetime:
    """The end of a limit in days that starts on a Beijing day, by one published calendar."""
    key = (id(calendar), limit, day)
    if key not in _ends:
        started = datetime.combine(day, time(), tzinfo=CIVIL_ZONE)
        _ends[key] = due([ClockEvent(kind=ClockEventKind.START, at=started)], limit, calendar).at
    return _ends[key]


def _dues(session: Session, limits: set[Limit], filters: CaseFilters, at: datetime) -> CTE:
    """The end of every limit in days for every day on which a task of these cases may start."""
    in_days = [limit for limit in limits if limit.unit is not Unit.WALL_MINUTES]
    rows = list(_reckoned(session, in_days, filters, at)) if in_days else []
    recordset = (
        func.jsonb_to_recordset(bindparam("legal_dues", rows, type_=JSONB))
        .table_valued(
            column("unit", String),
            column("amount", BigInteger),
            column("day", Date),
            column("due_at", DateTime(timezone=True)),
        )
        .render_derived(with_types=True)
    )
    return select(*recordset.c).cte("legal_dues")


def _reckoned(
    session: Session, limits: list[Limit], filters: CaseFilters, at: datetime
) -> Iterator[dict[str, object]]:
    # Nothing starts before the acceptance, and nothing that is measured starts after now.
    first = session.scalar(of_cases(select(func.min(Case.accepted_at)), filters))
    if first is None:
        return
    calendar = calendars.current(session)
    day, last = (each.astimezone(CIVIL_ZONE).date() for each in (first, at))
    while day <= last:
        for limit in limits:
            yield {
                "unit": limit.unit.value,
                "amount": limit.amount,
                "day": day.isoformat(),
                "due_at": legal_due(limit, day, calendar).isoformat(),
            }
        day += DAY


def _limits(limits: dict[tuple[str, str], LimitDefinition]) -> CTE:
    rows = [
        {
            "version": version,
            "item_code": item_code,
            "unit": limit.unit.value,
            "amount": limit.amount,
        }
        for (version, item_code), limit in limits.items()
    ]
    recordset = (
        func.jsonb_to_recordset(bindparam("legal_limits", rows, type_=JSONB))
        .table_valued(
            column("version", String),
            column("item_code", String),
            column("unit", String),
            column("amount", BigInteger),
        )
        .render_derived(with_types=True)
    )
    return select(
        func.decode(recordset.c.version, "hex").label("definition_hash"),
        recordset.c.item_code,
        recordset.c.unit,
        recordset.c.amount,
    ).cte("legal_limits")
