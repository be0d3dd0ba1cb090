"""Who may do what, and to which case. Code asks for permissions, never for roles."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Permission(StrEnum):
    """One right, ``noun:verb``. A transition names exactly one of them."""

    CASE_APPLY = "case:apply"
    CASE_READ = "case:read"
    CASE_ACCEPT = "case:accept"
    TASK_CLAIM = "task:claim"
    TASK_REVIEW = "task:review"
    TASK_DECIDE = "task:decide"
    SEAL_MAKE = "seal:make"
    SEAL_DELIVER = "seal:deliver"
    SEAL_FILE = "seal:file"
    LEDGER_READ = "ledger:read"
    PERSON_MANAGE = "person:manage"
    ENGINE_ADVANCE = "engine:advance"


class Role(StrEnum):
    """A bundle of permissions that is granted to a person, within a reach."""

    APPLICANT = "applicant"  # 申请人
    CLERK = "clerk"  # 审批人员, of one department in one district
    SEAL_MAKER = "seal_maker"  # 刻章企业经办人, of one maker
    AUDITOR = "auditor"  # 审计
    ADMINISTRATOR = "administrator"  # 管理员
    ENGINE = "engine"  # 系统: what follows by itself from what people did


ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.APPLICANT: frozenset({Permission.CASE_APPLY, Permission.CASE_READ}),
    Role.CLERK: frozenset(
        {
            Permission.CASE_READ,
            Permission.CASE_ACCEPT,
            Permission.TASK_CLAIM,
            Permission.TASK_REVIEW,
            Permission.TASK_DECIDE,
            Permission.SEAL_FILE,
        }
    ),
    Role.SEAL_MAKER: frozenset(
        {
            Permission.CASE_READ,
            Permission.TASK_CLAIM,
            Permission.SEAL_MAKE,
            Permission.SEAL_DELIVER,
        }
    ),
    Role.AUDITOR: frozenset({Permission.CASE_READ, Permission.LEDGER_READ}),
    Role.ADMINISTRATOR: frozenset({Permission.PERSON_MANAGE}),
    Role.ENGINE: frozenset({Permission.ENGINE_ADVANCE}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One role of one person. ``None`` in a reach means that the role is not bound by it."""

    role: Role
    district_code: str | None = None
    department_code: str | None = None
    maker_code: str | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    def holds_at(self, at: datetime) -> bool:
        """True if the grant is in force at the instant ``at``."""
        begun = self.valid_from is None or self.valid_from <= at
        return begun and (self.valid_until is None or at < self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The person behind a command, already signed in."""

    id: UUID
    name: str
    grants: tuple[Grant, ...] = ()

    def has_role(self, role: Role) -> bool:
        """True if any grant gives ``role``. For menus only; doors ask `may`."""
        return any(grant.role is role for grant in self.grants)

    def has(self, permission: Permission) -> bool:
        """The first lock alone: some grant holds the permission, wherever."""
        return any(permission in ROLE_PERMISSIONS[grant.role] for grant in self.grants)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a permission is asked for: one case, or one item's part of it."""

    applicant_id: UUID
    district_code: str
    department_code: str | None = None
    maker_code: str | None = None


ENGINE_ACTOR = Actor(id=UUID(int=0), name="系统", grants=(Grant(role=Role.ENGINE),))
"""Acts for what follows by itself; it has no account and cannot sign in."""


def may(actor: Actor, permission: Permission, place: Place, at: datetime) -> bool:
    """Two locks: the right to do it at all, and the right to do it to this one."""
    return any(
        permission in ROLE_PERMISSIONS[grant.role]
        and grant.holds_at(at)
        and _reaches(actor, grant, place)
        for grant in actor.grants
    )


def _reaches(actor: Actor, grant: Grant, place: Place) -> bool:
    match grant.role:
        case Role.APPLICANT:
            return actor.id == place.applicant_id
        case Role.CLERK:
            return (
                grant.department_code is not None
                and grant.department_code == place.department_code
                and grant.district_code in {None, place.district_code}
            )
        case Role.SEAL_MAKER:
            return grant.maker_code is not None and grant.maker_code == place.maker_code
        case Role.AUDITOR:
            return grant.district_code in {None, place.district_code}
        case Role.ENGINE:
            return True
        case Role.ADMINISTRATOR:
            return False
