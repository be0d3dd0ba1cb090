"""A form of which some places are to be mended: which answers are open, and what stays."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import open_places
from catalog.open_places import Follow, OpenPlaces
from catalog.schema import District, OneThing
from models.case import Case
from models.submission import Submission
from services import definitions, mend_requests
from services.case_keys import CaseKey
from services.form_days import form_day
from services.own_cases import own_case
from services.windows import window_of_case
from workflows.permissions import Actor, Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class MendedForm:
    """The places that standing requests name, and what was sent before them."""

    thing: OneThing
    district: District
    """As a window, at the instant at which the form is judged."""
    named: tuple[str, ...]
    """The places that the requests name."""
    sent: Mapping[str, Any]
    """As typed when it was last sent."""
    on: date

    @property
    def follow(self) -> Follow:
        """What opens beside the places named."""
        return open_places.follow(self.thing, self.district, self.on)

    def places(self, typed: Mapping[str, Any]) -> OpenPlaces:
        """What may be changed of a form that holds ``typed``."""
        follow = self.follow
        asked = follow.calls_for(typed) - follow.calls_for(self.sent)
        opens = follow.marks(typed) | asked
        return open_places.opened(self.thing, self.named, self.sent, typed, opens)

    def merged(self, typed: Mapping[str, Any], posted: Mapping[str, Any]) -> dict[str, Any]:
        """The ``posted`` sections as they may be kept over ``typed``."""
        calls_for = self.follow.calls_for
        return open_places.merged(self.thing, self.places(typed), typed, posted, calls_for)


def mended_form(session: Session, case: Case, at: datetime) -> MendedForm | None:
    """What is open of a case with requests to mend it; None if every answer may be written.

    That is so for a draft, for a case that was never sent, and once the list or what was sent
    cannot be known any more.
    """
    requests = mend_requests.standing(session, case)
    sent = last_sent(session, case) if requests else None
    if sent is None:
        return None
    thing = definitions.by_hash(session, case.definition_hash).thing
    return MendedForm(
        thing=thing,
        district=window_of_case(session, thing, case, at),
        named=tuple(path for request in requests for path in request.paths),
        sent=sent,
        on=form_day(case.accepted_at, case.submitted_at, at),
    )


def open_places_of(
    session: Session, actor: Actor, key: CaseKey, typed: Mapping[str, Any], at: datetime
) -> OpenPlaces | None:
    """What may be changed of one's own form that holds ``typed``; None if everything may.

    Raises `NotFoundError` if it is not one's own.
    """
    case = own_case(session, actor, key, Permission.DRAFT_WRITE)
    form = mended_form(session, case, at)
    return form.places(typed) if form else None


def last_sent(session: Session, case: Case) -> Mapping[str, Any] | None:
    """What was typed when the case was last sent; None if it never was, or was erased."""
    return session.execute(
        select(Submission.typed)
        .where(
            Submission.district_code == case.district_code,
            Submission.case_id == case.id,
            Submission.answers.is_not(None),
        )
        .order_by(Submission.event_number.desc())
        .limit(1)
    ).scalar_one_or_none()
