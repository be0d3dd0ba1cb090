"""What officers type is kept for them alone, and usual reasons carry their law to the applicant."""

import re

import pytest
from flask.testing import FlaskClient

from tests.fixtures.world import World
from tests.views.test_queue import Browser, page_of
from tests.views.test_tasks import fields_of, press

JSON = {"Accept": "application/json"}
WORDS = "请补上 <房屋> 证明"


@pytest.fixture
def registrar(browser_of: Browser) -> FlaskClient:
    return browser_of("registrar")


def test_a_draft_comes_back_on_every_device_and_goes_with_the_step(
    registrar: FlaskClient, browser_of: Browser, world: World
) -> None:
    key = world.submitted()
    page = page_of(key, "registration")
    saved = registrar.post(
        f"{page}/decline/draft?of=case", data={"decline-reason": WORDS}, headers=JSON
    )

    assert re.fullmatch(r"\d\d:\d\d:\d\d", saved.get_json()["saved_at"])
    elsewhere = browser_of("registrar").get(page).text
    assert "请补上 &lt;房屋&gt; 证明</textarea>" in elsewhere
    assert "存下的草稿，只有您能看到" in elsewhere
    assert "请补上" not in browser_of("registrar-two").get(page).text
    press(registrar, page, "decline", **{"decline-reason": WORDS})
    count = "select count(*) from decision_drafts where handling_district_code = :district_code"
    assert world.value(f"{count} and case_id = :case_id", key) == 0


def test_without_script_a_button_saves_and_another_clears(
    registrar: FlaskClient, world: World
) -> None:
    page = page_of(world.accepted(), "registration")
    answer = registrar.post(f"{page}/refuse/draft", data={"refuse-reason": WORDS, "save": "yes"})

    assert (answer.status_code, answer.location) == (303, f"{page}#step-refuse")
    assert "已存为草稿" in registrar.get(page).text
    cleared = registrar.post(f"{page}/refuse/draft", data={"clear": "yes"})
    assert cleared.status_code == 303
    assert "请补上" not in registrar.get(page).text


def test_nothing_strange_is_kept(registrar: FlaskClient, browser_of: Browser, world: World) -> None:
    page = page_of(world.accepted(), "registration")

    typed = {"refuse-reason": "\x00 ", "csrf_token": "x", "other": "y", "place_count": "9"}
    assert registrar.post(f"{page}/refuse/draft", data=typed, headers=JSON).get_json() == {
        "saved_at": None
    }
    flood = registrar.post(f"{page}/refuse/draft", data={"refuse-reason": "a" * 210_000})
    assert flood.status_code == 422
    assert registrar.post(f"{page}/explode/draft", data={}).status_code == 404
    assert browser_of("tax").post(f"{page}/refuse/draft", data={}).status_code == 404


def test_a_usual_reason_fills_the_box_and_its_law_reaches_the_applicant(
    registrar: FlaskClient, world: World
) -> None:
    key = world.accepted()
    page = page_of(key, "registration")
    action, hidden = fields_of(registrar.get(page).text, "refuse")
    chosen = hidden | {"refuse-reason_code": "name_taken", "refuse-delay_code": "many_cases"}

    filled = registrar.post(
        action, data=chosen | {"fill_reason": "yes", "refuse-reason": "另见附件"}
    )
    assert filled.status_code == 200
    assert "另见附件\n企业名称中的字号与同行业已登记的企业名称相同" in filled.text
    assert registrar.post(action, data=chosen | {"refuse-reason": "名称相同"}).status_code == 303

    event = "select reason_code from events where district_code = :district_code"
    event += " and case_id = :case_id and trigger = 'refuse' and item_code is not null"
    assert world.value(event, key) == "name_taken"
    assert "《企业名称登记管理规定》第十七条" in registrar.get(page).text


def test_a_reason_that_is_none_of_the_step_is_refused_beside_the_list(
    registrar: FlaskClient, world: World
) -> None:
    page = page_of(world.accepted(), "registration")
    typed = {"refuse-reason_code": "<b>", "refuse-reason": "名称相同"}

    answer = press(registrar, page, "refuse", **typed)
    assert answer.status_code == 422
    assert 'id="refuse-reason_code-error"' in answer.text
    assert "名称相同" in answer.text
