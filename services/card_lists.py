"""Supervision cards (督办牌) as lists show them: of a supervisor, of an officer, of tasks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from catalog import registry
from catalog.schema import Reason
from catalog.supervision import CardKind
from core.districts import across_districts
from core.text import Text
from models.case import Case, Origin
from models.supervision import SupervisionCard
from services import definitions, desks, pages
from services.cases import CaseKey
from services.definitions import Definition
from services.desks import Desk
from services.door.cards import card_engine
from services.pages import FIRST, Page, Slice
from services.queue import TaskKey
from services.supervised import supervised, within
from workflows.permissions import Actor, Place
from workflows.process import CARD_PROCESS, ISSUE_CARD, StateKind

OWN = "cards of supervisors and officers"
APPEALED = "appealed"
OPEN_STATES = ("issued", APPEALED)
KIND_WORDS: dict[CardKind, Text] = {
    CardKind.YELLOW: Text(zh="黄牌", en="Yellow card"),
    CardKind.RED: Text(zh="红牌", en="Red card"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardKey:
    """One card of one case."""

    key: CaseKey
    card_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLine:
    """A card as lists show it."""

    key: CardKey
    item_code: str
    item_title: Text
    desk_name: Text
    case_number: str
    case_title: str
    is_synthetic: bool
    kind: CardKind
    state: str
    state_label: Text
    state_kind: StateKind
    reason: Reason | None
    """The coded reason with its legal basis; None once the process no longer knows it."""
    person_name: str | None
    """To whom it was issued; None: to the desk."""
    issuer_name: str
    issued_at: datetime
    answer_due_at: datetime
    judge_due_at: datetime | None

    @property
    def kind_words(self) -> Text:
        """Which card."""
        return KIND_WORDS[self.kind]

    @property
    def task(self) -> TaskKey:
        """The task that it is about."""
        return TaskKey(key=self.key.key, item_code=self.item_code)

    @property
    def due_at(self) -> datetime | None:
        """By when somebody has to do something about it; None once it is settled."""
        return {"issued": self.answer_due_at, "appealed": self.judge_due_at}.get(self.state)


def of_supervisor(
    session: Session, actor: Actor, at: datetime, *, is_open: bool = True, wanted: Slice = FIRST
) -> Page[CardLine]:
    """The cards of the desks that the actor supervises, those that press first."""
    return _page(session, _supervised(actor, at), wanted, is_open=is_open)


def counts_of_supervisor(session: Session, actor: Actor, at: datetime) -> tuple[int, int]:
    """How many cards of the actor's desks are open, and how many of them are appealed against."""
    row = session.execute(
        select(func.count(), func.count().filter(SupervisionCard.state == APPEALED))
        .prefix_with(across_districts(OWN))
        .where(_supervised(actor, at), SupervisionCard.state.in_(OPEN_STATES))
    ).one()
    return int(row[0]), int(row[1])


def of_officer(
    session: Session, actor: Actor, at: datetime, *, is_open: bool = True, wanted: Slice = FIRST
) -> Page[CardLine]:
    """The cards that were issued to the actor or to a desk of theirs."""
    own = [
        and_(
            SupervisionCard.person_id.is_(None),
            SupervisionCard.handling_district_code == desk.district_code,
            SupervisionCard.department_code == desk.department_code,
        )
        for desk in desks.own(actor, at)
    ]
    mine = or_(SupervisionCard.person_id == actor.id, SupervisionCard.answered_by == actor.id, *own)
    return _page(session, mine, wanted, is_open=is_open)


def of_tasks(session: Session, tasks: Iterable[TaskKey]) -> Mapping[TaskKey, list[CardLine]]:
    """The cards on each of these tasks, the newest first."""
    wanted = set(tasks)
    if not wanted:
        return {}
    reach = and_(
        SupervisionCard.district_code.in_({task.key.district_code for task in wanted}),
        SupervisionCard.case_id.in_({task.key.case_id for task in wanted}),
    )
    found: dict[TaskKey, list[CardLine]] = {}
    for line in _lines(session, _listed(reach)):
        if line.task in wanted:
            found.setdefault(line.task, []).append(line)
    return found


def _supervised(actor: Actor, at: datetime) -> ColumnElement[bool]:
    return within(
        supervised(actor, at),
        SupervisionCard.handling_district_code,
        SupervisionCard.department_code,
    )


def _page(
    session: Session, reach: ColumnElement[bool], wanted: Slice, *, is_open: bool
) -> Page[CardLine]:
    waits = SupervisionCard.state.in_(OPEN_STATES)
    asked = and_(reach, waits if is_open else ~waits)

    def count() -> int:
        counted = select(func.count()).select_from(SupervisionCard)
        return int(session.scalar(counted.prefix_with(across_districts(OWN)).where(asked)) or 0)

    def lines(part: Slice) -> list[CardLine]:
        return _lines(session, _listed(asked).limit(part.size).offset(part.offset))

    return pages.read(count, lines, wanted)


def _listed(asked: ColumnElement[bool]) -> Select[SupervisionCard, Case]:
    return (
        select(SupervisionCard, Case)
        .prefix_with(across_districts(OWN))
        .join(
            Case,
            and_(
                Case.district_code == SupervisionCard.district_code,
                Case.id == SupervisionCard.case_id,
            ),
        )
        .where(asked)
        .order_by(SupervisionCard.issued_at.desc(), SupervisionCard.id)
    )


def _lines(session: Session, listed: Select[SupervisionCard, Case]) -> list[CardLine]:
    rows = session.execute(listed).all()
    names = desks.names(session, people_of([row[0] for row in rows]))
    return [
        line_of(definitions.by_hash(session, case.definition_hash), card, case, names)
        for card, case in rows
    ]


def line_of(
    definition: Definition, card: SupervisionCard, case: Case, names: Mapping[UUID, str]
) -> CardLine:
    """A card as lists show it; ``names`` are those of its people."""
    state = card_engine().state(card.state)
    process = registry.catalogue().processes[CARD_PROCESS]
    return CardLine(
        key=CardKey(key=CaseKey(card.district_code, card.case_id), card_id=card.id),
        item_code=card.item_code,
        item_title=definition.thing.item(card.item_code).title,
        desk_name=desks.name(desk_of(place_of(card))),
        case_number=case.number or "",
        case_title=case.title or "",
        is_synthetic=case.origin is not Origin.LIVE,
        kind=CardKind(card.kind),
        state=card.state,
        state_label=state.label,
        state_kind=state.kind,
        reason=process.reason(ISSUE_CARD, card.reason_code),
        person_name=names.get(card.person_id, "") if card.person_id else None,
        issuer_name=names.get(card.issued_by, ""),
        issued_at=card.issued_at,
        answer_due_at=card.answer_due_at,
        judge_due_at=card.judge_due_at,
    )


def place_of(card: SupervisionCard) -> Place:
    """Where its acts are done."""
    return Place(
        applicant_id=UUID(int=0),
        district_code=card.handling_district_code,
        department_code=card.department_code,
    )


def desk_of(place: Place) -> Desk:
    """The desk at a place."""
    return Desk(district_code=place.district_code, department_code=place.department_code or "")


def people_of(cards: Iterable[SupervisionCard]) -> set[UUID]:
    """Everybody who has to do with these cards."""
    found = {
        person
        for card in cards
        for person in (card.person_id, card.issued_by, card.answered_by, card.judged_by)
    }
    return {person for person in found if person is not None}
