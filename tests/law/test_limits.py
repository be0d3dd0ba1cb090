"""Administrative Licensing Law, articles 26, 42, 43, 45 and 82: how long it may take."""

import pytest

from catalog import registry
from core.errors import NotPermittedError, RuleViolatedError, TransitionRefusedError
from tests.fixtures.law import CLERK, COLLEAGUE, GOVERNMENT, HEAD, LegalWorld
from tests.fixtures.world import clerk_of
from workflows.process import ClockEffect

UPPER, UPPER_TWO = clerk_of("human_resources"), clerk_of("human_resources")
TESTING = {"cause": "testing", "expected_days": 8}


def test_article_82_days_are_working_days_without_holidays(law: LegalWorld) -> None:
    key = law.accepted_licence("2026-09-30 10:00")

    # The week of 1 October is off, Saturday 10 October is worked.
    assert law.due(key, "licence", "statutory_due_at") == "2026-11-03 18:00"


def test_article_26_several_departments_handle_it_as_one_with_one_number(law: LegalWorld) -> None:
    key = law.accepted_licence("2026-09-18 10:00", "inspection", "commitment")

    rows = law.rows(
        "select department_code from tasks where district_code = :district_code"
        " and case_id = :case_id and state <> 'not_required'",
        key,
    )
    assert {row["department_code"] for row in rows} == {
        "market_regulation",
        "public_security",
        "tax",
    }
    assert law.papers(key)[0][0] == "receipt_of_papers"
    assert [kind for kind, _at in law.papers(key)].count("acceptance_notice") == 1


def test_article_42_a_licence_is_decided_within_twenty_working_days_of_its_acceptance(
    law: LegalWorld,
) -> None:
    key = law.licence("2026-09-16 10:00")
    law.set("2026-09-18 09:00")
    law.act(CLERK, key, "accept")

    assert law.due(key, "licence", "statutory_due_at") == "2026-10-22 18:00"
    assert law.due(key, "licence") == "2026-10-15 18:00"  # promised: fifteen


def test_article_42_the_head_may_extend_it_once_by_ten_days_and_the_reason_is_told(
    law: LegalWorld,
) -> None:
    key = law.accepted_licence("2026-09-18 10:00")
    with pytest.raises(NotPermittedError):
        law.act(CLERK, key, "extend", "licence", reason="案情复杂")
    with pytest.raises(RuleViolatedError):
        law.act(HEAD, key, "extend", "licence", reason="")
    law.set("2026-10-20 10:00")
    law.act(HEAD, key, "extend", "licence", reason="案情复杂")

    assert law.due(key, "licence", "statutory_due_at") == "2026-11-05 18:00"
    assert law.due(key, "licence", "first_due_at") == "2026-10-15 18:00"
    assert law.papers(key)[-1] == ("extension_notice", "2026-10-20 10:00")
    with pytest.raises(TransitionRefusedError):
        law.act(HEAD, key, "extend", "licence", reason="仍然复杂")


def test_article_42_joint_handling_ends_within_forty_five_days_and_fifteen_more_by_the_government(
    law: LegalWorld,
) -> None:
    key = law.accepted_licence("2026-09-18 10:00", "inspection")
    assert law.whole_due(key) == "2026-11-26 18:00"
    with pytest.raises(TransitionRefusedError):  # not before the lead department asked for it
        law.act(GOVERNMENT, key, "extend", reason="几个部门意见不一")
    law.act(HEAD, key, "ask_to_extend", reason="几个部门意见不一，请予延长")
    with pytest.raises(NotPermittedError):  # not by the department itself
        law.act(HEAD, key, "extend", reason="几个部门意见不一")
    law.set("2026-11-20 10:00")
    law.act(GOVERNMENT, key, "extend", reason="几个部门意见不一")

    assert law.whole_due(key) == "2026-12-17 18:00"
    assert law.papers(key)[-1] == ("extension_notice", "2026-11-20 10:00")
    assert law.due(key, "licence", "statutory_due_at") == "2026-10-22 18:00"  # its own stays
    with pytest.raises(TransitionRefusedError):
        law.act(HEAD, key, "ask_to_extend", reason="再请延长")


def test_article_43_a_lower_level_examines_within_twenty_days_before_the_upper_decides(
    law: LegalWorld,
) -> None:
    key = law.accepted_licence("2026-09-18 10:00", "upper")
    assert law.due(key, "licence", "statutory_due_at") == "2026-10-22 18:00"
    assert law.due(key, "upper", "statutory_due_at") == ""

    law.act(CLERK, key, "prepare_decision", "licence", inputs={"proposal": "grant"})
    law.set("2026-10-09 10:00")
    law.act(COLLEAGUE, key, "approve", "licence")
    assert law.due(key, "upper", "statutory_due_at") == "2026-11-05 18:00"


def test_article_45_only_what_the_law_names_stops_the_clock_and_its_length_is_told_in_writing(
    law: LegalWorld,
) -> None:
    key = law.accepted_licence("2026-09-18 10:00")
    law.set("2026-09-21 10:00")
    with pytest.raises(RuleViolatedError):
        law.act(CLERK, key, "begin_special_procedure", "licence", inputs={"cause": "holiday"})
    with pytest.raises(RuleViolatedError):
        law.act(CLERK, key, "begin_special_procedure", "licence", inputs={"cause": "testing"})
    law.set("2026-09-21 10:00")
    law.act(CLERK, key, "begin_special_procedure", "licence", inputs=TESTING)

    assert law.papers(key)[-1] == ("special_procedure_notice", "2026-09-21 10:00")
    law.set("2026-10-09 10:00")
    law.act(CLERK, key, "end_special_procedure", "licence", inputs={"outcome": "合格"})
    # Eight working days lie in the pause: 22, 23, 24, 28, 29, 30 September, 8 and 9 October.
    assert law.due(key, "licence", "statutory_due_at") == "2026-11-03 18:00"


def test_article_45_every_paused_state_of_every_process_names_its_lawful_cause() -> None:
    for process in registry.catalogue().processes.values():
        for state in process.states:
            if state.clock is ClockEffect.PAUSED:
                assert state.legal_basis is not None, (process.code, state.code)
