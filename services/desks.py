"""Desks: one department's work in one district, and the people who do it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from catalog import registry
from core.errors import NotFoundError
from core.text import Text
from models.person import Person, PersonGrant
from services.people import as_grant
from workflows.permissions import Actor, Grant, Permission, Role

DESK_ROLES = (Role.CLERK, Role.HEAD)

NO_DESK = Text(zh="没有找到这个岗位，或者您无权管理。", en="There is no such desk, or not for you.")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Desk:
    """Where the entries of one department in one district wait."""

    district_code: str
    department_code: str

    @property
    def code(self) -> str:
        """What stands for it in an address: ``620102-gx/tax``."""
        return f"{self.district_code}/{self.department_code}"

    @property
    def handler_code(self) -> str:
        """What its queue entries carry."""
        return f"department:{self.department_code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who works at a desk."""

    id: UUID
    name: str
    is_head: bool


def name(desk: Desk) -> Text:
    """District and department in words; codes stand for what the catalogue no longer has."""
    catalogue = registry.catalogue()
    department = catalogue.departments.get(desk.department_code)
    district = catalogue.districts.get(desk.district_code)
    return Text(zh="{district}{department}", en="{department}, {district}").format(
        department=department.name if department else desk.department_code,
        district=district.name if district else desk.district_code,
    )


def known(code: str) -> Desk | None:
    """The desk that an address names, if the catalogue has its district and department."""
    district_code, _, department_code = code.partition("/")
    catalogue = registry.catalogue()
    if district_code in catalogue.districts and department_code in catalogue.departments:
        return Desk(district_code=district_code, department_code=department_code)
    return None


def own(actor: Actor, at: datetime) -> tuple[Desk, ...]:
    """The desks at which the actor works, by grants of their own."""
    held = [grant for grant in actor.grants if grant.mandate is None and grant.holds_at(at)]
    return tuple(sorted({desk for desk in map(_desk_of, held) if desk is not None}))


def managed(actor: Actor, permission: Permission, at: datetime) -> tuple[Desk, ...]:
    """The desks for which the actor holds ``permission``, sorted by code.

    A grant without a district or department reaches them all. What was delegated counts too; to
    delegate, or to arrange a desk, is never among it.
    """
    catalogue = registry.catalogue()
    found: set[Desk] = set()
    for grant in actor.grants:
        if permission not in grant.permissions or not grant.holds_at(at):
            continue
        districts = [grant.district_code] if grant.district_code else [*catalogue.districts]
        departments = [grant.department_code] if grant.department_code else [*catalogue.departments]
        found |= {
            Desk(district_code=district, department_code=department)
            for district in districts
            for department in departments
        }
    return tuple(sorted(found))


def manage(actor: Actor, permission: Permission, code: str, at: datetime) -> Desk:
    """The desk called ``code``, for those who hold ``permission`` there. Raises `NotFoundError`."""
    desk = known(code)
    if desk is None or desk not in managed(actor, permission, at):
        raise NotFoundError(NO_DESK)
    return desk


def members(session: Session, desk: Desk, at: datetime) -> tuple[Member, ...]:
    """Everybody who works at the desk at ``at``, by name."""
    rows = session.execute(
        select(Person.id, Person.name, PersonGrant.role)
        .join(PersonGrant, PersonGrant.person_id == Person.id)
        .where(
            Person.disabled_at.is_(None),
            PersonGrant.role.in_(DESK_ROLES),
            PersonGrant.district_code == desk.district_code,
            PersonGrant.department_code == desk.department_code,
            PersonGrant.valid_from <= at,
            or_(PersonGrant.valid_until.is_(None), PersonGrant.valid_until > at),
        )
    )
    names: dict[UUID, str] = {}
    heads: set[UUID] = set()
    for person_id, person_name, role in rows:
        names[person_id] = person_name
        if role == Role.HEAD:
            heads.add(person_id)
    return tuple(
        Member(id=person_id, name=names[person_id], is_head=person_id in heads)
        for person_id in sorted(names, key=lambda each: (names[each], each))
    )


def of_person(session: Session, person_id: UUID, at: datetime) -> frozenset[Desk]:
    """The desks at which a person works at ``at``; none for a closed account."""
    rows = session.execute(
        select(PersonGrant)
        .join(Person, Person.id == PersonGrant.person_id)
        .where(
            PersonGrant.person_id == person_id,
            Person.disabled_at.is_(None),
            PersonGrant.role.in_(DESK_ROLES),
            PersonGrant.valid_from <= at,
            or_(PersonGrant.valid_until.is_(None), PersonGrant.valid_until > at),
        )
    ).scalars()
    return frozenset(desk for row in rows if (desk := _desk_of(as_grant(row))) is not None)


def worker(session: Session, person_id: UUID, at: datetime) -> Actor | None:
    """A person with the grants of their own that hold at ``at``; None for a closed account."""
    rows = session.execute(
        select(Person.name, PersonGrant)
        .join(PersonGrant, PersonGrant.person_id == Person.id)
        .where(
            Person.id == person_id,
            Person.disabled_at.is_(None),
            PersonGrant.valid_from <= at,
            or_(PersonGrant.valid_until.is_(None), PersonGrant.valid_until > at),
        )
    ).all()
    if not rows:
        return None
    return Actor(id=person_id, name=rows[0][0], grants=tuple(as_grant(row[1]) for row in rows))


def names(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of people, by id."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def _desk_of(grant: Grant) -> Desk | None:
    if grant.role not in DESK_ROLES or not (grant.district_code and grant.department_code):
        return None
    return Desk(district_code=grant.district_code, department_code=grant.department_code)
