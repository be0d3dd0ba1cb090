"""The promise to bring papers after acceptance (容缺承诺): what is signed, and what is here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from catalog.promise_words import WHAT_FOLLOWS
from catalog.schema import OneThing
from core.text import Text
from models.case import Case
from services import definitions, material_files, tolerances
from services.case_keys import CaseKey
from services.door.records import CaseRecords
from services.door.tolerance import missing_papers
from services.materials import MaterialLine
from services.own_cases import own_case
from workflows.clocks import last_day, words_of_limit
from workflows.permissions import Actor, Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperToPromise:
    """A paper that is not here and that the applicant promises to bring after acceptance."""

    title: Text
    within: Text
    what_follows: Text
    legal_basis: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitedPaper:
    """A promised paper that has not come yet."""

    code: str
    title: Text
    items: tuple[str, ...]
    due_on: date
    is_here: bool
    """A sound file of it was uploaded, and not sent yet."""
    what_follows: Text
    command_id: UUID
    """What the button of all of them sends: one submission, however often it is pressed."""


def to_sign(
    thing: OneThing, answers: Mapping[str, Any], lines: Sequence[MaterialLine]
) -> tuple[PaperToPromise, ...]:
    """The papers that ``answers`` promise for later and that ``lines`` have no file of."""
    here = {line.code for line in lines if any(file.is_checked for file in line.files)}
    return tuple(
        PaperToPromise(
            title=material.title,
            within=words_of_limit(material.tolerance.within.limit),
            what_follows=WHAT_FOLLOWS[material.tolerance.overdue],
            legal_basis=material.tolerance.legal_basis,
        )
        for material in missing_papers(thing, answers, here)
        if material.tolerance is not None
    )


def is_marked(session: Session, actor: Actor, key: CaseKey) -> bool:
    """True if the applicant of the actor's own case has an unrepaired record of a broken promise.

    No promise of theirs is taken then; where none is asked for the answer is False. Raises
    `NotFoundError` for anybody else's case.
    """
    case: Case = own_case(session, actor, key, Permission.DRAFT_WRITE)
    thing = definitions.by_hash(session, case.definition_hash).thing
    asks = any(item.commitment for item in thing.items) or any(
        material.tolerance for material in thing.materials
    )
    return asks and CaseRecords(session, case.district_code, case.id).is_marked(case.applicant_id)


def awaited(session: Session, actor: Actor, key: CaseKey, at: datetime) -> tuple[AwaitedPaper, ...]:
    """The promised papers that the actor's own case still waits for, the first due first.

    Raises `NotFoundError` for anybody else's case.
    """
    promises = tolerances.of_own_case(session, actor, key)
    if not promises.awaited:
        return ()
    _case, found = material_files.lines_of(session, actor, key, at)
    lines = {line.code: line for line in found}
    return tuple(
        AwaitedPaper(
            code=paper.material_code,
            title=paper.title,
            items=line.material.items if (line := lines.get(paper.material_code)) else (),
            due_on=last_day(paper.due_at),
            is_here=line is not None and any(file.is_checked for file in line.files),
            what_follows=paper.what_follows,
            command_id=promises.command_id,
        )
        for paper in promises.awaited
    )
