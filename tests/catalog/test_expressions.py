"""Expressions: decided, undecided, never an exception; and what is refused before use."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import expression_checks, expressions
from catalog.expression_syntax import ExpressionError, parse
from catalog.expression_types import CIRCUMSTANCES, Basic, Type, answers_types, line_type
from catalog.expressions import Facts, Undecided, evaluate
from catalog.schema import Section

CONTEXT = {
    "capital": {"registered": 100, "currency": "cny", "note": None},
    "shareholders": [
        {"name": "赵", "amount": 60, "kind": "person"},
        {"name": "钱", "amount": 40, "kind": "firm"},
    ],
}

SECTIONS = (
    Section.model_validate(
        {
            "code": "capital",
            "title": {"zh": "资本", "en": "Capital"},
            "items": ["registration"],
            "fields": [
                {"code": "registered", "kind": "money", "label": {"zh": "金额", "en": "Sum"}},
                {"code": "note", "kind": "text", "label": {"zh": "备注", "en": "Note"}},
                {"code": "agreed", "kind": "yes_no", "label": {"zh": "同意", "en": "Agreed"}},
                {"code": "paid_on", "kind": "date", "label": {"zh": "日期", "en": "Day"}},
            ],
        }
    ),
    Section.model_validate(
        {
            "code": "shareholders",
            "title": {"zh": "股东", "en": "Shareholders"},
            "items": ["registration"],
            "repeat": {
                "minimum": 1,
                "maximum": 50,
                "line_title": {"zh": "股东 {number}", "en": "Shareholder {number}"},
            },
            "fields": [
                {"code": "name", "kind": "text", "label": {"zh": "姓名", "en": "Name"}},
                {"code": "amount", "kind": "money", "label": {"zh": "金额", "en": "Sum"}},
                {
                    "code": "kind",
                    "kind": "choice",
                    "label": {"zh": "类型", "en": "Kind"},
                    "options": [
                        {"value": "person", "label": {"zh": "人", "en": "Person"}},
                        {"value": "firm", "label": {"zh": "单位", "en": "Firm"}},
                    ],
                },
            ],
        }
    ),
)
NAMES: dict[str, Type] = {
    **answers_types(SECTIONS),
    **CIRCUMSTANCES,
    "row": line_type(SECTIONS[1].fields),
}


def sentences(expression: str, wanted: Basic = Basic.TRUTH) -> list[str]:
    return [text.en for text in expression_checks.mistakes(expression, NAMES, wanted)]


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("capital.registered == 100", True),
        ("capital.registered > 100", False),
        ("sum(shareholders.map(holder, holder.amount)) == capital.registered", True),
        ("shareholders.all(holder, holder.amount > 50)", False),
        ("shareholders.exists_one(holder, holder.kind == 'firm')", True),
        ("shareholders.filter(holder, holder.kind == 'firm').size() == 1", True),
        ("has(capital.note)", False),
        ("has(capital.currency) && capital.currency in ['cny']", True),
        ("1 / 0 == 1 || true", True),
    ],
)
def test_what_is_known_is_decided(expression: str, result: bool) -> None:
    assert evaluate(expression, CONTEXT) is result


@pytest.mark.parametrize(
    "expression",
    [
        "capital.note == 'x'",
        "capital.note != 'x'",
        "capital.missing == 1",
        "nowhere.at_all",
        "1 / 0 == 1",
        "shareholders[7].amount == 1",
        "shareholders.all(holder, holder.missing)",
        "capital.registered > 'a'",
        "capital.registered",
        "days_between('yesterday', 'today') == 1",
        "9223372036854775807 + 1 > 0",
        "this is no expression",
        "null == null",
        "(" * 30 + "true" + ")" * 30,
        "",
    ],
)
def test_what_is_not_known_is_undecided_and_false_in_an_if(expression: str) -> None:
    result = evaluate(expression, CONTEXT)
    assert isinstance(result, Undecided)
    assert not result


def test_null_is_a_missing_answer_even_when_compared_for_difference() -> None:
    assert isinstance(evaluate("row.x != 'forbidden'", {"row": {"x": None}}), Undecided)


def test_an_undecided_rule_keeps_the_answers_to_itself() -> None:
    result = evaluate("days_between(capital.secret, 'x') > 1", {"capital": {"secret": "赵六"}})
    assert isinstance(result, Undecided)
    assert "赵六" not in result.reason


@pytest.mark.parametrize(
    "context",
    [
        {"row": {"x": ["a"] * 201}},
        {"many": [1] * 201},
        {"long": "x" * 10_001},
        {"deep": {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}},
        {"big": 2**70},
    ],
)
def test_more_than_any_form_holds_is_undecided(context: dict[str, Any]) -> None:
    name = next(iter(context))
    expression = "row.x.size() > 0" if name == "row" else f"{name} == {name} && true"
    result = evaluate(expression, context)
    assert isinstance(result, Undecided) or name == "big"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.floats(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_no_answer_whatever_makes_a_rule_raise(value: object) -> None:
    for expression in ("x.y == 1", "x.all(z, z.y)", "sum(x) > 1", "characters(x) == 2", "x"):
        assert isinstance(evaluate(expression, {"x": value}), bool | Undecided)


@given(st.text(max_size=60))
def test_no_text_whatever_makes_the_reader_fail_otherwise(expression: str) -> None:
    with suppress(ExpressionError):
        parse(expression)


def test_a_program_is_compiled_once() -> None:
    assert expressions.compiled("1 == 1") is expressions.compiled("1 == 1")


def test_the_title_is_a_text_or_undecided() -> None:
    facts = Facts({"capital": {"currency": "cny"}})
    assert facts.text("capital.currency + '!'") == "cny!"
    assert isinstance(facts.text("capital.note"), Undecided)
    assert isinstance(facts.text("1 + 1"), Undecided)


@pytest.mark.parametrize(
    ("call", "result"),
    [
        (expressions.characters("中文"), 2),
        (expressions.days_between("2026-09-18", "2026-09-24"), 6),
        (expressions.days_between("2026-09-24", "2026-09-18"), -6),
        (expressions.years_after("2024-02-29", 5), "2029-02-28"),
        (expressions.years_after("2026-09-18", 5), "2031-09-18"),
        (expressions.are_distinct(["a", "b"]), True),
        (expressions.are_distinct(["a", "a"]), False),
        (expressions.are_distinct([]), True),
        (expressions.is_chinese("星河𠮷〇"), True),
        (expressions.is_chinese("星河A"), False),
        (expressions.is_chinese(""), False),
        (expressions.starts_with_any("兰州星河", ["北京", "兰州"]), True),
        (expressions.starts_with_any("星河", ["兰州"]), False),
        (expressions.contains_any("大中华", ["中华"]), True),
        (expressions.is_division_name("榆中县"), True),
        (expressions.is_division_name("星河"), False),
        (expressions.is_pre_licence("L7206"), True),
        (expressions.is_pre_licence("I6501"), False),
        (expressions.is_pre_licence("unknown"), False),
    ],
)
def test_our_functions_answer(call: object, result: object) -> None:
    assert call == result


@pytest.mark.parametrize(
    "expression",
    [
        "capital.registered > 0 && !capital.agreed",
        "characters(capital.note) >= 2 || -1 < capital.registered % 7 * 2 - 1",
        "sum(shareholders.map(holder, holder.amount)) == capital.registered",
        "shareholders.filter(h, h.kind == 'firm').all(h, h.amount > 0)",
        "row.kind in ['person', 'firm'] ? row.amount > 0 : capital.agreed",
        "days_between(today, capital.paid_on) <= 5 && capital.paid_on <= years_after(today, 5)",
        "has(row.name) && row.name.startsWith('赵')",
        "shareholders[0].amount == 1",
        "place.district_code == place.region_code",
        "[].size() == 0",
    ],
)
def test_a_sound_expression_passes(expression: str) -> None:
    assert sentences(expression) == []


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("capital.registred > 0", 'no question called "registred"'),
        ("captial.registered > 0", 'no section called "captial"'),
        ("shareholders.amount > 0", "repeating section"),
        ("size(capital.note) > 2", "Do not use size"),
        ("capital.note.size() > 2", "size counts bytes"),
        ("capital.registered", "should be true or false"),
        ("capital.registered > 'x'", "is needed here"),
        ("capital.agreed > capital.agreed", "is needed here"),
        ("!capital.registered", "is needed here"),
        ("capital.note + 1 == ''", "is needed here"),
        ("row.kind == 'persn'", 'no option called "persn"'),
        ("row.kind in ['person', 'frim']", 'no option called "frim"'),
        ("capital.note == null", "has(…)"),
        ("capital.registered > 1.5", "whole numbers"),
        ("unknown(1)", 'no function "unknown"'),
        ("capital.note.matches('a')", 'no method "matches"'),
        ("characters(1) == 1", "is needed here"),
        ("characters() == 1", "wrong number of arguments"),
        ("has(capital)", "takes one question"),
        ("shareholders.all(capital, true)", "not yet used"),
        ("shareholders.all(h)", "list.all(variable, condition)"),
        ("shareholders.all(h, h.amount)", "is needed here"),
        ("capital.note.all(h, true)", "is needed here"),
        ("[1, 'a'].size() == 2", "is needed here"),
        ("holder.amount > 0", 'no section called "holder"'),
        ("capital.registered >", "ends too early"),
        ("capital.registered > 0 true", "not understood"),
        ("capital.registered = 1", "not understood"),
        ("{'a': 1}.size() == 1", "not understood"),
        ("1 / 0 == 1", "no result even when every question"),
        ("true" + " && true" * 200, "longer than"),
        ("(" * 30 + "true" + ")" * 30, "Nested deeper"),
        ("!" * 30 + "true", "not understood"),
    ],
)
def test_a_mistake_is_refused_with_a_sentence(expression: str, words: str) -> None:
    (sentence,) = sentences(expression)
    assert words in sentence


def test_a_title_must_be_a_text() -> None:
    assert sentences("capital.note + '公司'", Basic.TEXT) == []
    assert sentences("capital.registered", Basic.TEXT) == ["The result should be a text."]


def test_paths_name_answers_and_not_loop_variables() -> None:
    found = expression_checks.paths(
        "shareholders.filter(h, h.kind == 'firm').all(h, h.amount > 0) && has(capital.note)", NAMES
    )
    assert found == {
        ("shareholders",),
        ("shareholders", "kind"),
        ("shareholders", "amount"),
        ("capital",),
        ("capital", "note"),
    }
