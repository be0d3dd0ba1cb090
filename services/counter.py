"""What a window officer asks: begin a case for a visitor, see the window's cases, find one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased

from core.clock import CIVIL_ZONE
from core.errors import NotPermittedError, Problem, RuleViolatedError
from core.text import Text
from models.case import Case, CaseAnswers, Channel, Origin
from models.counter import CounterVisit, DraftLock, Side
from models.person import Person, PersonGrant
from services import cases, counter_visits, definitions, draft_locks, people
from services.account_names import masked_account, normalise_account, normalise_name
from services.case_keys import CaseKey
from services.cases import EDITABLE, Opening
from services.counter_visits import DOCUMENTS, Visitor
from services.own_cases import own_case
from services.people import NAME_TOO_LONG, NewPerson
from services.sign_up import APPLICANT_GRANTS
from workflows.case import CaseState
from workflows.permissions import Actor, Permission, Role

MOST_LINES = 100
LISTED_FOR = timedelta(days=30)
"""A draft that nobody has saved for so long leaves the list; the search still finds it."""
LONGEST_RELATION = 100

NO_WINDOW = Text(
    zh="您的账号没有这个区域的窗口权限。",
    en="Your account has no window in this district.",
)
NOT_FOR_STAFF = Text(
    zh="这个号码不能用作申请人账号。请换一个申请人本人的手机号码或电子邮箱。",
    en="This number cannot be an applicant’s account. Use another mobile number or e-mail "
    "address of the applicant.",
)
DOCUMENT_MISSING = Text(zh="请选择核验了哪一种证件。", en="Choose which document you checked.")
RELATION_MISSING = Text(
    zh="请写明代办人与申请人的关系，例如：配偶、员工。",
    en="Say how the agent relates to the applicant, for example spouse or employee.",
)
RELATION_TOO_LONG = Text(
    zh=f"请不要超过 {LONGEST_RELATION} 个字符。", en=f"Use {LONGEST_RELATION} characters at most."
)
AGENT_MISSING = Text(zh="请填写代办人姓名。", en="Enter the agent’s name.")
CONSENT_MISSING = Text(
    zh="请当面征得申请人同意后勾选。", en="Ask the applicant face to face, then tick this."
)
CHECK_MISSING = Text(
    zh="请核对证件与本人一致后勾选。",
    en="Check that the document is the person’s own, then tick this.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVisit:
    """What an officer types to begin a case for a visitor; ``id`` makes repetition harmless."""

    id: UUID
    thing_code: str
    district_code: str
    account: str
    visitor: Visitor
    origin: Origin = Origin.LIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterLine:
    """One case of the window, as its list shows it."""

    key: CaseKey
    state: str
    state_label: Text
    kind: str
    number: str | None
    title: str | None
    thing_title: Text
    applicant_name: str
    account: str
    """Masked."""
    officer_name: str
    holder: Side | None
    saved_at: datetime
    created_at: datetime
    ended_at: datetime | None
    is_synthetic: bool


def districts(actor: Actor, at: datetime) -> tuple[str, ...]:
    """The districts at whose window the actor sits at ``at``."""
    found = {
        grant.district_code: None
        for grant in actor.grants
        if grant.role is Role.WINDOW and grant.district_code and grant.holds_at(at)
    }
    return tuple(found)


def visitor_problems(visitor: Visitor, account: str) -> tuple[Problem, ...]:
    """What can be said to be wrong with a visitor without asking whether the account exists."""
    problems = [*people.sign_up_problems(account, visitor.applicant_name)]
    if visitor.document_kind not in DOCUMENTS:
        problems.append(Problem("document_kind", DOCUMENT_MISSING))
    agent, relation = visitor.agent_name or "", visitor.agent_relation or ""
    if agent and not relation:
        problems.append(Problem("agent_relation", RELATION_MISSING))
    if relation and not agent:
        problems.append(Problem("agent_name", AGENT_MISSING))
    if len(agent) > people.LONGEST_NAME:
        problems.append(Problem("agent_name", NAME_TOO_LONG))
    if len(relation) > LONGEST_RELATION:
        problems.append(Problem("agent_relation", RELATION_TOO_LONG))
    return tuple(problems)


def start(session: Session, actor: Actor, new: NewVisit, at: datetime) -> CaseKey:
    """Begin a case for a visitor: it belongs to the account typed, which is made if there is none.

    Nothing of an account that exists is read, told or changed. Sent twice it is one case.
    Raises `NotPermittedError` outside the officer's own districts, `RuleViolatedError` with
    problems at ``account``, ``name`` and the fields of the visitor, and as `cases.start_for`.
    """
    if new.district_code not in districts(actor, at):
        raise NotPermittedError(NO_WINDOW)
    if problems := visitor_problems(new.visitor, new.account):
        raise RuleViolatedError(problems)
    session.execute(select(Person.id).where(Person.id == actor.id).with_for_update())
    if earlier := _begun(session, actor, new):
        return earlier
    applicant_id, is_new = _applicant(session, actor, new, at)
    key = cases.start_for(
        session,
        applicant_id,
        Opening(
            thing_code=new.thing_code,
            district_code=new.district_code,
            opened_at=at,
            origin=new.origin,
            taken_by=actor.id,
        ),
        at,
    )
    counter_visits.record(
        session,
        key,
        CounterVisit(
            id=new.id,
            officer_id=actor.id,
            at=at,
            applicant_name=normalise_name(new.visitor.applicant_name),
            document_kind=new.visitor.document_kind,
            agent_name=normalise_name(new.visitor.agent_name or "") or None,
            agent_relation=normalise_name(new.visitor.agent_relation or "") or None,
            is_brought=False,
            made_account=is_new,
        ),
    )
    draft_locks.take(session, key, Side.WINDOW, actor.id, at)
    return key


def desk(session: Session, actor: Actor, at: datetime) -> list[CounterLine]:
    """The open cases of the actor's window, and those that ended today; the newest first.

    Drafts that were left alone for a month are left out.

    Raises `NotPermittedError` if the actor has no window.
    """
    midnight = at.astimezone(CIVIL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    statement = _window_cases(_own_districts(actor, at)).where(
        or_(Case.ended_at.is_(None), Case.ended_at >= midnight),
        or_(Case.state != CaseState.DRAFT.value, CaseAnswers.updated_at > at - LISTED_FOR),
    )
    return _lines(session, statement)


def search(session: Session, actor: Actor, typed: str, at: datetime) -> list[CounterLine]:
    """Cases of the actor's window with exactly this number, or of exactly this account.

    Raises `NotPermittedError` if the actor has no window.
    """
    account = normalise_account(typed)
    if not account:
        return []
    person_id = session.execute(
        select(Person.id).where(Person.account == account)
    ).scalar_one_or_none()
    within = _window_cases(_own_districts(actor, at))
    by_number = Case.number == account
    matches = by_number if person_id is None else or_(by_number, Case.applicant_id == person_id)
    return _lines(session, within.where(matches))


def confirm(session: Session, actor: Actor, key: CaseKey, submission_id: UUID) -> None:
    """Write down that the applicant checked and signed what the officer is about to submit.

    Raises `NotFoundError` for a case of another window.
    """
    own_case(session, actor, key, Permission.CASE_TAKE, lock=True)
    counter_visits.confirm(session, key, submission_id)


def _own_districts(actor: Actor, at: datetime) -> Sequence[str]:
    found = districts(actor, at)
    if not found or not actor.has(Permission.CASE_TAKE):
        raise NotPermittedError(NO_WINDOW)
    return found


def _begun(session: Session, actor: Actor, new: NewVisit) -> CaseKey | None:
    case_id = session.execute(
        select(CounterVisit.case_id).where(
            CounterVisit.district_code == new.district_code,
            CounterVisit.officer_id == actor.id,
            CounterVisit.id == new.id,
        )
    ).scalar_one_or_none()
    return CaseKey(new.district_code, case_id) if case_id else None


def _applicant(session: Session, actor: Actor, new: NewVisit, at: datetime) -> tuple[UUID, bool]:
    """The account that the case belongs to, and whether it was made just now."""
    account = normalise_account(new.account)
    person = session.execute(select(Person).where(Person.account == account)).scalar_one_or_none()
    if person is None:
        made = NewPerson(account=account, name=new.visitor.applicant_name, grants=APPLICANT_GRANTS)
        return people.create(session, made, at), True
    may_apply = session.execute(
        select(PersonGrant.id).where(
            PersonGrant.person_id == person.id,
            PersonGrant.role == Role.APPLICANT.value,
            PersonGrant.valid_from <= at,
            or_(PersonGrant.valid_until.is_(None), PersonGrant.valid_until > at),
        )
    ).first()
    if may_apply is None or person.disabled_at is not None or person.id == actor.id:
        raise RuleViolatedError((Problem("account", NOT_FOR_STAFF),))
    return person.id, False


def _window_cases(district_codes: Collection[str]) -> Select[*tuple[Any, ...]]:
    """Cases of the window channel with what their lines say of account, officer and lock."""
    officer = aliased(Person)
    of_case = (CaseAnswers.district_code == Case.district_code) & (CaseAnswers.case_id == Case.id)
    locked = (DraftLock.district_code == Case.district_code) & (DraftLock.case_id == Case.id)
    return (
        select(
            Case,
            Person.account,
            officer.name.label("officer_name"),
            CaseAnswers.updated_at.label("saved_at"),
            DraftLock.side.label("holder"),
        )
        .join(Person, Person.id == Case.applicant_id)
        .join(CaseAnswers, of_case)
        .outerjoin(officer, officer.id == Case.taken_by)
        .outerjoin(DraftLock, locked)
        .where(Case.district_code.in_(district_codes), Case.channel == Channel.WINDOW)
        .order_by(Case.created_at.desc(), Case.id)
        .limit(MOST_LINES)
    )


def _lines(session: Session, statement: Select[*tuple[Any, ...]]) -> list[CounterLine]:
    rows = session.execute(statement).all()
    names = _names(session, [row.Case for row in rows])
    return [_line(session, row, names.get(row.Case.id, "")) for row in rows]


def _line(session: Session, row: Any, applicant_name: str) -> CounterLine:
    case = row.Case
    definition = definitions.by_hash(session, case.definition_hash)
    state = definition.case_engine.state(case.state)
    return CounterLine(
        key=CaseKey(case.district_code, case.id),
        state=case.state,
        state_label=state.label,
        kind=state.kind.value,
        number=case.number,
        title=case.title,
        thing_title=definition.thing.title,
        applicant_name=applicant_name,
        account=masked_account(row.account),
        officer_name=row.officer_name or "",
        holder=row.holder if case.state in EDITABLE else None,
        saved_at=row.saved_at,
        created_at=case.created_at,
        ended_at=case.ended_at,
        is_synthetic=case.origin is not Origin.LIVE,
    )


def _names(session: Session, found: Sequence[Case]) -> dict[UUID, str]:
    """The applicants' names as said at the last visit of each case."""
    if not found:
        return {}
    rows = session.execute(
        select(CounterVisit.case_id, CounterVisit.applicant_name)
        .where(
            CounterVisit.district_code.in_({case.district_code for case in found}),
            CounterVisit.case_id.in_([case.id for case in found]),
        )
        .order_by(CounterVisit.at, CounterVisit.id)
    )
    return {row.case_id: row.applicant_name for row in rows}
