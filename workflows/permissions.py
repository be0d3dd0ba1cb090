"""Who may do what, and to which case. Code asks for permissions, never for roles."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Permission(StrEnum):
    """One right, ``noun:verb``. A transition names exactly one of them."""

    CASE_START = "case:start"  # to begin a case for oneself, and to end it
    CASE_APPLY = "case:apply"
    CASE_TAKE = "case:take"
    DRAFT_WRITE = "draft:write"
    CASE_READ = "case:read"
    CASE_CHECK = "case:check"  # 预审: look whether the papers are all there, before acceptance
    CASE_ACCEPT = "case:accept"
    CASE_TOLERATE = "case:tolerate"  # accept although minor papers are missing (容缺受理)
    CASE_RETURN = "case:return"  # ask for what is missing, and take that back
    CASE_DECLINE = "case:decline"  # 不予受理
    CASE_END = "case:end"  # confirm a withdrawal that was asked for
    CASE_REOPEN = "case:reopen"
    CASE_EXTEND = "case:extend"  # the limit of joint handling, by the head of the government alone
    DOCUMENT_SERVE = "document:serve"  # to hand a paper over at the window (送达)
    TASK_CLAIM = "task:claim"
    TASK_REVIEW = "task:review"
    TASK_DECIDE = "task:decide"
    TASK_CORRECT = "task:correct"  # ask for corrections of one part (补正)
    TASK_PAUSE = "task:pause"  # special procedures and hearings: the clock stops (特别程序)
    TASK_INSPECT = "task:inspect"  # 现场核查
    TASK_VERIFY = "task:verify"  # what was promised is checked afterwards
    TASK_TRANSFER = "task:transfer"  # 转办
    TASK_EXTEND = "task:extend"  # by the head of the office alone (延期)
    TASK_REVOKE = "task:revoke"  # 撤销
    TASK_REOPEN = "task:reopen"
    TASK_ASSIGN = "task:assign"
    ASSIGNMENT_EDIT = "assignment:edit"  # 分派方式, how a desk gives out its work
    SEAL_MAKE = "seal:make"
    SEAL_DELIVER = "seal:deliver"
    SEAL_FILE = "seal:file"
    RULES_READ = "rules:read"  # 按规则审批: what rules decided, and where they are on
    RULES_SWITCH = "rules:switch"
    LEDGER_READ = "ledger:read"
    SUPERVISION_READ = "supervision:read"
    CARD_ISSUE = "card:issue"  # 发出督办牌
    CARD_ANSWER = "card:answer"  # 回复、申诉
    CARD_JUDGE = "card:judge"  # 裁定申诉
    ABSENCE_RECORD = "absence:record"
    DELEGATION_GRANT = "delegation:grant"  # 授权代签
    CALENDAR_EDIT = "calendar:edit"
    ROUTING_EDIT = "routing:edit"
    PERSON_MANAGE = "person:manage"
    OPERATIONS_READ = "operations:read"  # whether the service is well; no case, no person
    OPERATIONS_REPAIR = "operations:repair"  # to ask for a repair of a case or a job
    REPAIR_CONFIRM = "repair:confirm"  # the second person of every repair that changes a case
    ENGINE_ADVANCE = "engine:advance"


class Role(StrEnum):
    """A bundle of permissions that is granted to a person, within a reach."""

    APPLICANT = "applicant"  # 申请人
    PHONE = "phone"  # 接续的手机, one draft for as long as a window lends it; never stored
    WINDOW = "window"  # 综合窗口人员, of one district
    CLERK = "clerk"  # 审批人员, of one department in one district
    HEAD = "head"  # 部门负责人, of one department in one district
    GOVERNMENT = "government"  # 本级人民政府负责人, of one district
    SUPERVISOR = "supervisor"  # 督办, of one district, or of one department in it
    SEAL_MAKER = "seal_maker"  # 刻章企业经办人, of one maker
    AUDITOR = "auditor"  # 审计
    ADMINISTRATOR = "administrator"  # 管理员
    OPERATOR = "operator"  # 运维人员: keeps the service running
    ENGINE = "engine"  # 系统: what follows by itself from what people did


ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.APPLICANT: frozenset(
        {
            Permission.CASE_START,
            Permission.CASE_APPLY,
            Permission.CASE_READ,
            Permission.DRAFT_WRITE,
        }
    ),
    Role.PHONE: frozenset({Permission.DRAFT_WRITE}),
    Role.WINDOW: frozenset(
        {
            Permission.CASE_TAKE,
            Permission.DOCUMENT_SERVE,
            Permission.CASE_APPLY,
            Permission.CASE_READ,
            Permission.DRAFT_WRITE,
        }
    ),
    Role.CLERK: frozenset(
        {
            Permission.CASE_READ,
            Permission.CASE_CHECK,
            Permission.CASE_ACCEPT,
            Permission.TASK_CLAIM,
            Permission.TASK_REVIEW,
            Permission.TASK_DECIDE,
            Permission.TASK_CORRECT,
            Permission.TASK_PAUSE,
            Permission.TASK_INSPECT,
            Permission.TASK_VERIFY,
            Permission.TASK_TRANSFER,
            Permission.CASE_TOLERATE,
            Permission.CASE_RETURN,
            Permission.CASE_DECLINE,
            Permission.CASE_END,
            Permission.DOCUMENT_SERVE,
            Permission.CARD_ANSWER,
            Permission.SEAL_FILE,
        }
    ),
    Role.HEAD: frozenset(
        {
            Permission.CASE_READ,
            Permission.CASE_ACCEPT,
            Permission.CASE_REOPEN,
            Permission.TASK_CLAIM,
            Permission.TASK_REVIEW,
            Permission.TASK_DECIDE,
            Permission.TASK_EXTEND,
            Permission.TASK_REVOKE,
            Permission.TASK_REOPEN,
            Permission.TASK_ASSIGN,
            Permission.CARD_ANSWER,
            Permission.ASSIGNMENT_EDIT,
            Permission.ABSENCE_RECORD,
            Permission.DELEGATION_GRANT,
            Permission.RULES_READ,
            Permission.RULES_SWITCH,
            Permission.REPAIR_CONFIRM,
        }
    ),
    Role.GOVERNMENT: frozenset({Permission.CASE_READ, Permission.CASE_EXTEND}),
    Role.SUPERVISOR: frozenset(
        {
            Permission.CASE_READ,
            Permission.SUPERVISION_READ,
            Permission.RULES_READ,
            Permission.CARD_ISSUE,
            Permission.CARD_JUDGE,
            Permission.TASK_ASSIGN,
            Permission.ABSENCE_RECORD,
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
    Role.AUDITOR: frozenset({Permission.LEDGER_READ, Permission.RULES_READ}),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.PERSON_MANAGE,
            Permission.ASSIGNMENT_EDIT,
            Permission.ABSENCE_RECORD,
            Permission.CALENDAR_EDIT,
            Permission.ROUTING_EDIT,
            Permission.OPERATIONS_READ,
        }
    ),
    Role.OPERATOR: frozenset(
        {
            Permission.OPERATIONS_READ,
            Permission.OPERATIONS_REPAIR,
            Permission.REPAIR_CONFIRM,
        }
    ),
    Role.ENGINE: frozenset({Permission.ENGINE_ADVANCE}),
}


DELEGABLE = frozenset(
    {
        Permission.CASE_ACCEPT,
        Permission.CASE_REOPEN,
        Permission.TASK_REVIEW,
        Permission.TASK_DECIDE,
        Permission.TASK_EXTEND,
        Permission.TASK_REVOKE,
        Permission.TASK_REOPEN,
        Permission.TASK_ASSIGN,
    }
)
"""Acts of a head that another may sign. To delegate is none of them: nobody delegates further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """A delegation of signature, as its receiver carries it: who gave it, and for which acts."""

    id: UUID
    giver_id: UUID
    giver_name: str
    permissions: frozenset[Permission]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One role of one person. ``None`` in a reach means that the role is not bound by it.

    With a ``mandate`` it is another's role, for the acts that were delegated and no more.
    """

    role: Role
    district_code: str | None = None
    department_code: str | None = None
    maker_code: str | None = None
    case_id: UUID | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    mandate: Mandate | None = None

    @property
    def permissions(self) -> frozenset[Permission]:
        """What it gives a right to."""
        held = ROLE_PERMISSIONS[self.role]
        if self.mandate is None:
            return held
        return held & self.mandate.permissions & DELEGABLE

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
        """True if any grant of one's own gives ``role``. For menus only; doors ask `may`."""
        return any(grant.role is role and grant.mandate is None for grant in self.grants)

    def has(self, permission: Permission) -> bool:
        """The first lock alone: some grant holds the permission, wherever."""
        return any(permission in grant.permissions for grant in self.grants)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a permission is asked for: one case, or one item's part of it."""

    applicant_id: UUID
    district_code: str
    department_code: str | None = None
    maker_code: str | None = None
    case_id: UUID | None = None
    at_window: bool = False
    """True for a case that was taken in at a window."""
    is_open: bool = False
    """True while its applicant may write in its form."""


ENGINE_ACTOR = Actor(id=UUID(int=0), name="系统", grants=(Grant(role=Role.ENGINE),))
"""Acts for what follows by itself; it has no account and cannot sign in."""


def may(actor: Actor, permission: Permission, place: Place, at: datetime) -> bool:
    """Two locks: the right to do it at all, and the right to do it to this one."""
    return granting(actor, permission, place, at) is not None


def granting(actor: Actor, permission: Permission, place: Place, at: datetime) -> Grant | None:
    """The grant by which an actor may do something: one's own before any that was delegated."""
    found = [
        grant
        for grant in actor.grants
        if permission in grant.permissions and grant.holds_at(at) and _reaches(actor, grant, place)
    ]
    return min(found, key=lambda grant: grant.mandate is not None, default=None)


def reaches(actor: Actor, permission: Permission, place: Place) -> bool:
    """As `may`, for an actor whose grants were read for this very request."""
    return any(
        permission in grant.permissions and _reaches(actor, grant, place) for grant in actor.grants
    )


def lends(actor: Actor, place: Place) -> Grant | None:
    """The grant of a phone that was lent the draft at ``place``, in force or ended."""
    return next(
        (
            grant
            for grant in actor.grants
            if grant.role is Role.PHONE and grant.case_id == place.case_id
        ),
        None,
    )


def _reaches(actor: Actor, grant: Grant, place: Place) -> bool:
    return _REACHES[grant.role](actor, grant, place)


def _own(actor: Actor, _grant: Grant, place: Place) -> bool:
    return actor.id == place.applicant_id


def _lent(_actor: Actor, grant: Grant, place: Place) -> bool:
    return place.is_open and grant.case_id == place.case_id and grant.valid_until is None


def _at_window(actor: Actor, grant: Grant, place: Place) -> bool:
    """Cases of the window's own district; nobody is their own window officer."""
    is_here = place.at_window and grant.district_code == place.district_code
    return is_here and actor.id != place.applicant_id


def _of_department(_actor: Actor, grant: Grant, place: Place) -> bool:
    return (
        grant.department_code is not None
        and grant.department_code == place.department_code
        and grant.district_code in {None, place.district_code}
    )


def _supervised(_actor: Actor, grant: Grant, place: Place) -> bool:
    """Every department of the district, or the one that the grant names."""
    return grant.district_code in {None, place.district_code} and (
        grant.department_code in {None, place.department_code}
    )


def _of_maker(_actor: Actor, grant: Grant, place: Place) -> bool:
    return grant.maker_code is not None and grant.maker_code == place.maker_code


def _of_district(_actor: Actor, grant: Grant, place: Place) -> bool:
    return grant.district_code in {None, place.district_code}


_REACHES: dict[Role, Callable[[Actor, Grant, Place], bool]] = {
    Role.APPLICANT: _own,
    Role.PHONE: _lent,
    Role.WINDOW: _at_window,
    Role.CLERK: _of_department,
    Role.HEAD: _of_department,
    Role.GOVERNMENT: _of_district,
    Role.SUPERVISOR: _supervised,
    Role.SEAL_MAKER: _of_maker,
    Role.AUDITOR: _of_district,
    Role.ADMINISTRATOR: lambda _actor, _grant, _place: False,
    Role.OPERATOR: lambda _actor, _grant, _place: True,
    Role.ENGINE: lambda _actor, _grant, _place: True,
}
