"""What a clerk chose to see of a queue: one object for list, counts, neighbours and next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, literal_column, or_, true

from core.clock import CIVIL_ZONE
from models.task import QueueEntry
from workflows.case import CaseState
from workflows.colours import Colour
from workflows.permissions import Actor

PAGE_SIZES = (25, 50, 100, 200)
PAGE_SIZE = 50
LONGEST_TEXT = 80
DEEPEST_ROW = 10_000
"""How far one can page: who wants more should filter, and the database need not count it off."""


DIMENSIONS = ("item", "work", "due", "colour", "district", "claimed", "assigned")
"""Each leaves entries out by one value of its own."""


class Work(StrEnum):
    """What is to be done with an entry."""

    ACCEPT = "accept"
    HANDLE = "handle"
    PREPARE = "prepare"


class DueBand(StrEnum):
    """When an entry is due; days are those of Beijing."""

    LATE = "late"
    TODAY = "today"
    LATER = "later"
    NONE = "none"


class Holder(StrEnum):
    """Who holds the claim."""

    FREE = "free"
    MINE = "mine"
    OTHERS = "others"


class Owner(StrEnum):
    """Whose work an entry is, by a policy of the desk or by the head."""

    MINE = "mine"
    NOBODY = "nobody"
    OTHERS = "others"


class Sort(StrEnum):
    """What a list is ordered by."""

    DUE = "due"
    WAITING = "waiting"
    NUMBER = "number"
    TITLE = "title"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """A choice of entries, their order, and the page of them. Empty fields choose nothing."""

    item: str | None = None
    work: Work | None = None
    due: DueBand | None = None
    colour: Colour | None = None
    district: str | None = None
    claimed: Holder | None = None
    assigned: Owner | None = None
    text: str = ""
    sort: Sort = Sort.DUE
    descending: bool = False
    size: int = PAGE_SIZE
    page: int = 1

    @property
    def is_empty(self) -> bool:
        """True if it leaves nothing out, whatever the order."""
        return not any(getattr(self, name) for name in (*DIMENSIONS, "text"))


@dataclass(frozen=True, slots=True)
class Key:
    """One column of an order: what it compares, and which way."""

    column: Any
    descending: bool = False


def conditions(
    chosen: QueueFilter, actor: Actor, at: datetime, *, without: str | None = None
) -> list[ColumnElement[bool]]:
    """What ``DIMENSIONS`` of the filter ask of an entry, optionally without one of them."""
    asked: dict[str, ColumnElement[bool]] = {}
    if chosen.item:
        asked["item"] = QueueEntry.item_code == chosen.item
    if chosen.work:
        asked["work"] = work_is(chosen.work)
    if chosen.due:
        asked["due"] = due_is(chosen.due, at)
    if chosen.colour:
        asked["colour"] = colour_is(chosen.colour)
    if chosen.district:
        asked["district"] = QueueEntry.handling_district_code == chosen.district
    if chosen.claimed:
        asked["claimed"] = held_by(chosen.claimed, actor, at)
    if chosen.assigned:
        asked["assigned"] = owned_by(chosen.assigned, actor)
    return [condition for name, condition in asked.items() if name != without]


def text_is(text: str) -> ColumnElement[bool]:
    """Whether a part of an entry's number or company is ``text``; its signs are only signs."""
    return or_(
        QueueEntry.title.icontains(text, autoescape=True),
        QueueEntry.case_number.icontains(text, autoescape=True),
    )


def work_is(work: Work) -> ColumnElement[bool]:
    """Whether an entry is this kind of work."""
    is_acceptance = QueueEntry.state == CaseState.SUBMITTED.value
    match work:
        case Work.ACCEPT:
            return and_(QueueEntry.is_preparation.is_(False), is_acceptance)
        case Work.HANDLE:
            return and_(QueueEntry.is_preparation.is_(False), ~is_acceptance)
        case Work.PREPARE:
            return QueueEntry.is_preparation.is_(True)


def due_is(band: DueBand, at: datetime) -> ColumnElement[bool]:
    """Whether an entry is due then, seen from the instant ``at``."""
    tomorrow = day_after(at)
    match band:
        case DueBand.LATE:
            return QueueEntry.due_at < at
        case DueBand.TODAY:
            return and_(QueueEntry.due_at >= at, QueueEntry.due_at < tomorrow)
        case DueBand.LATER:
            return QueueEntry.due_at >= max(at, tomorrow)
        case DueBand.NONE:
            return QueueEntry.due_at.is_(None)


def colour_is(colour: Colour) -> ColumnElement[bool]:
    """Whether an entry has this colour; the calm ones have none."""
    if colour is Colour.CALM:
        return QueueEntry.colour.is_(None)
    return QueueEntry.colour == colour.value


def held_by(holder: Holder, actor: Actor, at: datetime) -> ColumnElement[bool]:
    """Whether an entry's claim is so at ``at``; a lease that has run out counts as none."""
    is_live = func.coalesce(QueueEntry.claim_expires_at > at, false())
    match holder:
        case Holder.FREE:
            return ~is_live
        case Holder.MINE:
            return and_(is_live, QueueEntry.claimed_by == actor.id)
        case Holder.OTHERS:
            return and_(is_live, QueueEntry.claimed_by != actor.id)


def owned_by(owner: Owner, actor: Actor) -> ColumnElement[bool]:
    """Whether an entry is somebody's work."""
    match owner:
        case Owner.MINE:
            return func.coalesce(QueueEntry.assigned_to == actor.id, false())
        case Owner.NOBODY:
            return QueueEntry.assigned_to.is_(None)
        case Owner.OTHERS:
            return func.coalesce(QueueEntry.assigned_to != actor.id, false())


def day_after(at: datetime) -> datetime:
    """The first instant of the next day in Beijing."""
    tomorrow = at.astimezone(CIVIL_ZONE).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), CIVIL_ZONE)


def order(chosen: QueueFilter) -> list[ColumnElement[Any]]:
    """The order of the list. What has no due time comes last, whichever way one looks."""
    main, *rest = _columns(chosen.sort)
    first = main.desc() if chosen.descending else main.asc()
    ordered: list[ColumnElement[Any]] = [first.nulls_last() if chosen.sort is Sort.DUE else first]
    ordered += [column.asc() for column in rest]
    return [QueueEntry.is_preparation.asc(), *ordered] if chosen.sort is Sort.DUE else ordered


def keys(chosen: QueueFilter) -> list[Key]:
    """The same order as values that can be compared: nothing in them is null."""
    main, *rest = _columns(chosen.sort)
    if chosen.sort is Sort.DUE:
        main = func.coalesce(main, never(chosen))
    columns = [QueueEntry.is_preparation, *rest] if chosen.sort is Sort.DUE else rest
    ordered = [Key(column) for column in columns]
    ordered.insert(len(columns) - len(rest), Key(main, chosen.descending))
    return ordered


def never(chosen: QueueFilter) -> ColumnElement[Any]:
    """What stands for "no due time" in comparisons, so that it comes last."""
    return literal_column(f"'{'-' if chosen.descending else ''}infinity'::timestamptz")


def beyond(
    order_keys: Sequence[Key], values: Sequence[object], *, backwards: bool = False
) -> ColumnElement[bool]:
    """Whether an entry stands after (or before) the one with these ``values``."""
    found: ColumnElement[bool] = false()
    same: ColumnElement[bool] = true()
    for key, value in zip(order_keys, values, strict=True):
        falls = key.descending is not backwards
        further = key.column < value if falls else key.column > value
        found = or_(found, and_(same, further))
        same = and_(same, key.column == value)
    return found


def _columns(sort: Sort) -> list[Any]:
    """What is compared first, and what decides between equals."""
    last = [QueueEntry.case_id, QueueEntry.item_code]
    match sort:
        case Sort.DUE:
            return [QueueEntry.due_at, QueueEntry.waiting_since, *last]
        case Sort.WAITING:
            return [QueueEntry.waiting_since, *last]
        case Sort.NUMBER:
            return [QueueEntry.case_number.collate("C"), *last]
        case Sort.TITLE:
            return [QueueEntry.title.collate("C"), *last]
