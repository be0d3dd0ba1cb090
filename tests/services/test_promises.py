"""Promised papers and commitments: kept, broken, and what a broken one bars."""

import pytest

from core.errors import RuleViolatedError, TransitionRefusedError
from services import cases, documents
from services.case_keys import CaseKey
from services.door import PlaceToMend
from tests.fixtures.exits import (
    FIRE,
    FIRE_HEAD,
    FOOD,
    HEAD,
    SECOND,
    SIGN,
    WHY,
    Exits,
    checked,
    refused,
)


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
    exits.run_timers()
    assert exits.task_states(key)["food"] == "withdrawn"
    assert exits.task_states(key)["sign"] == "in_special_procedure"
    exits.set("2026-09-30 18:01")
    exits.run_timers()
    assert exits.task_states(key)["sign"] == "refused"
    assert exits.state(key) == "in_progress"
    assert [e["body"]["overdue"] for e in exits.events(key) if e["trigger"] == "lapse_promise"] == [
        ["certificate"],
        ["drawing"],
    ]
    assert exits.documents(key)[-2:] == ["termination_notice", "refusing_decision"]
    checked(exits, key)


def test_a_paper_is_awaited_from_the_day_on_which_the_law_accepted_the_case(exits: Exits) -> None:
    key = exits.sent("2026-09-18 10:00", papers=False, later=True)
    exits.set("2026-09-24 18:01")
    exits.run_timers()
    assert exits.last(key, "deem_accepted")["body"]["awaited_until"] == "2026-10-09"
    assert exits.task_states(key)["food"] == "in_review"
    checked(exits, key)


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


def test_whoever_reported_in_time_is_not_revoked_as_late_but_may_be_ordered_again(
    exits: Exits,
) -> None:
    key = exits.accepted(by_commitment=True)
    exits.act(FIRE, key, "decide_on_commitment", "fire")
    by = {"rectify_by": "2026-09-25"}
    exits.act(FIRE, key, "order_to_rectify", "fire", reason=WHY, inputs=by)
    exits.act(exits.applicant, key, "report_rectified", "fire")

    assert "没有等待答复的" in refused(exits, FIRE_HEAD, key, "revoke", "fire", reason=WHY)

    exits.act(FIRE, key, "order_to_rectify", "fire", reason=WHY, inputs=by)
    exits.set("2026-09-26 00:05")
    assert exits.run_timers() == 1
    exits.act(FIRE_HEAD, key, "revoke", "fire", reason=WHY)
    assert exits.task_states(key)["fire"] == "revoked"


def test_a_broken_commitment_is_to_be_put_right_then_revoked_and_bars_the_next(
    exits: Exits,
) -> None:
    key = exits.accepted(by_commitment=True)
    exits.act(FIRE, key, "decide_on_commitment", "fire")
    assert "没有等待答复的" in refused(exits, FIRE_HEAD, key, "revoke", "fire", reason=WHY)
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


def inspected(exits: Exits, key: CaseKey) -> None:
    """Have the fire check inspected and granted without any commitment."""
    found = {"inspected_on": "2026-09-18", "second_officer": "李四", "findings": "符合要求"}
    exits.act(FIRE, key, "record_inspection", "fire", inputs=found)
    exits.act(FIRE_HEAD, key, "approve", "fire")


def marks(exits: Exits, key: CaseKey) -> tuple[int, int]:
    """How many marks a case left, and how many of them were lifted."""
    counts = [
        exits.value(
            f"select count(*) from {table}"  # noqa: S608
            " where district_code = :district_code and case_id = :case_id",
            key,
        )
        for table in ("credit_marks", "lifted_credit_marks")
    ]
    return counts[0], counts[1]


def test_only_a_false_commitment_leaves_a_mark_and_its_reopening_lifts_it(exits: Exits) -> None:
    plain = exits.accepted()
    person = exits.applicant
    inspected(exits, plain)
    cause = {"revocation_cause": "not_qualified"}
    refused(exits, FIRE_HEAD, plain, "revoke_false_commitment", "fire", reason=WHY)
    exits.act(FIRE_HEAD, plain, "revoke_at_once", "fire", reason=WHY, inputs=cause)
    assert marks(exits, plain) == (0, 0)
    assert "没有留下" in refused(exits, FIRE_HEAD, plain, "repair_credit", "fire", reason=WHY)

    key = exits.accepted(by=person, by_commitment=True)
    assert exits.task_states(key)["fire"] == "promised"  # the plain revocation bars nothing
    exits.act(FIRE, key, "decide_on_commitment", "fire")
    exits.act(FIRE_HEAD, key, "revoke_false_commitment", "fire", reason=WHY)
    barred = exits.accepted(by=person, by_commitment=True)
    assert exits.task_states(barred)["fire"] == "in_review"

    by_court = {"ordered_by": "court_judgment", "decision_number": "（2026）甘01行终12号"}
    exits.act(FIRE_HEAD, key, "reopen", "fire", reason=WHY, inputs=by_court)
    assert marks(exits, key) == (1, 1)  # the mark itself is still there to be read
    again = exits.accepted(by=person, by_commitment=True)
    assert exits.task_states(again)["fire"] == "promised"
    inspected(exits, key)
    exits.act(FIRE_HEAD, key, "revoke_at_once", "fire", reason=WHY, inputs=cause)
    exits.act(FIRE_HEAD, key, "reopen", "fire", reason=WHY, inputs=by_court)
    assert marks(exits, key) == (1, 1)  # and is lifted once
    for each in (plain, key, barred, again):
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


HEARING: dict[str, object] = {
    "hearing_time": "at_0900",
    "hearing_place": "政务中心",
    "hearing_chair": "赵主任",
}
PLACES = (PlaceToMend(path="premises.address", reason="缺少门牌号"),)
STEPS_TO: dict[str, tuple[tuple[str, dict[str, object]], ...]] = {
    "in_review": (),
    "awaiting_corrections": (("request_corrections", {"corrections_due_on": "2026-10-20"}),),
    "in_special_procedure": (
        ("begin_special_procedure", {"cause": "testing", "expected_days": 30}),
    ),
    "hearing_ordered": (("order_hearing", HEARING | {"hearing_on": "2026-09-30"}),),
    "hearing_held": (
        ("order_hearing", HEARING | {"hearing_on": "2026-09-30"}),
        ("hold_hearing", {"held_on": "2026-09-30", "record": "双方陈述，没有新的证据。"}),
    ),
    "prepared": (("prepare_decision", {"proposal": "grant", "grounds": "符合法定条件"}),),
}


@pytest.mark.parametrize("state", STEPS_TO)
def test_the_day_of_a_promise_ends_the_part_in_whatever_state_it_is(
    exits: Exits, state: str
) -> None:
    key = exits.sent("2026-09-18 10:00", papers=False, later=True)
    exits.act(FOOD, key, "accept_with_tolerance")
    for trigger, inputs in STEPS_TO[state]:
        places = PLACES if trigger == "request_corrections" else ()
        exits.act(FOOD, key, trigger, "food", inputs=inputs, places=places)
    assert exits.task_states(key)["food"] == state
    exits.set("2026-09-24 18:01")
    exits.run_timers()
    assert exits.task_states(key)["food"] == "withdrawn"
    assert exits.documents(key)[-1] == "termination_notice"
    checked(exits, key)


def test_a_day_that_passed_while_all_had_ended_ends_nothing_that_is_reopened(
    exits: Exits,
) -> None:
    """The withdrawn case comes back whole; the paper is asked for like any other."""
    key = exits.sent("2026-09-18 10:00", papers=False, later=True)
    exits.act(FOOD, key, "accept_with_tolerance")
    exits.act(exits.applicant, key, "ask_to_withdraw")
    exits.act(FOOD, key, "confirm_withdrawal")
    exits.set("2026-10-12 09:00")
    exits.run_timers()
    assert exits.of_case(key, "timer_at") is None
    exits.act(HEAD, key, "reopen", reason=WHY)
    assert exits.last(key, "reopen")["body"]["overdue"] == ["certificate"]
    assert exits.of_case(key, "timer_at") is None
    assert exits.task_states(key)["food"] == "in_review"
    exits.pass_visit(key, on="2026-10-13")
    exits.prepare(key, "food", FOOD)
    assert "食品安全管理员证明" in refused(exits, SECOND, key, "approve", "food")
    checked(exits, key)


def test_a_part_that_ended_for_want_of_a_paper_and_is_reopened_is_not_ended_again(
    exits: Exits,
) -> None:
    key = exits.sent(
        "2026-09-18 10:00", papers=False, later=True, has_sign=True, drawing_later=True
    )
    exits.act(FOOD, key, "accept_with_tolerance")
    exits.set("2026-09-24 18:01")
    exits.run_timers()
    ordered = {"ordered_by": "own_correction"}
    exits.act(HEAD, key, "reopen", "food", reason=WHY, inputs=ordered)
    # The day of the drawing is still ahead, and that of the certificate is over.
    assert exits.of_case(key, "timer_at").isoformat().startswith("2026-09-30T10:00")
    exits.run_timers()
    assert exits.task_states(key)["food"] == "in_review"
    exits.set("2026-09-30 18:01")
    exits.run_timers()
    states = exits.task_states(key)
    assert (states["food"], states["sign"]) == ("in_review", "refused")
    checked(exits, key)


def test_the_signed_promise_stands_in_the_event_and_on_its_papers(exits: Exits) -> None:
    key = exits.draft_of("2026-09-18 10:00", later=True)
    with exits.database.transaction() as session:
        command_id = cases.draft(session, exits.applicant, key).submission_id
        with pytest.raises(RuleViolatedError) as unsigned:
            cases.submit(session, exits.applicant, key, command_id, exits.tick())
    assert [problem.path for problem in unsigned.value.problems] == ["promised"]

    exits.submit(key)
    signed = exits.last(key, "submit")
    assert signed["body"]["promise"] == {
        "form": "tolerance_promise",
        "version": "2026-01-01",
        "papers": [
            {
                "code": "certificate",
                "within": {"amount": 5, "unit": "working_days"},
                "overdue": "deemed_withdrawn",
            }
        ],
    }
    [kept] = exits.rows(
        "select content -> 'promise' as promise from event_texts where district_code ="
        " :district_code and case_id = :case_id and event_number = 1",
        key,
    )
    assert kept["promise"]["papers"][0]["title"]["zh"] == "食品安全管理员证明"

    exits.act(FOOD, key, "accept_with_tolerance")
    accepted = exits.last(key, "accept_with_tolerance")["body"]
    commitment = signed["body"]["commitments"]["text"]
    assert accepted["promise"] == {
        "signed_in": signed["number"],
        "form": "tolerance_promise",
        "version": "2026-01-01",
        "commitment": commitment,
    }
    receipt, notice = (
        printed(exits, key, kind) for kind in ("receipt_of_papers", "tolerance_notice")
    )
    assert "承诺补交：食品安全管理员证明 受理后 5 个工作日内" in receipt
    assert "承诺补交：食品安全管理员证明 最迟 2026年9月24日" in notice
    assert commitment in receipt
    assert commitment in notice
    checked(exits, key)

    whole = exits.sent("2026-09-18 10:00")
    assert "promise" not in exits.last(whole, "submit")["body"]


def printed(exits: Exits, key: CaseKey, kind: str) -> str:
    """What a paper of the case says as facts, for its applicant."""
    with exits.database.transaction() as session:
        lines = documents.of_own_case(session, exits.applicant, key)
        number = next(line.number for line in lines if line.code == kind)
        page = documents.page(session, exits.applicant, key, number, exits.at)
    return " ".join(f"{fact.label.zh} {fact.value.zh}" for fact in page.facts)
