"""Every kind of question: what it accepts, what it says otherwise, and that nothing breaks it."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import amounts, fields
from catalog.fields import Unreadable
from catalog.schema import Field, FieldKind

ON = date(2026, 11, 24)
OPTIONS = [
    {"value": "cash", "label": {"zh": "货币", "en": "Money"}},
    {"value": "in_kind", "label": {"zh": "实物", "en": "Goods"}},
    {
        "value": "labour",
        "label": {"zh": "劳务", "en": "Labour"},
        "unavailable": {"zh": "请改用货币。", "en": "Use money."},
    },
]


def question(kind: FieldKind, **more: Any) -> Field:
    if kind in {FieldKind.CHOICE, FieldKind.CHOICES}:
        more.setdefault("options", OPTIONS)
    label = {"zh": "这一项", "en": "This"}
    return Field.model_validate({"code": "it", "kind": kind, "label": label, **more})


def read(kind: FieldKind, typed: object, **more: Any) -> object:
    return fields.parse(question(kind, **more), typed, on=ON)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (FieldKind.TEXT, "  兰州  星河 ", "兰州 星河"),
        (FieldKind.LONG_TEXT, " 第一行\n第二行 ", "第一行\n第二行"),
        (FieldKind.CHINESE_NAME, "赵 星", "赵星"),
        (FieldKind.CHINESE_NAME, "买买提•艾力", "买买提·艾力"),
        (FieldKind.CHINESE_NAME, "𠮷野", "𠮷野"),
        (FieldKind.INTEGER, "3", 3),
        (FieldKind.INTEGER, "１２", 12),
        (FieldKind.INTEGER, 3, 3),
        (FieldKind.INTEGER, "1,000", 1000),
        (FieldKind.MONEY, "500000", 50_000_000),
        (FieldKind.MONEY, "500,000.00", 50_000_000),
        (FieldKind.MONEY, "５００，０００", 50_000_000),
        (FieldKind.MONEY, "50万", 50_000_000),
        (FieldKind.MONEY, "¥1.5 亿元", 15_000_000_000),
        (FieldKind.MONEY, "0.01", 1),
        (FieldKind.PERCENT, "5", 500),
        (FieldKind.PERCENT, "５．２５％", 525),
        (FieldKind.DATE, {"year": "2026", "month": "3", "day": "７"}, "2026-03-07"),
        (FieldKind.DATE, {"year": 2026, "month": 3, "day": 7}, "2026-03-07"),
        (FieldKind.DATE, "2026-03-07", "2026-03-07"),
        (FieldKind.DATE, "2026年3月7日", "2026-03-07"),
        (FieldKind.DATE, "2024/2/29", "2024-02-29"),
        (FieldKind.CHOICE, "cash", "cash"),
        (FieldKind.CHOICES, ["in_kind", "cash", "cash", ""], ["cash", "in_kind"]),
        (FieldKind.CHOICES, "cash", ["cash"]),
        (FieldKind.YES_NO, "yes", True),
        (FieldKind.YES_NO, "no", False),
        (FieldKind.YES_NO, False, False),
        (FieldKind.PROMISE, "yes", True),
        (FieldKind.PROMISE, True, True),
        (FieldKind.RESIDENT_ID, "440524 18800101 001４", "440524188001010014"),
        (FieldKind.RESIDENT_ID, "62019919700102005x", "62019919700102005X"),
        (FieldKind.CREDIT_CODE, "91620199ma0000015a", "91620199MA0000015A"),
        (FieldKind.MOBILE_PHONE, "+86 139 0000 0500", "13900000500"),
        (FieldKind.EMAIL, " zhao@example.com ", "zhao@example.com"),
        (FieldKind.POSTCODE, "７３００００", "730000"),
        (FieldKind.NAME_PREFIX, "兰州高新区", "兰州高新区"),
        (FieldKind.REGION, "620102", "620102"),
        (FieldKind.SCOPE_CODE, "i6501", "I6501"),
        (FieldKind.SCOPE_CODES, "M7301、I6501", ["I6501", "M7301"]),
        (FieldKind.MAKER, "jincheng", "jincheng"),
    ],
)
def test_a_good_answer_is_read(kind: FieldKind, typed: object, value: object) -> None:
    assert read(kind, typed) == value


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        (FieldKind.TEXT, "一", "2 至 4 个字"),
        (FieldKind.TEXT, "一二三四五", "2 至 4 个字"),
        (FieldKind.CHINESE_NAME, "Zhao", "中文姓名"),
        (FieldKind.CHINESE_NAME, "赵", "2 至 50 个字"),
        (FieldKind.CHINESE_NAME, "·赵星", "中文姓名"),
        (FieldKind.INTEGER, "three", "整数"),
        (FieldKind.INTEGER, "-1", "整数"),
        (FieldKind.INTEGER, "1,0", "整数"),
        (FieldKind.INTEGER, "1", "不能小于 2"),
        (FieldKind.INTEGER, "5", "不能大于 4"),
        (FieldKind.MONEY, "1.234", "两位小数"),
        (FieldKind.MONEY, "50,00", "金额"),
        (FieldKind.MONEY, "-5", "金额"),
        (FieldKind.MONEY, "五十万", "金额"),
        (FieldKind.MONEY, "9" * 31, "金额"),
        (FieldKind.MONEY, "9" * 25, "太大"),
        (FieldKind.INTEGER, "9" * 25, "太大"),
        (FieldKind.MONEY, "0.01", "不能小于 0.02 元"),
        (FieldKind.PERCENT, "5.555", "两位小数"),
        (FieldKind.PERCENT, "many", "百分比"),
        (FieldKind.PERCENT, "5", "不能大于 0.04%"),
        (FieldKind.DATE, {"year": "2026", "month": "2", "day": "30"}, "没有这一天"),
        (FieldKind.DATE, {"year": "2026", "month": "", "day": "3"}, "年、月、日"),
        (FieldKind.DATE, {"year": "26", "month": "1", "day": "3"}, "四位数"),
        (FieldKind.DATE, {"year": ["2026"], "month": {}, "day": "3"}, "年、月、日"),
        (FieldKind.DATE, "tomorrow", "年、月、日"),
        (FieldKind.CHOICE, "gold", "重新选择"),
        (FieldKind.CHOICE, "labour", "请改用货币"),
        (FieldKind.CHOICES, ["cash", "labour"], "请改用货币"),
        (FieldKind.CHOICES, ["cash"], "2 至 4 项"),
        (FieldKind.YES_NO, "maybe", "看不懂"),
        (FieldKind.PROMISE, "no", "勾选"),
        (FieldKind.PROMISE, False, "勾选"),
        (FieldKind.RESIDENT_ID, "620102199001010000", ""),
        (FieldKind.CREDIT_CODE, "91620199MA0000015B", ""),
        (FieldKind.MOBILE_PHONE, "12345", ""),
        (FieldKind.EMAIL, "nobody", ""),
        (FieldKind.POSTCODE, "12", ""),
        (FieldKind.NAME_PREFIX, "Lanzhou", "重新选择"),
        (FieldKind.REGION, "999999", "重新选择"),
        (FieldKind.SCOPE_CODE, "Z0000", "重新选择"),
        (FieldKind.SCOPE_CODES, ["I6501", "Z0000"], "重新选择"),
        (FieldKind.MAKER, "../etc", "重新选择"),
    ],
)
def test_a_bad_answer_gets_a_sentence(kind: FieldKind, typed: object, words: str) -> None:
    result = read(kind, typed, minimum=2, maximum=4)
    assert isinstance(result, Unreadable)
    assert words in result.sentence.zh
    assert result.sentence.en


@pytest.mark.parametrize("kind", list(FieldKind))
@pytest.mark.parametrize("typed", [None, "", "   ", "　"])
def test_an_empty_answer_is_missing_or_nothing(kind: FieldKind, typed: object) -> None:
    missing = read(kind, typed)
    assert isinstance(missing, Unreadable)
    assert missing.sentence.zh.startswith("请")
    assert read(kind, typed, required=False) is None


def test_an_empty_date_of_three_boxes_is_missing_or_nothing() -> None:
    boxes = {"year": "", "month": " ", "day": ""}
    assert isinstance(read(FieldKind.DATE, boxes), Unreadable)
    assert read(FieldKind.DATE, boxes, required=False) is None
    assert read(FieldKind.CHOICES, [], required=False) is None


HOSTILE = [
    "\x00",
    "赵\x00星",
    "\u202e星河",
    "星\u200b河",
    "\ud800",
    "\udfff\ud800",
    "x" * 10_001,
    "9" * 10_000,
    10**400,
    -1,
    1.5,
    float("nan"),
    b"bytes",
    {"year": "\x00", "month": 10**30, "day": None},
    {1: 2},
    [["nested"]],
    [{"a": 1}],
    ["x"] * 201,
    [None],
    ["\ud800"],
    object(),
    True,
    "²",
    "٣",
    "①",
    "1e5",
    "NaN",
    "Infinity",
    "<script>alert(1)</script>",
    "'; drop table cases; --",
]


@pytest.mark.parametrize("kind", list(FieldKind))
@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_input_gives_a_value_or_a_sentence(kind: FieldKind, typed: object) -> None:
    result = read(kind, typed)
    if isinstance(result, Unreadable):
        assert result.sentence.zh
        assert result.sentence.en
    elif isinstance(result, str):
        assert "\x00" not in result
        result.encode()


@given(
    st.sampled_from(list(FieldKind)),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["year", "month", "day"]) | st.text(), inner)
        ),
        max_leaves=6,
    ),
)
def test_anything_whatever_gives_a_value_or_a_sentence(kind: FieldKind, typed: object) -> None:
    result = read(kind, typed)
    assert result is None or isinstance(result, Unreadable | str | int | bool | list)


@given(st.integers(min_value=0, max_value=10**15))
def test_a_sum_that_is_shown_reads_as_itself(fen: int) -> None:
    shown = amounts.yuan(fen)
    assert read(FieldKind.MONEY, shown) == fen


@given(st.integers(min_value=0, max_value=9_999_999))
def test_a_percentage_that_is_shown_reads_as_itself(hundredths: int) -> None:
    assert read(FieldKind.PERCENT, amounts.hundredths(hundredths)) == hundredths


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31)))
def test_every_day_of_three_centuries_is_read(day: date) -> None:
    boxes = {"year": str(day.year), "month": f"{day.month:02d}", "day": str(day.day)}
    assert read(FieldKind.DATE, boxes) == day.isoformat()
