"""Supervision cards: issued, answered, appealed against once and in time, judged by another."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest

from core.database import Database
from core.errors import (
    ConflictError,
    NotFoundError,
    NotPermittedError,
    RuleViolatedError,
    TransitionRefusedError,
)
from services import card_lists, cards, staff_notices
from services.card_lists import CardKey
from services.cards import CardStep, Issue
from services.cases import CaseKey
from services.queue import TaskKey
from services.verification import verify_chain
from tests.fixtures.supervision import REGISTRATION, person
from tests.fixtures.world import World
from workflows.permissions import Actor, Role


@dataclass
class Court:
    """Two supervisors, two officers of the desk, and one of another."""

    world: World
    database: Database
    issuer: Actor
    judge: Actor
    officer: Actor
    colleague: Actor
    stranger: Actor
    key: CaseKey

    def issue(self, who: Actor | None = None, **more: object) -> CardKey:
        """Issue a yellow card on the registration."""
        values: dict[str, object] = {
            "command_id": uuid4(),
            "kind": "yellow",
            "reason_code": "past_promised_limit",
            "words": "超过承诺时限两天，请说明。",
        }
        task = TaskKey(key=self.key, item_code=REGISTRATION)
        with self.database.transaction() as session:
            return cards.issue(
                session,
                who or self.issuer,
                task,
                Issue(**(values | more)),  # type: ignore[arg-type]  # as the form makes it
                self.world.tick(),
            )

    def step(self, who: Actor, card: CardKey, trigger: str, words: str = "理由如下。") -> None:
        """Take one step of a card."""
        with self.database.transaction() as session:
            step = CardStep(trigger=trigger, command_id=uuid4(), words=words)
            cards.take_step(session, who, card, step, self.world.tick())

    def state(self, card: CardKey) -> str:
        """Where the card stands."""
        return str(
            self.world.value(
                "select state from supervision_cards where district_code = :district_code"
                " and case_id = :case_id order by issued_at desc limit 1",
                card.key,
            )
        )

    def told(self, who: Actor) -> list[str]:
        """What somebody is told of, in words."""
        with self.database.transaction() as session:
            return [words.zh for words in staff_notices.unread(session, who).counts]


@pytest.fixture
def court(world: World, database: Database) -> Court:
    return Court(
        world=world,
        database=database,
        issuer=person(database, Role.SUPERVISOR),
        judge=person(database, Role.SUPERVISOR, "market_regulation"),
        officer=person(database, Role.CLERK, "market_regulation"),
        colleague=person(database, Role.CLERK, "market_regulation"),
        stranger=person(database, Role.CLERK, "tax"),
        key=world.accepted(),
    )


def test_an_appeal_is_judged_by_another_supervisor_and_all_of_it_is_in_the_chain(
    court: Court,
) -> None:
    card = court.issue(person_id=court.officer.id)
    assert court.told(court.officer) == ["1 张督办牌待回复"]
    assert court.told(court.colleague) == []
    with pytest.raises(NotFoundError):  # another's card does not exist
        court.step(court.colleague, card, "accept_card")
    with pytest.raises(RuleViolatedError):
        court.step(court.officer, card, "appeal_card", words="  ")
    court.step(court.officer, card, "appeal_card")
    assert court.told(court.judge) == ["1 件申诉待裁定"]
    assert court.told(court.issuer) == []
    with pytest.raises(NotPermittedError, match="your own card"):
        court.step(court.issuer, card, "uphold_card")
    with pytest.raises(TransitionRefusedError, match="once"):
        court.step(court.officer, card, "appeal_card")
    court.step(court.judge, card, "annul_card")
    assert court.state(card) == "annulled"


def test_all_of_a_card_is_in_the_chain_and_its_words_are_erasable(court: Court) -> None:
    card = court.issue(person_id=court.officer.id)
    court.step(court.officer, card, "appeal_card")
    court.step(court.judge, card, "annul_card")
    with pytest.raises(TransitionRefusedError, match="once"):
        court.step(court.officer, card, "appeal_card")
    with pytest.raises(TransitionRefusedError):
        court.step(court.judge, card, "uphold_card")
    with court.database.transaction() as session:
        assert verify_chain(session, court.key.district_code, court.key.case_id).valid
        file = cards.open_card(session, court.officer, card, court.world.at)
        assert [said.words for said in file.said] == [
            "超过承诺时限两天，请说明。",
            "理由如下。",
            "理由如下。",
        ]
        assert [said.label.zh for said in file.said] == ["发出督办牌", "提出申诉", "撤销这张牌"]
        assert file.steps == []
        assert file.line.reason is not None
        assert file.line.reason.legal_basis is not None
        with pytest.raises(NotFoundError):
            cards.open_card(session, court.stranger, card, court.world.at)
    events = court.world.rows(
        "select trigger, body from events where district_code = :district_code"
        " and case_id = :case_id and trigger like '%_card' order by number",
        court.key,
    )
    assert [row["trigger"] for row in events] == ["issue_card", "appeal_card", "annul_card"]
    assert "超过" not in str(events)


def test_an_appeal_that_comes_too_late_is_refused_and_the_card_can_still_be_accepted(
    court: Court,
) -> None:
    card = court.issue(person_id=court.officer.id)
    court.world.at += timedelta(days=20)
    with pytest.raises(TransitionRefusedError, match="time for an appeal is over"):
        court.step(court.officer, card, "appeal_card")
    with court.database.transaction() as session:
        file = cards.open_card(session, court.officer, card, court.world.at)
        assert [row.trigger for row in file.steps] == ["accept_card"]
        assert file.is_late
    court.step(court.officer, card, "accept_card")
    assert court.state(card) == "accepted"
    with pytest.raises(TransitionRefusedError):
        court.step(court.officer, card, "accept_card")


def test_a_card_to_a_desk_is_answered_by_whoever_is_first(court: Court) -> None:
    card = court.issue()
    assert court.told(court.colleague) == court.told(court.officer) == ["1 张督办牌待回复"]
    with pytest.raises(NotFoundError):
        court.step(court.stranger, card, "accept_card")
    court.step(court.colleague, card, "accept_card")
    with pytest.raises(TransitionRefusedError):
        court.step(court.officer, card, "appeal_card")


def test_who_supervises_nothing_here_issues_nothing(court: Court) -> None:
    for who in (court.officer, person(court.database, Role.SUPERVISOR, "tax")):
        with pytest.raises(NotFoundError):
            court.issue(who)
    with pytest.raises(RuleViolatedError):
        court.issue(person_id=court.stranger.id)
    with pytest.raises(RuleViolatedError):
        court.issue(kind="purple")
    with pytest.raises(RuleViolatedError):
        court.issue(reason_code="no_such_reason")


def test_two_supervisors_at_once_issue_one_card_and_a_double_press_too(court: Court) -> None:
    press = uuid4()
    first = court.issue(command_id=press)
    assert court.issue(command_id=press) == first
    with pytest.raises(ConflictError):
        court.issue(court.judge)
    with court.database.transaction() as session:
        assert card_lists.of_supervisor(session, court.judge, court.world.at).total == 1
        assert card_lists.of_officer(session, court.officer, court.world.at).total == 1
        assert card_lists.of_officer(session, court.stranger, court.world.at).total == 0
    court.step(court.officer, first, "accept_card")
    court.issue(court.judge)
