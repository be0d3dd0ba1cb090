"""An applicant's own list: what they have to fill in, what runs and what has ended, by pages."""

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from core.districts import across_districts
from models.case import Case, CaseAnswers
from services import cases, pages
from services.cases import CaseLine
from services.own_cases import EDITABLE
from services.pages import Page, Slice
from workflows.permissions import Actor

PAGE_SIZE = 20
OWN = across_districts("an applicant's own list")


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
        return [cases.line_of(session, case) for case in rows]

    return pages.read(count, lines, wanted)
