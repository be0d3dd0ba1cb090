"""Administrative Licensing Law, articles 47 and 48: hearings."""

import pytest

from core.errors import RuleViolatedError, TransitionRefusedError
from services.cases import CaseKey
from tests.fixtures.law import CLERK, LegalWorld

SUMMONS = {
    "hearing_time": "at_0900",
    "hearing_place": "政务服务大厅三楼",
    "hearing_chair": "李主持",
}


def told(law: LegalWorld) -> CaseKey:
    """A case whose applicant was told of the right on Friday 18 September."""
    key = law.accepted_licence("2026-09-18 10:00")
    law.set("2026-09-18 11:00")
    law.act(CLERK, key, "tell_hearing_right", "licence")
    return key


def order(law: LegalWorld, key: CaseKey, day: str) -> None:
    """Order the hearing for a day."""
    law.act(CLERK, key, "order_hearing", "licence", inputs={**SUMMONS, "hearing_on": day})


def test_article_47_a_hearing_may_be_asked_for_within_five_working_days(law: LegalWorld) -> None:
    key = told(law)
    assert law.papers(key)[-1] == ("hearing_right_notice", "2026-09-18 11:00")
    law.set("2026-09-24 17:00")
    law.act(law.applicant, key, "ask_for_hearing", "licence")

    late = told(law)
    law.set("2026-09-24 18:01")
    with pytest.raises(TransitionRefusedError):
        law.act(law.applicant, late, "ask_for_hearing", "licence")


def test_article_47_it_is_held_within_twenty_working_days_of_the_request(law: LegalWorld) -> None:
    key = told(law)
    law.set("2026-09-18 15:00")
    law.act(law.applicant, key, "ask_for_hearing", "licence")

    with pytest.raises(RuleViolatedError):
        order(law, key, "2026-10-23")
    order(law, key, "2026-10-22")
    assert law.papers(key)[-1][0] == "hearing_summons"


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
