"""Published working calendars of offices: versioned, kept in memory by their hash.

An office is ``national``, a district (``620102-gx``) or a department in it (``620102-gx/tax``).
The most specific calendar that is published counts; of one office the version published last.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from catalog import registry
from catalog.working_days import read_slots
from core.errors import NotFoundError
from core.text import Text
from models.definition import CalendarDay, CalendarVersion
from models.person import Person
from services import jobs
from workflows.calendar import NATIONAL, CalendarEntry, WorkingCalendar

NO_CALENDAR = Text(zh="没有这个工作日历。", en="There is no such calendar.")
NO_OFFICE = Text(zh="没有“{office}”这个机关。", en='There is no office "{office}".')
OFFICES_ARE = Text(
    zh="请从机关列表中选择全国、一个区域，或区域的一个部门。",
    en="Choose the nation, a district, or a department of a district from the list of offices.",
)
RECOMPUTE_JOB = "recompute_limits"
"""Counts every open limit again; enqueued with each publication."""
NATIONAL_NAME = Text(zh="全国", en="National")

_known: dict[bytes, WorkingCalendar] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One published version of an office's calendar, without its days."""

    hash: bytes
    office: str
    number: int
    version: str
    first_year: int
    last_year: int
    published_at: datetime
    published_name: str | None
    """Who published it; None for one that came with the program or by the command line."""


def office_codes(district_code: str, department_code: str | None) -> tuple[str, ...]:
    """The offices whose calendar may hold for a department in a district, most specific first."""
    own = (f"{district_code}/{department_code}",) if department_code else ()
    return (*own, district_code, NATIONAL)


def office_name(office: str) -> Text:
    """What an office is called. Raises `NotFoundError` if the catalogue knows none such."""
    if office == NATIONAL:
        return NATIONAL_NAME
    catalogue = registry.catalogue()
    district_code, slash, department_code = office.partition("/")
    district = catalogue.districts.get(district_code)
    department = catalogue.departments.get(department_code)
    if district is None or (slash and department is None):
        raise NotFoundError(NO_OFFICE.format(office=office[:80]), advice=OFFICES_ARE)
    if department is None:
        return district.name
    return Text(zh="{district}{department}", en="{department}, {district}").format(
        district=district.name, department=department.name
    )


def every_office() -> tuple[str, ...]:
    """Every office that may have a calendar of its own, the nation first."""
    catalogue = registry.catalogue()
    found = [NATIONAL]
    for district in catalogue.districts:
        found.append(district)
        found += [f"{district}/{department}" for department in catalogue.departments]
    return tuple(found)


def publish(
    session: Session, calendar: WorkingCalendar, at: datetime, by: UUID | None = None
) -> bool:
    """Store a calendar as its office's newest version; False if it is published already.

    A version is never changed. Two who publish for one office at once cannot both take the same
    number: the second waits for the first, and then counts on.
    """
    digest = calendar.content_hash()
    lock(session, calendar.office)
    if session.get(CalendarVersion, digest) is not None:
        return False
    number = next_number(session, calendar.office)
    session.execute(
        insert(CalendarVersion).values(
            hash=digest,
            code=calendar.office,
            number=number,
            version=calendar.version,
            first_year=calendar.first_year,
            last_year=calendar.last_year,
            opens_at=calendar.opens_at.isoformat(),
            closes_at=calendar.closes_at.isoformat(),
            zone=calendar.zone,
            week=[_slots(slots) for slots in calendar.week],
            published_at=at,
            published_by=by,
        )
    )
    if calendar.days:
        session.execute(insert(CalendarDay), [_day_row(digest, day) for day in calendar.days])
    if number > 1 or calendar.office != NATIONAL:  # before the first there is nothing to count
        jobs.enqueue(session, RECOMPUTE_JOB)
    return True


def next_number(session: Session, office: str) -> int:
    """The number that the next version of an office gets."""
    last = session.execute(
        select(func.max(CalendarVersion.number)).where(CalendarVersion.code == office)
    ).scalar()
    return int(last or 0) + 1


def current(session: Session, office: str = NATIONAL) -> WorkingCalendar:
    """The newest calendar of exactly this office. Raises `NotFoundError` if it has none."""
    found = newest_hashes(session, [office])
    if not found:
        raise NotFoundError(NO_CALENDAR)
    return by_hash(session, found[office])


def for_office(
    session: Session, district_code: str, department_code: str | None
) -> WorkingCalendar:
    """The calendar by which a department in a district counts: the most specific published one.

    Raises `NotFoundError` if not even the nation's is published.
    """
    offices = office_codes(district_code, department_code)
    return by_hash(session, most_specific(newest_hashes(session, offices), offices))


def most_specific(published: Mapping[str, bytes], offices: Iterable[str]) -> bytes:
    """The hash of the first of ``offices`` that has a calendar. Raises `NotFoundError` if none."""
    for office in offices:
        if office in published:
            return bytes(published[office])
    raise NotFoundError(NO_CALENDAR)


def newest_hashes(session: Session, offices: Iterable[str] | None = None) -> dict[str, bytes]:
    """The hash of the newest version of each office, or of those named, that has one."""
    found = (
        select(CalendarVersion.code, CalendarVersion.hash)
        .ext(distinct_on(CalendarVersion.code))
        .order_by(CalendarVersion.code, CalendarVersion.number.desc())
    )
    if offices is not None:
        found = found.where(CalendarVersion.code.in_(list(offices)))
    return {code: bytes(digest) for code, digest in session.execute(found)}


def versions(session: Session, office: str | None = None) -> list[Version]:
    """Every published version, or those of one office, newest first within an office."""
    found = (
        select(CalendarVersion, Person.name)
        .outerjoin(Person, Person.id == CalendarVersion.published_by)
        .order_by(CalendarVersion.code, CalendarVersion.number.desc())
    )
    if office is not None:
        found = found.where(CalendarVersion.code == office)
    return [
        Version(
            hash=bytes(row.hash),
            office=row.code,
            number=row.number,
            version=row.version,
            first_year=row.first_year,
            last_year=row.last_year,
            published_at=row.published_at,
            published_name=name,
        )
        for row, name in session.execute(found)
    ]


def by_hash(session: Session, digest: bytes) -> WorkingCalendar:
    """The calendar with this content hash. Raises `NotFoundError` if it is not published."""
    key = bytes(digest)
    if key not in _known:
        head = session.get(CalendarVersion, key)
        if head is None:
            raise NotFoundError(NO_CALENDAR)
        days = session.execute(select(CalendarDay).where(CalendarDay.calendar_hash == key))
        entries = [_entry(row) for row in days.scalars()]
        _known[key] = WorkingCalendar(
            version=head.version,
            first_year=head.first_year,
            last_year=head.last_year,
            days=tuple(sorted(entries, key=lambda each: each.day)),
            opens_at=time.fromisoformat(head.opens_at),
            closes_at=time.fromisoformat(head.closes_at),
            office=head.code,
            zone=head.zone,
            week=tuple(read_slots(" ".join(slots)) for slots in head.week),
        )
    return _known[key]


def lock(session: Session, office: str) -> None:
    """Let nobody else publish for this office until the transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"calendar {office}"))))


def _day_row(digest: bytes, day: CalendarEntry) -> dict[str, object]:
    return {
        "calendar_hash": digest,
        "day": day.day,
        "is_working_day": day.is_working_day,
        "name": {"zh": day.name.zh, "en": day.name.en},
        "source": day.source,
        "slots": _slots(day.slots),
    }


def _slots(slots: Iterable[object]) -> list[str]:
    return [str(slot) for slot in slots]


def _entry(row: CalendarDay) -> CalendarEntry:
    name = Text(zh=str(row.name["zh"]), en=str(row.name["en"]))
    slots = read_slots(" ".join(row.slots))
    return CalendarEntry(row.day, row.is_working_day, name, row.source, slots)
