"""Ways out before acceptance, inspections, and what nobody does by hand."""

from datetime import timedelta

import pytest

from services.door import PlaceToMend
from services.progress import progress
from tests.fixtures.exits import FOOD, HEAD, SECOND, WHY, Exits, checked, clock_of, refused
from workflows.permissions import ENGINE_ACTOR

ADDRESS = PlaceToMend(path="premises.address", reason="缺房号")


def test_the_papers_are_looked_at_once_before_acceptance(exits: Exits) -> None:
    key = exits.sent()
    exits.act(FOOD, key, "pre_check")
    assert exits.state(key) == "submitted"
    assert "只能办理一次" in refused(exits, FOOD, key, "pre_check")
    assert "权限" in refused(exits, HEAD, key, "pre_check")
    exits.act(FOOD, key, "accept")
    assert exits.documents(key) == ["receipt_of_papers", "acceptance_notice"]
    checked(exits, key)


def test_after_five_silent_working_days_a_case_is_accepted_from_the_day_its_papers_came(
    exits: Exits,
) -> None:
    key = exits.sent("2026-09-18 10:00")
    exits.set("2026-09-24 17:59")
    assert exits.run_timers() == 0
    assert "期限还没有到" in refused(exits, ENGINE_ACTOR, key, "deem_accepted")

    exits.set("2026-09-28 09:00")  # every process was down on Thursday
    assert exits.run_timers() == 1
    assert exits.run_timers() == 0
    assert exits.state(key) == "in_progress"
    assert exits.of_case(key, "accepted_at") == exits.of_case(key, "submitted_at")
    body = exits.last(key, "deem_accepted")["body"]
    assert body["deemed"] is True
    with exits.database.transaction() as session:
        told = progress(session, exits.applicant, key.district_code, key.case_id, exits.at)
    assert told.is_deemed_accepted
    assert body["ran_out_at"].startswith("2026-09-24T10:00")
    # Twenty working days from the 18th, not from the day on which the timer looked.
    assert exits.due(key, "food", "statutory_due_at") == "2026-10-22 18:00"
    checked(exits, key)


@pytest.mark.parametrize(
    ("trigger", "inputs", "document"),
    [
        ("tell_not_needed", {}, "not_needed_notice"),
        ("tell_not_ours", {"competent_authority": "卫生健康局"}, "non_acceptance_decision"),
        ("decline", {}, "non_acceptance_decision"),
    ],
)
def test_each_way_of_not_accepting_has_its_own_act_and_paper(
    exits: Exits, trigger: str, inputs: dict[str, str], document: str
) -> None:
    key = exits.sent()
    assert refused(exits, FOOD, key, trigger, inputs=inputs) == "请写明理由。"
    exits.act(FOOD, key, trigger, reason=WHY, inputs=inputs)
    assert exits.state(key) == "not_accepted"
    assert exits.documents(key)[-1] == document
    assert "不能" in refused(exits, FOOD, key, "accept")
    checked(exits, key)


def test_corrections_before_acceptance_stop_the_clock_and_lapse_when_nothing_comes(
    exits: Exits,
) -> None:
    key = exits.sent("2026-09-18 10:00")
    exits.act(
        FOOD,
        key,
        "ask_for_corrections",
        places=[ADDRESS],
        inputs={"resubmission_due_on": "2026-09-30"},
    )
    assert exits.state(key) == "returned"
    assert exits.documents(key)[-1] == "correction_notice"
    exits.set("2026-09-30 23:50")
    assert exits.run_timers() == 0
    exits.set("2026-10-01 00:10")
    assert exits.run_timers() == 1
    assert exits.state(key) == "lapsed"
    assert exits.of_case(key, "end_act") == "lapse"

    assert "权限" in refused(exits, FOOD, key, "reopen", reason=WHY)
    exits.act(HEAD, key, "reopen", reason=WHY, inputs={"resubmission_due_on": "2026-10-20"})
    assert exits.state(key) == "returned"
    assert exits.of_case(key, "end_act") is None
    exits.submit(key)
    assert exits.state(key) == "submitted"
    assert "新的情况" in refused(exits, FOOD, key, "ask_for_corrections", places=[ADDRESS])
    again = PlaceToMend(path="premises.address", reason="缺房号", new_fact="原件显示地址已变更")
    exits.act(FOOD, key, "ask_for_corrections", places=[again])
    assert exits.last(key, "ask_for_corrections")["reason_code"] == "new_fact"
    checked(exits, key)


def test_a_request_that_is_taken_back_gains_the_office_no_time(exits: Exits) -> None:
    key = exits.sent("2026-09-18 10:00")
    exits.set("2026-09-22 10:00")
    exits.act(FOOD, key, "ask_for_corrections", places=[ADDRESS])
    exits.set("2026-09-23 10:00")
    exits.act(FOOD, key, "revoke_return", reason=WHY)
    # The 23rd waited for the applicant; the other days since the 18th were the office's.
    assert clock_of(exits.of_case(key, "state_due_at")) == "2026-09-28 18:00"


def test_before_acceptance_a_withdrawal_holds_at_once(exits: Exits) -> None:
    key = exits.sent()
    exits.act(exits.applicant, key, "withdraw")
    assert exits.state(key) == "withdrawn"
    assert "受理以前就撤回" in refused(exits, HEAD, key, "reopen", reason=WHY)


def test_two_officers_inspect_and_what_rests_on_it_is_decided_after(exits: Exits) -> None:
    key = exits.accepted()
    exits.prepare(key, "food", FOOD)
    assert "要先等“联合勘验”" in refused(exits, SECOND, key, "approve", "food")
    where = {"inspection_on": "2026-09-21", "inspection_time": "morning"}
    who = {"inspection_place": "雁园路 1 号", "second_officer": "李四"}
    exits.act(FOOD, key, "schedule", "visit", inputs=where | who)
    wrong = {"inspected_on": "2026-09-21", "findings": "缺排烟"}
    exits.act(FOOD, key, "record_to_rectify", "visit", inputs=wrong)
    ordered = {"rectify_by": "2026-09-25"}
    assert "准备" in refused(exits, FOOD, key, "order_to_rectify", "visit", inputs=ordered)
    exits.act(SECOND, key, "order_to_rectify", "visit", inputs=ordered)
    assert exits.task_states(key)["visit"] == "to_rectify"
    exits.act(exits.applicant, key, "report_rectified", "visit")
    exits.pass_visit(key)
    exits.act(SECOND, key, "approve", "food")
    assert exits.task_states(key)["food"] == "approved"
    checked(exits, key)


def test_what_failed_its_inspection_can_only_be_refused(exits: Exits) -> None:
    key = exits.accepted()
    exits.prepare(key, "food", FOOD)
    where = {"inspection_on": "2026-09-21", "inspection_time": "morning"}
    who = {"inspection_place": "雁园路 1 号", "second_officer": "李四"}
    exits.act(FOOD, key, "schedule", "visit", inputs=where | who)
    found = {"inspected_on": "2026-09-21", "findings": "不符合"}
    exits.act(FOOD, key, "record_unmet", "visit", inputs=found)
    exits.act(SECOND, key, "countersign", "visit", reason=WHY)
    assert exits.task_states(key)["visit"] == "failed"
    assert "没有办成" in refused(exits, SECOND, key, "approve", "food")
    exits.act(SECOND, key, "refuse", "food", reason=WHY)


def test_nobody_fires_by_hand_what_the_engine_does_by_itself(exits: Exits) -> None:
    key = exits.accepted()
    for trigger, item in (("deem_withdrawn", "food"), ("cancel", "food"), ("lapse_promise", None)):
        assert refused(exits, FOOD, key, trigger, item)
    exits.at += timedelta(days=1)
    assert refused(exits, ENGINE_ACTOR, key, "deem_withdrawn", "food")
