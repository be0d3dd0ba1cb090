"""Divisions: names in both languages, what a trade name may not be, which codes begin numbers."""

import pytest

from catalog import regions
from core.text import Text


def test_a_division_has_a_name_in_both_languages() -> None:
    assert regions.name("620123") == Text(zh="榆中县", en="Yuzhong County")
    assert regions.name("440000") == Text(zh="广东省", en="Guangdong")


@pytest.mark.parametrize("code", ["", "620199", "620824", "990000", "6201"])
def test_what_is_no_division_of_today_has_no_name(code: str) -> None:
    assert regions.name(code) is None
    assert regions.full_name(code) is None


def test_a_district_carries_its_city() -> None:
    assert regions.full_name("620102") == Text(zh="兰州市城关区", en="Chengguan District, Lanzhou")
    assert regions.full_name("620100") == Text(zh="兰州市", en="Lanzhou")


def test_gansu_has_86_counties_and_districts() -> None:
    found = regions.counties()
    assert len(found) == 86
    assert len({text.zh for text in found.values()}) == 86
    assert len({text.en for text in found.values()}) == 86


@pytest.mark.parametrize(
    "text",
    [
        "兰州",
        "兰州市",
        "城关",
        "城关区",
        "甘肃",
        "新疆",
        "内蒙古",
        "张家川",
        "东乡",
        "积石山",
        "延边",
        "朝阳",
        "香港",
    ],
)
def test_a_trade_name_may_not_be_a_division(text: str) -> None:
    assert regions.is_county_or_above(text)


@pytest.mark.parametrize("text", ["", "高新", "和平", "长安", "金城", "市辖区", "县", "云帆"])
def test_an_everyday_word_is_no_division(text: str) -> None:
    assert not regions.is_county_or_above(text)


@pytest.mark.parametrize("code", ["620102", "620100", "620824", "620199", "440300", "100000"])
def test_numbers_may_begin_with_a_division(code: str) -> None:
    assert regions.is_assigned(code)


@pytest.mark.parametrize("code", ["", "62", "620198", "990000", "6201022", "62010a"])
def test_numbers_may_not_begin_with_anything_else(code: str) -> None:
    assert not regions.is_assigned(code)
