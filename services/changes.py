"""What changed between submissions of a case, and what returns and corrections asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
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
    """What a list brought: the changed answers, and what was sent again as it was."""

    returned_at: datetime
    sent_at: datetime
    changed: tuple[ChangedPlace, ...]
    papers: tuple[ChangedPaper, ...]
    unmended: tuple[Mend, ...]
    of_part: bool = False
    """True for corrections of one part, False for the return of the whole case."""
    asked_by: Text | None = None
    """The part whose department asked; None if it is the reader's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """One submission with the one before it."""

    item_code: str | None
    at: datetime
    before: Any
    after: Any


def earlier_lists(session: Session, opened: OpenedCase) -> tuple[EarlierList, ...]:
    """The lists that this reader's office has asked for so far, the first first."""
    own: set[str | None] = {opened.item.code} | ({None} if opened.is_acceptor else set())
    found = [
        each
        for item_code, lists in _lists(session, opened).items()
        if item_code in own
        for each in lists
    ]
    return tuple(sorted(found, key=lambda each: each.at))


def changes(session: Session, opened: OpenedCase) -> tuple[Changes, ...]:
    """What the applicant changed and this reader may see: the last of its own, and all others'.

    Of what others asked for only changes of answers and papers are told, and that they asked.
    While the reader's own list waits, its last answer is not told. Erased submissions are left out.
    """
    lists = _lists(session, opened)
    rounds = _rounds(session, opened)
    last = {each.item_code: each for each in rounds}
    own = {opened.item.code} | ({None} if opened.is_acceptor else set())
    found = []
    for each in rounds:
        is_own = each.item_code in own
        if (is_own and each is not last[each.item_code]) or (each.item_code is None and not is_own):
            continue
        told = _told(opened, lists.get(each.item_code, []), each, is_own=is_own)
        if told is not None:
            found.append(told)
    return tuple(found)


def _told(
    opened: OpenedCase, lists: list[EarlierList], turn: _Round, *, is_own: bool
) -> Changes | None:
    before = [each for each in lists if each.at <= turn.at]
    if not before or (is_own and (lists[-1].at > turn.at or opened.state.opens_form)):
        return None
    if is_own and turn.item_code is None and opened.case.state == CaseState.RETURNED:
        return None
    asked = before[-1]
    mends = asked.mends if is_own else ()
    found = Changes(
        returned_at=asked.at,
        sent_at=turn.at,
        changed=tuple(_changed(opened, mends, turn.before.answers, turn.after.answers)),
        papers=tuple(_papers(opened, mends, turn.before.materials, turn.after.materials)),
        unmended=tuple(mend for mend in mends if _is_same(mend, turn.before, turn.after)),
        of_part=turn.item_code is not None,
        asked_by=None if is_own else opened.definition.thing.item(turn.item_code or "").title,
    )
    return found if is_own or found.changed or found.papers else None


def _lists(session: Session, opened: OpenedCase) -> Mapping[str | None, list[EarlierList]]:
    """Every list of the case, by the item whose office asked; returns of the whole under None."""
    rows = session.execute(
        select(Event.item_code, Event.at, EventText.content)
        .outerjoin(EventText, TEXT_OF_EVENT)
        .where(
            Event.district_code == opened.case.district_code,
            Event.case_id == opened.case.id,
            Event.body.has_key("places"),
        )
        .order_by(Event.number)
    )
    found: dict[str | None, list[EarlierList]] = {}
    for row in rows:
        mends = returned.mends(opened.definition.thing, row.content or {})
        found.setdefault(row.item_code, []).append(EarlierList(at=row.at, mends=mends))
    return found


def _rounds(session: Session, opened: OpenedCase) -> list[_Round]:
    """Every submission but the first, with the one before it."""
    rows = session.execute(
        select(Submission.answers, Submission.materials, Event.at, Event.item_code)
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
        .order_by(Submission.event_number)
    ).all()
    return [
        _Round(item_code=after.item_code, at=after.at, before=before, after=after)
        for before, after in pairwise(rows)
    ]


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
