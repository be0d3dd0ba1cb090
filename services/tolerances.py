"""Promised papers (容缺), from the applicant's side: what is awaited, and bringing it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.promise_words import WHAT_FOLLOWS
from core.errors import NotFoundError
from core.text import Text
from models.case import Case
from models.tolerance import ToleratedPaper
from services import (
    corrections,
    counter_visits,
    definitions,
    door,
    draft_locks,
    materials,
    mend_requests,
)
from services.case_keys import CaseKey
from services.definitions import Definition
from services.door.snapshot import NO_CASE
from services.materials import MaterialLine
from services.own_cases import own_case
from workflows.permissions import Actor, Permission
from workflows.process import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisedPaper:
    """One paper that was promised at acceptance."""

    material_code: str
    title: Text
    due_at: datetime
    supplied_at: datetime | None
    lapsed_at: datetime | None
    what_follows: Text
    legal_basis: Text | None

    @property
    def is_awaited(self) -> bool:
        """True while it has neither come nor lapsed."""
        return self.supplied_at is None and self.lapsed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """The promised papers of one case, and what the send button sends."""

    papers: tuple[PromisedPaper, ...]
    command_id: UUID

    @property
    def awaited(self) -> tuple[PromisedPaper, ...]:
        """Those that may still be brought, the first due first."""
        return tuple(paper for paper in self.papers if paper.is_awaited)


def of_own_case(session: Session, actor: Actor, key: CaseKey) -> Promises:
    """The promised papers of the actor's own case. Raises `NotFoundError` for anybody else's."""
    case = own_case(session, actor, key, Permission.DRAFT_WRITE)
    return Promises(papers=of_case(session, case), command_id=submission_id(case))


def of_case(session: Session, case: Case) -> tuple[PromisedPaper, ...]:
    """The papers that were promised when a case was accepted, the first due first."""
    definition = definitions.by_hash(session, case.definition_hash)
    rows = session.scalars(
        select(ToleratedPaper)
        .where(
            ToleratedPaper.district_code == case.district_code, ToleratedPaper.case_id == case.id
        )
        .order_by(ToleratedPaper.due_at, ToleratedPaper.material_code)
        .execution_options(populate_existing=True)
    )
    return tuple(_paper(definition, row) for row in rows)


def supply(
    session: Session, actor: Actor, key: CaseKey, command_id: UUID, at: datetime
) -> door.Moved:
    """Send the promised papers that were uploaded, once.

    The whole form is checked again. Raises `NotFoundError`, `RuleViolatedError` with every
    mistake, `ConflictError` while the form is open elsewhere, and the door's refusals: also if
    none of the promised papers is there, or none is awaited any more.
    """
    case = own_case(session, actor, key, lock=True)
    definition = definitions.by_hash(session, case.definition_hash)
    requests = mend_requests.standing(session, case)
    own = next((each for each in requests if each.is_promise), None)
    form: door.Sent | None = None
    lines: tuple[MaterialLine, ...] = ()
    inputs: Mapping[str, object] = {}
    if own is not None and command_id == submission_id(case):
        side = draft_locks.side_of(actor, case)
        draft_locks.require(session, key, side, at)
        inputs = counter_visits.words_of_submission(session, key, side, command_id)
        others = [each for each in requests if each is not own]
        form, lines = corrections.to_send(session, (case, definition), (own, others), at)
    moved = door.move(
        session,
        door.Command(
            district_code=key.district_code,
            case_id=key.case_id,
            trigger=_trigger(definition),
            command_id=command_id,
            expected_version=None if form is None else case.version,
            inputs=inputs,
            sent=form,
        ),
        actor,
        at,
    )
    materials.mark_sent(session, case, lines, moved.event_number)
    return moved


def submission_id(case: Case) -> UUID:
    """The command id with which promised papers are sent; each sending changes it."""
    return uuid5(case.submit_command_id, f"promised:{case.version}")


def _trigger(definition: Definition) -> str:
    rows = definition.case_engine.process.transitions
    found = [row.trigger for row in rows if Effect.SUPPLY_TOLERATED in row.effects]
    if not found:
        raise NotFoundError(NO_CASE)
    return found[0]


def _paper(definition: Definition, row: ToleratedPaper) -> PromisedPaper:
    material = definition.thing.material(row.material_code)
    tolerance = material.tolerance
    return PromisedPaper(
        material_code=row.material_code,
        title=material.title,
        due_at=row.due_at,
        supplied_at=row.supplied_at,
        lapsed_at=row.lapsed_at,
        what_follows=WHAT_FOLLOWS[tolerance.overdue] if tolerance else Text(zh="", en=""),
        legal_basis=tolerance.legal_basis if tolerance else None,
    )
