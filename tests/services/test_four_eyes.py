"""Four eyes: whoever prepared a decision never takes it, by whatever way they come."""

from collections.abc import Sequence
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import DomainError, NotPermittedError
from services import case_files, hand_overs
from services.cases import CaseKey
from services.queue import TaskKey
from tests.fixtures.corrections import TwoLicences
from tests.fixtures.officers import absent, delegate, new_officer, officer
from workflows.permissions import DELEGABLE, Actor, Permission, Role

HEAD = Role.HEAD
ALL_ACTS = tuple(DELEGABLE)


def opened(licences: TwoLicences, who: Actor, key: CaseKey) -> case_files.CaseFile:
    with licences.database.transaction() as session:
        task = TaskKey(key=key, item_code="food")
        return case_files.open_file(session, who, task, licences.at)


def decide(licences: TwoLicences, who: Actor, key: CaseKey) -> None:
    licences.act(who, key, "approve", "food")


def test_the_preparer_is_named_and_another_decides(licences: TwoLicences) -> None:
    first, second = officer(licences, "registrar"), officer(licences, "registrar-two")
    key = licences.in_review()
    licences.act(first, key, "prepare_decision", "food")
    with pytest.raises(NotPermittedError) as refusal:
        decide(licences, first, key)
    assert first.name in refusal.value.sentence.zh
    assert "“" in refusal.value.sentence.zh

    own, other = opened(licences, first, key), opened(licences, second, key)
    assert "approve" not in {step.trigger for step in own.steps}
    assert {step.trigger for step in own.barred} >= {"approve", "refuse", "send_back"}
    assert all(first.name in step.barred.zh for step in own.barred if step.barred)
    assert "approve" in {step.trigger for step in other.steps}
    assert not other.barred
    with pytest.raises(NotPermittedError):
        licences.act(first, key, "claim", "food")
    decide(licences, second, key)
    assert licences.task_states(key)["food"] == "approved"


def test_a_step_of_a_third_does_not_lift_the_bar(licences: TwoLicences) -> None:
    first, second = officer(licences, "registrar"), officer(licences, "registrar-two")
    third = new_officer(licences, "登记员丙")
    key = licences.in_review()
    licences.act(first, key, "prepare_decision", "food")
    licences.act(second, key, "send_back", "food", reason="缺一页")
    licences.act(third, key, "prepare_decision", "food")
    for barred in (first, third):
        with pytest.raises(NotPermittedError):
            decide(licences, barred, key)
    decide(licences, second, key)


def test_the_delegate_of_the_preparer_may_decide_the_preparer_under_a_delegation_not(
    licences: TwoLicences,
) -> None:
    head, clerk = new_officer(licences, "科长", role=HEAD), new_officer(licences, "登记员丁")
    key, other = licences.in_review(), licences.in_review()
    delegate(licences, head, clerk, Permission.TASK_DECIDE, Permission.TASK_EXTEND)
    licences.act(clerk, key, "prepare_decision", "food")
    licences.act(head, other, "prepare_decision", "food")
    clerk = officer(licences, clerk)

    with pytest.raises(NotPermittedError):
        decide(licences, clerk, key)
    decide(licences, clerk, other)


def test_what_is_done_under_a_delegation_says_so_in_its_event_and_on_the_page(
    licences: TwoLicences,
) -> None:
    head, clerk = new_officer(licences, "科长", role=HEAD), new_officer(licences, "登记员戊")
    key = licences.in_review()
    delegate(licences, head, clerk, Permission.TASK_ASSIGN)
    clerk = officer(licences, clerk)
    colleague = new_officer(licences, "登记员己")
    licences.act(clerk, key, "assign", "food", reason="轮到您", receiver=colleague)

    body = licences.value(
        "select body from events where district_code = :district_code and case_id = :case_id"
        " and trigger = 'assign'",
        key,
    )
    assert body["delegation"]["giver"] == str(head.id)
    assert head.name not in str(body)
    line = opened(licences, colleague, key).history[-1]
    assert line.actor_name.zh == f"{clerk.name}（经 {head.name} 授权代签）"
    assert f"分给 {colleague.name}" in [note.zh for note in line.notes]


ACTS = (
    "prepare_decision",
    "approve",
    "refuse",
    "send_back",
    "claim",
    "hand_back",
    "hand_over",
    "reopen",
    "absent",
)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(ACTS)), min_size=6, max_size=18))
def test_no_sequence_of_acts_lets_one_person_prepare_and_decide(
    licences: TwoLicences, walk: Sequence[tuple[int, str]]
) -> None:
    run_walk(licences, walk)


def run_walk(licences: TwoLicences, walk: Sequence[tuple[int, str]]) -> None:
    """Whatever three people do, one of them with the head's delegation, hands stay apart."""
    head = new_officer(licences, "科长", role=HEAD)
    clerks = [new_officer(licences, f"登记员{number}") for number in range(2)]
    delegate(licences, head, clerks[0], *ALL_ACTS)
    people = [head, officer(licences, clerks[0]), officer(licences, clerks[1])]
    key = licences.in_review()
    for number, act in walk:
        who = people[number]
        try:
            if act == "absent":
                absent(licences, who, deputy=people[number - 1])
            elif act == "hand_over":
                give(licences, who, key, people[number - 1])
            else:
                licences.act(who, key, act, "food", reason="理由")
        except DomainError:
            continue
    check_hands(licences, key)


def give(licences: TwoLicences, giver: Actor, key: CaseKey, receiver: Actor) -> None:
    with licences.database.transaction() as session:
        words = hand_overs.HandOver(receiver_id=receiver.id, reason="换人", command_id=uuid4())
        task = TaskKey(key=key, item_code="food")
        hand_overs.hand_over(session, giver, task, words, licences.tick())


def check_hands(licences: TwoLicences, key: CaseKey) -> None:
    """Reckoned from the chain alone: between two decisions nobody both prepared and decided."""
    events = licences.rows(
        "select trigger, actor_id from events where district_code = :district_code"
        " and case_id = :case_id and item_code = 'food' order by number",
        key,
    )
    hands: set[object] = set()
    for event in events:
        if event["trigger"] == "prepare_decision":
            hands.add(event["actor_id"])
        elif event["trigger"] in {"approve", "refuse", "send_back"}:
            assert event["actor_id"] not in hands
            hands = hands if event["trigger"] == "send_back" else set()
