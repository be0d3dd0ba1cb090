"""The one door: what moves, who may, what follows by itself, and what is never done twice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import text

from core.errors import (
    ConflictError,
    NotFoundError,
    NotPermittedError,
    RuleViolatedError,
    TransitionRefusedError,
)
from services import cases, queue_lists
from services.door import PlaceToMend
from services.queue_filters import QueueFilter
from tests.fixtures.world import DISTRICT, THING, World, actor, clerk_of
from workflows.permissions import Role

REGISTRAR = clerk_of("market_regulation")


def finish(world: World, key: cases.CaseKey) -> None:
    """Have every department and the maker do their part after the licence."""
    world.delivered(key)
    world.act(clerk_of("public_security"), key, "file", "seals")
    for item, state in world.task_states(key).items():
        if state == "in_review":
            world.act(clerk_of(item_department(item)), key, "approve", item, inputs=INPUTS)


INPUTS = {"appointment_on": "2026-09-25", "appointment_time": "morning", "branch": "高新支行"}


def item_department(item: str) -> str:
    """The department of an item, as the definition says."""
    from catalog import registry

    return registry.catalogue().thing(THING).item(item).department


def test_a_submitted_case_gets_a_number_and_waits_for_the_accepting_department(
    world: World,
) -> None:
    key = world.submitted()

    assert world.state(key) == "submitted"
    number = world.value(
        "select number from cases where district_code = :district_code and id = :case_id", key
    )
    assert number.startswith("620102-gx-20260918-000001-")
    with world.database.transaction() as session:
        [line] = queue_lists.lines(session, REGISTRAR, QueueFilter(), world.at)
    assert line.is_acceptance
    assert line.item_code == "registration"


def test_twenty_posts_of_one_submission_make_one_case_and_one_result(world: World) -> None:
    key = world.draft()
    with world.database.transaction() as session:
        command_id = cases.draft(session, world.applicant, key).submission_id
    at = world.tick()

    def post(_number: int) -> tuple[str | None, int, bytes]:
        with world.database.transaction() as session:
            moved = cases.submit(session, world.applicant, key, command_id, at)
        return moved.case_number, moved.event_number, moved.event_hash

    with ThreadPoolExecutor(max_workers=20) as pool:
        results = set(pool.map(post, range(20)))

    assert len(results) == 1
    assert (
        world.value(
            "select count(*) from events"
            " where district_code = :district_code and case_id = :case_id",
            key,
        )
        == 1
    )


def test_acceptance_fans_out_to_every_item_and_only_registration_starts(world: World) -> None:
    key = world.accepted()

    states = world.task_states(key)
    assert states["registration"] == "in_review"
    assert states["staff_enrolment"] == "not_required"
    assert {states[item] for item in ("seals", "tax", "housing_fund")} == {"waiting"}


def test_staff_enrolment_is_a_part_when_staff_are_listed(world: World) -> None:
    key = world.accepted(staff=2)

    assert world.task_states(key)["staff_enrolment"] != "not_required"


def test_the_licence_releases_all_dependents_at_once_and_social_insurance_by_itself(
    world: World,
) -> None:
    key = world.licensed()

    states = world.task_states(key)
    assert states["registration"] == "approved"
    assert states["social_insurance"] == "approved"
    assert states["seals"] == "ordered"
    assert states["tax"] == "in_review"


def test_departments_may_prepare_what_still_waits_for_the_licence(world: World) -> None:
    key = world.accepted()

    with world.database.transaction() as session:
        [line] = queue_lists.lines(session, clerk_of("tax"), QueueFilter(), world.at)
    assert line.key == key
    assert line.is_preparation


def test_a_pre_reviewed_item_is_decided_in_the_moment_the_licence_arrives(world: World) -> None:
    key = world.accepted()
    world.act(clerk_of("tax"), key, "pre_review", "tax")
    world.act(REGISTRAR, key, "approve", "registration")

    assert world.task_states(key)["tax"] == "approved"


def test_a_case_is_completed_when_every_part_is_done_and_the_saving_is_posted(
    world: World,
) -> None:
    key = world.licensed()
    finish(world, key)

    assert world.state(key) == "completed"
    rows = world.rows(
        "select debit_account, sum(amount) as amount, count(*) as lines from transfers"
        " where district_code = :district_code and case_id = :case_id"
        " group by debit_account",
        key,
    )
    posted = {row["debit_account"]: (int(row["amount"]), row["lines"]) for row in rows}
    assert posted["applicants:cash_avoided"] == (4 * 9750, 4)
    assert posted["public_budget:cost"][1] == 4


def test_a_refused_licence_cancels_the_dependents_and_posts_nothing(world: World) -> None:
    key = world.accepted()
    world.act(REGISTRAR, key, "refuse", "registration", reason="住所材料不真实")

    assert world.state(key) == "refused"
    states = world.task_states(key)
    assert {states[item] for item in states if item != "registration"} <= {
        "cancelled",
        "not_required",
    }
    assert (
        world.value(
            "select count(*) from transfers"
            " where district_code = :district_code and case_id = :case_id",
            key,
        )
        == 0
    )
    assert (
        world.value(
            "select count(*) from queue_entries where handling_district_code = :district_code"
            " and district_code = :district_code and case_id = :case_id",
            key,
        )
        == 0
    )


def test_a_refusal_needs_a_reason(world: World) -> None:
    key = world.accepted()

    with pytest.raises(RuleViolatedError) as refused:
        world.act(REGISTRAR, key, "refuse", "registration", reason="  ")
    assert refused.value.problems[0].path == "reason"


def test_a_returned_case_is_mended_and_submitted_again_under_the_same_number(
    world: World,
) -> None:
    key = world.submitted()
    before = world.value(
        "select number from cases where district_code = :district_code and id = :case_id", key
    )
    world.act(
        REGISTRAR, key, "return", places=(PlaceToMend(path="address.detail", reason="缺房号"),)
    )
    assert world.state(key) == "returned"

    moved = world.submit(key)

    assert moved.case_number == before
    assert world.state(key) == "submitted"
    world.act(REGISTRAR, key, "accept")
    assert world.state(key) == "in_progress"


def test_a_return_names_at_least_one_place(world: World) -> None:
    key = world.submitted()

    with pytest.raises(RuleViolatedError):
        world.act(REGISTRAR, key, "return")


def test_the_second_of_two_clerks_is_told_who_did_what(world: World) -> None:
    key = world.accepted()
    world.act(REGISTRAR, key, "approve", "registration", expected_version=1)

    with pytest.raises(ConflictError) as conflict:
        world.act(
            clerk_of("market_regulation"),
            key,
            "refuse",
            "registration",
            reason="迟到",
            expected_version=1,
        )
    assert "准予" in conflict.value.sentence.zh


def test_two_clerks_deciding_at_the_same_moment_leave_one_decision(world: World) -> None:
    key = world.accepted()
    barrier = threading.Barrier(2)

    def decide(trigger: str) -> str:
        barrier.wait()
        try:
            world.act(
                clerk_of("market_regulation"),
                key,
                trigger,
                "registration",
                reason="理由",
                expected_version=1,
            )
        except ConflictError:
            return "told"
        return "decided"

    with ThreadPoolExecutor(max_workers=2) as pool:
        assert sorted(pool.map(decide, ["approve", "refuse"])) == ["decided", "told"]


def test_departments_at_work_on_one_case_do_not_disturb_each_other(world: World) -> None:
    key = world.licensed()
    items = ("tax", "medical_insurance", "housing_fund")
    barrier = threading.Barrier(len(items))

    def decide(item: str) -> str:
        barrier.wait()
        world.act(clerk_of(item_department(item)), key, "approve", item, expected_version=1)
        return item

    with ThreadPoolExecutor(max_workers=len(items)) as pool:
        assert sorted(pool.map(decide, items)) == sorted(items)


def test_a_repeated_command_returns_the_first_result(world: World) -> None:
    key = world.accepted()
    command_id = uuid4()
    first = world.act(REGISTRAR, key, "approve", "registration", command_id=command_id)

    again = world.act(REGISTRAR, key, "approve", "registration", command_id=command_id)

    assert again.repeated
    assert (again.event_number, again.event_hash) == (first.event_number, first.event_hash)


@pytest.mark.parametrize(
    ("who", "trigger", "item"),
    [
        (clerk_of("tax"), "approve", "registration"),
        (clerk_of("market_regulation", "620123"), "approve", "registration"),
        (actor(Role.SEAL_MAKER, "another maker", maker_code="hehai"), "code", "seals"),
        (actor(Role.APPLICANT, "neighbour"), "approve", "registration"),
        (actor(Role.ADMINISTRATOR, "administrator"), "approve", "registration"),
    ],
)
def test_what_is_not_theirs_does_not_exist(world: World, who, trigger, item) -> None:  # type: ignore[no-untyped-def]
    key = world.accepted()

    with pytest.raises(NotFoundError):
        world.act(who, key, trigger, item)


def test_to_an_auditor_a_case_does_not_exist_at_the_door(world: World) -> None:
    key = world.accepted()

    with pytest.raises(NotFoundError):
        world.act(actor(Role.AUDITOR, "auditor"), key, "approve", "registration")


def test_the_applicant_may_not_approve_their_own_case(world: World) -> None:
    key = world.accepted()

    with pytest.raises(NotPermittedError):
        world.act(world.applicant, key, "approve", "registration")


def test_nobody_but_the_engine_releases(world: World) -> None:
    key = world.accepted()

    with pytest.raises(NotPermittedError):
        world.act(clerk_of("tax"), key, "release", "tax")


def test_a_move_that_the_process_does_not_know_is_refused_in_words(world: World) -> None:
    key = world.licensed()

    with pytest.raises(TransitionRefusedError) as refused:
        world.act(REGISTRAR, key, "approve", "registration")
    assert "不能" in refused.value.sentence.zh


def test_seals_are_not_delivered_without_the_applicants_code(world: World) -> None:
    key = world.licensed()
    world.act(world.maker, key, "code", "seals")
    world.act(world.maker, key, "engrave", "seals")

    with pytest.raises(RuleViolatedError) as refused:
        world.act(
            world.maker,
            key,
            "deliver",
            "seals",
            inputs={"recipient_name": "王小明", "delivery_code": "x"},
        )
    assert refused.value.problems[0].path == "delivery_code"


def test_seal_codes_begin_with_the_region_and_are_given_once(world: World) -> None:
    for number in range(2):
        key = world.licensed(suffix=number)
        world.act(world.maker, key, "code", "seals")
    rows = world.rows(
        "select code from seals where district_code = :district_code and :case_id is not null", key
    )

    codes = [row["code"] for row in rows]
    assert len(set(codes)) == 8
    assert all(code.startswith("620102") and len(code) == 13 for code in codes)


def test_a_bounced_filing_is_filed_again_without_paying_twice(world: World) -> None:
    key = world.licensed()
    world.delivered(key)
    police = clerk_of("public_security")
    world.act(police, key, "send_back", "seals", reason="印模不清")
    world.act(world.maker, key, "refile", "seals")
    world.act(police, key, "file", "seals")

    assert (
        world.value(
            "select count(*) from transfers"
            " where district_code = :district_code and case_id = :case_id and commodity = 'CNY'",
            key,
        )
        == 8
    )


def test_an_unknown_case_does_not_exist(world: World) -> None:
    with pytest.raises(NotFoundError):
        world.act(REGISTRAR, cases.CaseKey(DISTRICT, uuid4()), "accept")


def test_codes_are_given_once_although_two_districts_share_a_region(world: World) -> None:
    for district in (DISTRICT, "620102"):
        key = world.submitted(district_code=district)
        registrar = clerk_of("market_regulation", district)
        world.act(registrar, key, "accept")
        world.act(registrar, key, "approve", "registration")
        world.act(world.maker, key, "code", "seals")

    for statement in ("select code from seals", "select credit_code as code from cases"):
        with world.database.transaction() as session:
            rows = session.execute(text(statement + " /* across districts: compared */")).scalars()
            codes = rows.all()
        assert len(set(codes)) == len(codes)
