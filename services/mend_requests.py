"""What may be mended now: the places that standing requests to the applicant name."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.places import papers_of
from models.case import Case
from models.event import Event
from services.own_cases import EDITABLE
from workflows.case import CaseState


@dataclass(frozen=True, slots=True, kw_only=True)
class MendRequest:
    """One list of places that waits for the applicant: of the returned case, or of one part."""

    item_code: str | None
    """The part whose officer asked; None for a return of the whole case."""
    event_number: int
    asked_at: datetime
    paths: tuple[str, ...]

    @property
    def papers(self) -> frozenset[str]:
        """The papers among the places."""
        return papers_of(self.paths)


def standing(session: Session, case: Case) -> tuple[MendRequest, ...]:
    """The requests that wait for the case's applicant now, the first first.

    A request that cannot be known any more is left out.
    """
    if case.state != CaseState.RETURNED:
        return ()
    row = session.execute(
        select(Event.number, Event.at, Event.body)
        .where(
            Event.district_code == case.district_code,
            Event.case_id == case.id,
            Event.item_code.is_(None),
            Event.body.has_key("places"),
        )
        .order_by(Event.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return ()
    return (
        MendRequest(
            item_code=None,
            event_number=row.number,
            asked_at=row.at,
            paths=tuple(row.body["places"]),
        ),
    )


def may_be_written(session: Session, case: Case) -> bool:
    """True while the case's form, or some places of it, wait for the applicant."""
    return case.state in EDITABLE or bool(standing(session, case))
