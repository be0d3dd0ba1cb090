"""Assignment: by load, turn or rule, with a trace; absences and conflicts move what is in hand."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from commands.jobs.absences import begin
from core.errors import ConflictError, NotFoundError, NotPermittedError, RuleViolatedError
from services import (
    absence_starts,
    absences,
    assignment_trials,
    assignments,
    case_files,
    conflicts,
    hand_overs,
    queue,
    queue_lists,
    staff_notices,
)
from services.assignments import Order, Policy, RuleLine
from services.cases import CaseKey
from services.conflicts import Declaration
from services.hand_overs import HandOver
from services.queue import TaskKey
from services.queue_filters import QueueFilter
from tests.fixtures.officers import REGISTRATION, absent, everybody, new_officer, officer, only
from tests.fixtures.world import World
from workflows.permissions import Actor, Grant, Role

LOAD = Policy(kind="load")


def registration(key: CaseKey) -> TaskKey:
    return TaskKey(key=key, item_code="registration")


def publish(world: World, policy: Policy, by: str = "registrar-head") -> int:
    with world.database.transaction() as session:
        return assignments.publish(session, officer(world, by), REGISTRATION, policy, world.tick())


def entry(world: World, key: CaseKey) -> dict[str, Any]:
    [found] = world.rows(
        "select * from queue_entries where handling_district_code = :district_code"
        " and district_code = :district_code and case_id = :case_id"
        " and item_code = 'registration'",
        key,
    )
    return dict(found)


def trace(world: World, key: CaseKey) -> dict[str, Any]:
    """What the last assignment of a case says of itself."""
    found: dict[str, Any] = world.rows(
        "select body from events where district_code = :district_code and case_id = :case_id"
        " and trigger = 'assign' order by number desc limit 1",
        key,
    )[0]["body"]["assignment"]
    return found


def assign(world: World, by: Actor, key: CaseKey, to: UUID | None, reason: str = "请办") -> None:
    with world.database.transaction() as session:
        order = Order(receiver_id=to, reason=reason, command_id=uuid4())
        assignments.assign(session, by, registration(key), order, world.tick())


def next_for(world: World, who: Actor) -> TaskKey | None:
    with world.database.transaction() as session:
        return queue.claim_next(session, who, uuid4(), world.tick())


def declare(world: World, who: Actor, key: CaseKey, reason: str = "申请人是我的亲属") -> None:
    with world.database.transaction() as session:
        words = Declaration(command_id=uuid4(), reason=reason)
        conflicts.declare(session, who, registration(key), words, world.tick())


def test_arrivals_go_to_the_least_loaded_and_say_how(world: World) -> None:
    clerks = [officer(world, name) for name in ("registrar", "registrar-two", "registrar-head")]
    publish(world, LOAD)
    only(world, clerks[0], clerks[1])
    keys = [world.submitted(suffix=number) for number in range(5)]

    owners = Counter(entry(world, key)["assigned_to"] for key in keys)
    assert set(owners) == {clerks[0].id, clerks[1].id}
    assert max(owners.values()) - min(owners.values()) == 1
    found = trace(world, keys[-1])
    assert found["policy"] == "620102-gx/market_regulation/*/1"
    assert {each["id"]: each["load"] for each in found["candidates"]} == {
        str(clerks[0].id): 2,
        str(clerks[1].id): 2,
    }
    assert {"id": str(clerks[2].id), "why": "absent"} in found["left_out"]
    assert clerks[0].name not in str(found)
    assert entry(world, keys[0])["assigned_until"] - world.at < timedelta(days=1)


def test_next_takes_ones_own_first_then_what_is_nobodys_then_what_was_left_lying(
    world: World,
) -> None:
    first, second = officer(world, "registrar"), officer(world, "registrar-two")
    free = world.submitted(suffix=1)
    publish(world, Policy(kind="turn"))
    only(world, first, second)
    keys = [world.submitted(suffix=number) for number in (2, 3)]
    mine = next(key for key in keys if entry(world, key)["assigned_to"] == first.id)
    [theirs] = [key for key in keys if key != mine]

    with world.database.transaction() as session, pytest.raises(ConflictError) as refusal:
        queue.claim(session, first, registration(theirs), uuid4(), world.tick())
    assert second.name in refusal.value.sentence.zh
    with pytest.raises(ConflictError):
        world.act(first, theirs, "accept")
    assert next_for(world, first) == registration(mine)
    assert next_for(world, first) == registration(free)
    assert next_for(world, first) is None
    world.tick(minutes=24 * 60)
    assert next_for(world, first) is not None
    world.tick(minutes=60)
    tasks = {next_for(world, second), next_for(world, second), next_for(world, second)}
    assert registration(theirs) in tasks


def test_rules_name_people_and_fall_back_to_the_desk(world: World) -> None:
    first, second = officer(world, "registrar"), officer(world, "registrar-two")
    rule = RuleLine(when="company.trade_name == '云帆'", to=(second.id,))
    never = RuleLine(when="entry.item == 'tax'", to=(first.id,))
    publish(world, Policy(kind="rule", rules=(never, rule), weights={"registration": 3}))
    named = world.submitted(suffix=1)
    title = world.value(
        "select answers -> 'company' ->> 'trade_name' from case_answers"
        " where district_code = :district_code and case_id = :case_id",
        named,
    )
    publish(
        world,
        Policy(
            kind="rule",
            version=1,
            rules=(RuleLine(when=f"company.trade_name == '{title}'", to=(second.id,)),),
        ),
    )
    again = world.submitted(suffix=1)

    assert trace(world, again)["rule"] == 1
    assert entry(world, again)["assigned_to"] == second.id
    absent(world, second)
    fallen = world.submitted(suffix=1)
    others = {each.id for each in everybody(world)} - {second.id}
    assert entry(world, fallen)["assigned_to"] in others


def test_an_absence_gives_what_is_in_hand_to_the_deputy_once_or_to_the_desk(world: World) -> None:
    first, second = officer(world, "registrar"), officer(world, "registrar-two")
    head = officer(world, "registrar-head")
    key, claimed = world.submitted(suffix=1), world.submitted(suffix=2)
    assign(world, head, key, first.id)
    world.act(first, claimed, "claim", "registration")
    absence = absent(world, first, deputy=second)
    with world.database.transaction() as session:
        assert absence_starts.due(session, world.at) == [absence]
        for task in absence_starts.in_hand(session, absence, world.at):
            absence_starts.hand_on(session, absence, task, world.tick())
            absence_starts.hand_on(session, absence, task, world.tick())
        absence_starts.finish(session, absence, world.at)
        assert absence_starts.due(session, world.at) == []

    assert {entry(world, each)["assigned_to"] for each in (key, claimed)} == {second.id}
    assert entry(world, claimed)["claimed_by"] is None
    assert trace(world, key)["cause"] == "absence"
    with pytest.raises(RuleViolatedError) as refusal:
        assign(world, head, key, first.id)
    assert first.name in refusal.value.problems[0].sentence.zh
    words = HandOver(receiver_id=first.id, reason="给您", command_id=uuid4())
    with world.database.transaction() as session, pytest.raises(RuleViolatedError):
        hand_overs.hand_over(session, second, registration(key), words, world.tick())


def test_the_job_moves_nothing_twice(world: World) -> None:
    first, head = officer(world, "registrar"), officer(world, "registrar-head")
    key = world.submitted()
    assign(world, head, key, first.id)
    absence = absent(world, first, days=400 - 40)
    with world.database.transaction() as session:
        assert absences.away(session, [first.id], world.at)
    for _ in range(2):
        begin(world.database, absence)
    count = "select count(*) from events where district_code = :district_code"
    count += " and case_id = :case_id and trigger = 'assign'"
    assert world.value(count, key) == 2
    assert entry(world, key)["assigned_to"] is None


def test_who_declares_a_conflict_is_out_of_the_case_at_once(world: World) -> None:
    first, second = officer(world, "registrar"), officer(world, "registrar-two")
    publish(world, LOAD)
    key = world.submitted()
    owner, other = (
        (first, second) if entry(world, key)["assigned_to"] == first.id else (second, first)
    )
    if entry(world, key)["assigned_to"] not in {first.id, second.id}:
        assign(world, officer(world, "registrar-head"), key, owner.id)
    with pytest.raises(RuleViolatedError):
        declare(world, owner, key, " ")
    world.act(owner, key, "claim", "registration")
    declare(world, owner, key)

    check_gone(world, owner, other, key)


def check_gone(world: World, owner: Actor, other: Actor, key: CaseKey) -> None:
    """The case is out of the hands of ``owner``, and with a colleague."""
    found = entry(world, key)
    assert found["claimed_by"] is None
    assert found["assigned_to"] not in {None, owner.id}
    assert trace(world, key)["cause"] == "conflict"
    for act in ("claim", "recuse", "hand_back"):
        with pytest.raises(NotPermittedError):
            world.act(owner, key, act, "registration")
    with pytest.raises(NotPermittedError):
        world.act(owner, key, "accept")
    with world.database.transaction() as session:
        with pytest.raises(NotPermittedError):
            case_files.open_file(session, owner, registration(key), world.at)
        assert queue_lists.lines(session, owner, QueueFilter(), world.at) == []
        assert len(queue_lists.lines(session, other, QueueFilter(), world.at)) == 1
        texts = case_files.open_file(session, other, registration(key), world.at).history
    assert "亲属" not in str(texts)
    assert next_for(world, owner) is None
    with pytest.raises(RuleViolatedError):
        assign(world, officer(world, "registrar-head"), key, owner.id)


def told(world: World, account: str) -> int:
    """How much somebody was told and has not marked as read."""
    with world.database.transaction() as session:
        return staff_notices.unread(session, officer(world, account)).total


def test_the_head_is_told_when_no_officer_is_left_then_the_supervisor(world: World) -> None:
    key, head = world.submitted(), officer(world, "registrar-head")
    clerks = [each for each in everybody(world) if each.id != head.id]
    for number, member in enumerate([*clerks, head]):
        assert told(world, "registrar-head") == (number == len(clerks))
        with world.database.transaction() as session:
            assert conflicts.stranded(session, head, REGISTRATION, world.at) == []
        declare(world, member, key)
    supervisor = officer(world, "supervisor")
    with world.database.transaction() as session:
        [seen] = conflicts.stranded(session, supervisor, REGISTRATION, world.at)
        [hidden] = conflicts.stranded(session, head, REGISTRATION, world.at)
    assert seen.line is not None
    assert seen.line.task == registration(key)
    assert hidden.line is None
    body = world.rows(
        "select body from events where district_code = :district_code and case_id = :case_id"
        " and trigger = 'recuse' order by number desc limit 1",
        key,
    )[0]["body"]
    assert body["nobody_left"] is True
    assert told(world, "supervisor") == 1


def test_an_officer_is_warned_of_their_own_name_and_never_handles_their_own_case(
    world: World,
) -> None:
    key = world.submitted()
    name = world.value(
        "select answers -> 'shareholders' -> 0 ->> 'name' from case_answers"
        " where district_code = :district_code and case_id = :case_id",
        key,
    )
    namesake, clerk = new_officer(world, name), officer(world, "registrar")
    with world.database.transaction() as session:
        warned = case_files.open_file(session, namesake, registration(key), world.at)
        not_warned = case_files.open_file(session, clerk, registration(key), world.at)
    assert warned.names_actor
    assert not not_warned.names_actor

    world.applicant = replace(clerk, grants=(Grant(role=Role.APPLICANT),))
    mine = world.submitted(suffix=5)
    with pytest.raises(NotPermittedError):
        world.act(clerk, mine, "accept")


def test_heads_and_supervisors_assign_with_a_reason_and_nobody_else(world: World) -> None:
    first, second = officer(world, "registrar"), officer(world, "registrar-two")
    key = world.submitted()
    world.act(first, key, "claim", "registration")
    assign(world, officer(world, "supervisor"), key, second.id)
    found = entry(world, key)
    assert (found["assigned_to"], found["claimed_by"]) == (second.id, None)
    assert told(world, "registrar-two") == 1
    with pytest.raises(RuleViolatedError) as refusal:
        assign(world, officer(world, "registrar-head"), key, officer(world, "tax").id, reason="")
    assert {each.path for each in refusal.value.problems} == {"reason", "colleague"}
    with pytest.raises(NotPermittedError):
        assign(world, second, key, first.id)
    with pytest.raises(NotFoundError):
        assign(world, officer(world, "tax"), key, first.id)
    world.act(second, key, "accept")
    assert entry(world, key)["assigned_to"] == second.id


def test_a_policy_is_published_once_and_refused_with_sentences(world: World) -> None:
    head = officer(world, "registrar-head")
    assert publish(world, LOAD) == 1
    assert publish(world, Policy(kind="load", version=1)) == 1
    with pytest.raises(ConflictError) as stale:
        publish(world, Policy(kind="turn"), by="administrator")
    assert head.name in stale.value.sentence.zh
    wrong = Policy(
        kind="rule",
        item_code="tax",
        kept_minutes=0,
        weights={"registration": 0},
        rules=(RuleLine(when="company.nothing == 1", to=()), RuleLine(when="1 +", to=(uuid4(),))),
    )
    with pytest.raises(RuleViolatedError) as refusal:
        publish(world, wrong)
    assert {each.path for each in refusal.value.problems} == {
        "item",
        "kept",
        "weight.registration",
        "rule.1",
        "to.1",
        "rule.2",
        "to.2",
    }
    for outsider in ("registrar", "supervisor", "tax"):
        with pytest.raises(NotFoundError):
            publish(world, Policy(kind="turn", version=1), by=outsider)


def test_a_dry_run_says_what_would_be_and_changes_nothing(world: World) -> None:
    keys = [world.submitted(suffix=number) for number in range(4)]
    declare(world, officer(world, "registrar"), keys[0])
    with world.database.transaction() as session:
        run = assignment_trials.dry_run(
            session, officer(world, "registrar-head"), REGISTRATION, LOAD, world.at
        )
    assert [trial.line.key for trial in run.trials] == keys
    assert all(trial.name for trial in run.trials)
    assert run.trials[0].choice.chosen != officer(world, "registrar").id
    assert sum(count for _name, count, _weight in run.loads) == 4
    assert entry(world, keys[1])["assigned_to"] is None
