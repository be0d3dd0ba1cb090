"""An applicant's own list: what they have to fill in, what runs and what has ended, by pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from core.districts import across_districts
from core.text import Text
from models.case import Case, CaseAnswers, Channel
from services import definitions, pages
from services.case_keys import CaseKey
from services.own_cases import EDITABLE
from services.pages import Page, Slice
from workflows.permissions import Actor

PAGE_SIZE = 20
OWN = across_districts("an applicant's own list")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One line of "my cases"."""

    key: CaseKey
    state: str
    state_label: Text
    number: str | None
    title: str | None
    thing_title: Text
    thing_code: str
    created_at: datetime
    submitted_at: datetime | None
    ended_at: datetime | None
    is_at_window: bool


class Stage(StrEnum):
    """Where a case stands for its applicant."""

    TO_DO = "to_do"
    RUNNING = "running"
    ENDED = "ended"


def _stages() -> Mapping[Stage, ColumnElement[bool]]:
    is_editable = Case.state.in_(sorted(EDITABLE))
    return {
        Stage.TO_DO: is_editable,
        Stage.RUNNING: and_(~is_editable, Case.ended_at.is_(None)),
        Stage.ENDED: and_(~is_editable, Case.ended_at.is_not(None)),
    }


def own(session: Session, actor: Actor, stage: Stage, wanted: Slice) -> Page[CaseLine]:
    """The actor's cases as applicant at one stage, the newest first.

    Drafts go by when they were saved, the others by when they were begun.
    """
    asked = and_(Case.applicant_id == actor.id, _stages()[stage])

    def count() -> int:
        counted = select(func.count()).select_from(Case).prefix_with(OWN).where(asked)
        return int(session.scalar(counted) or 0)

    def lines(part: Slice) -> list[CaseLine]:
        listed = select(Case).prefix_with(OWN).where(asked)
        if stage is Stage.TO_DO:
            listed = listed.join(
                CaseAnswers,
                and_(
                    CaseAnswers.district_code == Case.district_code,
                    CaseAnswers.case_id == Case.id,
                ),
            ).order_by(CaseAnswers.updated_at.desc())
        listed = listed.order_by(Case.created_at.desc(), Case.id)
        rows = session.scalars(listed.limit(part.size).offset(part.offset))
        return [line_of(session, case) for case in rows]

    return pages.read(count, lines, wanted)


def mine(session: Session, actor: Actor, *conditions: ColumnElement[bool]) -> list[CaseLine]:
    """Drafts and cases of the actor as applicant that fit ``conditions``, the newest first."""
    rows = session.execute(
        select(Case)
        .prefix_with(OWN)
        .where(Case.applicant_id == actor.id, *conditions)
        .order_by(Case.created_at.desc())
    ).scalars()
    return [line_of(session, case) for case in rows]


def count_mine(session: Session, actor: Actor) -> tuple[int, int]:
    """How many cases the actor may still write in as applicant, and how many are on their way."""
    is_editable = Case.state.in_(EDITABLE)
    row = session.execute(
        select(
            func.count().filter(is_editable),
            func.count().filter(~is_editable, Case.ended_at.is_(None)),
        )
        .select_from(Case)
        .prefix_with(OWN)
        .where(Case.applicant_id == actor.id)
    ).one()
    return row[0], row[1]


def line_of(session: Session, case: Case) -> CaseLine:
    """A case as its applicant's lists show it."""
    definition = definitions.by_hash(session, case.definition_hash)
    return CaseLine(
        key=CaseKey(case.district_code, case.id),
        state=case.state,
        state_label=definition.case_engine.state(case.state).public_label,
        number=case.number,
        title=case.title,
        thing_title=definition.thing.title,
        thing_code=case.thing_code,
        created_at=case.created_at,
        submitted_at=case.submitted_at,
        ended_at=case.ended_at,
        is_at_window=case.channel is Channel.WINDOW,
    )
