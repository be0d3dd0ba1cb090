"""The page on which a head lets rules decide: what it shows, what it refuses, who reads it."""

from html import unescape

from flask.testing import FlaskClient

from tests.fixtures.page_forms import forms_of
from tests.fixtures.people import Browser

PAGE = "/automatic-decisions/620102-gx/market_regulation/business_start_up/registration"
ELSEWHERE = PAGE.replace("620102-gx", "620102")


def fields_of(browser: FlaskClient) -> dict[str, str]:
    """What the switch's form would send if nothing were typed."""
    form = next(each for each in forms_of(browser.get(PAGE).text) if each.action == PAGE)
    return dict(form.fields)


def test_a_head_switches_rules_on_and_the_page_says_who_did_and_why(browser_of: Browser) -> None:
    head = browser_of("registrar-head")
    fields = fields_of(head) | {"state": "on", "share_permille": "80", "reason": "试行三个月"}

    assert head.post(PAGE, data=fields).status_code == 303

    page = unescape(head.get(PAGE).text)
    assert "已开启" in page
    assert "试行三个月" in page
    assert "演示登记科长" in page
    assert "抽查千分之 80" in unescape(browser_of("auditor").get("/automatic-decisions").text)


def test_a_mistake_stands_beside_its_field_and_nothing_typed_is_lost(browser_of: Browser) -> None:
    head = browser_of("registrar-head")
    fields = fields_of(head) | {"state": "on", "share_permille": "许多", "reason": ""}

    answer = head.post(PAGE, data=fields)

    assert answer.status_code == 422
    assert "许多" in answer.text
    assert "请写明为什么开启或者关闭" in answer.text
    assert "1 到千分之 1000" in answer.text


def test_two_heads_at_once_are_told_and_the_first_one_stands(browser_of: Browser) -> None:
    head = browser_of("registrar-head")
    stale = fields_of(head) | {"state": "on", "reason": "先"}
    assert head.post(PAGE, data=stale).status_code == 303

    answer = head.post(PAGE, data=stale | {"state": "off", "reason": "后"})

    assert answer.status_code == 409
    assert "开关已经被改过" in answer.text
    assert "后" in answer.text


def test_another_offices_switch_is_out_of_reach(browser_of: Browser) -> None:
    head, supervisor = browser_of("registrar-head"), browser_of("supervisor")

    assert head.get(ELSEWHERE).status_code == 404
    assert supervisor.get(PAGE).status_code == 200
    assert supervisor.post(PAGE, data=fields_of(head)).status_code == 403
