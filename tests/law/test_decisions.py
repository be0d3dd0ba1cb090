"""Administrative Licensing Law, articles 34, 38, 44 and 58: how it is decided."""

import pytest

from catalog import registry
from catalog.charges import Charge, charge_mistakes
from core.errors import NotPermittedError, RuleViolatedError
from core.text import Text
from services import definitions, documents, issuing_offices
from services.door import PlaceToMend
from tests.fixtures.law import CLERK, COLLEAGUE, PROPOSAL, LegalWorld, clock_of
from tests.fixtures.world import clerk_of

FIRST, SECOND = clerk_of("public_security"), clerk_of("public_security")
VISIT = {
    "inspection_on": "2026-09-21",
    "inspection_time": "morning",
    "inspection_place": "雁园路 1 号",
    "second_officer": str(SECOND.id),
}
FOUND = {"inspected_on": "2026-09-21", "findings": "布局与平面图一致，设施齐全。"}


def test_article_34_what_can_be_decided_on_the_spot_is_decided_in_writing_on_the_spot(
    law: LegalWorld,
) -> None:
    key = law.prepared("2026-09-18 10:00")
    law.set("2026-09-18 10:05")
    law.act(COLLEAGUE, key, "approve", "licence")

    assert law.papers(key)[-1] == ("granting_decision", "2026-09-18 10:05")
    assert law.part(key, "licence").ended_at == law.at


def test_article_34_two_officers_check_the_substance(law: LegalWorld) -> None:
    key = law.accepted_licence("2026-09-18 10:00", "inspection")
    law.act(FIRST, key, "schedule", "inspection", inputs=VISIT)
    law.set("2026-09-21 10:00")
    law.act(FIRST, key, "record_met", "inspection", inputs=FOUND)

    with pytest.raises(NotPermittedError):
        law.act(FIRST, key, "countersign", "inspection")
    law.act(SECOND, key, "countersign", "inspection")
    assert law.task_states(key)["inspection"] == "passed"


def test_article_34_who_prepares_a_decision_does_not_take_it(law: LegalWorld) -> None:
    key = law.prepared("2026-09-18 10:00")

    with pytest.raises(NotPermittedError):
        law.act(CLERK, key, "approve", "licence")
    law.act(COLLEAGUE, key, "send_back", "licence", reason="请再核对")
    law.act(CLERK, key, "prepare_decision", "licence", inputs=PROPOSAL)
    law.act(COLLEAGUE, key, "approve", "licence")


def test_article_38_a_refusal_has_reasons_and_says_how_it_may_be_reviewed(law: LegalWorld) -> None:
    key = law.prepared("2026-09-18 10:00")

    with pytest.raises(RuleViolatedError):
        law.act(COLLEAGUE, key, "refuse", "licence", reason=" ")
    law.set("2026-09-18 11:00")
    law.act(COLLEAGUE, key, "refuse", "licence", reason="没有独立的操作间。")

    part = law.part(key, "licence")
    assert part.reason == "没有独立的操作间。"
    assert part.remedy is not None
    assert "60 日" in part.remedy.zh  # Administrative Reconsideration Law, article 20
    assert "6 个月" in part.remedy.zh  # Administrative Litigation Law, article 46
    assert law.papers(key)[-1] == ("refusing_decision", "2026-09-18 11:00")


def test_article_24_and_27_each_organ_says_who_reviews_its_decisions(
    law: LegalWorld,
) -> None:
    """A department is reviewed by its own government, tax by the tax service above it."""
    key = law.prepared("2026-09-18 10:00")
    law.act(COLLEAGUE, key, "refuse", "licence", reason="没有独立的操作间。")
    with law.database.transaction() as session:
        lines = documents.of_own_case(session, law.applicant, key)
        page = documents.page(session, law.applicant, key, lines[-1].number, law.at)
        definition = definitions.current(session, "law_licensing")
        above = issuing_offices.review_body(definition, "commitment")  # of the tax service
    assert page.review_body is not None
    assert page.review_body.name.zh == "本级人民政府"
    assert above is not None
    assert above.name.zh == "上一级税务局"
    assert "第二十七条" in above.legal_basis.zh


def test_article_38_a_refusal_is_no_return_of_papers(law: LegalWorld) -> None:
    """Whoever lacks the conditions is refused; asking for papers names the papers."""
    key = law.accepted_licence("2026-09-18 10:00")

    with pytest.raises(RuleViolatedError):
        law.act(CLERK, key, "request_corrections", "licence", reason="不符合条件")
    place = PlaceToMend(path="request.place", reason="缺门牌号")
    law.act(CLERK, key, "request_corrections", "licence", places=(place,))
    assert law.task_states(key)["licence"] == "awaiting_corrections"


def test_article_44_the_certificate_is_issued_with_the_decision(law: LegalWorld) -> None:
    key = law.prepared("2026-09-18 10:00")
    law.set("2026-09-18 10:05")
    law.act(COLLEAGUE, key, "approve", "licence")

    [permit] = law.part(key, "licence").results
    assert permit.issued_at == law.at


def test_article_44_a_certificate_that_is_made_later_is_there_within_ten_working_days(
    law: LegalWorld,
) -> None:
    key = law.accepted_example("2026-09-18 10:00", "certificate")
    law.set("2026-09-21 10:00")
    law.act(CLERK, key, "grant", "certificate")

    # The limit of the decision is met with the decision; the certificate has one of its own.
    assert law.due(key, "certificate", "limits_met_at") == "2026-09-21 10:00"
    assert law.due(key, "certificate", "state_due_at") == "2026-10-12 18:00"
    waiting = law.rows(
        "select due_at from queue_entries where handling_district_code = :district_code"
        " and district_code = :district_code and case_id = :case_id"
        " and item_code = 'certificate'",
        key,
    )
    assert clock_of(waiting[0]["due_at"]) == "2026-10-12 18:00"
    assert law.part(key, "certificate").results == ()
    law.act(CLERK, key, "issue", "certificate")
    assert len(law.part(key, "certificate").results) == 1


def test_article_58_nothing_is_charged_without_a_law_that_allows_it() -> None:
    free, ten = Text(zh="不收费", en="Free"), Text(zh="每件 10 元", en="10 yuan")
    local = Text(zh="某市办法第三条", en="A city's rules, article 3")
    law = Text(zh="《某某法》第三条", en="Some law, article 3")

    assert sentences(free, None) == []
    assert len(sentences(ten, None)) == 1
    assert len(sentences(ten, Charge(amount_fen=1000, legal_basis=local))) == 1
    assert sentences(ten, Charge(amount_fen=1000, legal_basis=law)) == []
    for thing in registry.catalogue().things.values():
        assert not [item.code for item in thing.items if item.charge]


def sentences(fee: Text, charge: Charge | None) -> list[Text]:
    """What the loader says against a fee."""
    return [sentence for _place, sentence in charge_mistakes((), fee, charge)]
