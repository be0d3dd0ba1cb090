"""People and their grants: make an account, list, rename, disable."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from catalog import registry
from core.errors import ConflictError, NotFoundError, Problem, RuleViolatedError
from core.text import CHINESE, Text
from models.base import new_id
from models.definition import Maker
from models.person import Person, PersonGrant
from models.sign_in import Invitation, SignInSession
from services.account_names import (
    AccountKind,
    account_kind,
    normalise_account,
    normalise_name,
)
from workflows.permissions import Grant, Role

STAFF_ROLES = (
    Role.ADMINISTRATOR,
    Role.WINDOW,
    Role.CLERK,
    Role.HEAD,
    Role.GOVERNMENT,
    Role.SUPERVISOR,
    Role.SEAL_MAKER,
    Role.AUDITOR,
    Role.OPERATOR,
)
OF_ONE_DISTRICT = frozenset({Role.WINDOW, Role.CLERK, Role.HEAD, Role.GOVERNMENT, Role.SUPERVISOR})
OF_ONE_DEPARTMENT = frozenset({Role.CLERK, Role.HEAD})
MAY_NAME_DEPARTMENT = OF_ONE_DEPARTMENT | {Role.SUPERVISOR}
LONGEST_NAME = 100

WRONG_ACCOUNT = Text(
    zh="请输入 11 位手机号码，或一个电子邮箱地址，例如 name@example.cn。",
    en="Enter a mobile number of 11 digits or an e-mail address, such as name@example.cn.",
)
WRONG_STAFF_ACCOUNT = Text(
    zh="请输入手机号码、电子邮箱，或以字母开头的账号名（3 到 40 个小写字母、数字、点、横线）。",
    en="Enter a mobile number, an e-mail address, or an account name that begins with a letter "
    "(3 to 40 small letters, digits, dots or hyphens).",
)
ACCOUNT_TAKEN = Text(
    zh="这个账号已经注册。如果是您的账号，请直接登录。",
    en="This account exists already. If it is yours, sign in.",
)
UNKNOWN_PERSON = Text(zh="没有这个账号。", en="There is no such account.")
NOBODY = Text(
    zh="这个账号属于合成的演示办件，背后没有人，不能启用。",
    en="This account belongs to synthetic cases. Nobody is behind it, and it cannot be enabled.",
)
"""Demonstration people have a password from the beginning, those of synthetic cases never."""
NO_DEPARTMENT = Text(
    zh="只有部门人员、部门负责人和督办人员可以指定部门，其他角色不指定。",
    en="Only clerks, heads and supervisors are bound to a department; leave it out.",
)
NAME_MISSING = Text(zh="请输入姓名。", en="Enter the name.")
NAME_TOO_LONG = Text(
    zh=f"姓名请不要超过 {LONGEST_NAME} 个字符。",
    en=f"The name may have {LONGEST_NAME} characters at most.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """What is needed to make an account. ``account`` may be as typed."""

    account: str
    name: str
    grants: tuple[Grant, ...]
    password_hash: str | None = None
    locale: str = CHINESE
    is_demonstration: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """One account, as lists show it."""

    id: UUID
    account: str
    name: str
    locale: str
    grants: tuple[Grant, ...]
    has_password: bool
    created_at: datetime
    disabled_at: datetime | None
    link_expires_at: datetime | None
    """Until when the newest unused link can set the password; None if there is none."""


def sign_up_problems(account: str, name: str) -> tuple[Problem, ...]:
    """What an applicant must mend before an account can be made; nothing is asked of tables."""
    problems = []
    if account_kind(normalise_account(account)) not in {AccountKind.MOBILE, AccountKind.EMAIL}:
        problems.append(Problem("account", WRONG_ACCOUNT))
    return (*problems, *name_problems(name))


def name_problems(name: str) -> tuple[Problem, ...]:
    """What is wrong with a person's name: empty, or longer than any."""
    length = len(normalise_name(name))
    if not length:
        return (Problem("name", NAME_MISSING),)
    return (Problem("name", NAME_TOO_LONG),) if length > LONGEST_NAME else ()


def create(session: Session, new: NewPerson, at: datetime) -> UUID:
    """Make an account with its grants; the person's id.

    Raises `RuleViolatedError` with a problem at ``account`` if it exists, at ``name`` if the name
    is missing, and at ``district``, ``department`` or ``maker`` if a grant's reach makes no sense.
    """
    account = normalise_account(new.account)
    problems = [*name_problems(new.name)]
    if account_kind(account) is None:
        problems.append(Problem("account", WRONG_STAFF_ACCOUNT))
    for grant in new.grants:
        problems += _reach_problems(session, grant)
    if problems:
        raise RuleViolatedError(tuple(problems))
    person_id = session.execute(
        insert(Person)
        .values(
            id=new_id(),
            account=account,
            name=normalise_name(new.name),
            password_hash=new.password_hash,
            locale=new.locale,
            is_demonstration=new.is_demonstration,
            created_at=at,
            disabled_at=None,
        )
        .on_conflict_do_nothing(index_elements=[Person.account])
        .returning(Person.id)
    ).scalar_one_or_none()
    if person_id is None:
        raise RuleViolatedError((Problem("account", ACCOUNT_TAKEN),))
    _grant(session, person_id, new.grants, at)
    return person_id


def everyone(session: Session, at: datetime, *, staff_only: bool = False) -> list[PersonLine]:
    """All accounts with the grants that hold at ``at``, by account."""
    people = select(Person).order_by(Person.account)
    return _lines(session, people.where(_is_staff(at)) if staff_only else people, at)


def search(session: Session, typed: str, at: datetime) -> list[PersonLine]:
    """The account typed, whoever's it is; all staff if nothing is typed."""
    if not typed:
        return everyone(session, at, staff_only=True)
    account = normalise_account(typed)
    return _lines(session, select(Person).where(Person.account == account), at)


def get(session: Session, person_id: UUID, at: datetime) -> PersonLine:
    """One account. Raises `NotFoundError`."""
    return _one(_lines(session, select(Person).where(Person.id == person_id), at))


def find(session: Session, account: str, at: datetime) -> PersonLine:
    """One account by its name as typed. Raises `NotFoundError`."""
    statement = select(Person).where(Person.account == normalise_account(account))
    return _one(_lines(session, statement, at))


def makers(session: Session) -> list[tuple[str, Text]]:
    """Code and name of each seal maker on record, for whom accounts can be made."""
    rows = session.execute(
        select(Maker.code, Maker.name).where(Maker.closed_at.is_(None)).order_by(Maker.code)
    )
    return [(row.code, Text(zh=str(row.name["zh"]), en=str(row.name["en"]))) for row in rows]


def describe(session: Session, person_id: UUID, *, name: str, locale: str) -> None:
    """Store a person's own name and language. Raises `RuleViolatedError` for an empty name."""
    if problems := name_problems(name):
        raise RuleViolatedError(problems)
    session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(name=normalise_name(name), locale=locale)
    )


def disable(session: Session, person_id: UUID, at: datetime, *, by: UUID | None = None) -> None:
    """Close an account: no sign-in, no session and no link of it works any more.

    Raises `ConflictError` if administrators (``by``) would lock themselves out, `NotFoundError` if
    there is no such account. Disabling twice changes nothing.
    """
    if by == person_id:
        raise ConflictError(
            Text(zh="不能停用自己的账号。", en="You cannot disable your own account."),
            advice=Text(zh="请由另一位管理员停用。", en="Ask another administrator to disable it."),
        )
    _lock(session, person_id)
    session.execute(
        update(Person)
        .where(Person.id == person_id, Person.disabled_at.is_(None))
        .values(disabled_at=at)
    )
    for table in (SignInSession, Invitation):
        session.execute(
            update(table)
            .where(table.person_id == person_id, table.revoked_at.is_(None))
            .values(revoked_at=at)
        )


def enable(session: Session, person_id: UUID) -> None:
    """Open a disabled account again; the old password works, old sessions do not.

    Raises `NotFoundError`, and `ConflictError` for somebody of the synthetic cases.
    """
    _lock(session, person_id)
    opened = session.execute(
        update(Person)
        .where(
            Person.id == person_id,
            or_(Person.is_demonstration.is_(False), Person.password_hash.is_not(None)),
        )
        .values(disabled_at=None)
        .returning(Person.id)
    ).first()
    if opened is None:
        raise ConflictError(NOBODY)


def _lock(session: Session, person_id: UUID) -> None:
    statement = select(Person.id).where(Person.id == person_id).with_for_update()
    if session.execute(statement).scalar_one_or_none() is None:
        raise NotFoundError(UNKNOWN_PERSON)


def _grant(session: Session, person_id: UUID, grants: Sequence[Grant], at: datetime) -> None:
    session.add_all(
        PersonGrant(
            id=new_id(),
            person_id=person_id,
            role=grant.role.value,
            district_code=grant.district_code,
            department_code=grant.department_code,
            maker_code=grant.maker_code,
            valid_from=grant.valid_from or at,
            valid_until=grant.valid_until,
        )
        for grant in grants
    )
    session.flush()


def _reach_problems(session: Session, grant: Grant) -> list[Problem]:
    """A role takes exactly the reach that binds it; every code must be known."""
    is_maker = grant.role is Role.SEAL_MAKER
    catalogue = registry.catalogue()
    problems = []
    if grant.role in OF_ONE_DISTRICT and grant.district_code is None:
        problems.append(Problem("district", _needed("区域", "a district")))
    elif grant.district_code is not None and grant.district_code not in catalogue.districts:
        problems.append(Problem("district", _unknown("区域", "district", catalogue.districts)))
    problems += _department_problems(grant, catalogue.departments)
    if is_maker != (grant.maker_code is not None):
        problems.append(
            Problem("maker", _only("刻章企业人员", "刻章企业", "a seal maker's person", "a maker"))
        )
    elif grant.maker_code is not None:
        codes = [code for code, _name in makers(session)]
        if grant.maker_code not in codes:
            problems.append(Problem("maker", _unknown("刻章企业", "maker", codes)))
    return problems


def _department_problems(grant: Grant, known: Collection[str]) -> list[Problem]:
    names_one = grant.department_code is not None
    if grant.role in OF_ONE_DEPARTMENT and not names_one:
        return [Problem("department", _needed("部门", "a department"))]
    if names_one and grant.role not in MAY_NAME_DEPARTMENT:
        return [Problem("department", NO_DEPARTMENT)]
    if names_one and grant.department_code not in known:
        return [Problem("department", _unknown("部门", "department", known))]
    return []


def _needed(zh: str, en: str) -> Text:
    return Text(zh=f"请指定{zh}。", en=f"Name {en}.")


def _only(zh_role: str, zh_reach: str, en_role: str, en_reach: str) -> Text:
    return Text(
        zh=f"{zh_role}须指定{zh_reach}，其他角色不指定。",
        en=f"Only {en_role} is bound to {en_reach}, and always to one.",
    )


def _unknown(zh: str, en: str, known: Collection[str]) -> Text:
    codes = ", ".join(known)
    return Text(
        zh=f"没有这个{zh}代码。可用的有：{codes or '（暂无）'}。",
        en=f"There is no such {en} code. Known: {codes or '(none yet)'}.",
    )


def _is_staff(at: datetime) -> ColumnElement[bool]:
    """Whether a person holds a post at ``at``; there are many more applicants than staff."""
    return exists().where(
        PersonGrant.person_id == Person.id,
        PersonGrant.role.in_(STAFF_ROLES),
        PersonGrant.valid_from <= at,
        or_(PersonGrant.valid_until.is_(None), PersonGrant.valid_until > at),
    )


def _lines(session: Session, people: Select[Person], at: datetime) -> list[PersonLine]:
    found = session.execute(people).scalars().all()
    ids = people.with_only_columns(Person.id).order_by(None)
    grants = _grants(session, ids, at)
    links = _links(session, ids, at)
    return [
        PersonLine(
            id=person.id,
            account=person.account,
            name=person.name,
            locale=person.locale,
            grants=tuple(grants.get(person.id, ())),
            has_password=person.password_hash is not None,
            created_at=person.created_at,
            disabled_at=person.disabled_at,
            link_expires_at=links.get(person.id),
        )
        for person in found
    ]


def _one(lines: list[PersonLine]) -> PersonLine:
    if not lines:
        raise NotFoundError(UNKNOWN_PERSON)
    return lines[0]


def _grants(session: Session, ids: Select[UUID], at: datetime) -> dict[UUID, list[Grant]]:
    rows = session.execute(
        select(PersonGrant).where(PersonGrant.person_id.in_(ids)).order_by(PersonGrant.id)
    ).scalars()
    found: dict[UUID, list[Grant]] = {}
    for row in rows:
        grant = as_grant(row)
        if grant.holds_at(at):
            found.setdefault(row.person_id, []).append(grant)
    return found


def _links(session: Session, ids: Select[UUID], at: datetime) -> dict[UUID, datetime]:
    rows = session.execute(
        select(Invitation.person_id, Invitation.expires_at).where(
            Invitation.person_id.in_(ids),
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > at,
        )
    )
    return {row.person_id: row.expires_at for row in rows}


def as_grant(row: PersonGrant) -> Grant:
    """A stored grant as the permissions know it."""
    return Grant(
        role=Role(row.role),
        district_code=row.district_code,
        department_code=row.department_code,
        maker_code=row.maker_code,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )
