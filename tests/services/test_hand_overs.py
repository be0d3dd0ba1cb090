"""Handing over: to a colleague of the same desk, with a reason, once, and nobody else."""

from uuid import UUID, uuid4

import pytest

from core.errors import ConflictError, NotFoundError, RuleViolatedError
from services import (
    case_files,
    demonstration,
    hand_overs,
    history,
    people,
    queue,
    queue_lists,
    queue_selections,
)
from services.cases import CaseKey
from services.hand_overs import HandOver
from services.queue import Release, TaskKey
from services.queue_filters import Holder, QueueFilter
from services.queue_selections import Act, Order
from tests.fixtures.world import DISTRICT, World, clerk_of
from workflows.permissions import Actor, Grant, Role

REASON = "我去开会，请先办这一件。"


def person(world: World, account: str) -> Actor:
    """A demonstration account as an actor."""
    with world.database.transaction() as session:
        line = people.find(session, account, world.at)
    return Actor(id=line.id, name=line.name, grants=line.grants)


def registration(key: CaseKey) -> TaskKey:
    return TaskKey(key=key, item_code="registration")


def give(world: World, giver: Actor, task: TaskKey, to: UUID, reason: str = REASON) -> None:
    with world.database.transaction() as session:
        words = HandOver(receiver_id=to, reason=reason, command_id=uuid4())
        hand_overs.hand_over(session, giver, task, words, world.tick())


def test_the_colleague_gets_a_fresh_claim_and_reads_why(world: World) -> None:
    giver, receiver = person(world, "registrar"), person(world, "registrar-two")
    task = registration(world.accepted())
    world.act(giver, task.key, "claim", "registration")
    world.tick(minutes=20)
    give(world, giver, task, receiver.id)

    with world.database.transaction() as session:
        mine = QueueFilter(claimed=Holder.MINE)
        [line] = queue_lists.lines(session, receiver, mine, world.at)
        note = hand_overs.notes_on(session, [line])[task]
        file = case_files.open_file(session, receiver, task, world.at)
        last = history.history(session, task.key.district_code, task.key.case_id)[-1]
    assert (note.giver, note.reason) == (giver.name, REASON)
    assert file.claim is not None
    assert file.claim.note == note
    assert file.claim.minutes_left(world.at) == 30
    assert (last.trigger, last.reason) == ("hand_over", REASON)
    with pytest.raises(ConflictError):
        world.act(giver, task.key, "approve", "registration")


def test_longer_work_keeps_the_words_that_came_with_it(world: World) -> None:
    giver, receiver = person(world, "registrar"), person(world, "registrar-two")
    task = registration(world.accepted())
    give(world, giver, task, receiver.id)
    world.tick(minutes=25)
    world.act(receiver, task.key, "claim", "registration")

    with world.database.transaction() as session:
        file = case_files.open_file(session, receiver, task, world.tick(minutes=10))
    assert file.claim is not None
    assert file.claim.note is not None


def test_only_those_at_the_same_desk_can_receive(world: World) -> None:
    giver, task = person(world, "registrar"), registration(world.accepted())
    outsiders = [person(world, account).id for account in ("tax", "auditor", "administrator")]
    with world.database.transaction() as session:
        elsewhere = people.create(
            session,
            people.NewPerson(
                account="elsewhere",
                name="外区登记员",
                grants=(
                    Grant(
                        role=Role.CLERK,
                        department_code="market_regulation",
                        district_code="620123",
                    ),
                ),
            ),
            world.at,
        )
        names = {each.name for each in hand_overs.colleagues(session, giver, world.at)}

    at_the_desk = {
        each.name
        for each in demonstration.ACCOUNTS
        if each.grant.role in hand_overs.DEPARTMENT_ROLES
        and (each.grant.district_code, each.grant.department_code)
        == (DISTRICT, "market_regulation")
    }
    assert names == at_the_desk - {giver.name}
    for receiver in [*outsiders, elsewhere, giver.id, uuid4()]:
        with pytest.raises(RuleViolatedError) as refusal:
            give(world, giver, task, receiver)
        assert refusal.value.problems[0].path == "colleague"


def test_a_disabled_account_receives_nothing(world: World) -> None:
    giver, receiver = person(world, "registrar"), person(world, "registrar-two")
    with world.database.transaction() as session:
        people.disable(session, receiver.id, world.at)

    with pytest.raises(RuleViolatedError):
        give(world, giver, registration(world.accepted()), receiver.id)


def test_it_takes_a_reason_and_a_case_of_ones_own(world: World) -> None:
    giver, receiver = person(world, "registrar"), person(world, "registrar-two")
    task = registration(world.accepted())
    with pytest.raises(RuleViolatedError) as refusal:
        give(world, giver, task, receiver.id, reason="  ")
    assert refusal.value.problems[0].path == "reason"

    with pytest.raises(NotFoundError):
        give(world, clerk_of("tax"), task, receiver.id)
    world.act(receiver, task.key, "claim", "registration")
    with pytest.raises(ConflictError):
        give(world, giver, task, receiver.id)


def test_events_of_handing_over_name_ids_and_no_words(world: World) -> None:
    giver, receiver = person(world, "registrar"), person(world, "registrar-two")
    task = registration(world.accepted())
    give(world, giver, task, receiver.id)

    body = world.value(
        "select body from events where district_code = :district_code and case_id = :case_id"
        " and trigger = 'hand_over'",
        task.key,
    )
    assert body["rows"]["claims"] == [{"item_code": "registration", "claimed_by": str(receiver.id)}]
    assert REASON not in str(body)


def test_a_release_may_say_why_and_only_the_holder_releases(world: World) -> None:
    holder, colleague = person(world, "registrar"), person(world, "registrar-two")
    task = registration(world.accepted())
    world.act(holder, task.key, "claim", "registration")
    release = Release(command_id=uuid4(), reason="等申请人来电")
    with world.database.transaction() as session, pytest.raises(ConflictError):
        queue.hand_back(session, colleague, task, release, world.tick())
    with world.database.transaction() as session:
        queue.hand_back(session, holder, task, release, world.tick())
        last = history.history(session, task.key.district_code, task.key.case_id)[-1]

    assert (last.trigger, last.reason) == ("hand_back", "等申请人来电")
    again = Release(command_id=uuid4())
    with world.database.transaction() as session, pytest.raises(ConflictError) as refusal:
        queue.hand_back(session, holder, task, again, world.tick())
    assert "已经在队列里" in refusal.value.sentence.zh


def test_several_at_once_each_get_their_own_answer(world: World) -> None:
    clerk, colleague = person(world, "registrar"), person(world, "registrar-two")
    tasks = [registration(world.submitted(suffix=number)) for number in range(3)]
    world.act(colleague, tasks[1].key, "claim", "registration")
    gone = registration(CaseKey(DISTRICT, uuid4()))
    order = Order(act=Act.CLAIM, command_id=uuid4())

    def press() -> list[bool]:
        with world.database.transaction() as session:
            lines = queue_selections.picked(session, clerk, [*tasks, gone, tasks[0]], world.at)
            return [
                queue_selections.act_on(session, clerk, line, order, world.at) is None
                for line in lines
            ]

    assert press() == [True, False, True]
    assert press() == [True, False, True]
    claims = "select count(*) from events where district_code = :district_code"
    claims += " and case_id = :case_id and trigger = 'claim'"
    assert world.value(claims, tasks[0].key) == 1


def test_nothing_ticked_and_too_much_ticked_are_sentences(world: World) -> None:
    clerk = person(world, "registrar")
    many = [registration(CaseKey(DISTRICT, uuid4())) for _ in range(201)]
    with world.database.transaction() as session:
        for tasks in ([], many):
            with pytest.raises(RuleViolatedError):
                queue_selections.picked(session, clerk, tasks, world.at)
