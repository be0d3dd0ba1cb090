"""Every way out as its own act: who takes it, what it issues, what becomes of clocks and case."""

from datetime import timedelta
from typing import Any

import pytest

from core.errors import (
    NotPermittedError,
    RuleViolatedError,
    TransitionRefusedError,
)
from services import verification
from services.cases import CaseKey
from services.door import PlaceToMend
from tests.fixtures.exits import (
    FIRE,
    FIRE_HEAD,
    FOOD,
    HEAD,
    SECOND,
    SIGN,
    SIGN_HEAD,
    Exits,
)
from workflows.permissions import ENGINE_ACTOR, Actor

ADDRESS = PlaceToMend(path="premises.address", reason="缺房号")
WHY = "经审查需要这样办理。"


def refused(
    exits: Exits, who: Actor, key: CaseKey, trigger: str, item: str | None = None, **more: Any
) -> str:
    """The sentence with which a step is refused."""
    with pytest.raises((TransitionRefusedError, NotPermittedError, RuleViolatedError)) as caught:
        exits.act(who, key, trigger, item, **more)
    error = caught.value
    if isinstance(error, RuleViolatedError):
        assert all(problem.sentence.en for problem in error.problems)
        return error.problems[0].sentence.zh
    assert error.sentence.en
    return error.sentence.zh


def checked(exits: Exits, key: CaseKey) -> None:
    """The chain and every row that it speaks of agree."""
    with exits.database.transaction() as session:
        report = verification.verify_chain(session, key.district_code, key.case_id)
    assert report.findings == ()


# Before acceptance


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


def test_before_acceptance_a_withdrawal_holds_at_once(exits: Exits) -> None:
    key = exits.sent()
    exits.act(exits.applicant, key, "withdraw")
    assert exits.state(key) == "withdrawn"
    assert "受理以前就撤回" in refused(exits, HEAD, key, "reopen", reason=WHY)


# Tolerance


def test_a_promised_paper_may_come_after_acceptance_and_nothing_is_granted_before(
    exits: Exits,
) -> None:
    key = exits.sent(papers=False, later=True)
    assert "容缺受理" in refused(exits, FOOD, key, "accept")
    exits.act(FOOD, key, "accept_with_tolerance")
    body = exits.last(key, "accept_with_tolerance")["body"]
    assert body["awaited"] == ["certificate"]
    assert body["awaited_until"] == "2026-09-24"
    assert exits.documents(key)[-1] == "tolerance_notice"
    exits.pass_visit(key)
    exits.prepare(key, "food", FOOD)
    assert "食品安全管理员证明" in refused(exits, SECOND, key, "approve", "food")

    with pytest.raises(TransitionRefusedError, match="None of the papers"):
        exits.supply(key)
    exits.file(key, "certificate")
    exits.supply(key)
    assert exits.last(key, "supply")["body"]["supplied"] == ["certificate"]
    exits.act(SECOND, key, "approve", "food")
    exits.set("2026-09-25 09:00")
    assert exits.run_timers() == 0
    assert exits.task_states(key)["food"] == "approved"
    checked(exits, key)


def test_when_nothing_is_missing_there_is_nothing_to_tolerate(exits: Exits) -> None:
    key = exits.sent(later=True)
    assert "材料已经齐全" in refused(exits, FOOD, key, "accept_with_tolerance")
    exits.act(FOOD, key, "accept")


def test_without_the_promise_the_paper_is_asked_for_as_ever(exits: Exits) -> None:
    with pytest.raises(RuleViolatedError):
        exits.sent(papers=False)


def test_what_was_promised_and_did_not_come_ends_as_the_guide_says(exits: Exits) -> None:
    """The certificate after five days counts as withdrawn, the drawing after eight is refused."""
    key = exits.sent(
        "2026-09-18 10:00", papers=False, later=True, has_sign=True, drawing_later=True
    )
    exits.act(FOOD, key, "accept_with_tolerance")
    exits.act(
        SIGN,
        key,
        "begin_special_procedure",
        "sign",
        inputs={"cause": "testing", "expected_days": 3},
    )
    assert exits.of_case(key, "timer_at").isoformat().startswith("2026-09-24T10:00")
    exits.set("2026-09-24 18:01")
    assert exits.run_timers() == 1
    assert exits.task_states(key)["food"] == "withdrawn"
    assert exits.task_states(key)["sign"] == "in_special_procedure"
    exits.set("2026-09-30 18:01")
    assert exits.run_timers() == 1
    assert exits.task_states(key)["sign"] == "refused"
    assert exits.state(key) == "in_progress"
    assert [e["body"]["overdue"] for e in exits.events(key) if e["trigger"] == "lapse_promise"] == [
        ["certificate"],
        ["drawing"],
    ]
    assert exits.documents(key)[-2:] == ["termination_notice", "refusing_decision"]
    checked(exits, key)


# Commitment


def test_a_commitment_is_decided_on_the_spot_and_verified_afterwards(exits: Exits) -> None:
    key = exits.accepted(by_commitment=True)
    assert exits.task_states(key)["fire"] == "promised"
    exits.act(FIRE, key, "decide_on_commitment", "fire")
    assert exits.task_states(key)["fire"] == "approved_on_commitment"
    # Follow-up work waits in the office's queue, for twenty working days.
    assert exits.due(key, "fire", "state_due_at") == "2026-10-22 18:00"
    found = {"verified_on": "2026-09-21", "findings": "与承诺一致"}
    exits.act(FIRE, key, "verify", "fire", inputs=found)
    assert exits.task_states(key)["fire"] == "verified"
    assert exits.documents(key)[-2:] == ["commitment_decision", "verification_record"]
    checked(exits, key)


def test_a_broken_commitment_is_to_be_put_right_then_revoked_and_bars_the_next(
    exits: Exits,
) -> None:
    key = exits.accepted(by_commitment=True)
    exits.act(FIRE, key, "decide_on_commitment", "fire")
    exits.act(
        FIRE, key, "order_to_rectify", "fire", reason=WHY, inputs={"rectify_by": "2026-09-25"}
    )
    assert exits.task_states(key)["fire"] == "to_rectify"
    exits.set("2026-09-26 00:05")
    assert exits.run_timers() == 1
    assert exits.task_states(key)["fire"] == "approved_on_commitment"
    assert "权限" in refused(exits, FIRE, key, "revoke", "fire", reason=WHY)
    exits.act(FIRE_HEAD, key, "revoke", "fire", reason=WHY)
    assert exits.task_states(key)["fire"] == "revoked"
    assert exits.rows(
        "select revoked_at is not null as is_revoked from outputs"
        " where district_code = :district_code and case_id = :case_id",
        key,
    ) == [{"is_revoked": True}]

    marked = exits.applicant
    tolerant = exits.sent("2026-09-28 10:00", by=marked, papers=False, later=True)
    assert "未兑现承诺的记录" in refused(exits, FOOD, tolerant, "accept_with_tolerance")
    barred = exits.accepted("2026-09-28 10:00", by=marked, by_commitment=True)
    assert exits.task_states(barred)["fire"] == "in_review"
    [release] = [
        event
        for event in exits.events(barred)
        if event["item_code"] == "fire" and event["trigger"] == "release"
    ]
    assert release["body"]["commitment"] == "barred"

    exits.act(FIRE_HEAD, key, "repair_credit", "fire", reason=WHY)
    exits.act(FOOD, tolerant, "accept_with_tolerance")
    again = exits.accepted("2026-09-28 10:00", by=marked, by_commitment=True)
    assert exits.task_states(again)["fire"] == "promised"
    for each in (key, tolerant, barred):
        checked(exits, each)


def test_nobody_is_made_to_choose_the_commitment_and_it_may_be_taken_back(exits: Exits) -> None:
    plain = exits.accepted()
    assert exits.task_states(plain)["fire"] == "in_review"
    key = exits.accepted(by_commitment=True)
    exits.act(exits.applicant, key, "take_back_commitment", "fire")
    assert exits.task_states(key)["fire"] == "in_review"
    found = {"inspected_on": "2026-09-18", "second_officer": "李四", "findings": "符合要求"}
    exits.act(FIRE, key, "record_inspection", "fire", inputs=found)
    assert "另一位" in refused(exits, FIRE, key, "approve", "fire")
    exits.act(FIRE_HEAD, key, "approve", "fire")
    assert exits.task_states(key)["fire"] == "approved"


# Special procedure and hearing


def test_a_special_procedure_stops_the_clock_for_a_lawful_cause_told_with_its_days(
    exits: Exits,
) -> None:
    key = exits.accepted("2026-09-18 10:00")
    assert exits.due(key, "food") == "2026-10-09 18:00"
    told = {"cause": "holiday", "expected_days": 4}
    assert "法律列明" in refused(exits, FOOD, key, "begin_special_procedure", "food", inputs=told)
    assert "几个工作日" in refused(
        exits, FOOD, key, "begin_special_procedure", "food", inputs={"cause": "appraisal"}
    )
    told["cause"] = "appraisal"
    exits.act(FOOD, key, "begin_special_procedure", "food", inputs=told)
    body = exits.last(key, "begin_special_procedure")["body"]
    assert (body["cause"], body["expected_until"]) == ("appraisal", "2026-09-23")
    assert exits.due(key, "food", "paused_at") == "2026-09-18 11:04"
    exits.set("2026-09-22 15:00")
    exits.act(FOOD, key, "end_special_procedure", "food", inputs={"outcome": "合格"})
    # The 20th, 21st and 22nd are not counted.
    assert exits.due(key, "food") == "2026-10-13 18:00"
    assert exits.documents(key)[-1] == "special_procedure_notice"
    checked(exits, key)


def test_a_hearing_is_asked_for_in_five_days_and_held_between_seven_and_twenty(
    exits: Exits,
) -> None:
    key = exits.accepted("2026-09-18 10:00")
    assert "没有等待答复" in refused(exits, exits.applicant, key, "ask_for_hearing", "food")
    exits.act(FOOD, key, "tell_hearing_right", "food")
    exits.act(exits.applicant, key, "ask_for_hearing", "food")
    place = {"hearing_time": "at_0900", "hearing_place": "政务中心 302", "hearing_chair": "赵主任"}
    for day, words in (
        ("2026-09-28", "最早可以定在 2026-09-29"),
        ("2026-10-26", "最迟 2026-10-22"),
        ("2026-10-02", "不是工作日"),
        ("someday", "存在的日期"),
    ):
        assert words in refused(
            exits, FOOD, key, "order_hearing", "food", inputs=place | {"hearing_on": day}
        )
    exits.act(FOOD, key, "order_hearing", "food", inputs=place | {"hearing_on": "2026-10-09"})
    assert exits.due(key, "food", "paused_at") != ""
    exits.set("2026-10-09 12:00")
    held = {"held_on": "2026-10-09", "record": "双方陈述，无新的证据。"}
    exits.act(FOOD, key, "hold_hearing", "food", inputs=held)
    exits.act(FOOD, key, "close_hearing", "food", reason=WHY)
    assert "没有等待答复" in refused(exits, FOOD, key, "decline_hearing", "food", reason=WHY)
    assert exits.documents(key)[-3:] == [
        "hearing_right_notice",
        "hearing_summons",
        "hearing_record",
    ]
    checked(exits, key)


# Extension


def test_the_head_extends_once_by_what_the_definition_says(exits: Exits) -> None:
    key = exits.accepted("2026-09-18 10:00")
    before = exits.due(key, "food", "first_due_at")
    assert "权限" in refused(exits, FOOD, key, "extend", "food", reason=WHY)
    exits.act(HEAD, key, "extend", "food", reason=WHY)
    # Ten working days more than the ten promised, and than the twenty of the law.
    assert exits.due(key, "food") == "2026-10-22 18:00"
    assert exits.due(key, "food", "statutory_due_at") == "2026-11-05 18:00"
    assert exits.due(key, "food", "first_due_at") == before == "2026-10-09 18:00"
    exits.prepare(key, "food", FOOD)
    assert "只能办理一次" in refused(exits, HEAD, key, "extend", "food", reason=WHY)
    assert exits.documents(key)[-1] == "extension_notice"
    checked(exits, key)


def test_where_the_definition_asks_for_it_nothing_is_extended_without_consent(
    exits: Exits,
) -> None:
    key = exits.accepted("2026-09-18 10:00", has_sign=True)
    assert "先征得" in refused(exits, SIGN_HEAD, key, "extend", "sign", reason=WHY)
    assert "不需要申请人同意" in refused(exits, FOOD, key, "propose_extension", "food", reason=WHY)
    exits.act(SIGN, key, "propose_extension", "sign", reason=WHY)
    assert "还没有答复" in refused(exits, SIGN_HEAD, key, "extend", "sign", reason=WHY)
    exits.act(exits.applicant, key, "agree_to_extension", "sign")
    exits.act(SIGN_HEAD, key, "extend", "sign", reason=WHY)
    assert exits.due(key, "sign") != exits.due(key, "sign", "first_due_at")

    other = exits.accepted("2026-09-18 10:00", has_sign=True)
    exits.act(SIGN, other, "propose_extension", "sign", reason=WHY)
    exits.act(exits.applicant, other, "decline_extension", "sign")
    assert "不同意延期" in refused(exits, SIGN_HEAD, other, "extend", "sign", reason=WHY)
    assert "没有等待答复" in refused(exits, exits.applicant, other, "agree_to_extension", "sign")


# Withdrawal, revocation, reopening


def test_after_acceptance_a_withdrawal_is_asked_for_and_confirmed(exits: Exits) -> None:
    key = exits.accepted(by_commitment=True)
    exits.act(FIRE, key, "decide_on_commitment", "fire")
    assert "没有等待答复" in refused(exits, FOOD, key, "confirm_withdrawal")
    exits.act(exits.applicant, key, "ask_to_withdraw")
    assert "正在等待确认" in refused(exits, exits.applicant, key, "ask_to_withdraw")
    exits.act(FOOD, key, "decline_withdrawal", reason=WHY)
    assert exits.of_case(key, "withdrawal_asked_at") is None
    exits.act(exits.applicant, key, "ask_to_withdraw")
    exits.act(FOOD, key, "confirm_withdrawal")
    assert exits.state(key) == "withdrawn"
    states = exits.task_states(key)
    assert (states["food"], states["visit"], states["fire"]) == (
        "cancelled",
        "cancelled",
        "approved_on_commitment",
    )

    exits.act(HEAD, key, "reopen", reason=WHY)
    assert exits.state(key) == "in_progress"
    states = exits.task_states(key)
    assert (states["food"], states["visit"]) == ("in_review", "to_schedule")
    assert exits.of_case(key, "end_act") is None
    assert exits.of_case(key, "ended_at") is None
    checked(exits, key)


def test_a_wish_to_withdraw_waits_in_the_queue_of_the_office_that_accepted(exits: Exits) -> None:
    key = exits.granted()
    entries = (
        "select item_code, state from queue_entries where handling_district_code = '620102-gx'"
        " and district_code = :district_code and case_id = :case_id order by item_code"
    )
    assert [row["item_code"] for row in exits.rows(entries, key)] == ["fire"]
    exits.act(exits.applicant, key, "ask_to_withdraw")
    assert exits.rows(entries, key)[1] == {"item_code": "food", "state": "in_progress"}
    exits.act(exits.applicant, key, "keep_application")
    assert [row["item_code"] for row in exits.rows(entries, key)] == ["fire"]


def test_a_revocation_changes_the_case_and_reverses_what_was_posted(exits: Exits) -> None:
    key = exits.granted(by_commitment=True)
    exits.act(FIRE, key, "decide_on_commitment", "fire")
    assert exits.state(key) == "completed"
    exits.act(HEAD, key, "revoke", "food", reason=WHY, inputs={"revocation_cause": "not_qualified"})
    assert exits.state(key) == "partly_completed"
    rows = exits.rows(
        "select debit_account, credit_account, amount, event_number, line, reverses_event_number,"
        " reverses_line from transfers where district_code = :district_code and case_id = :case_id"
        " order by event_number, line",
        key,
    )
    posted, counter = rows
    assert (counter["debit_account"], counter["credit_account"], counter["amount"]) == (
        posted["credit_account"],
        posted["debit_account"],
        posted["amount"],
    )
    assert (counter["reverses_event_number"], counter["reverses_line"]) == (
        posted["event_number"],
        posted["line"],
    )
    assert exits.documents(key)[-1] == "revoking_decision"
    checked(exits, key)

    exits.act(HEAD, key, "reopen", "food", reason=WHY, inputs={"ordered_by": "court_judgment"})
    assert exits.state(key) == "in_progress"
    exits.prepare(key, "food", FOOD)
    exits.act(SECOND, key, "approve", "food")
    assert exits.state(key) == "completed"
    outputs = exits.rows(
        "select number, revoked_at from outputs where district_code = :district_code"
        " and case_id = :case_id and item_code = 'food'",
        key,
    )
    assert outputs[0]["number"].endswith("/01-2")
    assert outputs[0]["revoked_at"] is None
    checked(exits, key)


def test_a_refusal_that_was_set_aside_is_decided_again(exits: Exits) -> None:
    key = exits.accepted()
    exits.prepare(key, "food", FOOD)
    exits.act(SECOND, key, "refuse", "food", reason=WHY)
    assert exits.documents(key)[-1] == "refusing_decision"
    exits.set("2026-11-20 10:00")
    exits.act(HEAD, key, "reopen", "food", reason=WHY, inputs={"ordered_by": "review_decision"})
    # A fresh limit, from the day on which it was reopened.
    assert exits.due(key, "food") == "2026-12-04 18:00"
    exits.act(HEAD, key, "extend", "food", reason=WHY)  # once in each life of the task
    checked(exits, key)


# Joint inspection and order of decisions


def test_two_officers_inspect_and_what_rests_on_it_is_decided_after(exits: Exits) -> None:
    key = exits.accepted()
    exits.prepare(key, "food", FOOD)
    assert "要先等“联合勘验”" in refused(exits, SECOND, key, "approve", "food")
    where = {"inspection_on": "2026-09-21", "inspection_time": "morning"}
    who = {"inspection_place": "雁园路 1 号", "second_officer": "李四"}
    exits.act(FOOD, key, "schedule", "visit", inputs=where | who)
    wrong = {"inspected_on": "2026-09-21", "findings": "缺排烟", "rectify_by": "2026-09-25"}
    exits.act(FOOD, key, "record_to_rectify", "visit", inputs=wrong)
    assert "另一位" in refused(exits, FOOD, key, "countersign", "visit")
    exits.act(SECOND, key, "countersign", "visit", inputs={"rectify_by": "2026-09-25"})
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
