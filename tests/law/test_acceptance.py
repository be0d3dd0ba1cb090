"""Administrative Licensing Law, article 32: what happens to an application when it arrives."""

import pytest

from core.errors import NotPermittedError, RuleViolatedError
from services import cases
from services.door import PlaceToMend
from tests.fixtures.law import CLERK, LegalWorld

PLACE = PlaceToMend(path="request.place", reason="缺门牌号")
NAME = PlaceToMend(path="request.subject", reason="与平面图不一致")
DRAWING = PlaceToMend(path="materials.drawing", reason="看不清")


def mend(law: LegalWorld, key: cases.CaseKey) -> None:
    """Have the applicant change the place and send the form again."""
    with law.database.transaction() as session:
        typed = cases.draft(session, law.applicant, key).typed["request"]
        changed = {"request": {**typed, "place": "雁园路 1 号 302 室"}}
        cases.save_sections(session, law.applicant, key, changed, law.tick())
    law.submit(key)


def test_article_32_1_who_needs_no_licence_is_told_so_at_once(law: LegalWorld) -> None:
    key = law.licence("2026-09-18 10:00")
    law.set("2026-09-18 10:01")
    law.act(CLERK, key, "tell_not_needed", reason="不用许可。", reason_code="not_needed")

    told = law.told(key)
    assert (told.state, told.reason) == ("not_accepted", "不用许可。")
    assert told.legal_basis is not None
    assert "第三十二条第一款第（一）项" in told.legal_basis.zh
    assert law.papers(key)[-1] == ("not_needed_notice", "2026-09-18 10:01")


def test_article_32_2_who_came_to_the_wrong_body_is_told_where_to_go(law: LegalWorld) -> None:
    key = law.licence("2026-09-18 10:00")
    law.set("2026-09-18 10:01")

    with pytest.raises(RuleViolatedError):  # not without saying where
        law.act(CLERK, key, "tell_not_ours", reason_code="not_ours")
    law.set("2026-09-18 10:02")
    law.act(
        CLERK,
        key,
        "tell_not_ours",
        reason="请向城关区窗口申请。",
        reason_code="not_ours",
        inputs={"competent_authority": "城关区市场监督管理局"},
    )

    told = law.told(key)
    assert told.reason == "请向城关区窗口申请。"
    assert told.legal_basis is not None
    assert "第三十二条第一款第（二）项" in told.legal_basis.zh
    assert law.papers(key)[-1] == ("non_acceptance_decision", "2026-09-18 10:02")


def test_article_32_3_a_small_error_is_put_right_on_the_spot_and_costs_no_day(
    law: LegalWorld,
) -> None:
    key = law.licence("2026-09-18 10:00")
    number = law.told(key).number
    law.act(CLERK, key, "ask_for_corrections", places=(PLACE,))
    mend(law, key)
    law.set("2026-09-18 10:30")
    law.act(CLERK, key, "accept")

    assert law.told(key).number == number
    assert law.due(key, "licence", "statutory_due_at") == "2026-10-22 18:00"


def test_article_32_4_papers_are_listed_once_with_everything_that_is_missing(
    law: LegalWorld,
) -> None:
    key = law.licence("2026-09-18 10:00")
    law.set("2026-09-21 10:00")
    law.act(CLERK, key, "ask_for_corrections", places=(PLACE, DRAWING))

    assert {mend.path for mend in law.told(key).mends} == {"request.place", "materials.drawing"}
    assert law.papers(key)[-1] == ("correction_notice", "2026-09-21 10:00")
    mend(law, key)
    with pytest.raises(RuleViolatedError) as refused:
        law.act(CLERK, key, "ask_for_corrections", places=(PLACE,))
    assert [problem.path for problem in refused.value.problems] == ["new_fact.request.place"]
    again = PlaceToMend(path="request.place", reason="仍缺", new_fact="门牌变更，公安来函")
    law.act(CLERK, key, "ask_for_corrections", places=(again,))
    assert law.told(key).state == "returned"


def test_article_32_4_papers_are_listed_within_five_working_days_else_acceptance_is_deemed(
    law: LegalWorld,
) -> None:
    key = law.licence("2026-09-18 10:00")
    law.fire_due("2026-09-24 17:59")
    assert law.told(key).state == "submitted"
    law.fire_due("2026-09-25 07:30")  # nobody was up when the office closed the day before

    assert law.told(key).state == "in_progress"
    assert law.papers(key)[-1][0] == "acceptance_notice"
    assert clock_start(law, key) == "2026-09-18 10:00"  # from the day the papers arrived
    assert law.due(key, "licence", "statutory_due_at") == "2026-10-22 18:00"


def test_article_32_5_complete_papers_are_accepted_with_a_dated_receipt(law: LegalWorld) -> None:
    key = law.licence("2026-09-18 10:00")
    law.set("2026-09-21 10:00")
    law.act(CLERK, key, "accept")

    assert law.papers(key) == [
        ("receipt_of_papers", "2026-09-18 10:00"),
        ("acceptance_notice", "2026-09-21 10:00"),
    ]


def test_article_32_a_refusal_to_accept_is_a_dated_decision_of_the_office(law: LegalWorld) -> None:
    key = law.licence("2026-09-18 10:00")
    law.set("2026-09-21 10:00")

    with pytest.raises(NotPermittedError):
        law.act(law.applicant, key, "decline", reason="x")
    with pytest.raises(RuleViolatedError):
        law.act(CLERK, key, "decline", reason="")
    law.set("2026-09-21 10:00")
    law.act(CLERK, key, "decline", reason="一年内不得再次申请。")

    assert law.papers(key)[-1] == ("non_acceptance_decision", "2026-09-21 10:00")


def clock_start(law: LegalWorld, key: cases.CaseKey) -> str:
    """From when the licence's clock counts, in Beijing time."""
    return law.due(key, "licence", "started_at")
