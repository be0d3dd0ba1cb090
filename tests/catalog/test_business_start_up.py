"""The one-thing that came first: its shape, a whole valid form, and every rule kept and broken."""

import copy
from datetime import date
from typing import Any

import pytest

from catalog import answers, registry, samples, summaries
from catalog.schema import OneThing, Rule
from core.errors import Problem
from tests.catalog.rule_examples import A_DAY, EXAMPLES, FOURTH, Changes, owners, permits, staff
from workflows.process import StateKind

ON = date.fromisoformat(A_DAY)
ZONE = "620102-gx"
AFTER_THE_LICENCE = {
    "seals",
    "tax",
    "social_insurance",
    "staff_enrolment",
    "medical_insurance",
    "housing_fund",
    "bank_appointment",
}


@pytest.fixture(scope="module")
def thing() -> OneThing:
    return registry.catalogue().thing("business_start_up")


def sample_answers(thing: OneThing, **choices: Any) -> dict[str, Any]:
    reading = answers.read(thing, samples.business_start_up(on=ON, **choices), on=ON)
    assert reading.problems == ()
    return reading.answers


def problems_of(thing: OneThing, given: dict[str, Any], district: str = ZONE) -> list[Problem]:
    found = answers.check_rules(
        thing, given, on=ON, district=registry.catalogue().district(district)
    )
    return list(found)


def changed(given: dict[str, Any], changes: Changes) -> dict[str, Any]:
    """The answers with ``changes`` at their paths."""
    result: Any = copy.deepcopy(given)
    for path, value in changes.items():
        at = result
        *way, last = path.split(".")
        for name in way:
            at = at[int(name)] if isinstance(at, list) else at[name]
        at[last] = value
    assert isinstance(result, dict)
    return result


def messages(problems: list[Problem], rule: Rule) -> list[Problem]:
    return [problem for problem in problems if rule.message.zh in problem.sentence.zh]


def test_every_rule_has_an_example_that_keeps_it_and_one_that_breaks_it(thing: OneThing) -> None:
    assert {rule.code for rule in thing.rules} == set(EXAMPLES)


@pytest.mark.parametrize("code", EXAMPLES)
def test_a_rule_is_kept(thing: OneThing, code: str) -> None:
    rule = next(rule for rule in thing.rules if rule.code == code)
    kept, _ = EXAMPLES[code]
    assert messages(problems_of(thing, changed(sample_answers(thing), kept)), rule) == []


@pytest.mark.parametrize("code", EXAMPLES)
def test_a_broken_rule_says_what_to_do_at_its_place(thing: OneThing, code: str) -> None:
    rule = next(rule for rule in thing.rules if rule.code == code)
    _, broken = EXAMPLES[code]
    found = messages(problems_of(thing, changed(sample_answers(thing), broken)), rule)
    assert len(found) >= len(rule.paths)
    assert all("不能判断" not in problem.sentence.zh for problem in found)
    sections = {problem.path.split(".")[0] for problem in found}
    assert sections <= {section.code for section in thing.sections}


@pytest.mark.parametrize(
    ("choices", "district"),
    [
        ({}, ZONE),
        ({"shareholders": 1, "staff": 3}, ZONE),
        ({"shareholders": 50, "suffix": 12}, ZONE),
        ({"staff": 200, "suffix": 3}, ZONE),
        ({"district_code": "620123"}, "620123"),
        ({"district_code": "620102", "suffix": 99}, "620102"),
    ],
)
def test_the_sample_company_may_be_opened(
    thing: OneThing, choices: dict[str, Any], district: str
) -> None:
    assert problems_of(thing, sample_answers(thing, **choices), district) == []


def test_samples_with_different_suffixes_share_nobody_and_no_name(thing: OneThing) -> None:
    first = sample_answers(thing, suffix=1, shareholders=50, staff=50)
    second = sample_answers(thing, suffix=2, shareholders=50, staff=50)
    assert answers.title(thing, first) != answers.title(thing, second)
    people = [
        {line["resident_id"] for line in given["shareholders"] + given["staff"]}
        for given in (first, second)
    ]
    assert len(people[0]) == 100
    assert not people[0] & people[1]


@pytest.mark.parametrize("changes", [owners({}), permits({}), staff({})])
def test_longer_ways_through_the_form_keep_every_rule(thing: OneThing, changes: Changes) -> None:
    assert problems_of(thing, changed(sample_answers(thing), changes)) == []


def test_a_company_whose_shareholder_is_an_organisation_is_read(thing: OneThing) -> None:
    typed = samples.business_start_up(on=ON)
    typed["shareholders"][0].update(
        holder_kind="organisation", name="兰州演示投资有限公司", credit_code="91620199MA0000015A"
    )
    reading = answers.read(thing, typed, on=ON)
    assert [problem.path for problem in reading.problems] == []
    assert "resident_id" not in reading.answers["shareholders"][0]


def test_other_kinds_of_enterprise_cannot_be_chosen_and_say_where_to_go(thing: OneThing) -> None:
    kinds = thing.section("company").fields[0].options
    assert len(kinds) == 10
    for option in kinds[1:]:
        typed = samples.business_start_up(on=ON)
        typed["company"]["company_kind"] = option.value
        (problem,) = answers.read(thing, typed, on=ON).problems
        assert option.unavailable is not None
        assert option.unavailable.zh in problem.sentence.zh


@pytest.mark.parametrize(
    "form",
    ["labour", "credit", "personal_name", "goodwill", "franchise", "encumbered_property"],
)
def test_a_forbidden_contribution_is_refused_where_it_is_ticked(thing: OneThing, form: str) -> None:
    typed = samples.business_start_up(on=ON)
    typed["shareholders"][1]["contribution_forms"] = ["cash", form]
    (problem,) = answers.read(thing, typed, on=ON).problems
    assert problem.path == "shareholders.1.contribution_forms"


def test_fifty_one_shareholders_are_too_many(thing: OneThing) -> None:
    typed = samples.business_start_up(on=ON, shareholders=51)
    assert "shareholders" in {p.path for p in answers.read(thing, typed, on=ON).problems}


def test_the_title_is_the_whole_name_of_the_company(thing: OneThing) -> None:
    given = sample_answers(thing)
    assert answers.title(thing, given) == "兰州星河乙科技有限公司"
    given["company"]["organisation_form"] = "full_form"
    assert answers.title(thing, given) == "兰州星河乙科技有限责任公司"
    assert answers.title(thing, {}) == ""


def test_everything_after_the_licence_runs_in_parallel(thing: OneThing) -> None:
    assert thing.item("registration").after == ()
    parallel = {item.code for item in thing.items if item.after == ("registration",)}
    assert parallel == AFTER_THE_LICENCE
    assert thing.accepted_by == "registration"


def test_the_core_time_counts_the_licence_seals_tax_and_social_insurance(thing: OneThing) -> None:
    core = {item.code: item.core_ends_on for item in thing.items if item.counts_for_core}
    assert core == {"registration": None, "seals": "deliver", "tax": None, "social_insurance": None}


def test_the_officer_of_an_item_sees_what_it_needs_and_nothing_else(thing: OneThing) -> None:
    given = sample_answers(thing, staff=1)
    maker = answers.visible_to(thing, "seals", given)
    assert set(maker) == {"company", "legal_representative", "contacts", "seals", "promise"}
    assert maker["contacts"]["liaison_mobile"] == given["contacts"]["liaison_mobile"]
    hidden = answers.mask(given["contacts"]["liaison_resident_id"])
    assert maker["contacts"]["liaison_resident_id"] == hidden
    assert "monthly_wage" not in str(maker)
    assert "staff" in answers.visible_to(thing, "staff_enrolment", given)
    registrar = answers.visible_to(thing, "registration", given)
    assert registrar["shareholders"] == given["shareholders"]


def test_identity_numbers_phones_and_addresses_are_marked_personal(thing: OneThing) -> None:
    marks = ("resident_id", "mobile", "email", "home_address", "monthly_wage", "postal_address")
    for section in thing.sections:
        for question in section.fields:
            if question.code.endswith(marks):
                assert question.personal, f"{section.code}.{question.code}"


def test_the_check_page_shows_words_and_not_codes(thing: OneThing) -> None:
    given = sample_answers(thing)
    rows = {
        row.path: row.value
        for section in thing.sections
        for row in summaries.summary_rows(section, given.get(section.code), "zh")
    }
    assert rows["capital.registered"] == "200,000.00 元"
    assert rows["seals.kinds"].startswith("公章（法定名称章）、财务专用章")
    assert rows["business_scope.main_entry"] == "I6501 软件开发"
    assert rows["bank.preferred_on"] == "2026年9月21日"
    assert rows["promise.may_be_shared"] == "已确认"


def test_every_process_of_it_gives_parts_that_end(thing: OneThing) -> None:
    catalogue = registry.catalogue()
    for item in thing.items:
        kinds = {state.kind for state in catalogue.process_of(thing, item.code).states}
        assert {StateKind.WAITING, StateKind.POSITIVE, StateKind.VOID} <= kinds


def test_a_missing_answer_leaves_a_rule_undecided_and_never_kept(thing: OneThing) -> None:
    given = sample_answers(thing)
    del given["capital"]["registered"]
    found = [p for p in problems_of(thing, given) if p.path == "capital.registered"]
    assert found
    assert all("还不能判断" in problem.sentence.zh for problem in found)
    known = [Problem("capital.registered", found[0].sentence)]
    quiet = answers.check_rules(
        thing, given, on=ON, district=registry.catalogue().district(ZONE), known=known
    )
    assert not [p for p in quiet if p.path in {"capital.registered", "shareholders"}]


def test_two_people_with_one_number_are_found_even_in_a_long_list(thing: OneThing) -> None:
    given = sample_answers(thing, shareholders=50)
    given["shareholders"][0]["resident_id"] = FOURTH
    given["shareholders"][49]["resident_id"] = FOURTH
    assert {p.path for p in problems_of(thing, given)} == {"shareholders"}
