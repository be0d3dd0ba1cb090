"""How a draft stands between window and phone, for whoever has its page open."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case, CaseAnswers, Channel
from models.counter import Side
from models.person import Person
from services import counter_visits, draft_locks
from services.account_names import masked_account
from services.case_keys import CaseKey
from services.own_cases import place_of
from workflows.permissions import Actor, lends


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """The applicant as the officer's page names them."""

    name: str
    account: str
    """Masked: enough to ask "is this your number?"."""
    agent_name: str | None
    agent_relation: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Who took the case in, who may type now, and on which side the reader is."""

    is_window: bool = False
    side: Side = Side.APPLICANT
    """The reader's."""
    is_lent: bool = False
    """True for a phone without an account that was lent the draft."""
    holder: Side | None = None
    since: datetime | None = None
    saved_at: datetime | None = None
    officer_name: str | None = None
    guest: Guest | None = None
    """For officers only."""

    @property
    def is_officer(self) -> bool:
        """True if the reader is a window officer."""
        return self.side is Side.WINDOW

    @property
    def may_write(self) -> bool:
        """True if the reader's side may type now."""
        return self.holder in {None, self.side}


def standing(session: Session, actor: Actor, case: Case) -> Standing:
    """How ``case`` stands for ``actor``, who may read it; a case that stayed online at once."""
    if case.channel is Channel.ONLINE:
        return Standing()
    key = CaseKey(case.district_code, case.id)
    side = draft_locks.side_of(actor, case)
    lock = draft_locks.lock_of(session, key)
    is_guest = side is Side.APPLICANT and actor.id != case.applicant_id
    return Standing(
        is_window=True,
        side=side,
        is_lent=is_guest and lends(actor, place_of(case)) is not None,
        holder=lock.side if lock else None,
        since=lock.taken_at if lock else None,
        saved_at=saved_at(session, key),
        officer_name=officer_name(session, case),
        guest=_guest(session, key, case) if side is Side.WINDOW else None,
    )


def saved_at(session: Session, key: CaseKey) -> datetime | None:
    """When something was last saved in the draft at ``key``."""
    return session.execute(
        select(CaseAnswers.updated_at).where(
            CaseAnswers.district_code == key.district_code, CaseAnswers.case_id == key.case_id
        )
    ).scalar_one_or_none()


def officer_name(session: Session, case: Case) -> str | None:
    """Who took ``case`` in at a window; None for a case that stayed online."""
    person = session.get(Person, case.taken_by) if case.taken_by else None
    return person.name if person else None


def _guest(session: Session, key: CaseKey, case: Case) -> Guest | None:
    visit = counter_visits.last_visit(session, key)
    person = session.get(Person, case.applicant_id)
    if visit is None or person is None:
        return None
    return Guest(
        name=visit.visitor.applicant_name,
        account=masked_account(person.account),
        agent_name=visit.visitor.agent_name,
        agent_relation=visit.visitor.agent_relation,
    )
