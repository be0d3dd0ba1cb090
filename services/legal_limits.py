"""When the law's own limit of each started task ends: days by the calendar, minutes in SQL.

Only the promise has a stored due time. A limit in days depends on nothing but the day of the start,
so that it is reckoned once a day and item, however many cases began on it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
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

from catalog.schema import LimitDefinition
from core.clock import CIVIL_ZONE
from services import calendars
from services.definitions import Definition
from workflows.calendar import WorkingCalendar
from workflows.clocks import ClockEvent, ClockEventKind, Unit, due

DAYS = (Unit.WORKING_DAYS.value, Unit.CALENDAR_DAYS.value)
MINUTE = timedelta(minutes=1)


def with_legal_due(session: Session, tasks: CTE, found: tuple[Definition, ...]) -> CTE:
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
    key = _start_key(known.c.unit, tasks.c.started_at)
    pairs = and_(
        known.c.version == func.encode(tasks.c.definition_hash, "hex"),
        known.c.item_code == tasks.c.item_code,
    )
    starts = session.execute(
        select(known.c.version, known.c.item_code, key.label("starts_at"))
        .select_from(tasks.join(known, pairs))
        .where(known.c.unit != Unit.WALL_MINUTES, tasks.c.started_at.is_not(None))
        .distinct()
    )
    dues = _dues(list(_reckoned(session, limits, starts)))
    after_minutes = tasks.c.started_at + known.c.amount * MINUTE
    return (
        select(
            *tasks.c,
            case((known.c.unit == Unit.WALL_MINUTES, after_minutes), else_=dues.c.due_at).label(
                "legal_due_at"
            ),
        )
        .select_from(
            tasks.outerjoin(known, pairs).outerjoin(
                dues,
                and_(
                    dues.c.version == known.c.version,
                    dues.c.item_code == known.c.item_code,
                    dues.c.starts_at == key,
                ),
            )
        )
        .cte("limited")
    )


def legal_due(limit: LimitDefinition, starts_at: datetime, calendar: WorkingCalendar) -> datetime:
    """The end of a limit that starts at an instant, by one calendar."""
    started = ClockEvent(kind=ClockEventKind.START, at=starts_at)
    return due([started], limit.limit, calendar).at


def _reckoned(
    session: Session, limits: dict[tuple[str, str], LimitDefinition], starts: Any
) -> Iterator[dict[str, str]]:
    calendar = calendars.current(session)
    ends: dict[tuple[LimitDefinition, datetime], datetime] = {}
    for row in starts:
        limit = limits[row.version, row.item_code]
        if (limit, row.starts_at) not in ends:
            ends[limit, row.starts_at] = legal_due(limit, row.starts_at, calendar)
        yield {
            "version": row.version,
            "item_code": row.item_code,
            "starts_at": row.starts_at.isoformat(),
            "due_at": ends[limit, row.starts_at].isoformat(),
        }


def _start_key(
    unit: ColumnElement[str], started_at: ColumnElement[datetime]
) -> ColumnElement[datetime]:
    """What the end depends on: the Beijing day of the start, or for office hours its instant."""
    return case(
        (unit.in_(DAYS), func.date_trunc("day", started_at, CIVIL_ZONE.key)), else_=started_at
    )


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
    return select(*recordset.c).cte("legal_limits")


def _dues(rows: list[dict[str, str]]) -> CTE:
    recordset = (
        func.jsonb_to_recordset(bindparam("legal_dues", rows, type_=JSONB))
        .table_valued(
            column("version", String),
            column("item_code", String),
            column("starts_at", DateTime(timezone=True)),
            column("due_at", DateTime(timezone=True)),
        )
        .render_derived(with_types=True)
    )
    return select(*recordset.c).cte("legal_dues")
