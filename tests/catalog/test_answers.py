"""Reading a whole form: what is asked, where problems stand, what others may see."""

from datetime import date
from typing import Any

import pytest

from catalog import answers, registry, samples, summaries
from catalog.schema import Field, FieldKind, OneThing, Section
from core.text import Text

ON = date(2026, 9, 18)


@pytest.fixture(scope="module")
def thing() -> OneThing:
    return registry.catalogue().thing("business_start_up")


@pytest.fixture
def typed() -> dict[str, Any]:
    return samples.business_start_up(on=ON, staff=2)


def paths(thing: OneThing, typed: dict[str, Any]) -> list[str]:
    return [problem.path for problem in answers.read(thing, typed, on=ON).problems]


def test_an_empty_form_names_everything_that_is_missing(thing: OneThing) -> None:
    reading = answers.read(thing, {}, on=ON)
    found = {problem.path for problem in reading.problems}
    assert {"company.trade_name", "shareholders", "directors", "bank.preferred_on"} <= found
    assert not any(path.startswith(("staff", "scope_approvals")) for path in found)


def test_a_problem_stands_at_its_line(thing: OneThing, typed: dict[str, Any]) -> None:
    typed["shareholders"][1]["amount"] = "many"
    typed["staff"][0]["resident_id"] = "1"
    assert paths(thing, typed) == ["shareholders.1.amount", "staff.0.resident_id"]


def test_only_what_its_condition_asks_is_read(thing: OneThing, typed: dict[str, Any]) -> None:
    typed["address"]["lease_ends_on"] = "nonsense"
    typed["employment"]["enrols_staff"] = "no"
    reading = answers.read(thing, typed, on=ON)
    assert reading.problems == ()
    assert "lease_ends_on" not in reading.answers["address"]
    assert "staff" not in reading.answers
    typed["address"]["right_of_use"] = "rented"
    assert paths(thing, typed) == ["address.lease_ends_on"]


def test_an_optional_answer_left_empty_is_none(thing: OneThing, typed: dict[str, Any]) -> None:
    typed["address"]["postcode"] = ""
    assert answers.read(thing, typed, on=ON).answers["address"]["postcode"] is None


@pytest.mark.parametrize("line", [None, "text", 3, [["nested"]], [None, 1], {"0": {}}])
def test_hostile_lines_are_problems_and_no_exceptions(
    thing: OneThing, typed: dict[str, Any], line: object
) -> None:
    typed["shareholders"] = line
    assert "shareholders" in paths(thing, typed)


@pytest.mark.parametrize("part", [None, "text", 3, [1]])
def test_hostile_sections_are_problems_and_no_exceptions(
    thing: OneThing, typed: dict[str, Any], part: object
) -> None:
    typed["capital"] = part
    assert "capital.registered" in paths(thing, typed)


def test_more_lines_than_allowed_are_one_problem_and_are_not_read(thing: OneThing) -> None:
    typed = samples.business_start_up(on=ON)
    typed["directors"] = [{}] * 100_000
    reading = answers.read(thing, typed, on=ON)
    assert len(reading.answers["directors"]) == 13
    assert [p for p in reading.problems if p.path == "directors"]


def test_one_section_is_read_with_the_answers_before_it(
    thing: OneThing, typed: dict[str, Any]
) -> None:
    before = answers.read(thing, typed, on=ON).answers
    section = thing.section("staff")
    assert answers.is_asked(section, before)
    assert not answers.is_asked(section, {})
    reading = answers.read_section(section, typed["staff"], before, on=ON)
    assert reading.problems == ()
    assert reading.answers == before["staff"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("13900000500", "139****0500"),
        ("62019919700102005X", "620*************5X"),
        ("zhao@example.com", "z***@example.com"),
        ("赵星", "赵*"),
        ("兰州市城关区雁园路", "兰州*******"),
        ("赵", "*"),
        (520_000, "****"),
        ("", ""),
    ],
)
def test_personal_data_is_masked(value: object, shown: str) -> None:
    assert answers.mask(value) == shown


def field(kind: FieldKind, **more: Any) -> Field:
    label = {"zh": "这一项", "en": "This"}
    return Field.model_validate({"code": "it", "kind": kind, "label": label, **more})


@pytest.mark.parametrize(
    ("kind", "value", "chinese", "english"),
    [
        (FieldKind.MONEY, 50_000_001, "500,000.01 元", "500,000.01 yuan"),
        (FieldKind.PERCENT, 525, "5.25%", "5.25 %"),
        (FieldKind.PERCENT, 550, "5.5%", "5.5 %"),
        (FieldKind.PERCENT, 1000, "10%", "10 %"),
        (FieldKind.INTEGER, 1200, "1,200", "1,200"),
        (FieldKind.DATE, "2026-03-07", "2026年3月7日", "7 March 2026"),
        (FieldKind.DATE, "202*****07", "202*****07", "202*****07"),
        (FieldKind.YES_NO, False, "否", "No"),
        (FieldKind.PROMISE, True, "已确认", "Confirmed"),
        (FieldKind.REGION, "620123", "兰州市榆中县", None),
        (FieldKind.SCOPE_CODES, ["I6501"], "I6501 软件开发", "I6501 Software development"),
        (FieldKind.MAKER, "jincheng", "金城刻章", "Jincheng"),
        (FieldKind.MAKER, "unknown", "unknown", "unknown"),
        (FieldKind.TEXT, None, "未填写", "Not given"),
        (FieldKind.CHOICES, [], "未填写", "Not given"),
    ],
)
def test_answers_are_shown_in_words(
    kind: FieldKind, value: object, chinese: str, english: str | None
) -> None:
    options = [{"value": "a", "label": {"zh": "甲", "en": "A"}}]
    more = {"options": options} if kind is FieldKind.CHOICES else {}
    names = {"jincheng": Text(zh="金城刻章", en="Jincheng")}
    assert summaries.displayed(field(kind, **more), value, "zh", names) == chinese
    if english is not None:
        assert summaries.displayed(field(kind, **more), value, "en", names) == english


def test_rows_of_a_repeating_section_carry_the_title_of_their_line(
    thing: OneThing, typed: dict[str, Any]
) -> None:
    section: Section = thing.section("staff")
    given = answers.read(thing, typed, on=ON).answers["staff"]
    rows = summaries.summary_rows(section, given, "zh")
    assert {row.line_title for row in rows} == {"员工 1", "员工 2"}
    assert summaries.summary_rows(section, None, "zh") == ()
