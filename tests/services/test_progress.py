"""A case from its applicant's side: parts, who has them, by when, and what was said."""

import pytest

from core.errors import NotFoundError
from models.base import new_id
from services import cases, open_forms
from services.cases import CaseKey
from services.door import PlaceToMend
from services.progress import Part, Progress, progress
from services.section_drafts import TypedSection
from services.sections import SectionStatus
from tests.fixtures.world import DISTRICT, World, actor, clerk_of
from workflows.permissions import Actor, Role
from workflows.process import StateKind

REGISTRAR = clerk_of("market_regulation")
APPOINTMENT = {
    "appointment_on": "2026-09-25",
    "appointment_time": "at_0900",
    "branch": "高新支行(雁南路 1 号)",
}


def seen(world: World, key: CaseKey, who: Actor | None = None) -> Progress:
    with world.database.transaction() as session:
        return progress(session, who or world.applicant, key.district_code, key.case_id, world.at)


def part(found: Progress, item: str) -> Part:
    return next(each for each in found.parts if each.item_code == item)


def test_a_draft_has_no_parts_and_may_be_written_in(world: World) -> None:
    found = seen(world, world.draft())

    assert found.is_editable
    assert (found.number, found.parts, found.delivery) == (None, (), None)


def test_a_submitted_case_is_with_the_accepting_department(world: World) -> None:
    found = seen(world, world.submitted())

    assert found.number is not None
    assert not found.is_editable
    assert found.with_whom is not None
    assert "市场监督" in found.with_whom.zh


def test_each_part_says_who_has_it_and_by_when_in_public_words(world: World) -> None:
    found = seen(world, world.licensed())

    seals = part(found, "seals")
    assert seals.kind is StateKind.OPEN
    assert seals.state_label.zh == "刻章企业已接单"
    assert "金城" in seals.with_whom.zh
    assert seals.due_at is not None
    tax = part(found, "tax")
    assert "税务" in tax.with_whom.zh
    assert part(found, "staff_enrolment").kind is StateKind.VOID
    assert found.done == 2
    assert found.wanted == 7


def test_results_carry_their_numbers(world: World) -> None:
    key = world.licensed()
    found = seen(world, key)

    licence = part(found, "registration").results[0]
    assert licence.kind == "licence"
    assert licence.number == world.value(
        "select credit_code from cases where district_code = :district_code and id = :case_id", key
    )
    assert {result.output_code for result in found.results} >= {
        "business_licence",
        "social_insurance_number",
    }


def test_the_code_to_collect_seals_is_shown_until_they_are_collected(world: World) -> None:
    key = world.licensed()
    before = seen(world, key).delivery
    assert before is not None
    assert before.code == world.delivery_code(key)
    assert before.maker is not None
    assert next(seal.kind.zh for seal in before.seals) == "公章（法定名称章）"

    world.delivered(key)

    after = seen(world, key).delivery
    assert after is not None
    assert after.code is None
    assert all(seal.code for seal in after.seals)


def test_what_the_bank_wrote_down_reaches_the_applicant(world: World) -> None:
    key = world.licensed()
    world.act(clerk_of("bank"), key, "approve", "bank_appointment", inputs=APPOINTMENT)

    facts = {
        fact.label.zh: fact.value.zh for fact in part(seen(world, key), "bank_appointment").facts
    }

    assert facts["预约时段"] == "9:00–10:00"
    assert facts["预约日期"] == "2026年9月25日"
    assert "雁南路" in facts["网点名称和地址"]


def test_what_the_maker_wrote_down_at_delivery_is_not_repeated(world: World) -> None:
    key = world.licensed()
    world.delivered(key)

    assert part(seen(world, key), "seals").facts == ()


def test_a_returned_case_lists_everything_to_mend_with_its_section(world: World) -> None:
    key = world.submitted()
    places = (
        PlaceToMend(path="shareholders.0.name", reason="与身份证件不一致"),
        PlaceToMend(path="address", reason="请写到房间号"),
    )
    world.act(REGISTRAR, key, "return", places=places)

    found = seen(world, key)

    assert found.is_editable
    assert [mend.section_code for mend in found.mends] == ["shareholders", "address"]
    assert "股东 1" in found.mends[0].where.zh
    assert found.mends[0].reason == "与身份证件不一致"


def test_the_list_is_gone_once_the_case_was_sent_again(world: World) -> None:
    key = world.submitted()
    world.act(REGISTRAR, key, "return", places=(PlaceToMend(path="address", reason="门牌号"),))
    world.submit(key)

    assert seen(world, key).mends == ()


def test_a_refusal_says_why(world: World) -> None:
    key = world.accepted()
    world.act(REGISTRAR, key, "refuse", "registration", reason="住所材料不真实")

    found = seen(world, key)

    assert found.kind is StateKind.NEGATIVE
    assert part(found, "registration").reason == "住所材料不真实"


def test_a_case_that_was_not_accepted_says_why(world: World) -> None:
    key = world.submitted()
    world.act(REGISTRAR, key, "decline", reason="不属于本区登记")

    assert seen(world, key).reason == "不属于本区登记"


def test_a_neighbours_case_does_not_exist(world: World) -> None:
    key = world.submitted()
    neighbour = actor(Role.APPLICANT, "neighbour")

    for who in (neighbour, REGISTRAR, actor(Role.AUDITOR, "auditor")):
        with pytest.raises(NotFoundError):
            seen(world, key, who)
    with pytest.raises(NotFoundError):
        seen(world, CaseKey(DISTRICT, new_id()))


def test_a_full_draft_has_every_section_done(world: World) -> None:
    key = world.draft()
    with world.database.transaction() as session:
        overview = open_forms.open_form(session, world.applicant, key, world.at).overview

    assert overview.problems == ()
    assert overview.is_complete
    assert overview.line("beneficial_owners") is None


def test_sections_that_nobody_touched_are_not_started_and_wrong_ones_need_work(
    world: World,
) -> None:
    key = world.draft()
    with world.database.transaction() as session:
        typed = dict(cases.draft(session, world.applicant, key).typed)
        wrong = {"capital": {**typed["capital"], "registered": "1"}, "address": {"detail": "\x00"}}
        for code, part in wrong.items():
            section = TypedSection(code=code, typed=part)
            open_forms.keep_section(session, world.applicant, key, section, world.tick())
        opened = open_forms.open_form(session, world.applicant, key, world.at)

    capital, address = opened.overview.line("capital"), opened.overview.line("address")
    assert capital is not None
    assert capital.status is SectionStatus.NEEDS_WORK
    assert not capital.problems[0].is_local
    assert address is not None
    assert {problem.path for problem in address.problems} >= {"address.detail", "address.street"}


def test_makers_are_offered_in_an_order_that_turns_from_case_to_case(world: World) -> None:
    firsts = set()
    for _number in range(12):
        key = world.draft()
        with world.database.transaction() as session:
            once = open_forms.open_form(session, world.applicant, key, world.at).makers
            again = open_forms.open_form(session, world.applicant, key, world.at).makers
        assert once == again
        firsts.add(once[0].code)

    assert len(firsts) > 1


def test_a_refusal_tells_its_reason_and_the_law_that_it_rests_on(world: World) -> None:
    key = world.accepted()
    words = {"reason": "字号与他人相同", "reason_code": "name_taken"}
    world.act(REGISTRAR, key, "refuse", "registration", **words)

    refused = part(seen(world, key), "registration")
    assert refused.reason == "字号与他人相同"
    assert refused.legal_basis is not None
    assert "第十七条" in refused.legal_basis.zh
    assert "article" in refused.legal_basis.en
