"""Repair verbs: asked for by one, confirmed by another, through the one door, and all adds up."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from commands.invariant_sweep import results
from core.database import migration_engine
from core.errors import (
    ConflictError,
    DomainError,
    NotFoundError,
    NotPermittedError,
    RuleViolatedError,
    TransitionRefusedError,
)
from services import door, repairs, verification
from services.cases import CaseKey
from services.invariants import BY_CODE
from tests.fixtures.exits import Exits
from tests.fixtures.world import DISTRICT, World, actor, clerk_of
from workflows.permissions import Actor, Grant, Role
from workflows.repairs import Verb

OPERATOR = actor(Role.OPERATOR, "operator")
SECOND = actor(Role.OPERATOR, "second operator")
REGISTRAR = clerk_of("market_regulation")
HEAD = Actor(
    id=actor(Role.HEAD, "head").id,
    name="head",
    grants=(Grant(role=Role.HEAD, department_code="market_regulation", district_code=DISTRICT),),
)


def ask(world: World, key: CaseKey, verb: str, item: str | None = None, **more: Any) -> int:
    """Ask for a repair; the number of the request."""
    draft = door.RepairDraft(verb=verb, to_state=more.pop("to_state", None))
    more = {"reason": "接口坏了", "reason_code": "technical_failure"} | more
    who = more.pop("who", OPERATOR)
    return world.act(who, key, "ask_for_repair", item, repair=draft, **more).event_number


def confirm(world: World, key: CaseKey, request: int, who: Actor = SECOND, **more: Any) -> None:
    trigger = more.pop("trigger", "confirm_repair")
    world.act(who, key, trigger, repair=door.RepairDraft(request=request), **more)


def repaired(world: World, key: CaseKey, verb: str, item: str | None = None, **more: Any) -> None:
    confirm(world, key, ask(world, key, verb, item, **more))
    sound(world, key)


def sound(world: World, key: CaseKey) -> None:
    """Every invariant holds, the chain verifies and the ledger balances."""
    found = results(world.database, list(BY_CODE), world.at)
    assert {each.invariant.code: each.breaches for each in found if not each.holds} == {}
    with world.database.transaction() as session:
        report = verification.verify_chain(session, key.district_code, key.case_id)
    assert report.valid, report


def net_amounts(world: World, key: CaseKey) -> int:
    return int(
        world.value(
            "select coalesce(sum(case when reverses_line is null then amount else -amount end), 0)"
            " from transfers where district_code = :district_code and case_id = :case_id",
            key,
        )
    )


def refusal(error: type[DomainError], act: Any) -> str:
    with pytest.raises(error) as caught:
        act()
    return str(caught.value.sentence.zh)


def test_a_cancelled_case_ends_with_its_reason_and_what_is_done_stays(world: World) -> None:
    key = world.licensed()
    repaired(world, key, "cancel", reason="申请了两次", reason_code="duplicate")

    states = world.task_states(key)
    assert world.state(key) == "cancelled"
    assert (states["registration"], states["tax"], states["seals"]) == (
        "approved",
        "cancelled",
        "cancelled",
    )
    refusal(TransitionRefusedError, lambda: ask(world, key, "cancel"))
    refusal(TransitionRefusedError, lambda: ask(world, key, "skip", "tax"))


def test_a_case_that_waits_for_its_acceptance_is_cancelled_too(world: World) -> None:
    key = world.submitted()
    repaired(world, key, "cancel")
    assert world.state(key) == "cancelled"


def test_a_skipped_part_takes_what_needs_it_along_and_leaves_the_rest(world: World) -> None:
    key = world.licensed()
    repaired(world, key, "skip", "tax")
    assert world.task_states(key)["tax"] == "cancelled"
    assert world.state(key) == "in_progress"

    other = world.accepted(suffix=2)
    repaired(world, other, "skip", "registration")
    assert set(world.task_states(other).values()) <= {"cancelled", "not_required"}
    assert world.state(other) == "refused"


def test_a_rewound_decision_takes_its_results_back_and_what_was_not_begun_waits_again(
    world: World,
) -> None:
    key = world.licensed()
    due = world.value(TAX_DUE.replace("tax", "registration"), key)
    code = world.value(CREDIT_CODE, key)
    repaired(world, key, "rewind", "registration", to_state="in_review")

    states = world.task_states(key)
    assert (states["registration"], states["tax"], states["seals"]) == (
        "in_review",
        "waiting",
        "waiting",
    )
    assert net_amounts(world, key) == 0
    assert world.value(TAX_DUE.replace("tax", "registration"), key) == due
    world.act(REGISTRAR, key, "approve", "registration")
    sound(world, key)
    assert world.value(CREDIT_CODE, key) == code
    world.delivered(key)
    sound(world, key)


TAX_DUE = (
    "select due_at from tasks where district_code = :district_code and case_id = :case_id"
    " and item_code = 'tax'"
)
CREDIT_CODE = "select credit_code from cases where district_code = :district_code and id = :case_id"


def test_a_delivery_recorded_by_mistake_is_taken_back_with_its_postings(world: World) -> None:
    key = world.licensed()
    before = net_amounts(world, key)
    world.delivered(key)
    after = net_amounts(world, key)
    repaired(world, key, "rewind", "seals", to_state="engraved")
    assert net_amounts(world, key) == before
    world.act(
        world.maker,
        key,
        "deliver",
        "seals",
        inputs={"recipient_name": "王小明", "delivery_code": world.delivery_code(key)},
    )
    sound(world, key)
    assert net_amounts(world, key) == after
    repaired(world, key, "rewind", "seals", to_state="ordered")
    world.delivered(key)
    sound(world, key)
    assert net_amounts(world, key) == after


def test_what_was_begun_on_the_strength_of_a_part_keeps_it_where_it_is(world: World) -> None:
    key = world.licensed()
    world.act(clerk_of("tax"), key, "approve", "tax")
    request = ask(world, key, "rewind", "registration", to_state="in_review")
    sentence = refusal(TransitionRefusedError, lambda: confirm(world, key, request))
    assert "已经根据这一部分开始办理" in sentence
    sound(world, key)


def test_nothing_goes_forward_or_where_it_never_was(world: World) -> None:
    key = world.licensed()
    refusal(
        TransitionRefusedError,
        lambda: ask(world, key, "rewind", "staff_enrolment", to_state="waiting"),
    )
    for item, state in (("registration", "refused"), ("seals", "engraved"), ("tax", "approved")):
        with pytest.raises((RuleViolatedError, TransitionRefusedError)):
            ask(world, key, "rewind", item, to_state=state)
    world.delivered(key)
    repaired(world, key, "rewind", "seals", to_state="coded")
    with pytest.raises(RuleViolatedError):
        ask(world, key, "rewind", "seals", to_state="engraved")


def test_two_people_are_needed_and_one_request_at_a_time(world: World) -> None:
    key = world.licensed()
    refusal(RuleViolatedError, lambda: ask(world, key, "skip", "tax", reason=" "))
    refusal(NotFoundError, lambda: ask(world, key, "skip", "tax", who=REGISTRAR))
    refusal(NotFoundError, lambda: ask(world, key, "skip", "tax", who=HEAD))
    refusal(NotFoundError, lambda: ask(world, key, "burn", "tax"))
    refusal(ConflictError, lambda: ask(world, key, "skip", "tax", expected_version=99))
    request = ask(world, key, "cancel")
    refusal(ConflictError, lambda: ask(world, key, "cancel"))
    refusal(NotPermittedError, lambda: confirm(world, key, request, OPERATOR))
    refusal(NotFoundError, lambda: confirm(world, key, request, clerk_of("tax")))
    refusal(
        NotPermittedError,
        lambda: confirm(world, key, request, SECOND, trigger="take_back_repair"),
    )
    confirm(world, key, request, HEAD, trigger="decline_repair", reason="不用")
    refusal(ConflictError, lambda: confirm(world, key, request))
    again = ask(world, key, "cancel")
    confirm(world, key, again, OPERATOR, trigger="take_back_repair")
    last = ask(world, key, "cancel")
    confirm(world, key, last, HEAD)
    assert world.state(key) == "cancelled"
    sound(world, key)


def test_a_request_that_was_overtaken_is_not_carried_out(world: World) -> None:
    key = world.licensed()
    request = ask(world, key, "skip", "tax")
    world.act(clerk_of("tax"), key, "approve", "tax")
    assert "已有变化" in refusal(ConflictError, lambda: confirm(world, key, request))


def test_a_retry_puts_entries_back_and_changes_nothing_that_was_decided(
    world: World, owner_url: str
) -> None:
    key, waits = world.licensed(), world.submitted(suffix=2)
    before = (world.task_states(key), world.state(key))
    with migration_engine(owner_url).begin() as connection:
        connection.execute(text("delete from queue_entries"))

    for _twice in range(2):
        for each in (key, waits):
            wish = repairs.Wish(
                verb=Verb.RETRY,
                command_id=uuid4(),
                item_code=None,
                version=None,
                reason_code="technical_failure",
                words="",
            )
            with world.database.transaction() as session:
                repairs.ask(session, OPERATOR, each, wish, world.tick())
        sound(world, key)
    assert (world.task_states(key), world.state(key)) == before


def test_a_retry_fires_what_ran_out_and_does_so_once(exits: Exits) -> None:
    key = exits.sent("2026-09-18 10:00")
    exits.set("2026-09-28 09:00")
    command: dict[str, Any] = {
        "reason_code": "technical_failure",
        "repair": door.RepairDraft(verb="retry"),
    }
    exits.act(OPERATOR, key, "retry_case", **command)
    assert exits.state(key) == "submitted"
    wish = repairs.Wish(
        verb=Verb.RETRY,
        command_id=uuid4(),
        item_code=None,
        version=None,
        reason_code="technical_failure",
        words="",
    )
    for _twice in range(2):
        with exits.database.transaction() as session:
            repairs.ask(session, OPERATOR, key, wish, exits.at)
    assert exits.state(key) == "in_progress"
    exits.run_timers()
    fired = [event["trigger"] for event in exits.events(key)]
    assert fired.count("deem_accepted") == 1
