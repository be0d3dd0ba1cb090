"""What an officer or a maker sees of a case, and that nobody else sees anything."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from core.errors import NotFoundError
from services import case_files, queue
from services.case_files import CaseFile
from services.cases import CaseKey
from services.door import PlaceToMend
from services.queue import TaskKey
from tests.fixtures.world import World, actor, clerk_of
from workflows.permissions import Actor, Role

REGISTRAR = clerk_of("market_regulation")


def opened(world: World, who: Actor, key: CaseKey, item: str) -> CaseFile:
    """The file as ``who`` opens it now."""
    with world.database.transaction() as session:
        return case_files.open_file(session, who, TaskKey(key=key, item_code=item), world.at)


def triggers(file: CaseFile) -> list[str]:
    """The buttons of a page."""
    return [step.trigger for step in file.steps]


def values(file: CaseFile, section_code: str) -> Any:
    """The answers of one section as the page has them."""
    return next(seen.answers for seen in file.sections if seen.section.code == section_code)


def test_a_submitted_case_offers_the_cases_own_steps_to_the_accepting_department(
    world: World,
) -> None:
    file = opened(world, REGISTRAR, world.submitted(), "registration")

    assert triggers(file) == ["accept", "return", "decline"]
    assert all(step.of_case for step in file.steps)
    assert file.is_acceptance
    assert file.number.startswith("620102-gx-")
    assert file.due_at is not None


def test_an_accepted_case_offers_the_steps_of_the_item(world: World) -> None:
    file = opened(world, REGISTRAR, world.accepted(), "registration")

    assert triggers(file) == ["approve", "refuse"]
    assert not any(step.of_case for step in file.steps)
    assert [line.trigger for line in file.history] == ["submit", "accept", "release"]


def test_steps_of_the_engine_are_no_buttons(world: World) -> None:
    file = opened(world, clerk_of("tax"), world.accepted(), "tax")

    assert triggers(file) == ["pre_review"]
    assert "release" not in {step.trigger for step in file.known_steps}


def test_a_draft_does_not_exist_for_officers(world: World) -> None:
    key = world.draft()

    with pytest.raises(NotFoundError):
        opened(world, REGISTRAR, key, "registration")


@pytest.mark.parametrize(
    ("who", "item"),
    [
        (clerk_of("tax"), "registration"),
        (REGISTRAR, "tax"),
        (clerk_of("tax", "620123"), "tax"),
        (actor(Role.SEAL_MAKER, "other", maker_code="hehai"), "seals"),
        (actor(Role.AUDITOR, "auditor"), "registration"),
        (actor(Role.ADMINISTRATOR, "administrator"), "registration"),
        (REGISTRAR, "no_such_item"),
    ],
)
def test_a_neighbours_case_does_not_exist(world: World, who: Actor, item: str) -> None:
    key = world.licensed()

    with pytest.raises(NotFoundError):
        opened(world, who, key, item)


def test_an_applicant_does_not_see_the_officers_page_of_their_own_case(world: World) -> None:
    key = world.licensed()

    with pytest.raises(NotFoundError):
        opened(world, world.applicant, key, "registration")


def test_a_case_of_another_id_or_district_does_not_exist(world: World) -> None:
    key = world.licensed()

    for wrong in (CaseKey(key.district_code, uuid4()), CaseKey("620123", key.case_id)):
        with pytest.raises(NotFoundError):
            opened(world, REGISTRAR, wrong, "registration")


def test_other_departments_see_nothing_before_the_case_is_accepted(world: World) -> None:
    key = world.submitted()

    with pytest.raises(NotFoundError):
        opened(world, clerk_of("tax"), key, "tax")


def test_a_maker_sees_nothing_before_the_order_is_placed(world: World) -> None:
    key = world.accepted()

    with pytest.raises(NotFoundError):
        opened(world, world.maker, key, "seals")


def test_a_maker_gets_what_makes_the_seals_and_no_identity_number(world: World) -> None:
    file = opened(world, world.maker, world.licensed(), "seals")

    assert file.is_order
    assert triggers(file) == ["code"]
    assert len(file.seals) == 4
    assert values(file, "seals")["material"] == "self_inking"
    assert set(values(file, "legal_representative")) == {"name"}
    for seen in file.sections:
        lines = seen.answers if isinstance(seen.answers, list) else [seen.answers]
        assert not any("resident_id" in code or "mobile" in code for line in lines for code in line)


def test_nobody_but_the_applicant_is_shown_the_delivery_code(world: World) -> None:
    key = world.licensed()
    code = world.delivery_code(key)

    for who in (world.maker, clerk_of("public_security")):
        assert code not in repr(opened(world, who, key, "seals").seals)
        assert not hasattr(opened(world, who, key, "seals"), "delivery_code")


def test_public_security_files_what_the_maker_delivered(world: World) -> None:
    key = world.licensed()
    world.delivered(key)
    file = opened(world, clerk_of("public_security"), key, "seals")

    assert triggers(file) == ["file", "send_back"]
    assert not file.is_order
    assert all(seal.code and len(seal.code) == 13 for seal in file.seals)
    assert opened(world, world.maker, key, "seals").steps == ()


def test_an_item_sees_the_licence_it_builds_on_and_not_its_neighbours_results(
    world: World,
) -> None:
    key = world.licensed()
    world.act(clerk_of("medical_insurance"), key, "approve", "medical_insurance")
    file = opened(world, clerk_of("tax"), key, "tax")

    assert {result.item_code for result in file.results} == {"registration"}
    assert file.credit_code


def test_reasons_of_other_departments_stay_with_them(world: World) -> None:
    key = world.submitted()
    place = PlaceToMend(path="company.trade_name", reason="字号与已登记企业相近")
    world.act(REGISTRAR, key, "return", places=(place,))
    world.submit(key)
    world.act(REGISTRAR, key, "accept")
    own = opened(world, REGISTRAR, key, "registration")
    other = opened(world, clerk_of("tax"), key, "tax")

    [mine] = [line for line in own.history if line.trigger == "return"]
    [theirs] = [line for line in other.history if line.trigger == "return"]
    assert [where.reason for where in mine.places] == ["字号与已登记企业相近"]
    assert theirs.places == ()


def test_while_somebody_else_holds_it_there_are_no_buttons(world: World) -> None:
    key = world.submitted()
    task = TaskKey(key=key, item_code="registration")
    with world.database.transaction() as session:
        queue.claim(session, REGISTRAR, task, uuid4(), world.tick())
    second = clerk_of("market_regulation")

    assert opened(world, second, key, "registration").steps == ()
    assert triggers(opened(world, REGISTRAR, key, "registration")) == [
        "accept",
        "return",
        "decline",
    ]
    world.at += timedelta(minutes=31)
    assert opened(world, second, key, "registration").claim is None
    assert triggers(opened(world, second, key, "registration"))


def test_every_question_that_was_asked_can_be_named_in_a_return(world: World) -> None:
    file = opened(world, REGISTRAR, world.submitted(shareholders=2), "registration")
    paths = {place.path for group in file.places for place in group.places}

    assert {"company", "company.trade_name", "shareholders.1.amount"} <= paths
    assert "shareholders.2.amount" not in paths
    assert "address.lease_ends_on" not in paths


def test_a_step_that_nobody_takes_here_does_not_exist(world: World) -> None:
    file = opened(world, REGISTRAR, world.submitted(), "registration")

    for trigger, of_case in (("approve", True), ("release", False), ("submit", True)):
        with pytest.raises(NotFoundError):
            file.step(trigger, of_case=of_case)


def test_a_desk_is_named_by_district_and_department(world: World) -> None:
    with world.database.transaction() as session:
        [office] = case_files.desks(session, REGISTRAR, world.at)
        [shop] = case_files.desks(session, world.maker, world.at)
        assert case_files.desks(session, world.applicant, world.at) == ()

    assert "市场监督管理局" in office.zh
    assert "金城" in shop.zh
