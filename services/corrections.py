"""Corrections of one part (补正), from the applicant's side: what is asked, and sending it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import answers as catalog_answers
from catalog import open_places, registry
from catalog.places import covers
from core.clock import CIVIL_ZONE
from core.errors import NotFoundError, RuleViolatedError
from core.text import Text
from models.case import Case, CaseAnswers
from services import (
    counter_visits,
    definitions,
    door,
    draft_locks,
    materials,
    mend_requests,
    mended_form,
    mending,
    returned,
)
from services.case_keys import CaseKey
from services.definitions import Definition
from services.door.snapshot import NO_CASE
from services.materials import MaterialLine
from services.mend_requests import MendRequest
from services.own_cases import own_case
from services.returned import Mend
from workflows.clocks import last_day
from workflows.permissions import Actor, Permission
from workflows.process import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What one part asks of its applicant, and how much of it is done."""

    item_code: str
    title: Text
    with_whom: Text
    """The department that asks."""
    asked_at: datetime
    event_number: int
    due_at: datetime | None
    mends: tuple[Mend, ...]
    unmended: frozenset[str]
    """The paths of what is still as it was sent."""
    reason: str | None
    legal_basis: Text | None
    command_id: UUID
    """What the send button sends: one submission, however often it is pressed."""

    @property
    def due_on(self) -> date | None:
        """The last day on which it can be sent."""
        return last_day(self.due_at) if self.due_at else None

    @property
    def is_mended(self) -> bool:
        """True once something was changed at every place."""
        return not self.unmended


def standing(session: Session, actor: Actor, key: CaseKey, at: datetime) -> tuple[Correction, ...]:
    """What parts of the actor's own case wait for, the first asked first.

    Raises `NotFoundError` for anybody else's case.
    """
    case = own_case(session, actor, key, Permission.DRAFT_WRITE)
    requests = [each for each in mend_requests.standing(session, case) if each.item_code]
    if not requests:
        return ()
    definition = definitions.by_hash(session, case.definition_hash)
    words = returned.explanations(session, case, definition)
    answers = _reading(definition, typed_now(session, key), at)
    return tuple(
        _correction(session, case, definition, request, (words, answers)) for request in requests
    )


def one(
    session: Session, actor: Actor, key: CaseKey, item_code: str, at: datetime
) -> Correction | None:
    """What one part waits for; None if it waits for nothing.

    Raises `NotFoundError` as `standing`, and for a part that the case does not have.
    """
    definition_item(session, key, item_code)
    found = standing(session, actor, key, at)
    return next((each for each in found if each.item_code == item_code), None)


def supply(
    session: Session, actor: Actor, key: CaseKey, sent: tuple[str, UUID], at: datetime
) -> door.Moved:
    """Send what one part asked for, once: ``sent`` is the item's code and the command's id.

    The whole form is checked again. What was changed for another part stays unsent until that
    part's own is sent. Raises `NotFoundError`, `RuleViolatedError` with every mistake (an
    officer's, too, that the applicant has not confirmed it), `ConflictError` while the form is
    open elsewhere, and the door's refusals, also when nothing is asked any more.
    """
    item_code, command_id = sent
    case = own_case(session, actor, key, lock=True)
    definition, trigger = definition_item(session, key, item_code)
    requests = mend_requests.standing(session, case)
    own = next((each for each in requests if each.item_code == item_code), None)
    form: door.Sent | None = None
    lines: tuple[MaterialLine, ...] = ()
    inputs: Mapping[str, object] = {}
    if own is not None and command_id == submission_id(case, own):
        side = draft_locks.side_of(actor, case)
        draft_locks.require(session, key, side, at)
        inputs = counter_visits.words_of_submission(session, key, side, command_id)
        others = [each for each in requests if each is not own]
        form, lines = to_send(session, (case, definition), (own, others), at)
    moved = door.move(
        session,
        door.Command(
            district_code=key.district_code,
            case_id=key.case_id,
            item_code=item_code,
            trigger=trigger,
            command_id=command_id,
            expected_version=own.version if own and form else None,
            inputs=inputs,
            sent=form,
        ),
        actor,
        at,
    )
    materials.mark_sent(session, case, lines, moved.event_number)
    return moved


def submission_id(case: Case, request: MendRequest) -> UUID:
    """The command id with which a part's corrections are sent; another request changes it."""
    return uuid5(case.submit_command_id, f"supply:{request.item_code}:{request.version}")


def definition_item(session: Session, key: CaseKey, item_code: str) -> tuple[Definition, str]:
    """The case's definition, and the step by which the item takes corrections in.

    Raises `NotFoundError` if the item is not the case's, or asks for none.
    """
    digest = session.execute(
        select(Case.definition_hash).where(
            Case.district_code == key.district_code, Case.id == key.case_id
        )
    ).scalar_one_or_none()
    if digest is None:
        raise NotFoundError(NO_CASE)
    definition = definitions.by_hash(session, digest)
    item = {each.code: each for each in definition.thing.items}.get(item_code)
    rows = definition.processes[item.process].transitions if item else ()
    triggers = [row.trigger for row in rows if Effect.TAKE_CORRECTIONS in row.effects]
    if not triggers:
        raise NotFoundError(NO_CASE)
    return definition, triggers[0]


def _correction(
    session: Session,
    case: Case,
    definition: Definition,
    request: MendRequest,
    known: tuple[Mapping[str | None, returned.Explanation], Mapping[str, Any]],
) -> Correction:
    words, answers = known
    key = CaseKey(case.district_code, case.id)
    item = definition.thing.item(request.item_code or "")
    own = words.get(item.code)
    mends = own.mends if own and own.mends else returned.named(definition.thing, request.paths)
    return Correction(
        item_code=item.code,
        title=item.public_title,
        with_whom=registry.catalogue().departments[item.department].name,
        asked_at=request.asked_at,
        event_number=request.event_number,
        due_at=request.due_at,
        mends=mends,
        unmended=mending.unmended(session, key, mends, answers),
        reason=own.reason if own else None,
        legal_basis=own.legal_basis if own else None,
        command_id=submission_id(case, request),
    )


def to_send(
    session: Session,
    of: tuple[Case, Definition],
    requests: tuple[MendRequest, Iterable[MendRequest]],
    at: datetime,
) -> tuple[door.Sent, tuple[MaterialLine, ...]]:
    """The form with one request's changes, and its papers: that request, and the others standing.

    Raises `RuleViolatedError` with every mistake.
    """
    case, definition = of
    own, others = requests
    day = at.astimezone(CIVIL_ZONE).date()
    typed = part_of_form(session, case, own, others, at)
    reading = catalog_answers.read(definition.thing, typed, on=day)
    lines = part_papers(session, case, definition, reading.answers, (own, others))
    wrong = (*reading.problems, *materials.problems(lines))
    if wrong:
        raise RuleViolatedError(wrong)
    papers = materials.to_send(lines)
    return door.Sent(typed=typed, answers=reading.answers, materials=papers), lines


def part_papers(
    session: Session,
    case: Case,
    definition: Definition,
    answers: Mapping[str, Any],
    requests: tuple[MendRequest, Iterable[MendRequest]],
) -> tuple[MaterialLine, ...]:
    """The papers with one part's changes: those that others asked for as they were sent last."""
    own, others = requests
    foreign = frozenset(code for each in others for code in each.papers) - own.papers
    return materials.part_lines(session, case, definition, answers, foreign)


def part_of_form(
    session: Session,
    case: Case,
    own: MendRequest,
    others: Iterable[MendRequest],
    at: datetime,
) -> Mapping[str, Any]:
    """What was last sent, with all that was changed since but for the places of ``others``."""
    typed = typed_now(session, CaseKey(case.district_code, case.id))
    form = mended_form.mended_form(session, case, at)
    if form is None:
        return typed
    foreign = [path for each in others for path in each.paths]
    changed = [
        path
        for path in open_places.changed(form.thing, form.sent, typed)
        if not any(covers(other, path) for other in foreign)
    ]
    return open_places.one_part(form.thing, {*own.paths, *changed}, form.sent, typed, form.follow)


def typed_now(session: Session, key: CaseKey) -> Mapping[str, Any]:
    """The form as it stands, of a case that the caller may read."""
    found: Mapping[str, Any] = session.execute(
        select(CaseAnswers.typed).where(
            CaseAnswers.district_code == key.district_code, CaseAnswers.case_id == key.case_id
        ),
        execution_options={"populate_existing": True},
    ).scalar_one()
    return found


def _reading(definition: Definition, typed: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
    day = at.astimezone(CIVIL_ZONE).date()
    return catalog_answers.read(definition.thing, typed, on=day).answers
