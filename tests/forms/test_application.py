"""The application form, made from its definition."""

from collections.abc import Iterator, Sequence

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import SelectChoice

from catalog import registry
from catalog.schema import Field, OneThing, Section
from core.errors import Problem
from core.text import Text
from forms.application import SectionForm, section_form
from forms.conditions import Condition


@pytest.fixture(autouse=True)
def _request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.fixture
def thing() -> OneThing:
    return registry.catalogue().things["business_start_up"]


@pytest.fixture
def shareholders(thing: OneThing) -> Section:
    return thing.section("shareholders")


def offered(_field: Field) -> Sequence[SelectChoice]:
    return [SelectChoice("here", "这里")]


def fresh(section: Section, typed: object = None) -> SectionForm:
    return section_form(section, typed, None, offered)


def posted(section: Section, *pairs: tuple[str, str]) -> SectionForm:
    return section_form(section, None, MultiDict(pairs), offered)


def test_every_section_of_every_one_thing_can_be_drawn(thing: OneThing) -> None:
    for section in thing.sections:
        form = fresh(section)
        for line in form.lines:
            for field in line:
                assert str(field())
        assert form.typed() is not None


def test_defaults_stand_there_before_anybody_types(thing: OneThing) -> None:
    form = fresh(thing.section("company"))

    assert form.lines[0]["company_kind"].data == "limited_company"


def test_what_was_typed_comes_back_as_it_was(shareholders: Section) -> None:
    typed = [{"name": "李 雷", "amount": "50万"}, {"name": "韩梅梅", "amount": "x"}]
    form = fresh(shareholders, typed)

    kept = form.typed()
    assert isinstance(kept, list)
    assert [(row["name"], row["amount"]) for row in kept] == [("李 雷", "50万"), ("韩梅梅", "x")]


def test_a_line_is_added_without_losing_the_others(shareholders: Section) -> None:
    form = posted(
        shareholders, ("line_count", "1"), ("shareholders-0-name", "李雷"), ("add", "yes")
    )

    assert [line["name"].data for line in form.lines] == ["李雷", None]
    assert [title.zh for title in form.titles] == ["股东 1", "股东 2"]


def test_a_line_is_removed_and_the_next_moves_up(shareholders: Section) -> None:
    form = posted(
        shareholders,
        ("line_count", "2"),
        ("shareholders-0-name", "李雷"),
        ("shareholders-1-name", "韩梅梅"),
        ("remove", "0"),
    )

    assert [line["name"].data for line in form.lines] == ["韩梅梅"]


@pytest.mark.parametrize("count", ["0", "-1", "9999", "two", "²", ""])
def test_a_hostile_line_count_breaks_nothing(shareholders: Section, count: str) -> None:
    form = posted(shareholders, ("line_count", count), ("remove", "77"), ("add", ""))

    assert len(form.lines) <= 50


def test_no_line_is_added_beyond_the_maximum(thing: OneThing) -> None:
    directors = thing.section("directors")

    form = posted(directors, ("line_count", "13"), ("add", "yes"))

    assert len(form.lines) == 13
    assert not form.can_add


def test_problems_stand_beside_their_fields_and_in_the_summary(shareholders: Section) -> None:
    form = fresh(shareholders, [{"name": ""}])
    sentence = Text(zh="请填写姓名。", en="Write the name.")

    fine = form.blame((Problem("shareholders.0.name", sentence), Problem("capital.x", sentence)))

    assert not fine
    assert form.problems == [{"id": "shareholders-0-name", "text": "请填写姓名。"}]
    assert form.lines[0]["name"].errors == ["请填写姓名。"]


@pytest.mark.parametrize(
    ("when", "condition"),
    [
        ('row.holder_kind == "natural_person"', ("holder_kind", "==", "natural_person")),
        ('row.relation != "control"', ("relation", "!=", "control")),
        ("row.has_manager", ("has_manager", "==", "yes")),
        (
            'row.contribution_forms.exists(form, form != "cash")',
            ("contribution_forms", "!=", "cash"),
        ),
        ('capital.currency == "cny"', None),
        ("row.a && row.b", None),
        (None, None),
    ],
)
def test_conditions_that_a_page_can_follow(
    when: str | None, condition: tuple[str, str, str] | None
) -> None:
    assert Condition.of(when) == (Condition(*condition) if condition else None)


def test_a_condition_within_the_section_is_said_in_words(thing: OneThing) -> None:
    for section in thing.sections:
        for field, control in zip(section.fields, fresh(section, []).lines[0], strict=True):
            condition = Condition.of(field.when)
            if condition:
                assert "时填写。" in str(control())


def test_an_optional_question_says_so(thing: OneThing) -> None:
    form = fresh(thing.section("address"))

    assert str(form.lines[0]["postcode"].label.text) == "邮政编码（选填）"


def test_a_county_that_is_served_no_more_stays_to_be_seen() -> None:
    premises = registry.catalogue().thing("open_restaurant").section("premises")
    form = fresh(premises, {"region": "620123"})
    values = [choice.value for choice in form.lines[0]["region"].choices]
    assert values == ["", "here", "620123"]
    assert [
        choice.value for choice in fresh(premises, {"region": "nowhere"}).lines[0]["region"].choices
    ] == ["", "here"]
