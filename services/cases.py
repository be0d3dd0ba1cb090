"""What an applicant asks of a case: begin, save, submit, and find one's own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlalchemy.sql import bindparam

from catalog import answers as catalog_answers
from catalog import registry
from core.clock import CIVIL_ZONE
from core.errors import (
    NotFoundError,
    NotPermittedError,
    Problem,
    RuleViolatedError,
    TransitionRefusedError,
)
from core.text import Text
from models.base import new_id
from models.case import Case, CaseAnswers, Channel, Origin
from services import (
    counter_visits,
    definitions,
    door,
    draft_locks,
    materials,
    mend_requests,
    routing,
)
from services.case_keys import CaseKey
from services.definitions import Definition
from services.door import chain
from services.door.snapshot import NO_CASE
from services.materials import MaterialLine
from services.mended_form import mended_form
from services.own_cases import EDITABLE, own_case
from workflows.permissions import Actor, Permission

__all__ = [
    "EDITABLE",
    "NOT_EDITABLE",
    "CaseKey",
    "Draft",
    "Opening",
    "definition_of",
    "draft",
    "save_sections",
    "start",
    "start_for",
    "submission_id",
    "submit",
]

NOT_EDITABLE = Text(
    zh="这一件已经提交，现在不能修改。若被退回，会告诉您需要修改哪些内容。",
    en="This case has been submitted and cannot be changed now. If it is returned, you will be told what to mend.",  # noqa: E501
)
UNKNOWN_DISTRICT = Text(zh="请选择一个受理地区。", en="Choose one of the districts listed.")

_KEPT = (
    select(CaseAnswers)
    .where(
        CaseAnswers.district_code == bindparam("district_code"),
        CaseAnswers.case_id == bindparam("case_id"),
    )
    .execution_options(populate_existing=True)
)
_SAVE = (
    update(CaseAnswers)
    .where(
        CaseAnswers.district_code == bindparam("of_district"),
        CaseAnswers.case_id == bindparam("of_case"),
    )
    .values(
        typed=CaseAnswers.typed.op("||")(bindparam("patch", type_=JSONB())),
        revision=bindparam("next_revision"),
        saved=bindparam("marks"),
        updated_at=bindparam("at"),
    )
)
_NEW_CASE, _NEW_ANSWERS = insert(Case), insert(CaseAnswers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A case's form as its applicant sees it: all sections exactly as typed."""

    key: CaseKey
    state: str
    number: str | None
    definition: Definition
    typed: Mapping[str, Any]
    submission_id: UUID
    """What the submit button sends: one submission, however often it is pressed."""
    updated_at: datetime
    saved: Mapping[str, Any]
    """By section, how `services.section_drafts` knows its last change."""
    is_editable: bool
    """True while the applicant may write in it, or in places of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What is known when a draft begins. ``opened_at`` is t0: the guide's first page."""

    thing_code: str
    district_code: str
    opened_at: datetime
    origin: Origin = Origin.LIVE
    taken_by: UUID | None = None
    """The window officer who begins it for a visitor."""


def start(session: Session, actor: Actor, opening: Opening, at: datetime) -> CaseKey:
    """Begin a draft of a one-thing in a district, under the version published last.

    Raises `NotPermittedError` for people who are no applicants, `NotFoundError` for an unknown
    one-thing and `RuleViolatedError` for an unknown district.
    """
    if not actor.has(Permission.CASE_START):
        raise NotPermittedError(
            Text(
                zh="只有申请人可以申办。请用申请人账号登录。",
                en="Only applicants can apply. Sign in with an applicant's account.",
            )
        )
    return start_for(session, actor.id, opening, at)


def start_for(session: Session, applicant_id: UUID, opening: Opening, at: datetime) -> CaseKey:
    """Begin a draft that belongs to ``applicant_id``, at the window if ``opening`` says so.

    The caller has checked who may. Raises `NotFoundError` for an unknown one-thing and
    `RuleViolatedError` for an unknown district.
    """
    definition = definitions.current(session, opening.thing_code)
    if opening.district_code not in registry.catalogue().districts:
        raise RuleViolatedError((Problem("district_code", UNKNOWN_DISTRICT),))
    key = CaseKey(opening.district_code, new_id())
    connection = session.connection()
    connection.execute(
        _NEW_CASE,
        {
            "district_code": key.district_code,
            "id": key.case_id,
            "thing_code": definition.thing.code,
            "definition_hash": definition.hash,
            "applicant_id": applicant_id,
            "submit_command_id": new_id(),
            "state": definition.case_engine.process.initial,
            "version": 0,
            "event_count": 0,
            "origin": opening.origin,
            "channel": Channel.WINDOW if opening.taken_by else Channel.ONLINE,
            "taken_by": opening.taken_by,
            "opened_at": min(opening.opened_at, at),
            "created_at": at,
        },
    )
    connection.execute(
        _NEW_ANSWERS,
        {
            "district_code": key.district_code,
            "case_id": key.case_id,
            "typed": {},
            "saved": {},
            "commitment_key": chain.new_key(),
            "updated_at": at,
        },
    )
    return key


def draft(session: Session, actor: Actor, key: CaseKey) -> Draft:
    """The form of one's own case, as typed. Raises `NotFoundError` if it is not one's own.

    One's own are an applicant's cases, an officer's at the window, and a draft lent to a phone.
    """
    case = own_case(session, actor, key, Permission.DRAFT_WRITE)
    return _draft(case, _kept(session, key), session=session)


def save_sections(
    session: Session, actor: Actor, key: CaseKey, typed: Mapping[str, object], at: datetime
) -> None:
    """Keep what was typed, by section, right or wrong, so that nothing is lost.

    Of a case with requests to mend only the open places are taken over; all others keep their
    value, whatever was posted for them.
    Raises `NotFoundError` (not one's own, no such section), `TransitionRefusedError` if the case
    was submitted meanwhile, and `ConflictError` while the draft is open elsewhere.
    """
    case = own_case(session, actor, key, Permission.DRAFT_WRITE, lock=True)
    kept = _kept(session, key)
    if not mend_requests.may_be_written(session, case):
        raise TransitionRefusedError(NOT_EDITABLE)
    draft_locks.require(session, key, draft_locks.side_of(actor, case), at)
    thing = definitions.by_hash(session, case.definition_hash).thing
    if set(typed) - {known.code for known in thing.sections}:
        raise NotFoundError(NO_CASE)
    form = mended_form(session, case, at)
    if form is not None:
        typed = form.merged(kept.typed, typed)
    session.connection().execute(
        _SAVE,
        {
            "of_district": key.district_code,
            "of_case": key.case_id,
            "patch": dict(typed),
            "next_revision": kept.revision + 1,
            "marks": {**kept.saved, **_marks(kept, typed, at)},
            "at": at,
        },
    )
    session.expire_all()  # the next read must see what the statement wrote


def _marks(
    kept: CaseAnswers, typed: Mapping[str, object], at: datetime
) -> dict[str, dict[str, Any]]:
    """For each section that changes: at which revision and when; unchanged ones keep theirs."""
    return {
        code: {"revision": kept.revision + 1, "at": at.isoformat()}
        for code, part in typed.items()
        if code not in kept.saved or kept.typed.get(code) != part
    }


def submit(
    session: Session, actor: Actor, key: CaseKey, command_id: UUID, at: datetime
) -> door.Moved:
    """Submit the form once: read and check everything, then move the case.

    However often the same ``command_id`` comes, there is one submission and one result.
    Raises `RuleViolatedError` with every mistake (an officer's, too, that the applicant has not
    confirmed it; with a problem at ``promised`` if papers are promised for later, which has to be
    signed), `ConflictError` while the draft is open elsewhere, and the door's refusals.
    """
    return _submit(session, actor, key, (command_id, False), at)


def submit_with_promise(
    session: Session, actor: Actor, key: CaseKey, command_id: UUID, at: datetime
) -> door.Moved:
    """As `submit`; the applicant has signed the promise of the papers that are not here yet."""
    return _submit(session, actor, key, (command_id, True), at)


def _submit(
    session: Session, actor: Actor, key: CaseKey, sending: tuple[UUID, bool], at: datetime
) -> door.Moved:
    command_id, signs_promise = sending
    case = own_case(session, actor, key, lock=True)
    kept = _kept(session, key)
    sent: door.Sent | None = None
    lines: tuple[MaterialLine, ...] = ()
    inputs: Mapping[str, object] = {}
    if case.state in EDITABLE and command_id == submission_id(case):
        side = draft_locks.side_of(actor, case)
        draft_locks.require(session, key, side, at)
        inputs = counter_visits.words_of_submission(session, key, side, command_id)
        sent, lines = _to_send(session, case, kept, at)
        sent = replace(sent, signs_promise=signs_promise)
    moved = door.move(
        session,
        door.Command(
            district_code=key.district_code,
            case_id=key.case_id,
            trigger="submit",
            command_id=command_id,
            expected_version=None if sent is None else case.version,
            inputs=inputs,
            sent=sent,
        ),
        actor,
        at,
    )
    materials.mark_sent(session, case, lines, moved.event_number)
    return moved


def _to_send(
    session: Session, case: Case, kept: CaseAnswers, at: datetime
) -> tuple[door.Sent, tuple[MaterialLine, ...]]:
    """The form as read, with its papers.

    Raises `RuleViolatedError` with every mistake, and `TransitionRefusedError` for an item that
    this window may not take in.
    """
    definition = definitions.by_hash(session, case.definition_hash)
    on = at.astimezone(CIVIL_ZONE).date()
    reading = catalog_answers.read(definition.thing, kept.typed, on=on)
    lines = materials.material_lines(session, case, definition, reading.answers)
    wrong = (*reading.problems, *materials.problems(lines))
    if wrong:
        raise RuleViolatedError(wrong)
    place = case.handling_district_code or case.district_code
    routes = routing.table(session, case.thing_code)
    routes.check_taken_in(definition.thing, place, reading.answers, at)
    papers = materials.to_send(lines)
    sent = door.Sent(
        typed=kept.typed,
        answers=reading.answers,
        materials=papers,
        electronic_service=bool(kept.electronic_service),
    )
    return sent, lines


def submission_id(case: Case) -> UUID:
    """The command id of the submission that may come next; a return changes it."""
    return uuid5(case.submit_command_id, f"submit:{case.version}")


def definition_of(session: Session, key: CaseKey) -> Definition:
    """The definition that a case is under; it says nothing of the case itself.

    Raises `NotFoundError` if there is no such case.
    """
    found = session.execute(
        select(Case.definition_hash).where(
            Case.district_code == key.district_code, Case.id == key.case_id
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFoundError(NO_CASE)
    return definitions.by_hash(session, found)


def _kept(session: Session, key: CaseKey) -> CaseAnswers:
    """What was typed in the case at ``key``, for those who may see it."""
    return session.execute(
        _KEPT, {"district_code": key.district_code, "case_id": key.case_id}
    ).scalar_one()


def _draft(case: Case, kept: CaseAnswers, *, session: Session) -> Draft:
    return Draft(
        key=CaseKey(case.district_code, case.id),
        state=case.state,
        number=case.number,
        definition=definitions.by_hash(session, case.definition_hash),
        typed=kept.typed,
        submission_id=submission_id(case),
        updated_at=kept.updated_at,
        saved=kept.saved,
        is_editable=mend_requests.may_be_written(session, case),
    )
