"""Absences: who is away, who stands in, and who records it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from core.clock import CIVIL_ZONE
from core.errors import NotFoundError, Problem, RuleViolatedError
from core.text import Text
from models.absence import Absence
from models.base import new_id
from models.person import Person
from services import desks, jobs
from services.desks import Desk
from workflows.permissions import Actor, Permission

BEGIN_ABSENCE = "begin_absence"
"""The job that gives away the work of one absence; another one looks for those it missed."""
LONGEST_DAYS = 366
SHOWN_AFTER_END = timedelta(days=30)

NO_ABSENCE = Text(zh="没有找到这条离岗记录。", en="There is no such absence.")
CHOOSE_PERSON = Text(
    zh="请选择您自己，或您管理的岗位上的一位同事。",
    en="Choose yourself, or somebody at a desk of yours.",
)
CHOOSE_DEPUTY = Text(
    zh="请选择同一岗位的另一位同事代办，或不指定（未办的件回到岗位）。",
    en="Choose somebody else at the same desk, or nobody: open work goes back to the desk then.",
)
DEPUTY_AWAY = Text(
    zh="{name} 在这段时间里也离岗，请另选一位，或不指定。",
    en="{name} is away in that time too. Choose another one, or nobody.",
)
LAST_DAY_PAST = Text(zh="结束日期不能早于今天。", en="The last day cannot lie before today.")
WRONG_ORDER = Text(
    zh="结束日期不能早于开始日期。", en="The last day cannot lie before the first one."
)
TOO_LONG = Text(
    zh="一次离岗最长 {days} 天。长期不在岗的，请由管理员收回权限。",
    en="An absence lasts {days} days at most. For longer, have the administrator end the grant.",
)
OVERLAPS = Text(
    zh="{first} 至 {last} 已经登记了离岗，请先结束那一条，或改日期。",
    en="An absence from {first} to {last} is recorded already. End it first, or change the days.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAbsence:
    """What was typed. Both days are part of it; ``deputy_id`` None sends open work to the desk."""

    person_id: UUID | None
    first_on: date
    last_on: date
    deputy_id: UUID | None
    command_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceLine:
    """One absence, as lists show it."""

    id: UUID
    person_id: UUID
    person_name: str
    first_on: date
    last_on: date
    deputy_name: str | None
    recorded_by_name: str
    is_now: bool
    is_to_come: bool
    ended_at: datetime | None

    @property
    def can_be_ended(self) -> bool:
        """True until it has ended by itself or by hand."""
        return self.is_now or self.is_to_come


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Until when somebody is away, and who stands in."""

    last_on: date
    deputy_id: UUID | None


def record(session: Session, actor: Actor, new: NewAbsence, at: datetime) -> UUID:
    """Record an absence of one's own, or of somebody at a desk that one manages; the row's id.

    Repeated with one ``command_id`` it is the first one. Raises `RuleViolatedError` at ``person``,
    ``deputy``, ``first`` or ``last``.
    """
    earlier = _by_command(session, actor, new.command_id)
    if earlier is not None:
        return earlier
    _lock(session, new.person_id)
    problems = _time_problems(new, at) or _people_problems(session, actor, new, at)
    if problems or new.person_id is None:
        raise RuleViolatedError(tuple(problems))
    absence_id = new_id()
    session.execute(
        insert(Absence).values(
            id=absence_id,
            person_id=new.person_id,
            first_on=new.first_on,
            last_on=new.last_on,
            deputy_id=new.deputy_id,
            recorded_by=actor.id,
            recorded_at=at,
            command_id=new.command_id,
        )
    )
    if new.first_on <= _day(at):
        jobs.enqueue(session, BEGIN_ABSENCE, absence_id=absence_id)
    return absence_id


def end(session: Session, actor: Actor, absence_id: UUID, at: datetime) -> None:
    """End an absence at once, or take back one to come. Twice changes nothing.

    What was given away stays where it is. Raises `NotFoundError` for somebody else's absence.
    """
    row = session.execute(
        select(Absence).where(Absence.id == absence_id).with_for_update()
    ).scalar_one_or_none()
    if row is None or not _may_record(session, actor, row.person_id, at):
        raise NotFoundError(NO_ABSENCE)
    if row.ended_at is None and row.last_on >= _day(at):
        row.ended_by, row.ended_at = actor.id, at
        session.flush()


def away(session: Session, ids: Iterable[UUID], at: datetime) -> dict[UUID, Away]:
    """Who of these is away at ``at``."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = session.execute(
        select(Absence).where(Absence.person_id.in_(wanted), is_now(at))
    ).scalars()
    return {row.person_id: Away(last_on=row.last_on, deputy_id=row.deputy_id) for row in rows}


def of_person(session: Session, person_id: UUID, at: datetime) -> tuple[AbsenceLine, ...]:
    """A person's own absences: now, to come, and ended ones for a month."""
    return _lines(session, _statement(at).where(Absence.person_id == person_id), at)


def of_desk(session: Session, desk: Desk, at: datetime) -> tuple[AbsenceLine, ...]:
    """The absences of those who work at a desk."""
    ids = [member.id for member in desks.members(session, desk, at)]
    return _lines(session, _statement(at).where(Absence.person_id.in_(ids)), at)


def is_now(at: datetime) -> ColumnElement[bool]:
    """Whether a row of `Absence` holds at ``at``."""
    day = _day(at)
    return and_(
        Absence.first_on <= day,
        Absence.last_on >= day,
        Absence.ended_at.is_(None),
    )


def _statement(at: datetime) -> Select[Absence, str, str | None, str | None]:
    person, deputy, recorder = aliased(Person), aliased(Person), aliased(Person)
    return (
        select(Absence, person.name, deputy.name, recorder.name)
        .join(person, person.id == Absence.person_id)
        .outerjoin(deputy, deputy.id == Absence.deputy_id)
        .outerjoin(recorder, recorder.id == Absence.recorded_by)
        .where(Absence.last_on > _day(at - SHOWN_AFTER_END))
        .order_by(Absence.first_on, Absence.id)
    )


def _lines(
    session: Session, statement: Select[Absence, str, str | None, str | None], at: datetime
) -> tuple[AbsenceLine, ...]:
    day = _day(at)
    found = [
        AbsenceLine(
            id=row.id,
            person_id=row.person_id,
            person_name=person_name,
            first_on=row.first_on,
            last_on=row.last_on,
            deputy_name=deputy_name,
            recorded_by_name=recorder_name or "",
            is_now=row.ended_at is None and row.first_on <= day <= row.last_on,
            is_to_come=row.ended_at is None and row.first_on > day,
            ended_at=row.ended_at,
        )
        for row, person_name, deputy_name, recorder_name in session.execute(statement)
    ]
    return tuple(sorted(found, key=lambda line: not line.can_be_ended))


def _by_command(session: Session, actor: Actor, command_id: UUID) -> UUID | None:
    return session.execute(
        select(Absence.id).where(Absence.recorded_by == actor.id, Absence.command_id == command_id)
    ).scalar_one_or_none()


def _lock(session: Session, person_id: UUID | None) -> None:
    """Two at once must not record the same days: one waits for the other here."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())


def _may_record(session: Session, actor: Actor, person_id: UUID, at: datetime) -> bool:
    theirs = desks.of_person(session, person_id, at)
    if actor.id == person_id:
        return bool(theirs)
    return bool(theirs & set(desks.managed(actor, Permission.ABSENCE_RECORD, at)))


def _time_problems(new: NewAbsence, at: datetime) -> list[Problem]:
    if new.last_on < _day(at):
        return [Problem("last", LAST_DAY_PAST)]
    if new.last_on < new.first_on:
        return [Problem("last", WRONG_ORDER)]
    if (new.last_on - new.first_on).days + 1 > LONGEST_DAYS:
        return [Problem("last", TOO_LONG.format(days=LONGEST_DAYS))]
    return []


def _people_problems(
    session: Session, actor: Actor, new: NewAbsence, at: datetime
) -> list[Problem]:
    if new.person_id is None or not _may_record(session, actor, new.person_id, at):
        return [Problem("person", CHOOSE_PERSON)]
    other = _overlapping(session, new.person_id, new)
    if other is not None:
        days = {"first": other.first_on.isoformat(), "last": other.last_on.isoformat()}
        return [Problem("first", OVERLAPS.format(**days))]
    return _deputy_problems(session, new, at)


def _deputy_problems(session: Session, new: NewAbsence, at: datetime) -> list[Problem]:
    if new.deputy_id is None or new.person_id is None:
        return []
    theirs = desks.of_person(session, new.person_id, at)
    if new.deputy_id == new.person_id or not theirs & desks.of_person(session, new.deputy_id, at):
        return [Problem("deputy", CHOOSE_DEPUTY)]
    if _overlapping(session, new.deputy_id, new) is not None:
        name = desks.names(session, [new.deputy_id]).get(new.deputy_id, "")
        return [Problem("deputy", DEPUTY_AWAY.format(name=name))]
    return []


def _overlapping(session: Session, person_id: UUID, new: NewAbsence) -> Absence | None:
    return session.execute(
        select(Absence)
        .where(
            Absence.person_id == person_id,
            Absence.ended_at.is_(None),
            Absence.first_on <= new.last_on,
            Absence.last_on >= new.first_on,
        )
        .order_by(Absence.first_on)
        .limit(1)
    ).scalar_one_or_none()


def _day(at: datetime) -> date:
    return at.astimezone(CIVIL_ZONE).date()
