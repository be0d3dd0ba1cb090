"""The pages of repairs: found by number, asked by one, confirmed by another, nothing personal."""

from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.fixtures.page_forms import forms_of
from tests.fixtures.scene import APPLICANT, Scene


def fields(browser: FlaskClient, page: str) -> dict[str, str]:
    form = next(each for each in forms_of(browser.get(page).text) if each.action.startswith(page))
    return dict(form.fields)


@pytest.fixture
def place(scene: Scene) -> tuple[str, str]:
    """The page of a case that is licensed, and its number."""
    scene.fresh()
    key = scene.accepted()
    number = scene.world.value(
        "select number from cases where district_code = :district_code and id = :case_id", key
    )
    return f"/operations/repairs/{key.district_code}/{key.case_id}", str(number)


def asked(operator: FlaskClient, page: str, verb: str, **typed: str) -> TestResponse:
    return operator.post(f"{page}/{verb}", data=fields(operator, f"{page}/{verb}") | typed)


def test_a_case_is_found_by_its_number_and_names_nobody(
    scene: Scene, place: tuple[str, str]
) -> None:
    page, number = place
    operator = scene.browser("operator")
    assert operator.get("/operations/repairs", query_string={"number": number}).location == page
    shown = unescape(operator.get(page).text)
    assert number in shown
    assert "各项不变式都成立" in shown
    assert "金城创新" not in shown
    assert asked(operator, page, "retry", reason_code="technical_failure").status_code == 303


def test_one_asks_and_another_confirms_and_the_applicant_reads_why(
    scene: Scene, place: tuple[str, str]
) -> None:
    page, number = place
    operator, head = scene.browser("operator"), scene.browser("registrar-head")
    typed = fields(operator, f"{page}/cancel") | {"reason_code": "duplicate", "reason": "重复申请"}
    assert operator.post(f"{page}/cancel", data=typed).status_code == 303
    assert operator.post(f"{page}/cancel", data=typed).status_code == 303  # pressed twice
    refused = asked(operator, page, "cancel", reason_code="duplicate", reason="再来一次")
    assert (refused.status_code, "再来一次" in refused.text) == (409, True)

    waiting = unescape(head.get("/repair-requests").text)
    assert number in waiting
    request = "/repair-requests/" + waiting.split('href="/repair-requests/')[1].split('"')[0]
    own = operator.post(request, data=fields(operator, request) | {"answer": "confirm"})
    assert own.status_code == 409
    assert head.post(request, data=fields(head, request)).status_code == 422
    answer = fields(head, request) | {"answer": "confirm"}
    assert head.post(request, data=answer).status_code == 303
    assert "已终止" in operator.get(page).text
    seen = scene.browser(APPLICANT).get(page.replace("/operations/repairs", "/cases")).text
    assert "已由平台终止办理" in seen
    assert "重复申请" in seen


def test_what_cannot_be_read_is_refused_beside_its_field(
    scene: Scene, place: tuple[str, str]
) -> None:
    page, _number = place
    operator = scene.browser("operator")
    for typed in ("甲" * 20_000, "a\0b", " "):
        form = fields(operator, f"{page}/cancel") | {"reason_code": "other", "reason": typed}
        assert operator.post(f"{page}/cancel", data=form).status_code == 422
    skip = f"{page}/skip"
    assert operator.get(f"{skip}?part=nothing").status_code == 404
    assert operator.get(f"{page}/burn").status_code == 404
    assert "没有编号为" in operator.get("/operations/repairs?number=%00abc").text
