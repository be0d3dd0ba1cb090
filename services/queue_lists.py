"""What stands in a queue: pages of it, how many of each kind, and the neighbours of an entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVarTuple

from sqlalchemy import Select, and_, func, literal, select
from sqlalchemy.orm import Session, aliased

from catalog import registry
from core.text import Text
from models.person import Person
from models.task import QueueEntry
from services import definitions
from services.queue import QueueLine, Reach, TaskKey, key_of, line_of, reach, within
from services.queue_filters import (
    DEEPEST_ROW,
    DueBand,
    Holder,
    Key,
    Owner,
    QueueFilter,
    Sort,
    Work,
    beyond,
    colour_is,
    conditions,
    due_is,
    held_by,
    keys,
    never,
    order,
    owned_by,
    text_is,
    work_is,
)
from workflows.colours import Colour
from workflows.permissions import Actor

Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One value that a filter may take now, and how many entries it would leave."""

    value: str
    label: Text
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """How many entries there are of each kind: each filter counted with all the others applied."""

    total: int
    """Of what was chosen."""
    everything: int
    """Of the actor's whole queue."""
    mine: int
    """Claimed by the actor, of the whole queue."""
    late: int
    """Of what was chosen."""
    work: Mapping[Work, int]
    due: Mapping[DueBand, int]
    colour: Mapping[Colour, int]
    claimed: Mapping[Holder, int]
    assigned: Mapping[Owner, int]
    items: tuple[Option, ...]
    districts: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Where an entry stands in a list. ``number`` is None if it does not belong to it any more."""

    number: int | None
    total: int
    previous: TaskKey | None
    next: TaskKey | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The list that a task was opened from, and the place where it stood then."""

    chosen: QueueFilter
    stood_at: int | None = None


def item_codes() -> frozenset[str]:
    """Every item that a queue may be filtered by, whether one waits or not."""
    return frozenset(
        item.code for thing in registry.catalogue().things.values() for item in thing.items
    )


def lines(session: Session, actor: Actor, chosen: QueueFilter, at: datetime) -> list[QueueLine]:
    """One page of what the actor chose to see of their queue."""
    rows = session.execute(page_statement(actor, chosen, at))
    return [line_of(session, row[0], row[1], at, row[2]) for row in rows]


def page_statement(
    actor: Actor, chosen: QueueFilter, at: datetime
) -> Select[QueueEntry, str | None, str | None]:
    """One page of a list with the names of those who claimed, and whose it is.

    A test reads its plan.
    """
    owner = aliased(Person)
    return (
        _chosen(select(QueueEntry, Person.name, owner.name), actor, chosen, at)
        .outerjoin(Person, Person.id == QueueEntry.claimed_by)
        .outerjoin(owner, owner.id == QueueEntry.assigned_to)
        .order_by(*order(chosen))
        .limit(chosen.size)
        .offset(min((chosen.page - 1) * chosen.size, DEEPEST_ROW))
    )


def count(session: Session, actor: Actor, chosen: QueueFilter, at: datetime) -> int:
    """How many entries the whole list has."""
    return int(session.scalar(_chosen(select(func.count()), actor, chosen, at)) or 0)


def facets(session: Session, actor: Actor, chosen: QueueFilter, at: datetime) -> Facets:
    """The counts beside the filters, in one pass over the actor's queue."""
    full = and_(*conditions(chosen, actor, at), literal(True))
    counted: dict[str, Any] = {
        "total": func.count().filter(full),
        "late": func.count().filter(and_(full, due_is(DueBand.LATE, at))),
    }
    for dimension, options in _options(actor, at).items():
        others = conditions(chosen, actor, at, without=dimension)
        for value, condition in options.items():
            counted[f"{dimension}.{value}"] = func.count().filter(and_(condition, *others))
    columns = [each.label(name) for name, each in counted.items()]
    row = session.execute(_searched(select(*columns), actor, chosen, at)).mappings().one()
    everything, mine = _whole(session, actor, at)
    return Facets(
        total=row["total"],
        everything=everything,
        mine=mine,
        late=row["late"],
        work={work: row[f"work.{work}"] for work in Work},
        due={band: row[f"due.{band}"] for band in DueBand},
        colour={colour: row[f"colour.{colour}"] for colour in Colour},
        claimed={holder: row[f"claimed.{holder}"] for holder in Holder},
        assigned={owner: row[f"assigned.{owner}"] for owner in Owner},
        items=_items(session, actor, chosen, at),
        districts=_districts(session, actor, chosen, at),
    )


def _whole(session: Session, actor: Actor, at: datetime) -> tuple[int, int]:
    """How many entries the actor's queue has, and how many of them the actor holds."""
    mine = func.count().filter(held_by(Holder.MINE, actor, at))
    row = session.execute(within(select(func.count(), mine), reach(actor, at))).one()
    return int(row[0]), int(row[1])


def neighbours(
    session: Session, actor: Actor, listed: Listed, task: TaskKey, at: datetime
) -> Neighbours:
    """What comes before and after an entry in a list.

    An entry that has left the list (decided, or claimed in a list of free ones) still has its
    place by the order; one that has left the queue has the place ``stood_at`` where it was seen.
    """
    chosen = listed.chosen
    everything = _chosen(select(QueueEntry), actor, chosen, at)
    entry = _entry(session, reach(actor, at), task)
    if entry is None:
        total = count(session, actor, chosen, at)
        return _around(session, everything.order_by(*order(chosen)), total, listed.stood_at)
    order_keys, values = keys(chosen), _values(entry, chosen)
    before = beyond(order_keys, values, backwards=True)
    counts = (func.count(), func.count().filter(before), func.count().filter(*_same(entry)))
    total, ahead, belongs = session.execute(_chosen(select(*counts), actor, chosen, at)).one()
    return Neighbours(
        number=ahead + 1 if belongs else None,
        total=total,
        previous=_nearest(session, everything.where(before), order_keys, backwards=True),
        next=_nearest(session, everything.where(beyond(order_keys, values)), order_keys),
    )


def following(
    session: Session, actor: Actor, chosen: QueueFilter, task: TaskKey, at: datetime
) -> list[TaskKey]:
    """The entries after ``task`` in a list that the actor may take or holds already, nearest first.

    Asked before the step that makes ``task`` leave the list. At most ``MOST_TRIED``.
    """
    entry = _entry(session, reach(actor, at), task)
    statement = _chosen(select(QueueEntry), actor, chosen, at).where(
        ~held_by(Holder.OTHERS, actor, at)
    )
    if entry is not None:
        statement = statement.where(beyond(keys(chosen), _values(entry, chosen)))
    found = session.scalars(statement.order_by(*order(chosen)).limit(MOST_TRIED))
    return [key_of(row) for row in found]


MOST_TRIED = 20
"""How many entries that others take at this very moment "next" steps over before it gives up."""


def _chosen(
    statement: Select[*Columns], actor: Actor, chosen: QueueFilter, at: datetime
) -> Select[*Columns]:
    return _searched(statement, actor, chosen, at).where(*conditions(chosen, actor, at))


def _searched(
    statement: Select[*Columns], actor: Actor, chosen: QueueFilter, at: datetime
) -> Select[*Columns]:
    """The actor's queue by the text of the filter alone: the other parts are counted apart."""
    found = within(statement.select_from(QueueEntry), reach(actor, at))
    return found.where(text_is(chosen.text)) if chosen.text else found


def _options(actor: Actor, at: datetime) -> dict[str, dict[str, Any]]:
    return {
        "work": {str(work): work_is(work) for work in Work},
        "due": {str(band): due_is(band, at) for band in DueBand},
        "colour": {str(colour): colour_is(colour) for colour in Colour},
        "claimed": {str(holder): held_by(holder, actor, at) for holder in Holder},
        "assigned": {str(owner): owned_by(owner, actor) for owner in Owner},
    }


def _items(session: Session, actor: Actor, chosen: QueueFilter, at: datetime) -> tuple[Option, ...]:
    """The items in the actor's queue, in the words of a definition that has them."""
    others = and_(literal(True), *conditions(chosen, actor, at, without="item"))
    by = (QueueEntry.item_code, QueueEntry.definition_hash)
    statement = _searched(select(*by, func.count().filter(others)), actor, chosen, at)
    counts: dict[str, int] = {}
    labels: dict[str, Text] = {}
    for code, digest, number in session.execute(statement.group_by(*by).order_by(*by)):
        counts[code] = counts.get(code, 0) + number
        labels[code] = definitions.by_hash(session, digest).thing.item(code).title
    return tuple(
        Option(value=code, label=labels[code], count=number) for code, number in counts.items()
    )


def _districts(
    session: Session, actor: Actor, chosen: QueueFilter, at: datetime
) -> tuple[Option, ...]:
    """The districts of the actor's queue; nothing to choose if there is but one."""
    place = reach(actor, at)
    if len(place.district_codes) < 2:  # noqa: PLR2004
        return ()
    others = and_(literal(True), *conditions(chosen, actor, at, without="district"))
    counted = select(QueueEntry.handling_district_code, func.count().filter(others))
    rows = session.execute(
        _searched(counted, actor, chosen, at).group_by(QueueEntry.handling_district_code)
    ).all()
    counts = {row[0]: row[1] for row in rows}
    known = registry.catalogue().districts
    return tuple(
        Option(value=code, label=known[code].name, count=counts.get(code, 0))
        for code in place.district_codes
        if code in known
    )


def _entry(session: Session, place: Reach, task: TaskKey) -> QueueEntry | None:
    return session.execute(
        within(select(QueueEntry), place).where(
            QueueEntry.district_code == task.key.district_code,
            QueueEntry.case_id == task.key.case_id,
            QueueEntry.item_code == task.item_code,
        )
    ).scalar_one_or_none()


def _same(entry: QueueEntry) -> tuple[Any, ...]:
    return (
        QueueEntry.district_code == entry.district_code,
        QueueEntry.case_id == entry.case_id,
        QueueEntry.item_code == entry.item_code,
    )


def _values(entry: QueueEntry, chosen: QueueFilter) -> list[Any]:
    """Where an entry stands in the order of ``services.queue_filters.keys``."""
    last = [entry.case_id, entry.item_code]
    match chosen.sort:
        case Sort.DUE:
            due_at = never(chosen) if entry.due_at is None else entry.due_at
            return [literal(entry.is_preparation), due_at, entry.waiting_since, *last]
        case Sort.WAITING:
            return [entry.waiting_since, *last]
        case Sort.NUMBER:
            return [entry.case_number, *last]
        case Sort.TITLE:
            return [entry.title, *last]


def _nearest(
    session: Session, statement: Select[Any], order_keys: list[Key], *, backwards: bool = False
) -> TaskKey | None:
    ordered = [
        key.column.desc() if key.descending is not backwards else key.column.asc()
        for key in order_keys
    ]
    found = session.scalars(statement.order_by(*ordered).limit(1)).one_or_none()
    return key_of(found) if found else None


def _around(session: Session, ordered: Select[Any], total: int, stood_at: int | None) -> Neighbours:
    """The neighbours of the place where an entry stood that is gone: its next has moved up."""
    place = min(stood_at or 1, total + 1, DEEPEST_ROW)
    first = max(place - 2, 0)
    rows = [key_of(row) for row in session.scalars(ordered.offset(first).limit(2))]
    before, after = rows[: place - 1 - first], rows[place - 1 - first :]
    return Neighbours(
        number=None,
        total=total,
        previous=before[-1] if before else None,
        next=after[0] if after else None,
    )
