"""Drafts: one for one press, those that are open already and how far they are, and their end."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete as sql_delete
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import answers as catalog_answers
from core.clock import CIVIL_ZONE
from core.errors import NotFoundError, TransitionRefusedError
from core.text import Text
from models.case import Case, Channel
from models.counter import DraftHandOver
from models.material_file import MaterialFile
from models.person import Person
from services import case_lists, cases, sections
from services.case_lists import CaseLine
from services.cases import CaseKey, Opening
from services.door.snapshot import NO_CASE
from services.own_cases import own_case
from services.sections import SectionStatus
from services.windows import window_of
from workflows.case import CaseState
from workflows.permissions import Actor

SENT_ONCE = Text(
    zh="这份申请已经提交过，不能删除；不想办了，可以在办件页面上撤回。",
    en="This application has been submitted and cannot be deleted. If you no longer want it, "
    "withdraw it on its page.",
)
AT_WINDOW = Text(
    zh="这份申请已经带到窗口，不能在这里删除。",
    en="This application has been taken to a window and cannot be deleted here.",
)
ASK_WINDOW = Text(
    zh="请告诉窗口工作人员您不办了。", en="Tell the window officer that you no longer want it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """One draft in a list: which it is, how far, and when it was saved."""

    line: CaseLine
    title: str | None
    """What its answers would be called so far, so that people tell drafts apart."""
    saved_at: datetime
    done: int
    count: int
    next_section: str | None
    """Where to go on; None if every section is complete."""
    can_be_deleted: bool


def open_drafts(session: Session, actor: Actor, thing_code: str) -> list[CaseLine]:
    """What the actor may still write in, of one one-thing; the newest first."""
    is_open = Case.state.in_(cases.EDITABLE)
    return case_lists.mine(session, actor, Case.thing_code == thing_code, is_open)


def draft_lines(
    session: Session, actor: Actor, lines: Iterable[CaseLine], at: datetime
) -> list[DraftLine]:
    """Drafts with how far they are, the one that was saved last first."""
    found = [_draft_line(session, actor, line, at) for line in lines]
    return sorted(found, key=lambda draft: draft.saved_at, reverse=True)


def draft_line(session: Session, actor: Actor, key: CaseKey, at: datetime) -> DraftLine:
    """One draft of the actor's own. Raises `NotFoundError` for anything else."""
    is_it = (Case.district_code == key.district_code, Case.id == key.case_id)
    for line in case_lists.mine(session, actor, *is_it, Case.state.in_(cases.EDITABLE)):
        return _draft_line(session, actor, line, at)
    raise NotFoundError(NO_CASE)


def begin(
    session: Session, actor: Actor, opening: Opening, known: Collection[UUID], at: datetime
) -> CaseKey:
    """Begin a draft, or find the one that the same press has begun already.

    ``known`` are the drafts that the page had shown: another one of the same one-thing and
    district can only come from a second press of its button. The person's row is locked, so that
    presses at the same moment come one after the other.
    Raises as `services.cases.start`.
    """
    session.execute(select(Person.id).where(Person.id == actor.id).with_for_update())
    for line in open_drafts(session, actor, opening.thing_code):
        if line.key.case_id not in known and line.key.district_code == opening.district_code:
            return line.key
    return cases.start(session, actor, opening, at)


def delete(session: Session, actor: Actor, key: CaseKey) -> None:
    """Erase a draft with its answers and files, for good. Nothing has happened to it: no event.

    Raises `NotFoundError` (not the actor's own) and `TransitionRefusedError` once it was
    submitted or taken to a window.
    """
    case = own_case(session, actor, key, lock=True)
    if case.applicant_id != actor.id:
        raise NotFoundError(NO_CASE)
    if not _is_untouched(case):
        raise TransitionRefusedError(SENT_ONCE)
    if case.channel is not Channel.ONLINE:
        raise TransitionRefusedError(AT_WINDOW, advice=ASK_WINDOW)
    for table in (MaterialFile, DraftHandOver):
        session.execute(
            sql_delete(table).where(
                table.district_code == key.district_code, table.case_id == key.case_id
            )
        )
    session.execute(
        sql_delete(Case).where(Case.district_code == key.district_code, Case.id == key.case_id)
    )


def _is_untouched(case: Case) -> bool:
    return case.state == CaseState.DRAFT.value and case.event_count == 0


def _draft_line(session: Session, actor: Actor, line: CaseLine, at: datetime) -> DraftLine:
    draft, day = cases.draft(session, actor, line.key), at.astimezone(CIVIL_ZONE).date()
    district = window_of(session, draft.definition.thing, line.key.district_code, at)
    overview = sections.overview(draft, day, district)
    case = own_case(session, actor, line.key)
    return DraftLine(
        line=line,
        title=catalog_answers.title(draft.definition.thing, overview.answers) or line.title,
        saved_at=draft.updated_at,
        done=overview.done,
        count=len(overview.lines),
        next_section=next(
            (part.code for part in overview.lines if part.status is not SectionStatus.DONE), None
        ),
        can_be_deleted=_is_untouched(case) and case.channel is Channel.ONLINE,
    )
