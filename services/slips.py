"""The slip that an applicant takes home from a window: where the case is, and how to see it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from catalog import registry
from core.districts import across_districts
from core.errors import ConflictError, NotFoundError
from core.text import Text
from models.case import Case, Channel
from models.person import Person
from services import counter, counter_visits, definitions, invitations
from services.account_names import masked_account
from services.case_keys import CaseKey
from services.door.snapshot import NO_CASE
from services.invitations import TAKEN_HOME_LASTS, Link
from services.own_cases import own_case
from services.standings import officer_name
from workflows.permissions import Actor, Permission

HAS_PASSWORD = Text(
    zh="这位申请人已经设置过密码，请直接登录查看办件；忘记密码的，请联系管理员。",
    en="This applicant has a password already and signs in with it. If it is forgotten, ask the "
    "administrator.",
)

HAS_OTHER_CASES = Text(
    zh="这个账号还有不在本窗口办理的办件，本窗口不能给出设置密码的链接。请申请人联系管理员。",
    en="This account also has cases that are not this window’s, so this window gives no link for "
    "it. The applicant can ask the administrator.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What the paper says. It names nobody but the applicant, whose account is masked."""

    key: CaseKey
    number: str | None
    title: str | None
    thing_title: Text
    district_name: Text
    state: str
    state_label: Text
    applicant_name: str
    account: str
    officer_name: str
    has_password: bool


def slip(session: Session, actor: Actor, key: CaseKey) -> Slip:
    """The slip of a case of the officer's window. Raises `NotFoundError` for any other."""
    case, person = _of_window(session, actor, key)
    definition = definitions.by_hash(session, case.definition_hash)
    visit = counter_visits.last_visit(session, key)
    return Slip(
        key=key,
        number=case.number,
        title=case.title,
        thing_title=definition.thing.title,
        district_name=registry.catalogue().district(key.district_code).name,
        state=case.state,
        state_label=definition.case_engine.state(case.state).public_label,
        applicant_name=visit.visitor.applicant_name if visit else "",
        account=masked_account(person.account),
        officer_name=officer_name(session, case) or "",
        has_password=person.password_hash is not None,
    )


def invite(session: Session, actor: Actor, key: CaseKey, at: datetime) -> Link:
    """A link with which the applicant sets a first password; older ones stop working.

    Only for an account that never had one, and that holds nothing but cases which the officer may
    see: a window cannot open anybody's account, nor another window's cases by way of it.
    Raises `NotFoundError` for a case of another window, `ConflictError` if there is a password or
    a case of others.
    """
    _, person = _of_window(session, actor, key)
    if person.password_hash is not None:
        raise ConflictError(HAS_PASSWORD)
    if _has_cases_beyond(session, person, counter.districts(actor, at)):
        raise ConflictError(HAS_OTHER_CASES)
    return invitations.invite(session, person.id, at, TAKEN_HOME_LASTS)


def revoke(session: Session, actor: Actor, key: CaseKey, at: datetime) -> None:
    """Make the applicant's links stop working, for a slip that was lost.

    Raises as `invite`: the links of people who have a password are not the window's matter.
    """
    _, person = _of_window(session, actor, key)
    if person.password_hash is not None:
        raise ConflictError(HAS_PASSWORD)
    invitations.revoke(session, person.id, at)


def _has_cases_beyond(session: Session, person: Person, districts: tuple[str, ...]) -> bool:
    """True if the person is the applicant of a case that belongs to none of these windows."""
    found = session.execute(
        select(Case.id)
        .prefix_with(across_districts("whether an account holds only a window's own cases"))
        .where(
            Case.applicant_id == person.id,
            or_(Case.channel != Channel.WINDOW, Case.district_code.not_in(districts)),
        )
        .limit(1)
    ).first()
    return found is not None


def _of_window(session: Session, actor: Actor, key: CaseKey) -> tuple[Case, Person]:
    case = own_case(session, actor, key, Permission.CASE_TAKE)
    person = session.get(Person, case.applicant_id)
    if person is None:
        raise NotFoundError(NO_CASE)
    return case, person
