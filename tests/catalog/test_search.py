"""Finding a one-thing by what people really type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import registry, search
from catalog.facts import facts
from catalog.schema import OneThing

THINGS = tuple(registry.catalogue().things.values())


def found(typed: str) -> list[str]:
    return [each.thing.code for each in search.search(THINGS, typed)]


@pytest.mark.parametrize(
    "typed",
    [
        "企业开办一件事",
        "开公司",
        "我想开个公司",
        "我要注册一家公司",
        "办理营业执照需要什么",
        " 刻 章 ",
        "公章，",
        "ｋｇｓ",
        "KGS",
        "zhuce",
        "Open a company",
        "companies",
        "start business",
        "seal",
    ],
)
def test_everyday_words_lead_to_the_one_thing(typed: str) -> None:
    assert found(typed)[0] == "business_start_up"


@pytest.mark.parametrize(
    "typed",
    ["开饭店", "我想开个餐馆", "食品经营许可证", "消防检查", "招牌", "food licence", "kcyd"],
)
def test_words_of_another_need_lead_to_the_other_one_thing(typed: str) -> None:
    assert found(typed)[0] == "open_restaurant"


@pytest.mark.parametrize("typed", ["", "   ", "，。", "结婚", "离婚登记", "a", "xyz", "户口迁移"])
def test_nothing_is_found_for_what_is_not_here(typed: str) -> None:
    assert found(typed) == []


def test_the_items_that_fit_are_named() -> None:
    result = search.search(THINGS, "住房公积金")[0]

    assert [item.code for item in result.items] == ["housing_fund"]


def test_the_title_comes_before_a_mention() -> None:
    thing = THINGS[0]
    other = thing.model_copy(
        update={"code": "other", "title": thing.items[1].title, "keywords": ()}
    )

    best = search.search((thing, other), other.title.zh)[0]

    assert best.thing.code == "other"


@given(st.text(max_size=200))
def test_whatever_is_typed_is_borne(typed: str) -> None:
    assert len(search.search(THINGS, typed)) <= len(THINGS)


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: str(thing.code))
def test_the_facts_are_counted_from_the_definition(thing: OneThing) -> None:
    counted = facts(thing)

    assert (counted.items, counted.departments) == (
        len(thing.items),
        len({item.department for item in thing.items}),
    )
    assert counted.accepted_within == thing.item(thing.accepted_by).promised_limit
    assert counted.uploads + counted.uploads_perhaps <= counted.materials
