"""What changed between the last two submissions of a case, and what its returns asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import answers as catalog_answers
from catalog.answers import NOT_ASKED, Answers, answer_at
from catalog.places import MATERIALS, covers
from catalog.schema import Field, Section
from core.text import Text
from models.event import TEXT_OF_EVENT, Event, EventText
from models.submission import Submission
from services import mending, returned
from services.opened_case import OpenedCase
from services.returned import Mend
from workflows.case import CaseState


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierList:
    """One return: when, and its whole list. No entries are left once its words were erased."""

    at: datetime
    mends: tuple[Mend, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedPlace:
    """One answer that is not as it was sent the time before."""

    path: str
    where: Text
    field: Field
    before: object
    after: object
    """As this reader may see them: masked where the item does not need them."""
    was_asked: bool
    is_asked: bool
    mend: Mend | None
    """The entry of the list that asked for it; without one it followed from another change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedPaper:
    """A paper whose files are not those that were sent the time before."""

    path: str
    where: Text
    before: tuple[str, ...]
    after: tuple[str, ...]
    """The names of its files."""
    mend: Mend | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a return brought: the changed answers, and what was sent again as it was."""

    returned_at: datetime
    sent_at: datetime
    changed: tuple[ChangedPlace, ...]
    papers: tuple[ChangedPaper, ...]
    unmended: tuple[Mend, ...]


def earlier_lists(session: Session, opened: OpenedCase) -> tuple[EarlierList, ...]:
    """The lists of all returns of the case so far, the first first."""
    if not opened.is_acceptor:
        return ()
    rows = session.execute(
        select(Event.at, EventText.content)
        .outerjoin(EventText, TEXT_OF_EVENT)
        .where(
            Event.district_code == opened.case.district_code,
            Event.case_id == opened.case.id,
            Event.item_code.is_(None),
            Event.to_state == CaseState.RETURNED.value,
        )
        .order_by(Event.number)
    )
    return tuple(
        EarlierList(at=row.at, mends=returned.mends(opened.definition.thing, row.content or {}))
        for row in rows
    )


def changes(session: Session, opened: OpenedCase, lists: tuple[EarlierList, ...]) -> Changes | None:
    """What the applicant changed after the last return, for the officer who wrote its list.

    None before a second submission, while the case is returned, and once either was erased.
    """
    if not lists or opened.case.state == CaseState.RETURNED:
        return None
    newest = session.execute(
        select(Submission.answers, Submission.materials, Event.at)
        .join(
            Event,
            (Event.district_code == Submission.district_code)
            & (Event.case_id == Submission.case_id)
            & (Event.number == Submission.event_number),
        )
        .where(
            Submission.district_code == opened.case.district_code,
            Submission.case_id == opened.case.id,
            Submission.answers.is_not(None),
        )
        .order_by(Submission.event_number.desc())
        .limit(2)
    ).all()
    if len(newest) < 2 or newest[0].at < lists[-1].at:  # noqa: PLR2004  before and after
        return None
    after, before = newest
    asked = lists[-1]
    return Changes(
        returned_at=asked.at,
        sent_at=after.at,
        changed=tuple(_changed(opened, asked.mends, before.answers, after.answers)),
        papers=tuple(_papers(opened, asked.mends, before.materials, after.materials)),
        unmended=tuple(mend for mend in asked.mends if _is_same(mend, before, after)),
    )


def _is_same(mend: Mend, before: Any, after: Any) -> bool:
    if mend.material_code:
        old, new = mending.papers(before.materials), mending.papers(after.materials)
        return old.get(mend.material_code) == new.get(mend.material_code)
    return bool(answer_at(before.answers, mend.path) == answer_at(after.answers, mend.path))


def _papers(
    opened: OpenedCase, mends: tuple[Mend, ...], before: list[Any], after: list[Any]
) -> Iterator[ChangedPaper]:
    """Every paper that this reader may open."""
    old, new = mending.papers(before), mending.papers(after)
    for paper in opened.definition.thing.materials:
        was, now = old.get(paper.code, []), new.get(paper.code, [])
        if opened.item.code in paper.items and was != now:
            yield ChangedPaper(
                path=f"{MATERIALS}.{paper.code}",
                where=returned.PAPER.format(title=paper.title),
                before=tuple(str(file["name"]) for file in was),
                after=tuple(str(file["name"]) for file in now),
                mend=next((mend for mend in mends if mend.material_code == paper.code), None),
            )


def _changed(
    opened: OpenedCase, mends: tuple[Mend, ...], before: Answers, after: Answers
) -> Iterator[ChangedPlace]:
    """Every question of the sections that this reader sees, in the order of the form."""
    thing, item = opened.definition.thing, opened.item.code
    seen = (
        catalog_answers.visible_to(thing, item, before),
        catalog_answers.visible_to(thing, item, after),
    )
    for section in thing.sections:
        if item not in section.items:
            continue
        for rest in _questions(section, before, after):
            path = ".".join([section.code, *rest])
            old, new = answer_at(before, path), answer_at(after, path)
            if old == new:
                continue
            yield ChangedPlace(
                path=path,
                where=returned.where(section, rest),
                field=next(field for field in section.fields if field.code == rest[-1]),
                before=answer_at(seen[0], path, None),
                after=answer_at(seen[1], path, None),
                was_asked=old is not NOT_ASKED,
                is_asked=new is not NOT_ASKED,
                mend=next((mend for mend in mends if covers(mend.path, path)), None),
            )


def _questions(section: Section, before: Answers, after: Answers) -> Iterator[list[str]]:
    if section.repeat is None:
        yield from ([field.code] for field in section.fields)
        return
    count = max(len(part.get(section.code) or ()) for part in (before, after))
    for number in range(count):
        yield from ([str(number), field.code] for field in section.fields)
