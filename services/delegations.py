"""Delegations of signature: a head lets somebody of the same desk sign some acts, for a while."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from core.clock import CIVIL_ZONE
from core.errors import NotFoundError, Problem, RuleViolatedError
from core.text import Text
from models.base import new_id
from models.delegation import Delegation
from models.person import Person, PersonGrant
from services import desks
from services.desks import Desk
from workflows.permissions import DELEGABLE, Actor, Grant, Mandate, Permission, Role

LONGEST_DAYS = 90
"""How long a delegation may last unless the installation says otherwise."""
SHOWN_AFTER_END = timedelta(days=30)

ACTS: dict[Permission, Text] = {
    Permission.CASE_ACCEPT: Text(zh="受理", en="accept cases"),
    Permission.CASE_REOPEN: Text(zh="重新办理办件", en="reopen cases"),
    Permission.TASK_REVIEW: Text(zh="审查", en="review"),
    Permission.TASK_DECIDE: Text(zh="作出决定", en="decide"),
    Permission.TASK_EXTEND: Text(zh="批准延期", en="grant extensions"),
    Permission.TASK_REVOKE: Text(zh="撤销决定", en="revoke decisions"),
    Permission.TASK_REOPEN: Text(zh="重新办理事项", en="reopen items"),
    Permission.TASK_ASSIGN: Text(zh="指派办理人", en="assign work"),
}
"""What can be delegated, in words."""

NO_DELEGATION = Text(zh="没有找到这份授权。", en="There is no such delegation.")
CHOOSE_RECEIVER = Text(
    zh="请选择同一岗位现在在岗的一位同事。", en="Choose a colleague who works at this desk now."
)
CHOOSE_ACTS = Text(zh="请至少勾选一项可以代签的事。", en="Tick at least one act to be signed.")
FIRST_DAY_PAST = Text(
    zh="开始日期不能早于今天。授权只对以后的事有效。",
    en="The first day cannot lie before today: a delegation holds for what is still to come.",
)
WRONG_ORDER = Text(
    zh="结束日期不能早于开始日期。", en="The last day cannot lie before the first one."
)
TOO_LONG = Text(
    zh="一次授权最长 {days} 天。到期后可以再授权。",
    en="A delegation lasts {days} days at most; renew it when it has ended.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelegation:
    """What a head typed. Both days are part of it."""

    receiver_id: UUID | None
    acts: tuple[str, ...]
    first_on: date
    last_on: date
    command_id: UUID
    longest_days: int = LONGEST_DAYS
    """How long the installation lets a delegation last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationLine:
    """One delegation, as lists show it."""

    id: UUID
    desk: Desk
    giver_name: str
    receiver_name: str
    acts: tuple[Text, ...]
    valid_from: datetime
    valid_until: datetime
    revoked_at: datetime | None
    is_in_force: bool
    """It holds now: begun, not ended, and both still work at the desk."""
    is_to_come: bool

    @property
    def can_be_revoked(self) -> bool:
        """True until it has ended."""
        return self.is_in_force or self.is_to_come

    @property
    def first_on(self) -> date:
        """Its first day in Beijing."""
        return self.valid_from.astimezone(CIVIL_ZONE).date()

    @property
    def last_on(self) -> date:
        """Its last day in Beijing."""
        return (self.valid_until - timedelta(seconds=1)).astimezone(CIVIL_ZONE).date()


def grant(session: Session, actor: Actor, desk: Desk, new: NewDelegation, at: datetime) -> UUID:
    """Delegate some acts of a desk of the actor's own to somebody else there; the row's id.

    Repeated with one ``command_id`` it is the first one. Raises `NotFoundError` for a desk of which
    the actor is not the head by a grant of their own: what was delegated is not delegated further.
    Raises `RuleViolatedError` at ``receiver``, ``acts``, ``first`` or ``last``.
    """
    if desk not in desks.managed(actor, Permission.DELEGATION_GRANT, at):
        raise NotFoundError(desks.NO_DESK)
    problems = [
        *_receiver_problems(session, actor, desk, new.receiver_id, at),
        *_act_problems(new.acts),
        *_time_problems(new, at),
    ]
    if problems or new.receiver_id is None:
        raise RuleViolatedError(tuple(problems))
    begins = datetime.combine(new.first_on, time(), CIVIL_ZONE)
    session.execute(
        insert(Delegation)
        .values(
            id=new_id(),
            giver_id=actor.id,
            receiver_id=new.receiver_id,
            district_code=desk.district_code,
            department_code=desk.department_code,
            permissions=[each.value for each in ACTS if each.value in new.acts],
            valid_from=max(begins, at),
            valid_until=datetime.combine(new.last_on + timedelta(days=1), time(), CIVIL_ZONE),
            granted_at=at,
            command_id=new.command_id,
        )
        .on_conflict_do_nothing(index_elements=[Delegation.giver_id, Delegation.command_id])
    )
    return session.execute(
        select(Delegation.id).where(
            Delegation.giver_id == actor.id, Delegation.command_id == new.command_id
        )
    ).scalar_one()


def revoke(session: Session, actor: Actor, delegation_id: UUID, at: datetime) -> None:
    """End a delegation at once, as who gave it or as a head of that desk. Twice changes nothing.

    Raises `NotFoundError` for anybody else.
    """
    row = session.execute(
        select(Delegation).where(Delegation.id == delegation_id).with_for_update()
    ).scalar_one_or_none()
    if row is None or not _may_revoke(actor, row, at):
        raise NotFoundError(NO_DELEGATION)
    if row.revoked_at is None and row.valid_until > at:
        row.revoked_by, row.revoked_at = actor.id, at
        session.flush()


def mandates(
    session: Session, person_id: UUID, own_grants: Sequence[Grant], at: datetime
) -> tuple[Grant, ...]:
    """The grants that others delegated to a person and that hold at ``at``.

    Both must still work there: the giver as head, the receiver by one of ``own_grants``. Somebody
    without a desk is not asked for.
    """
    own = {
        (each.district_code, each.department_code)
        for each in own_grants
        if each.role in desks.DESK_ROLES
    }
    if not own:
        return ()
    rows = session.execute(
        select(Delegation, Person.name)
        .join(Person, Person.id == Delegation.giver_id)
        .where(Delegation.receiver_id == person_id, _holds(at))
        .order_by(Delegation.id)
    )
    return tuple(
        _as_grant(row, giver_name)
        for row, giver_name in rows
        if (row.district_code, row.department_code) in own
    )


def of_desk(session: Session, desk: Desk, at: datetime) -> tuple[DelegationLine, ...]:
    """The delegations of a desk, those in force or to come first, ended ones for a month."""
    return _lines(
        session,
        _statement(at).where(
            Delegation.district_code == desk.district_code,
            Delegation.department_code == desk.department_code,
        ),
        at,
    )


def received(session: Session, actor: Actor, at: datetime) -> tuple[DelegationLine, ...]:
    """The delegations that the actor was given."""
    return _lines(session, _statement(at).where(Delegation.receiver_id == actor.id), at)


def _statement(at: datetime) -> Select[Delegation, str, str, bool]:
    giver, receiver = aliased(Person), aliased(Person)
    return (
        select(Delegation, giver.name, receiver.name, and_(_holds(at), _is_at_desk(at)))
        .join(giver, giver.id == Delegation.giver_id)
        .join(receiver, receiver.id == Delegation.receiver_id)
        .where(Delegation.valid_until > at - SHOWN_AFTER_END)
        .order_by(Delegation.valid_until.desc(), Delegation.id)
    )


def _lines(
    session: Session, statement: Select[Delegation, str, str, bool], at: datetime
) -> tuple[DelegationLine, ...]:
    found = [
        DelegationLine(
            id=row.id,
            desk=Desk(district_code=row.district_code, department_code=row.department_code),
            giver_name=giver_name,
            receiver_name=receiver_name,
            acts=tuple(ACTS[Permission(code)] for code in row.permissions),
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            revoked_at=row.revoked_at,
            is_in_force=bool(in_force),
            is_to_come=row.revoked_at is None and row.valid_from > at,
        )
        for row, giver_name, receiver_name, in_force in session.execute(statement)
    ]
    return tuple(sorted(found, key=lambda line: not line.can_be_revoked))


def _as_grant(row: Delegation, giver_name: str) -> Grant:
    return Grant(
        role=Role.HEAD,
        district_code=row.district_code,
        department_code=row.department_code,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        mandate=Mandate(
            id=row.id,
            giver_id=row.giver_id,
            giver_name=giver_name,
            permissions=frozenset(map(Permission, row.permissions)),
        ),
    )


def _holds(at: datetime) -> ColumnElement[bool]:
    """In force, and its giver is still head of that desk."""
    return and_(
        Delegation.revoked_at.is_(None),
        Delegation.valid_from <= at,
        Delegation.valid_until > at,
        _works_there(Delegation.giver_id, at, Role.HEAD),
    )


def _is_at_desk(at: datetime) -> ColumnElement[bool]:
    return _works_there(Delegation.receiver_id, at, *desks.DESK_ROLES)


def _works_there(
    person_id: InstrumentedAttribute[UUID], at: datetime, *roles: Role
) -> ColumnElement[bool]:
    worker = aliased(Person)
    return exists().where(
        PersonGrant.person_id == person_id,
        PersonGrant.role.in_(roles),
        PersonGrant.district_code == Delegation.district_code,
        PersonGrant.department_code == Delegation.department_code,
        PersonGrant.valid_from <= at,
        or_(PersonGrant.valid_until.is_(None), PersonGrant.valid_until > at),
        worker.id == person_id,
        worker.disabled_at.is_(None),
    )


def _may_revoke(actor: Actor, row: Delegation, at: datetime) -> bool:
    desk = Desk(district_code=row.district_code, department_code=row.department_code)
    return actor.id == row.giver_id or desk in desks.managed(actor, Permission.DELEGATION_GRANT, at)


def _receiver_problems(
    session: Session, actor: Actor, desk: Desk, receiver_id: UUID | None, at: datetime
) -> list[Problem]:
    at_desk = {member.id for member in desks.members(session, desk, at)} - {actor.id}
    return [] if receiver_id in at_desk else [Problem("receiver", CHOOSE_RECEIVER)]


def _act_problems(acts: Sequence[str]) -> list[Problem]:
    known = {each.value for each in ACTS if each in DELEGABLE}
    return [] if acts and set(acts) <= known else [Problem("acts", CHOOSE_ACTS)]


def _time_problems(new: NewDelegation, at: datetime) -> list[Problem]:
    if new.first_on < at.astimezone(CIVIL_ZONE).date():
        return [Problem("first", FIRST_DAY_PAST)]
    if new.last_on < new.first_on:
        return [Problem("last", WRONG_ORDER)]
    if (new.last_on - new.first_on).days + 1 > new.longest_days:
        return [Problem("last", TOO_LONG.format(days=new.longest_days))]
    return []
