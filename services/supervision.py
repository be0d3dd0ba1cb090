"""The supervisor's board (督办): what is red, what turns red today, what is yellow, and whose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from catalog import registry
from catalog.supervision import Proposal
from core.text import Text
from models.case import Origin
from services import board_counts, board_rows, card_lists, definitions, desks
from services.board_counts import Count
from services.board_rows import Row
from services.board_scope import DEEPEST_ROW, NOBODY, PAGE_SIZE, Band, BoardFilter
from services.card_lists import CardLine
from services.queue import TaskKey
from services.supervised import departments, districts, supervised
from workflows.colours import Colour
from workflows.permissions import Actor

NO_OFFICER = Text(zh="尚无承办人", en="Nobody yet")


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
    is_acceptance: bool
    """The whole case waits to be accepted here; no reason for a delay is asked of that."""
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
    counted = board_counts.counted(session, actor, at)
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
        lines=_lines(session, board_rows.page(session, actor, chosen, at), at),
        total=total,
        pages=pages,
        districts={code: catalogue.districts[code].name for code in districts(reach)},
        departments={code: catalogue.departments[code].name for code in departments(reach)},
        open_cards=open_cards,
        appeals=appeals,
    )


def _lines(session: Session, rows: Sequence[Row], at: datetime) -> list[BoardLine]:
    names = desks.names(
        session, {each for row in rows for each in (row.holder, row.assigned_to) if each}
    )
    cards = card_lists.of_tasks(session, [row.task for row in rows])
    found = []
    for row in rows:
        line = _line(session, row, at)
        newest = next(iter(cards.get(line.task, ())), None)
        found.append(
            replace(
                line,
                holder_name=names.get(row.holder) if row.holder else None,
                assigned_name=names.get(row.assigned_to) if row.assigned_to else None,
                is_explained=bool(row.given),
                card=newest,
                proposal=None if newest else _proposal(line, row.given),
            )
        )
    return found


def _line(session: Session, row: Row, at: datetime) -> BoardLine:
    definition = definitions.by_hash(session, row.case.definition_hash)
    item = definition.thing.item(row.task.item_code)
    engine = definition.case_engine if row.is_acceptance else definition.engine_of(item)
    statutory = row.statutory_due_at
    return BoardLine(
        task=row.task,
        item_title=item.title,
        desk_name=desks.name(
            desks.Desk(district_code=row.district_code, department_code=row.department_code)
        ),
        case_number=row.case.number or "",
        case_title=row.case.title or "",
        is_synthetic=row.case.origin is not Origin.LIVE,
        state_label=engine.state(row.state).label,
        colour=Colour(row.colour or Colour.CALM),
        due_at=row.due_at or at,
        is_past_statutory=statutory is not None and statutory < at,
        is_acceptance=row.is_acceptance,
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


def _fits(row: Count, chosen: BoardFilter) -> bool:
    who = NOBODY if row.person is None else row.person
    return (
        (chosen.band is None or row.is_in(chosen.band))
        and chosen.district in {None, row.district}
        and chosen.department in {None, row.department}
        and chosen.person in {None, who}
    )


def _sum(rows: Sequence[Count]) -> Counts:
    return {band: sum(row.count for row in rows if row.is_in(band)) for band in Band}


def _by_officer(counted: Sequence[Count], names: Mapping[UUID, str]) -> list[Share]:
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
