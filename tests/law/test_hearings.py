"""Administrative Licensing Law, articles 47 and 48: hearings."""

import pytest

from core.errors import RuleViolatedError, TransitionRefusedError
from services.cases import CaseKey
from services.door import PlaceToMend
from tests.fixtures.law import CLERK, PROPOSAL, LegalWorld
from tests.fixtures.service import open_papers

SUMMONS = {
    "hearing_time": "at_0900",
    "hearing_place": "政务服务大厅三楼",
    "hearing_chair": "李主持",
}


def told(law: LegalWorld) -> CaseKey:
    """A case whose applicant was told of the right on Friday 18 September, and read it at once."""
    key = law.accepted_licence("2026-09-18 10:00")
    law.set("2026-09-18 11:00")
    law.act(CLERK, key, "tell_hearing_right", "licence")
    open_papers(law, key, "hearing_right_notice")
    return key


def order(law: LegalWorld, key: CaseKey, day: str) -> None:
    """Order the hearing for a day."""
    law.act(CLERK, key, "order_hearing", "licence", inputs={**SUMMONS, "hearing_on": day})


def prepare(law: LegalWorld, key: CaseKey) -> None:
    """Prepare the decision."""
    law.act(CLERK, key, "prepare_decision", "licence", inputs=PROPOSAL)


def halted(law: LegalWorld, key: CaseKey) -> str:
    """Why no decision may be prepared now."""
    with pytest.raises(TransitionRefusedError) as caught:
        prepare(law, key)
    assert caught.value.sentence.en
    return caught.value.sentence.zh


def test_article_47_a_hearing_may_be_asked_for_within_five_working_days(law: LegalWorld) -> None:
    key = told(law)
    assert law.papers(key)[-1] == ("hearing_right_notice", "2026-09-18 11:00")
    law.set("2026-09-24 17:00")
    law.act(law.applicant, key, "ask_for_hearing", "licence")

    late = told(law)
    law.set("2026-09-24 18:01")
    with pytest.raises(TransitionRefusedError):
        law.act(law.applicant, late, "ask_for_hearing", "licence")


def test_article_47_nothing_is_decided_while_it_may_still_be_asked_for(law: LegalWorld) -> None:
    key = told(law)
    law.set("2026-09-24 17:58")
    assert "2026-09-24 18:00 以前答复" in halted(law, key)
    law.set("2026-09-24 18:02")
    prepare(law, key)

    waived = told(law)
    law.act(law.applicant, waived, "waive_hearing", "licence")
    with pytest.raises(TransitionRefusedError):
        law.act(law.applicant, waived, "ask_for_hearing", "licence")
    prepare(law, waived)


def test_article_47_the_five_days_begin_when_the_notice_is_served(law: LegalWorld) -> None:
    key = law.accepted_licence("2026-09-18 10:00")
    law.act(CLERK, key, "tell_hearing_right", "licence")
    law.set("2026-09-28 10:00")
    assert "还没有送达" in halted(law, key)
    open_papers(law, key, "hearing_right_notice")
    assert "2026-10-10 18:00 以前答复" in halted(law, key)
    law.set("2026-10-10 17:00")
    law.act(law.applicant, key, "ask_for_hearing", "licence")


def test_article_47_who_asked_in_time_is_heard_before_it_is_decided(law: LegalWorld) -> None:
    key = told(law)
    law.act(law.applicant, key, "ask_for_hearing", "licence")
    law.set("2026-09-28 10:00")
    assert "还没有答复" in halted(law, key)
    order(law, key, "2026-10-13")
    law.set("2026-10-13 12:00")
    held = {"held_on": "2026-10-12", "record": "双方到场，陈述完毕，笔录已核对。"}
    with pytest.raises(RuleViolatedError):  # earlier than the summons said
        law.act(CLERK, key, "hold_hearing", "licence", inputs=held)
    law.act(CLERK, key, "hold_hearing", "licence", inputs=held | {"held_on": "2026-10-13"})
    law.act(CLERK, key, "close_hearing", "licence", reason="听证结束")
    prepare(law, key)

    other = told(law)
    law.act(law.applicant, other, "ask_for_hearing", "licence")
    with pytest.raises(TransitionRefusedError):  # only what the applicant took back is called off
        law.act(CLERK, other, "call_off_hearing", "licence", reason="不需要")
    law.act(law.applicant, other, "withdraw_hearing_request", "licence")
    prepare(law, other)


def test_article_47_the_right_stands_in_whatever_state_the_item_is(law: LegalWorld) -> None:
    key = told(law)
    place = PlaceToMend(path="request.place", reason="缺门牌号")
    law.act(CLERK, key, "request_corrections", "licence", places=(place,))
    law.act(law.applicant, key, "ask_for_hearing", "licence")
    law.act(CLERK, key, "end_corrections", "licence", reason="不再需要")
    assert "还没有答复" in halted(law, key)
    order(law, key, "2026-10-12")
    law.act(law.applicant, key, "withdraw_hearing_request", "licence")
    law.act(CLERK, key, "call_off_hearing", "licence", reason="申请人已撤回")
    prepare(law, key)


def test_article_47_it_is_held_within_twenty_working_days_of_the_request(law: LegalWorld) -> None:
    key = told(law)
    law.set("2026-09-18 15:00")
    law.act(law.applicant, key, "ask_for_hearing", "licence")

    with pytest.raises(RuleViolatedError):
        order(law, key, "2026-10-23")
    order(law, key, "2026-10-22")
    assert law.papers(key)[-1][0] == "hearing_summons"


def test_article_47_an_office_that_is_late_still_holds_it_on_the_first_possible_day(
    law: LegalWorld,
) -> None:
    key = told(law)
    law.act(law.applicant, key, "ask_for_hearing", "licence")
    law.set("2026-10-20 10:00")  # the seven days of notice end after the twenty
    with pytest.raises(RuleViolatedError):
        order(law, key, "2026-10-30")
    order(law, key, "2026-10-29")
    rows = law.rows(
        "select body from events where district_code = :district_code and case_id = :case_id"
        " and trigger = 'order_hearing'",
        key,
    )
    assert rows[0]["body"]["hearing_was_due"] == "2026-10-22"


def test_article_48_the_summons_comes_seven_working_days_before_it(law: LegalWorld) -> None:
    key = told(law)
    law.act(law.applicant, key, "ask_for_hearing", "licence")

    with pytest.raises(RuleViolatedError):
        order(law, key, "2026-09-28")
    order(law, key, "2026-09-29")


def test_article_45_a_hearing_stops_the_clock(law: LegalWorld) -> None:
    key = told(law)
    order(law, key, "2026-09-29")

    assert law.due(key, "licence", "paused_at") != ""
    law.set("2026-09-29 12:00")
    held = {"held_on": "2026-09-29", "record": "双方到场，陈述完毕，笔录已核对。"}
    law.act(CLERK, key, "hold_hearing", "licence", inputs=held)
    law.set("2026-09-29 15:00")
    law.act(CLERK, key, "close_hearing", "licence", reason="听证结束")
    # 20, 21, 22, 23, 24, 28 and 29 September do not count.
    assert law.due(key, "licence", "statutory_due_at") == "2026-11-02 18:00"
