"""Supervision cards: the steps of their process, each an event in the chain of the case."""

from functools import cache
from uuid import UUID

from catalog import registry
from core.errors import (
    ConflictError,
    NotFoundError,
    NotPermittedError,
    Problem,
    RuleViolatedError,
    TransitionRefusedError,
)
from core.text import Text
from services.door.changes import EventDraft
from services.door.decision import Decision
from services.door.persons import NOT_YOURS, check_conflict
from services.door.snapshot import NO_CASE, TaskRow
from services.door.supervision_rows import CardRow
from workflows.clocks import ClockEvent, ClockEventKind, due, due_day_words
from workflows.engine import Engine
from workflows.permissions import Permission, may
from workflows.process import APPEAL_CARD, CARD_PROCESS, ISSUE_CARD, Transition

NO_CARD = Text(
    zh="没有找到这张督办牌，或者您无权查看。",
    en="There is no such card, or you may not see it.",
)
REASON_UNKNOWN = Text(zh="请从列表中选择发牌的理由。", en="Choose the reason from the list.")
WORDS_MISSING = Text(zh="请写明理由，对方会看到。", en="Give your reasons; they will be read.")
OPEN_ALREADY = Text(
    zh="这一项已有一张没有了结的督办牌，了结以后才能再发。",
    en="There is a card on this that is not settled yet; another can be issued after it.",
)
NOT_TO_YOU = Text(
    zh="这张牌是发给另一位办理人员的，只能由本人回复。",
    en="This card was issued to another officer, who alone can answer it.",
)
TOO_LATE = Text(
    zh="申诉期限（{day}）已过，不能再申诉。您仍可以接受并说明情况。",
    en="The time for an appeal is over (it was {day}). You can still accept and explain.",
)
ONCE = Text(
    zh="每张牌只能申诉一次，这张牌已经申诉过。",
    en="A card can be appealed against once, and this one has been.",
)
OWN_CARD = Text(
    zh="不能裁定自己发出的牌或者自己的申诉，请由另一位督办人员裁定。",
    en="You cannot judge your own card or your own appeal; another supervisor must.",
)


@cache
def card_engine() -> Engine:
    """The machine of the card process that came with the program."""
    return Engine(registry.catalogue().processes[CARD_PROCESS])


def act_on_card(decision: Decision, task: TaskRow) -> None:
    """Issue a card on a task, answer it or judge the appeal; the task's own state stays.

    Raises `NotFoundError`, `NotPermittedError`, `TransitionRefusedError` (it is not in the state
    for that, or the appeal is late), `ConflictError` (another card is open) and
    `RuleViolatedError` (no reason).
    """
    place = decision.place_of(task)
    if not may(decision.actor, Permission.CASE_READ, place, decision.at):
        raise NotFoundError(NO_CASE)
    cards = decision.supervision.cards(task.item_code)
    is_new = decision.command.trigger == ISSUE_CARD
    card = _drawn(decision, task, cards) if is_new else _known(decision, cards)
    row = _permitted(decision, task, card)
    if not (decision.command.reason or "").strip():
        raise RuleViolatedError((Problem("reason", WORDS_MISSING),))
    before = card.state
    _, state = card_engine().fire(before, row.trigger)
    card.state = state.code
    event = decision.record(_event(decision, task, card, before))
    _mark(decision, task, card, event)
    decision.changes.cards.append(card)


def _drawn(decision: Decision, task: TaskRow, cards: dict[UUID, CardRow]) -> CardRow:
    """A new card before its first step. Raises as `act_on_card`."""
    draft = decision.command.card
    process = card_engine().process
    if (
        draft is None
        or registry.catalogue().processes[CARD_PROCESS].reason(ISSUE_CARD, draft.reason_code)
        is None
    ):
        raise RuleViolatedError((Problem("reason_code", REASON_UNKNOWN),))
    if any(not card_engine().state(card.state).kind.is_final for card in cards.values()):
        raise ConflictError(OPEN_ALREADY)
    within = registry.catalogue().supervision.answer_within.limit
    return CardRow(
        id=draft.id,
        item_code=task.item_code,
        handling_district_code=task.handling_district_code,
        department_code=task.department_code,
        kind=draft.kind,
        state=process.initial,
        reason_code=str(draft.reason_code),
        person_id=draft.person_id,
        issued_by=decision.actor.id,
        issued_at=decision.at,
        issue_event_number=0,
        answer_due_at=due(_start(decision), within, decision.calendar(task)).at,
    )


def _known(decision: Decision, cards: dict[UUID, CardRow]) -> CardRow:
    draft = decision.command.card
    card = cards.get(draft.id) if draft else None
    if card is None:
        raise NotFoundError(NO_CARD)
    return card


def _permitted(decision: Decision, task: TaskRow, card: CardRow) -> Transition:
    """The step meant, if this actor may take it now."""
    trigger, actor = decision.command.trigger, decision.actor.id
    row = card_engine().row(card.state, trigger)
    if row is None:
        if trigger == APPEAL_CARD and card.judge_due_at is not None:
            raise TransitionRefusedError(ONCE)
        card_engine().fire(card.state, trigger)  # refuses, in the process's own words
        raise TransitionRefusedError(NOT_YOURS)
    if not may(decision.actor, row.permission, decision.place_of(task), decision.at):
        raise NotPermittedError(NOT_YOURS)
    check_conflict(decision, actor)
    if row.permission is Permission.CARD_ANSWER and card.person_id not in {None, actor}:
        raise NotPermittedError(NOT_TO_YOU)
    if row.different_officer and actor in {card.issued_by, card.answered_by, card.person_id}:
        raise NotPermittedError(OWN_CARD)
    if trigger == APPEAL_CARD and decision.at > card.answer_due_at:
        day = due_day_words(card.answer_due_at, decision.at)
        raise TransitionRefusedError(TOO_LATE.format(day=day))
    return row


def _mark(decision: Decision, task: TaskRow, card: CardRow, event: EventDraft) -> None:
    """Note on the card who did what when, and where the words stand."""
    number, trigger = decision.event_number(event), event.trigger
    if trigger == ISSUE_CARD:
        card.issue_event_number = number
    elif card.answered_by is None:
        card.answered_by, card.answered_at = decision.actor.id, decision.at
        card.answer_event_number = number
        if trigger == APPEAL_CARD:
            within = registry.catalogue().supervision.judge_within.limit
            card.judge_due_at = due(_start(decision), within, decision.calendar(task)).at
    else:
        card.judged_by, card.judged_at = decision.actor.id, decision.at
        card.judge_event_number = number


def _event(decision: Decision, task: TaskRow, card: CardRow, before: str) -> EventDraft:
    command = decision.command
    event = EventDraft(
        trigger=command.trigger,
        actor_id=decision.actor.id,
        item_code=task.item_code,
        from_state=task.state,
        to_state=task.state,
        reason_code=card.reason_code if command.trigger == ISSUE_CARD else None,
        command_id=command.command_id,
        text={"reason": command.reason},
    )
    person = {"person_id": str(card.person_id)} if card.person_id else {}
    row = {"id": str(card.id), "kind": card.kind, "from": before, "to": card.state}
    event.wrote("cards", row | person)
    return event


def _start(decision: Decision) -> list[ClockEvent]:
    return [ClockEvent(kind=ClockEventKind.START, at=decision.at)]
