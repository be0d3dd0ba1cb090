"""Supervision cards (督办牌): who issued which to whom, what was answered, how it was judged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.supervision import CardKind
from core.errors import NotFoundError, Problem, RuleViolatedError
from core.text import Text
from models.case import Case
from models.event import EventText
from models.supervision import StaffNoticeKind, SupervisionCard
from models.task import QueueEntry
from services import definitions, desks, door, staff_notices
from services.card_lists import CardKey, CardLine, desk_of, line_of, of_tasks, people_of, place_of
from services.desks import Member
from services.door.cards import NO_CARD, card_engine
from services.opened_case import OpenedCase, open_case
from services.queue import TaskKey, command_for
from services.staff_notices import Told
from workflows.case import CaseState
from workflows.colours import Colour
from workflows.permissions import Actor, Permission, may
from workflows.process import APPEAL_CARD, ISSUE_CARD, Transition

NOT_OF_DESK = Text(
    zh="这位人员现在不在办理这一项的部门，请从列表中选择。",
    en="This officer does not work at the desk of this part now; choose from the list.",
)
KIND_UNKNOWN = Text(zh="请选择黄牌或红牌。", en="Choose a yellow or a red card.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What a supervisor typed for a new card. ``person_id`` None: the whole desk."""

    command_id: UUID
    kind: str
    reason_code: str
    words: str
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardStep:
    """One press of a button on a card, with its words."""

    trigger: str
    command_id: UUID
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody wrote at one step of a card. ``words`` is None once erased."""

    label: Text
    name: str
    at: datetime
    words: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFile:
    """A card with all that was said, and what the actor may do now."""

    line: CardLine
    said: Sequence[Said]
    steps: Sequence[Transition]
    """The steps of the card process that are the actor's to take now."""
    is_late: bool
    """It waits for its answer, and the time for an appeal is over."""
    is_own: bool
    """The actor issued it, so that another must judge it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A task on which a card can be issued, with what helps to decide about it."""

    task: TaskKey
    case_number: str
    case_title: str
    item_title: Text
    desk_name: Text
    people: Sequence[Member]
    colour: Colour | None
    due_at: datetime | None
    cards: Sequence[CardLine]
    """The cards that there are already."""


def subject(session: Session, actor: Actor, task: TaskKey, at: datetime) -> Subject:
    """A task, for a supervisor of its desk. Raises `NotFoundError` for anybody else."""
    opened = open_case(session, actor, task, at)
    waits = opened.task is None and opened.case.state == CaseState.SUBMITTED
    may_issue = may(actor, Permission.CARD_ISSUE, opened.place, at)
    if not may_issue or (opened.task is None and not waits):
        raise NotFoundError(NO_CARD)
    colour = opened.task.colour if opened.task else opened.case.colour
    desk = desk_of(opened.place)
    return Subject(
        task=task,
        case_number=opened.case.number or "",
        case_title=opened.case.title or "",
        item_title=opened.item.title,
        desk_name=desks.name(desk),
        people=desks.members(session, desk, at),
        colour=Colour(colour) if colour else None,
        due_at=opened.task.due_at if opened.task else _acceptance_due(session, opened),
        cards=of_tasks(session, [task]).get(task, ()),
    )


def _acceptance_due(session: Session, opened: OpenedCase) -> datetime | None:
    """By when a case should be accepted: its entry in the queue says so."""
    return session.scalar(
        select(QueueEntry.due_at).where(
            QueueEntry.handling_district_code == opened.accepted_in,
            QueueEntry.district_code == opened.case.district_code,
            QueueEntry.case_id == opened.case.id,
            QueueEntry.item_code == opened.item.code,
        )
    )


def issue(session: Session, actor: Actor, task: TaskKey, card: Issue, at: datetime) -> CardKey:
    """Issue a card on a task, to one officer of its desk or to the whole desk.

    Raises as `services.door.move`; `RuleViolatedError` at ``kind``, ``reason_code``, ``reason``
    and ``person``; `NotFoundError` for who does not supervise the desk.
    """
    people = {each.id for each in subject(session, actor, task, at).people}
    problems = []
    if card.kind not in set(CardKind):
        problems.append(Problem("kind", KIND_UNKNOWN))
    if card.person_id is not None and card.person_id not in people:
        problems.append(Problem("person", NOT_OF_DESK))
    if problems:
        raise RuleViolatedError(tuple(problems))
    draft = door.CardDraft(
        id=card.command_id,
        kind=card.kind,
        reason_code=card.reason_code,
        person_id=card.person_id,
    )
    step = CardStep(trigger=ISSUE_CARD, command_id=card.command_id, words=card.words)
    moved = door.move(session, _command(task, step, draft), actor, at)
    told = {card.person_id} if card.person_id else people
    _tell(session, (task, moved, StaffNoticeKind.CARD_ISSUED), told - {actor.id}, at)
    return CardKey(key=task.key, card_id=card.command_id)


def take_step(session: Session, actor: Actor, key: CardKey, step: CardStep, at: datetime) -> None:
    """Accept a card, appeal against it, or judge the appeal.

    Raises as `services.door.move`, and `NotFoundError` for a card that is not the actor's to see.
    """
    card = _readable(session, actor, key, at)
    task = TaskKey(key=key.key, item_code=card.item_code)
    issued_by, answered_by = card.issued_by, card.answered_by
    place = card.handling_district_code, card.department_code
    session.expunge(card)  # the door writes the row; the session must not keep the old one
    moved = door.move(session, _command(task, step, door.CardDraft(id=key.card_id)), actor, at)
    if step.trigger == APPEAL_CARD:
        judges = staff_notices.supervisors(session, *place, at) - {issued_by, actor.id}
        _tell(session, (task, moved, StaffNoticeKind.CARD_APPEALED), judges, at)
    elif answered_by is not None:
        told = {issued_by, answered_by}
        _tell(session, (task, moved, StaffNoticeKind.CARD_JUDGED), told, at)


def open_card(session: Session, actor: Actor, key: CardKey, at: datetime) -> CardFile:
    """A card, for who supervises the desk and for whom it was issued to.

    Raises `NotFoundError` for anybody else.
    """
    card = _readable(session, actor, key, at)
    case = session.execute(
        select(Case).where(Case.district_code == card.district_code, Case.id == card.case_id)
    ).scalar_one()
    names = desks.names(session, people_of([card]))
    line = line_of(definitions.by_hash(session, case.definition_hash), card, case, names)
    steps = [
        row
        for row in card_engine().rows(card.state)
        if may(actor, row.permission, place_of(card), at)
        and not (row.trigger == APPEAL_CARD and at > card.answer_due_at)
        and not (row.permission is Permission.CARD_ANSWER and not _is_to(card, actor))
        and not (row.different_officer and actor.id in _parties(card))
    ]
    return CardFile(
        line=line,
        said=_said(session, card, names),
        steps=steps,
        is_late=card.state == "issued" and at > card.answer_due_at,
        is_own=card.issued_by == actor.id,
    )


def _said(session: Session, card: SupervisionCard, names: Mapping[UUID, str]) -> list[Said]:
    """What was written when it was issued, answered and judged."""
    stations = [
        (card.issue_event_number, card.issued_by, card.issued_at, "issued"),
        (
            card.answer_event_number,
            card.answered_by,
            card.answered_at,
            "accepted" if card.judge_due_at is None else "appealed",
        ),
        (card.judge_event_number, card.judged_by, card.judged_at, card.state),
    ]
    rows = session.execute(
        select(EventText.event_number, EventText.content).where(
            EventText.district_code == card.district_code,
            EventText.case_id == card.case_id,
            EventText.event_number.in_([number for number, *_ in stations if number]),
        )
    )
    words = {number: content.get("reason") for number, content in rows}
    arrivals = {row.destination: row.label for row in card_engine().process.transitions}
    return [
        Said(label=arrivals[state], name=names.get(who, ""), at=when, words=words.get(number))
        for number, who, when, state in stations
        if number is not None and who is not None and when is not None
    ]


def _readable(session: Session, actor: Actor, key: CardKey, at: datetime) -> SupervisionCard:
    card = session.execute(
        select(SupervisionCard).where(
            SupervisionCard.district_code == key.key.district_code,
            SupervisionCard.case_id == key.key.case_id,
            SupervisionCard.id == key.card_id,
        )
    ).scalar_one_or_none()
    if card is None:
        raise NotFoundError(NO_CARD)
    place = place_of(card)
    is_judge = may(actor, Permission.SUPERVISION_READ, place, at)
    is_answerer = may(actor, Permission.CARD_ANSWER, place, at) and _is_to(card, actor)
    if not (is_judge or is_answerer or card.answered_by == actor.id):
        raise NotFoundError(NO_CARD)
    return card


def _is_to(card: SupervisionCard, actor: Actor) -> bool:
    return card.person_id in {None, actor.id}


def _parties(card: SupervisionCard) -> set[UUID | None]:
    return {card.issued_by, card.answered_by, card.person_id}


def _command(task: TaskKey, step: CardStep, draft: door.CardDraft) -> door.Command:
    command = command_for(task, step.trigger, step.command_id)
    return replace(command, reason=step.words or None, card=draft)


def _tell(
    session: Session,
    what: tuple[TaskKey, door.Moved, StaffNoticeKind],
    people: Iterable[UUID],
    at: datetime,
) -> None:
    task, moved, kind = what
    told = Told(key=task.key, event_number=moved.event_number, item_code=task.item_code, kind=kind)
    staff_notices.tell(session, told, people, at)
