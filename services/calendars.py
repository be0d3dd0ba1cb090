"""Published working calendars: versioned, kept in memory by their hash."""

from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import NotFoundError
from core.text import Text
from models.definition import CalendarDay, CalendarVersion
from workflows.calendar import WorkingCalendar

NO_CALENDAR = Text(zh="没有这个工作日历。", en="There is no such calendar.")

_known: dict[bytes, WorkingCalendar] = {}


def publish(session: Session, calendar: WorkingCalendar, at: datetime) -> bool:
    """Store a calendar version with its days; False if it is there already."""
    digest = calendar.content_hash()
    done = session.execute(
        insert(CalendarVersion)
        .values(
            hash=digest,
            code="national",
            version=calendar.version,
            first_year=calendar.first_year,
            last_year=calendar.last_year,
            opens_at=calendar.opens_at.isoformat(),
            closes_at=calendar.closes_at.isoformat(),
            published_at=at,
        )
        .on_conflict_do_nothing()
        .returning(CalendarVersion.hash)
    ).all()
    if not done:
        return False
    session.execute(
        insert(CalendarDay),
        [
            {
                "calendar_hash": digest,
                "day": day.day,
                "is_working_day": day.is_working_day,
                "name": {"zh": day.name.zh, "en": day.name.en},
                "source": day.source,
            }
            for day in calendar.days
        ],
    )
    return True


def current(session: Session) -> WorkingCalendar:
    """The calendar published last, as the door counts by it. Raises `NotFoundError` if none is."""
    digest = session.execute(
        select(CalendarVersion.hash)
        .order_by(CalendarVersion.published_at.desc(), CalendarVersion.hash)
        .limit(1)
    ).scalar()
    if digest is None:
        raise NotFoundError(NO_CALENDAR)
    return by_hash(session, digest)


def by_hash(session: Session, digest: bytes) -> WorkingCalendar:
    """The calendar with this content hash. Raises `NotFoundError` if it is not published."""
    key = bytes(digest)
    if key not in _known:
        head = session.execute(
            select(CalendarVersion).where(CalendarVersion.hash == key)
        ).scalar_one_or_none()
        if head is None:
            raise NotFoundError(NO_CALENDAR)
        days = session.execute(select(CalendarDay).where(CalendarDay.calendar_hash == key))
        _known[key] = WorkingCalendar.from_rows(
            version=head.version,
            years=(head.first_year, head.last_year),
            hours=(time.fromisoformat(head.opens_at), time.fromisoformat(head.closes_at)),
            days=[
                (
                    row.day,
                    row.is_working_day,
                    Text(zh=str(row.name["zh"]), en=str(row.name["en"])),
                    row.source,
                )
                for row in days.scalars()
            ],
        )
    return _known[key]
