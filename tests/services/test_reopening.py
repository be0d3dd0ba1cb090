"""Withdrawals that are confirmed, revocations, and handling something again."""

from tests.fixtures.exits import FIRE, FOOD, HEAD, SECOND, WHY, Exits, checked, refused


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


def test_a_wish_to_withdraw_ends_with_the_case(exits: Exits) -> None:
    key = exits.granted(by_commitment=True)
    exits.act(exits.applicant, key, "ask_to_withdraw")
    exits.act(FIRE, key, "decide_on_commitment", "fire")
    assert exits.state(key) == "completed"
    assert exits.of_case(key, "withdrawal_asked_at") is None
    entries = exits.rows(
        "select item_code from queue_entries where handling_district_code = '620102-gx'"
        " and district_code = :district_code and case_id = :case_id",
        key,
    )
    assert entries == [{"item_code": "fire"}]  # to be verified


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
