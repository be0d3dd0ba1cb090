"""Decisions without a hand: what rules grant, what they leave, and what happens when they err."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from core.database import migration_engine
from core.errors import (
    ConflictError,
    NotFoundError,
    NotPermittedError,
    RuleViolatedError,
    TransitionRefusedError,
)
from core.text import Text
from services import automatic_decisions, history
from services.automatic_decisions import OfficeRules
from services.cases import CaseKey
from services.desks import Desk
from services.door import PlaceToMend
from tests.fixtures.world import DISTRICT, THING, World, actor, clerk_of
from workflows.permissions import ENGINE_ACTOR, Role

DESK = Desk(district_code=DISTRICT, department_code="market_regulation")
HEAD = actor(Role.HEAD, "head")
REGISTRAR = clerk_of("market_regulation")
NEVER_EXAMINED, ALWAYS_EXAMINED = 1, 1000


def rules(world: World) -> OfficeRules:
    with world.database.transaction() as session:
        return automatic_decisions.find(session, DESK, (THING, "registration"), world.at)


def switch(world: World, *, is_on: bool = True, share: int = NEVER_EXAMINED) -> None:
    found = rules(world)
    change = {
        "is_on": is_on,
        "share_permille": share,
        "reason": "a test",
        "number": found.turn.number if found.turn else 0,
    }
    with world.database.transaction() as session:
        automatic_decisions.switch(session, HEAD, found, change, world.tick())


def assess(world: World, key: CaseKey, item_code: str = "registration") -> Any:
    with world.database.transaction() as session:
        return automatic_decisions.assess(session, key, item_code, world.tick())


def granted(world: World) -> CaseKey:
    """A case that rules have granted; one in a thousand is drawn for an officer, hardly three."""
    for suffix in range(1, 4):
        key = world.submitted(suffix=suffix)
        assess(world, key)
        if world.task_states(key).get("registration") == "approved":
            return key
    raise AssertionError("three cases in a row were drawn for an officer")


def sent_twice(world: World) -> CaseKey:
    """A case that was returned once and sent again."""
    key = world.submitted()
    place = PlaceToMend(path="company.trade_name", reason="换一个字号")
    world.act(REGISTRAR, key, "return", reason="请修改", places=(place,))
    world.submit(key)
    return key


def said(world: World, key: CaseKey) -> dict[str, Any]:
    """What the event of the newest assessment says."""
    found: dict[str, Any] = world.value(
        "select body -> 'assessment' from events where district_code = :district_code"
        " and case_id = :case_id and trigger = 'assess' order by number desc limit 1",
        key,
    )
    return found


def overturned_count(world: World) -> int:
    return rules(world).figures.overturned


def test_a_standard_company_is_licensed_at_once_and_its_seals_are_ordered(world: World) -> None:
    switch(world)

    key = granted(world)

    states = world.task_states(key)
    assert world.state(key) == "in_progress"
    assert states["registration"] == "approved"
    assert states["seals"] == "ordered"
    assert world.value(
        "select credit_code from cases where district_code = :district_code and id = :case_id", key
    )
    assert (
        world.value(
            "select count(*) from queue_entries where district_code = :district_code"
            " and case_id = :case_id and item_code = 'registration'",
            key,
        )
        == 0
    )


def test_an_automatic_decision_lists_rule_version_facts_and_their_trust(world: World) -> None:
    switch(world)

    body = said(world, granted(world))

    assert (body["rules"], body["version"], body["outcome"]) == ("standard_company", 1, "granted")
    facts = {path: level for each in body["conditions"] for path, level in each["facts"].items()}
    assert facts["known.name_is_free"] == "A"
    assert facts["legal_representative.resident_id"] == "B"
    assert facts["known.papers_complete"] == "C"
    assert facts["promise.answers_are_true"] == "D"
    assert all(each["holds"] for each in body["conditions"])


def test_the_chain_of_a_case_decided_by_rule_holds(world: World) -> None:
    switch(world)
    key = granted(world)

    with world.database.transaction() as session:
        report = history.verify_chain(session, key.district_code, key.case_id)

    assert report.findings == ()


def test_without_the_switch_of_the_office_nothing_is_weighed(world: World) -> None:
    key = world.submitted()

    assert assess(world, key) is None
    assert world.state(key) == "submitted"


def test_what_does_not_hold_is_left_to_an_officer_and_never_refused(world: World) -> None:
    switch(world)
    key = sent_twice(world)

    assess(world, key)

    body = said(world, key)
    assert body["outcome"] == "left"
    assert [each["code"] for each in body["conditions"] if not each["holds"]] == ["sent_once"]
    assert world.state(key) == "submitted"
    world.act(REGISTRAR, key, "accept")
    world.act(REGISTRAR, key, "approve", "registration")


def test_a_name_that_is_taken_is_left_to_an_officer(world: World) -> None:
    switch(world)
    world.licensed()
    twin = world.submitted()

    assess(world, twin)

    failing = [each["code"] for each in said(world, twin)["conditions"] if not each["holds"]]
    assert failing == ["name_is_free"]
    assert world.state(twin) == "submitted"


def test_the_share_for_officers_is_drawn_and_can_be_drawn_again_from_the_chain(
    world: World,
) -> None:
    switch(world, share=ALWAYS_EXAMINED)
    key = world.submitted()

    assess(world, key)

    body = said(world, key)
    assert body["outcome"] == "sampled"
    assert all(each["holds"] for each in body["conditions"])
    assert 0 <= body["drawn"] < 1000
    assert world.state(key) == "submitted"


def test_asking_twice_weighs_once(world: World) -> None:
    switch(world, share=ALWAYS_EXAMINED)
    key = world.submitted()

    first, second = assess(world, key), assess(world, key)

    assert second.repeated
    assert (first.event_number, first.event_hash) == (second.event_number, second.event_hash)


def test_what_an_officer_has_taken_is_left_to_that_officer(world: World) -> None:
    switch(world)
    key = world.submitted()
    world.act(REGISTRAR, key, "claim", "registration")

    assess(world, key)

    assert said(world, key)["hindered"]
    assert world.state(key) == "submitted"


def test_nobody_but_the_engine_fires_the_rows_of_rules(world: World) -> None:
    key = world.accepted()

    with pytest.raises(NotPermittedError):
        world.act(REGISTRAR, key, "approve_by_rule", "registration")
    with pytest.raises(NotFoundError):
        world.act(REGISTRAR, key, "assess", "registration")
    with pytest.raises(TransitionRefusedError):
        world.act(ENGINE_ACTOR, key, "approve_by_rule", "registration")


def test_a_case_accepted_by_hand_can_still_be_granted_by_rule(world: World) -> None:
    switch(world)
    key = world.accepted()

    assess(world, key)

    assert world.task_states(key)["registration"] == "approved"


def test_a_sampled_case_that_the_officer_refuses_counts_as_overturned(world: World) -> None:
    switch(world, share=ALWAYS_EXAMINED)
    key = world.submitted()
    assess(world, key)
    world.act(REGISTRAR, key, "accept")

    world.act(REGISTRAR, key, "refuse", "registration", reason="名称不当")

    assert overturned_count(world) == 1
    with world.database.transaction() as session:
        assert history.verify_chain(session, key.district_code, key.case_id).valid


def test_too_many_overturned_decisions_stop_the_rules_by_themselves(world: World) -> None:
    switch(world, share=ALWAYS_EXAMINED)
    for suffix in (1, 2):
        key = world.submitted(suffix=suffix)
        assess(world, key)
        world.act(REGISTRAR, key, "accept")
        moved = world.act(REGISTRAR, key, "refuse", "registration", reason="名称不当")
        with world.database.transaction() as session:
            automatic_decisions.watch(session, key, moved.event_number, world.tick())

    found = rules(world)
    assert not found.is_on
    assert found.turn is not None
    assert found.turn.by_alarm


def test_a_switch_that_was_turned_meanwhile_is_not_turned_again(world: World) -> None:
    stale = rules(world)
    switch(world)
    change = {"is_on": True, "share_permille": 50, "reason": "late", "number": 0}

    with pytest.raises(ConflictError), world.database.transaction() as session:
        automatic_decisions.switch(session, HEAD, stale, change, world.tick())


def test_a_switch_needs_a_reason_and_a_share(world: World) -> None:
    change = {"is_on": True, "share_permille": 0, "reason": " ", "number": 0}

    with pytest.raises(RuleViolatedError) as refused, world.database.transaction() as session:
        automatic_decisions.switch(session, HEAD, rules(world), change, world.tick())

    assert {problem.path for problem in refused.value.problems} == {"reason", "share_permille"}
    assert all(isinstance(problem.sentence, Text) for problem in refused.value.problems)


def test_an_assessment_that_was_changed_in_the_table_is_found(world: World, owner_url: str) -> None:
    switch(world, share=ALWAYS_EXAMINED)
    key = world.submitted()
    assess(world, key)

    with migration_engine(owner_url).begin() as connection:
        connection.execute(text("update automatic_assessments set outcome = 'granted'"))

    with world.database.transaction() as session:
        [finding] = history.verify_chain(session, key.district_code, key.case_id).findings
    assert finding.sentence.zh.startswith("按规则评估")


def test_what_was_drawn_for_an_officer_is_not_drawn_again(world: World) -> None:
    switch(world, share=ALWAYS_EXAMINED)
    key = world.submitted()
    assess(world, key)
    switch(world)
    world.act(REGISTRAR, key, "accept")

    assess(world, key)

    assert said(world, key)["outcome"] == "sampled"
    assert world.task_states(key)["registration"] == "in_review"


def test_a_return_that_comes_late_overturns_what_was_drawn_as_well(world: World) -> None:
    switch(world, share=ALWAYS_EXAMINED)
    key = world.submitted()
    assess(world, key)
    world.tick(20 * 24 * 60)
    place = PlaceToMend(path="company.trade_name", reason="换一个字号")

    world.act(REGISTRAR, key, "return", reason="请修改", places=(place,))

    assert overturned_count(world) == 1


def test_rules_that_grant_late_tell_the_colours_that_were_due_before(world: World) -> None:
    switch(world)
    key = world.submitted()
    world.tick(20 * 24 * 60)

    assess(world, key)

    triggers = [
        row["trigger"]
        for row in world.rows(
            "select trigger from events where district_code = :district_code"
            " and case_id = :case_id order by number",
            key,
        )
    ]
    assert "turn_red" in triggers
    with world.database.transaction() as session:
        assert history.verify_chain(session, key.district_code, key.case_id).valid


def test_of_two_companies_with_one_name_weighed_at_once_one_is_left(world: World) -> None:
    switch(world)
    first, second = world.submitted(), world.submitted()
    at = world.tick()

    def weigh_second() -> None:
        with world.database.transaction() as session:
            automatic_decisions.assess(session, second, "registration", at)

    with ThreadPoolExecutor(1) as pool:
        with world.database.transaction() as session:
            automatic_decisions.assess(session, first, "registration", at)
            waiting = pool.submit(weigh_second)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
        waiting.result(timeout=30)

    states = [world.task_states(key).get("registration") for key in (first, second)]
    assert states.count("approved") < 2
    failing = [each["code"] for each in said(world, second)["conditions"] if not each["holds"]]
    assert failing == (["name_is_free"] if states[0] == "approved" else [])
