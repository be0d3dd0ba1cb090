"""The one-thing that came by YAML alone: its rules, and what the answers call for."""

from datetime import date
from typing import Any

import pytest

from catalog import answers, demonstrations, registry
from catalog.expressions import Facts
from catalog.schema import OneThing
from tests.catalog.restaurant_examples import EXAMPLES, PREPACKED, SMALL, person
from tests.catalog.rule_examples import A_DAY, Changes
from tests.catalog.test_business_start_up import changed, messages, problems_of

ON = date.fromisoformat(A_DAY)
CODE = "open_restaurant"
ALWAYS = {"licence_check"}


@pytest.fixture(scope="module")
def thing() -> OneThing:
    return registry.catalogue().thing(CODE)


@pytest.fixture(scope="module")
def given(thing: OneThing) -> dict[str, Any]:
    reading = answers.read(thing, demonstrations.typed(CODE, on=ON), on=ON)
    assert reading.problems == ()
    return reading.answers


def reread(thing: OneThing, changes: Changes) -> dict[str, Any]:
    """The answers of the form as it asks them after ``changes`` to what was typed."""
    typed = changed(demonstrations.typed(CODE, on=ON), changes)
    return answers.read(thing, typed, on=ON).answers


def called_for(thing: OneThing, found: dict[str, Any]) -> set[str]:
    facts = Facts(found)
    return {
        item.code
        for item in thing.items
        if item.when is None or facts.decide(item.when) is not False
    }


def test_every_rule_has_an_example_that_keeps_it_and_one_that_breaks_it(thing: OneThing) -> None:
    assert {rule.code for rule in thing.rules} == set(EXAMPLES)


@pytest.mark.parametrize("code", EXAMPLES)
def test_a_rule_is_kept_and_broken_and_says_what_to_do(
    thing: OneThing, given: dict[str, Any], code: str
) -> None:
    rule = next(rule for rule in thing.rules if rule.code == code)
    kept, broken = (changed(given, changes) for changes in EXAMPLES[code])

    assert messages(problems_of(thing, kept), rule) == []
    found = messages(problems_of(thing, broken), rule)
    assert len(found) >= len(rule.paths)
    assert all("不能判断" not in problem.sentence.zh for problem in found)


def test_the_demonstration_keeps_every_rule_in_every_district(thing: OneThing) -> None:
    for district in registry.catalogue().districts:
        typed = demonstrations.typed(CODE, on=ON, district_code=district, suffix=7)
        reading = answers.read(thing, typed, on=ON)
        assert reading.problems == ()
        assert problems_of(thing, reading.answers, district) == []


def test_a_full_restaurant_calls_for_food_fire_sign_health_and_a_visit(
    thing: OneThing, given: dict[str, Any]
) -> None:
    assert called_for(thing, given) == ALWAYS | {
        "food_licence",
        "health_certificates",
        "joint_inspection",
        "fire_check",
        "signboard",
    }


def test_pre_packed_food_alone_is_filed_and_needs_no_licence_and_no_visit(
    thing: OneThing,
) -> None:
    found = reread(thing, {**PREPACKED, "premises.area": "50", "sign.has_sign": "no"})

    assert called_for(thing, found) == ALWAYS | {"food_filing"}
    assert problems_of(thing, found) == []
    assert "kitchen" not in found
    assert "staff" not in found


def test_the_fire_check_begins_above_the_local_area(thing: OneThing) -> None:
    small, large = reread(thing, SMALL), reread(thing, {"premises.area": "51"})

    assert "fire_check" not in called_for(thing, small)
    assert "fire" not in small
    assert "fire_check" in called_for(thing, large)


def test_a_commitment_is_asked_only_of_who_chooses_it(thing: OneThing) -> None:
    assert "commitment" in reread(thing, {})["fire"]
    assert "commitment" not in reread(thing, {"fire.by_commitment": "no"})["fire"]


def test_health_certificates_are_checked_only_where_food_is_touched(
    thing: OneThing, given: dict[str, Any]
) -> None:
    nobody = changed(given, {"staff": [person("1", handles_ready_food=False)]})

    assert "health_certificates" not in called_for(thing, nobody)


def test_a_wrong_credit_code_is_found_by_its_digits(thing: OneThing) -> None:
    typed = demonstrations.typed(CODE, on=ON)
    code = typed["business"]["credit_code"]
    typed["business"]["credit_code"] = code[:-1] + ("0" if code[-1] != "0" else "1")

    [problem] = answers.read(thing, typed, on=ON).problems

    assert problem.path == "business.credit_code"


def test_each_local_number_stands_in_its_rule_and_its_sentence(thing: OneThing) -> None:
    numbers = {each.code: each.value for each in thing.parameters}
    sign = next(rule for rule in thing.rules if rule.code == "sign_is_not_too_high")

    assert str(numbers["sign_height"]) in sign.expression
    assert f"{numbers['sign_height']} 厘米" in sign.message.zh
    assert all(each.is_demonstration and "示" in each.source.zh for each in thing.parameters)


def test_the_licence_waits_for_the_inspection_and_the_health_check(thing: OneThing) -> None:
    licence = thing.item("food_licence")

    assert set(licence.decide_after) == {"joint_inspection", "health_certificates"}
    assert licence.extension is not None
    assert (licence.statutory_limit.amount if licence.statutory_limit else 0) == 20


def test_officers_see_the_staff_only_where_they_need_them(
    thing: OneThing, given: dict[str, Any]
) -> None:
    food = answers.visible_to(thing, "food_licence", given)["staff"][0]

    assert food["resident_id"] == answers.mask(given["staff"][0]["resident_id"])
    assert "staff" not in answers.visible_to(thing, "signboard", given)
    health = answers.visible_to(thing, "health_certificates", given)["staff"][0]
    assert health["resident_id"] == given["staff"][0]["resident_id"]
