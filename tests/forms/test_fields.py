"""Fields keep what was typed, whatever it was, and say everything in the reader's language."""

from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from tests.gallery.pages import EveryFieldForm, every_field

NAMES = (
    "trade_name",
    "capital",
    "note",
    "established_on",
    "established_on-year",
    "established_on-month",
    "holder_kind",
    "seals",
    "scope",
    "region",
    "password",
    "promise",
    "token",
)
POSTS = st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=30)), max_size=20)


@pytest.fixture(autouse=True)
def _request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def posted(*pairs: tuple[str, str]) -> EveryFieldForm:
    return EveryFieldForm(formdata=MultiDict(pairs), meta={"csrf": False})


@given(POSTS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_post_breaks_a_form(pairs: list[tuple[str, str]]) -> None:
    form = posted(*pairs)

    form.validate()
    for field in form:
        assert str(field())


def test_text_is_kept_exactly_as_typed() -> None:
    form = posted(("trade_name", "  <b>星河</b>\t "), ("capital", "50万"))

    assert form.trade_name.data == "  <b>星河</b>\t "
    assert form.capital.data == "50万"


def test_what_was_typed_is_shown_again_harmlessly() -> None:
    page = str(posted(("trade_name", '"><script>alert(1)</script>')).trade_name())

    assert "<script>" not in page
    assert 'value="&#34;&gt;&lt;script&gt;' in page


def test_a_password_is_never_shown_again() -> None:
    assert "correct horse" not in str(posted(("password", "correct horse")).password())


@pytest.mark.parametrize(
    ("pairs", "data"),
    [
        ((), {"year": "", "month": "", "day": ""}),
        (
            (("established_on-year", "2026"), ("established_on-day", "卅")),
            {"year": "2026", "month": "", "day": "卅"},
        ),
    ],
)
def test_a_date_keeps_its_three_parts(
    pairs: tuple[tuple[str, str], ...], data: dict[str, str]
) -> None:
    assert posted(("trade_name", "x"), *pairs).established_on.data == data


def test_a_stored_date_is_shown_in_its_boxes_year_first() -> None:
    form = EveryFieldForm(
        formdata=None, data={"established_on": "2026-12-01"}, meta={"csrf": False}
    )
    page = str(form.established_on())

    assert form.established_on.data == {"year": "2026", "month": "12", "day": "01"}
    assert page.index(">年<") < page.index(">月<") < page.index(">日<")


def test_only_what_was_offered_may_be_chosen() -> None:
    form = posted(("holder_kind", "ghost"), ("seals", "official"), ("seals", "moon"))

    assert not form.validate()
    assert form.holder_kind.errors == ["请从列出的选项中选择。"]
    assert form.seals.errors == ["请从列出的选项中选择。"]


def test_several_choices_are_kept_and_ticked_again() -> None:
    form = posted(("seals", "official"), ("seals", "contract"))

    assert form.seals.data == ["official", "contract"]
    assert str(form.seals()).count(" checked") == 2


def test_a_mistake_is_tied_to_its_field() -> None:
    field = every_field(is_wrong=True).trade_name
    page = str(field())

    assert 'aria-describedby="every-trade_name-hint every-trade_name-error"' in page
    assert '<span class="govuk-visually-hidden">错误：</span> 请检查字号。' in page


def test_the_summary_leads_to_the_first_control_of_each_field() -> None:
    links = {each["id"] for each in every_field(is_wrong=True).error_list()}
    page = "".join(str(field()) for field in every_field(is_wrong=True))

    assert {"every-holder_kind-0", "every-established_on-year", "every-trade_name"} <= links
    for link in links - {"every-token"}:
        assert f'id="{link}"' in page


def test_what_cannot_be_chosen_says_where_to_go_instead() -> None:
    page = str(every_field(is_wrong=False).supervision())

    assert 'value="board" disabled aria-describedby="every-supervision-2-hint"' in page
    assert "请带选举文件到企业登记窗口办理。" in page
