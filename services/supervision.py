"""The supervisor's board (督办): what is red, what turns red today, what is yellow, and whose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    func,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session

from catalog import registry
from catalog.supervision import Proposal
from core.text import Text
from models.case import Case, Origin
from models.supervision import DelayReason
from models.task import QueueEntry, Task
from services import card_lists, definitions, desks
from services.card_lists import CardLine
from services.cases import CaseKey
from services.queue import TaskKey
from services.queue_filters import day_after
from services.supervised import departments, districts, supervised, within
from workflows.colours import Colour
from workflows.permissions import Actor

PAGE_SIZE = 50
DEEPEST_ROW = 10_000
NOBODY = "nobody"
"""In an address: what no officer holds and nobody is assigned to."""
NO_OFFICER = Text(zh="尚无承办人", en="Nobody yet")


class Band(StrEnum):
    """What presses how much. A task may be yellow and turn red today: it counts for both."""

    RED = "red"
    TODAY = "today"
    YELLOW = "yellow"
    BLUE = "blue"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFilter:
    """What of the board is shown. Empty fields choose nothing."""

    band: Band | None = None
    district: str | None = None
    department: str | None = None
    person: UUID | str | None = None
    """An officer, or `NOBODY`."""
    page: int = 1

    @property
    def is_empty(self) -> bool:
        """True if it leaves nothing out."""
        return not (self.band or self.district or self.department or self.person)


Counts = Mapping[Band, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The counts of one department, or of one officer."""

    value: str
    label: Text
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardLine:
    """One task that presses."""

    task: TaskKey
    item_title: Text
    desk_name: Text
    case_number: str
    case_title: str
    is_synthetic: bool
    state_label: Text
    colour: Colour
    due_at: datetime
    is_past_statutory: bool
    """The law's own limit is over too."""
    holder_name: str | None
    """Who has claimed it now."""
    assigned_name: str | None
    is_explained: bool
    """Its officers have said why it is overdue."""
    card: CardLine | None
    """The newest card on it."""
    proposal: Proposal | None
    """What a rule proposes; a person alone may issue it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The whole board at one instant."""

    chosen: BoardFilter
    counts: Counts
    """Of everything that is supervised, whatever is chosen."""
    by_department: Sequence[Share]
    by_officer: Sequence[Share]
    lines: Sequence[BoardLine]
    total: int
    """Of what was chosen."""
    pages: int
    districts: Mapping[str, Text]
    departments: Mapping[str, Text]
    open_cards: int
    appeals: int
    """Cards whose appeal another than their issuer may judge."""


def board(session: Session, actor: Actor, chosen: BoardFilter, at: datetime) -> Board:
    """What presses at the desks that the actor supervises, the longest overdue first."""
    reach = supervised(actor, at)
    catalogue = registry.catalogue()
    counted = _counted(session, actor, at)
    people = desks.names(session, {row.person for row in counted if row.person})
    wanted = [row for row in counted if _fits(row, chosen)]
    total = sum(row.count for row in wanted)
    pages = max(1, -(-min(total, DEEPEST_ROW) // PAGE_SIZE))
    chosen = replace(chosen, page=min(chosen.page, pages))
    open_cards, appeals = card_lists.counts_of_supervisor(session, actor, at)
    return Board(
        chosen=chosen,
        counts=_sum(counted),
        by_department=[
            Share(value=code, label=catalogue.departments[code].name, counts=_sum(rows))
            for code in departments(reach)
            if (rows := [row for row in counted if row.department == code])
        ],
        by_officer=_by_officer(counted, people),
        lines=_lines(session, actor, chosen, at),
        total=total,
        pages=pages,
        districts={code: catalogue.districts[code].name for code in districts(reach)},
        departments={code: catalogue.departments[code].name for code in departments(reach)},
        open_cards=open_cards,
        appeals=appeals,
    )


@dataclass(frozen=True, slots=True)
class _Count:
    """How many tasks of one desk and officer stand so."""

    district: str
    department: str
    person: UUID | None
    colour: Colour
    is_today: bool
    count: int

    def is_in(self, band: Band) -> bool:
        return self.is_today if band is Band.TODAY else self.colour.value == band.value


def _counted(session: Session, actor: Actor, at: datetime) -> list[_Count]:
    """Everything that presses, grouped by desk, officer, colour and "turns red today".

    Counted by whom it is assigned to; the few that somebody holds now are counted over to them.
    """
    group = (
        Task.handling_district_code,
        Task.department_code,
        Task.assigned_to,
        func.coalesce(Task.colour, Colour.CALM.value),
        _is_today(at),
    )
    found: dict[tuple[Any, ...], int] = {}
    for *key, count in session.execute(_grouped(select(*group, func.count()), actor, at, 5)):
        found[tuple(key)] = count
    held = _with_entries(
        _grouped(select(*group, QueueEntry.claimed_by, func.count()), actor, at, 6)
    )
    for *key, holder, count in session.execute(held.where(QueueEntry.claim_expires_at > at)):
        district, department, _assigned, *how = key
        found[tuple(key)] -= count
        theirs = (district, department, holder, *how)
        found[theirs] = found.get(theirs, 0) + count
    return [
        _Count(district, department, who, Colour(colour), bool(is_today), count)
        for (district, department, who, colour, is_today), count in found.items()
        if count
    ]


def _grouped(
    statement: Select[*tuple[Any, ...]], actor: Actor, at: datetime, columns: int
) -> Select[*tuple[Any, ...]]:
    by: list[ColumnElement[Any]] = [literal_column(str(each + 1)) for each in range(columns)]
    return _pressing(statement, actor, at).group_by(*by)


def lines_statement(actor: Actor, chosen: BoardFilter, at: datetime) -> Select[*tuple[Any, ...]]:
    """One page of the board's list; a test reads its plan."""
    person = _person(at)
    asked: list[ColumnElement[bool]] = []
    if chosen.band is Band.TODAY:
        asked.append(_is_today(at))
    elif chosen.band:
        asked.append(Task.colour == chosen.band.value)
    if chosen.district:
        asked.append(Task.handling_district_code == chosen.district)
    if chosen.department:
        asked.append(Task.department_code == chosen.department)
    if chosen.person == NOBODY:
        asked.append(person.is_(None))
    elif chosen.person:
        asked.append(person == chosen.person)
    given = (
        select(func.array_agg(DelayReason.reason_code))
        .where(
            DelayReason.district_code == Task.district_code,
            DelayReason.case_id == Task.case_id,
            DelayReason.item_code == Task.item_code,
        )
        .scalar_subquery()
    )
    columns = (Task, Case, _holder(at).label("holder"), given.label("given"))
    return (
        _with_entries(_pressing(select(*columns), actor, at))
        .join(Case, and_(Case.district_code == Task.district_code, Case.id == Task.case_id))
        .where(*asked)
        .order_by(Task.due_at, Task.case_id, Task.item_code)
        .limit(PAGE_SIZE)
        .offset((chosen.page - 1) * PAGE_SIZE)
    )


def _lines(session: Session, actor: Actor, chosen: BoardFilter, at: datetime) -> list[BoardLine]:
    rows = session.execute(lines_statement(actor, chosen, at)).all()
    names = desks.names(
        session,
        {each for task, _, holder, _ in rows for each in (holder, task.assigned_to) if each},
    )
    cards = card_lists.of_tasks(session, [_key(task) for task, *_ in rows])
    found = []
    for task, of_case, holder, given in rows:
        line = _line(session, task, of_case, at)
        newest = next(iter(cards.get(line.task, ())), None)
        found.append(
            replace(
                line,
                holder_name=names.get(holder) if holder else None,
                assigned_name=names.get(task.assigned_to) if task.assigned_to else None,
                is_explained=bool(given),
                card=newest,
                proposal=None if newest else _proposal(line, given or ()),
            )
        )
    return found


def _line(session: Session, task: Task, of_case: Case, at: datetime) -> BoardLine:
    definition = definitions.by_hash(session, of_case.definition_hash)
    item = definition.thing.item(task.item_code)
    statutory = task.statutory_due_at
    return BoardLine(
        task=_key(task),
        item_title=item.title,
        desk_name=desks.name(
            desks.Desk(
                district_code=task.handling_district_code, department_code=task.department_code
            )
        ),
        case_number=of_case.number or "",
        case_title=of_case.title or "",
        is_synthetic=of_case.origin is not Origin.LIVE,
        state_label=definition.engine_of(item).state(task.state).label,
        colour=Colour(task.colour or Colour.CALM),
        due_at=task.due_at or at,
        is_past_statutory=statutory is not None and statutory < at,
        holder_name=None,
        assigned_name=None,
        is_explained=False,
        card=None,
        proposal=None,
    )


def _proposal(line: BoardLine, given: Sequence[str]) -> Proposal | None:
    """What the rules propose for a task without a card, unless its delay is excused."""
    rules = registry.catalogue().supervision
    reasons = [rules.delay_reason(code) for code in given]
    if any(reason and reason.excuses for reason in reasons):
        return None
    return rules.proposal(line.colour, past_statutory=line.is_past_statutory)


def _pressing(
    statement: Select[*tuple[Any, ...]], actor: Actor, at: datetime
) -> Select[*tuple[Any, ...]]:
    """Open tasks of the actor's reach that have a colour, or turn red before the day is over."""
    return statement.select_from(Task).where(
        within(supervised(actor, at), Task.handling_district_code, Task.department_code),
        Task.ended_at.is_(None),
        or_(Task.colour.is_not(None), _is_today(at)),
        Task.due_at.is_not(None),
    )


def _with_entries(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The same with the place of each task in a queue, if it has one."""
    entry = and_(
        QueueEntry.handling_district_code == Task.handling_district_code,
        QueueEntry.district_code == Task.district_code,
        QueueEntry.case_id == Task.case_id,
        QueueEntry.item_code == Task.item_code,
    )
    return statement.outerjoin(QueueEntry, entry)


def _is_today(at: datetime) -> ColumnElement[bool]:
    """Not red yet, its clock runs, and it is due before the day in Beijing is over."""
    return and_(
        func.coalesce(Task.colour, "") != Colour.RED.value,
        Task.paused_at.is_(None),
        Task.limits_met_at.is_(None),
        Task.due_at >= at,
        Task.due_at < day_after(at),
    )


def _holder(at: datetime) -> ColumnElement[UUID | None]:
    """Who has a live claim on it."""
    return case((QueueEntry.claim_expires_at > at, QueueEntry.claimed_by), else_=null())


def _person(at: datetime) -> ColumnElement[UUID | None]:
    """Whose it is: the holder's, else that of whom it is assigned to."""
    return func.coalesce(_holder(at), Task.assigned_to)


def _fits(row: _Count, chosen: BoardFilter) -> bool:
    who = NOBODY if row.person is None else row.person
    return (
        (chosen.band is None or row.is_in(chosen.band))
        and chosen.district in {None, row.district}
        and chosen.department in {None, row.department}
        and chosen.person in {None, who}
    )


def _sum(rows: Sequence[_Count]) -> Counts:
    return {band: sum(row.count for row in rows if row.is_in(band)) for band in Band}


def _by_officer(counted: Sequence[_Count], names: Mapping[UUID, str]) -> list[Share]:
    """Officers by how much of theirs is red, then by name; what is nobody's comes first."""
    found = []
    for who in {row.person for row in counted}:
        name = names.get(who, "") if who else ""
        share = Share(
            value=str(who) if who else NOBODY,
            label=Text(zh=name, en=name) if who else NO_OFFICER,
            counts=_sum([row for row in counted if row.person == who]),
        )
        found.append(share)
    return sorted(
        found,
        key=lambda share: (share.value != NOBODY, -share.counts[Band.RED], share.label.zh),
    )


def _key(task: Task) -> TaskKey:
    return TaskKey(key=CaseKey(task.district_code, task.case_id), item_code=task.item_code)
