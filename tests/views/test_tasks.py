"""The case page: seeing, deciding once, and saying who was faster."""

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.fixtures.world import World
from tests.views.test_queue import Browser, page_of

Fields = dict[str, Any]


def fields_of(html: str, trigger: str) -> tuple[str, Fields]:
    """Address and hidden fields of the form of one step."""
    start = html.index(f'id="step-{trigger}"')
    head = html[html.rindex("<form", 0, start) : start]
    form = html[start : html.index("</form>", start)]
    action = re.search(r'action="([^"]+)"', head)
    assert action
    names = ("command_id", "expected_version", "place_count")
    found = {
        name: match[1]
        for name in names
        if (match := re.search(rf'name="{name}" value="([^"]*)"', form))
    }
    return unescape(action[1]), found


def press(client: FlaskClient, page: str, trigger: str, **typed: str) -> Any:
    """Open the page and send the form of one step, with a reason if it is decided late."""
    action, hidden = fields_of(client.get(page).text, trigger)
    delay = {f"{trigger}-delay_code": "many_cases"}
    return client.post(action, data=hidden | delay | typed)


@pytest.fixture
def registrar(browser_of: Browser) -> FlaskClient:
    return browser_of("registrar")


def test_the_page_shows_answers_history_and_buttons(registrar: FlaskClient, world: World) -> None:
    page = registrar.get(page_of(world.submitted(), "registration")).text

    for words in ("兰州星河", "注册资本", "200,000.00 元", "提交", "退回修改", "不予受理"):
        assert words in page
    steps = page[page.index('id="steps"') : page.index("</main>")]
    assert "自动" not in re.sub(r"<[^>]+>", "", steps)


def test_a_clerk_accepts_and_approves(registrar: FlaskClient, world: World) -> None:
    key = world.submitted()
    page = page_of(key, "registration")

    answer = press(registrar, page, "accept")
    assert (answer.status_code, answer.location) == (303, page)
    assert press(registrar, page, "approve").status_code == 303
    assert world.task_states(key)["registration"] == "approved"
    assert "没有需要您办理的步骤" in registrar.get(page).text


def test_a_double_click_does_it_once(registrar: FlaskClient, world: World) -> None:
    key = world.submitted()
    page = page_of(key, "registration")
    action, hidden = fields_of(registrar.get(page).text, "accept")

    first = registrar.post(action, data=hidden)
    second = registrar.post(action, data=hidden)

    assert (first.status_code, second.status_code) == (303, 303)
    events = (
        "select count(*) from events where district_code = :district_code and case_id = :case_id"
    )
    assert world.value(events + " and trigger = 'accept'", key) == 1


def test_the_second_clerk_gets_a_page_saying_who_did_what(
    registrar: FlaskClient, browser_of: Browser, world: World
) -> None:
    page = page_of(world.submitted(), "registration")
    colleague = browser_of("registrar-two")
    action, hidden = fields_of(colleague.get(page).text, "accept")
    press(registrar, page, "accept")

    late = colleague.post(action, data=hidden)

    assert late.status_code == 409
    assert "演示登记员甲" in late.text
    assert "受理" in late.text
    assert f'href="{page}"' in late.text
    assert 'href="/queue"' in late.text


def test_what_a_colleague_holds_cannot_be_decided(
    registrar: FlaskClient, browser_of: Browser, world: World
) -> None:
    page = page_of(world.submitted(), "registration")
    colleague = browser_of("registrar-two")
    action, hidden = fields_of(colleague.get(page).text, "accept")
    registrar.post(f"{page}/claim", data={})

    assert "演示登记员甲 正在办理这一件" in colleague.get(page).text
    assert colleague.post(action, data=hidden).status_code == 409
    assert colleague.post(f"{page}/claim", data={}).status_code == 409


def test_done_and_next_opens_the_next_one_and_only_once(
    registrar: FlaskClient, world: World
) -> None:
    page = page_of(world.submitted(), "registration")
    others = {page_of(world.submitted(suffix=number), "registration") for number in (2, 3)}
    action, hidden = fields_of(registrar.get(page).text, "decline")
    typed = hidden | {"decline-reason": "不属于本机关管辖", "then": "next"}

    first = registrar.post(action, data=typed)
    second = registrar.post(action, data=typed)

    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert first.location in others


def test_a_missing_reason_is_said_beside_it(registrar: FlaskClient, world: World) -> None:
    key = world.accepted()
    answer = press(registrar, page_of(key, "registration"), "refuse")

    assert answer.status_code == 422
    assert 'href="#refuse-reason"' in answer.text
    assert "请写明理由" in answer.text
    assert "错误" in answer.text[: answer.text.index("</title>")]
    assert world.task_states(key)["registration"] == "in_review"


def test_a_return_needs_its_list_and_loses_nothing_typed(
    registrar: FlaskClient, world: World
) -> None:
    key = world.submitted()
    page = page_of(key, "registration")

    empty = press(registrar, page, "return")
    assert empty.status_code == 422
    assert "至少列出一处" in empty.text

    typed = {"place-1-path": "company.trade_name", "place-2-reason": "太像"}
    half = press(registrar, page, "return", **typed)
    assert half.status_code == 422
    assert "请写明这一处" in half.text
    assert "请选择是哪一处" in half.text
    assert '<option value="company.trade_name" selected>' in half.text
    assert "太像</textarea>" in half.text
    assert world.state(key) == "submitted"


def test_more_lines_can_be_added_without_scripts(registrar: FlaskClient, world: World) -> None:
    page = page_of(world.submitted(), "registration")
    typed = {"place-0-path": "address.detail", "place-0-reason": "缺门牌号", "add_places": "yes"}

    more = press(registrar, page, "return", **typed)

    assert more.status_code == 200
    assert 'name="place-9-path"' in more.text
    assert 'name="place-10-path"' not in more.text
    assert "缺门牌号</textarea>" in more.text


def test_a_return_reaches_the_applicant_as_one_full_list(
    registrar: FlaskClient, world: World
) -> None:
    key = world.submitted()
    page = page_of(key, "registration")
    typed = {
        "place-0-path": "company.trade_name",
        "place-0-reason": "与已登记企业相近,请换一个字号",
        "place-4-path": "shareholders.0.amount",
        "place-4-reason": "与章程不符",
    }

    assert press(registrar, page, "return", **typed).status_code == 303
    assert world.state(key) == "returned"
    shown = registrar.get(page).text
    assert "与章程不符" in shown
    assert "股东 1" in shown


def test_a_place_that_was_not_offered_is_refused(registrar: FlaskClient, world: World) -> None:
    key = world.submitted()
    typed = {"place-0-path": "bank.account_kind", "place-0-reason": "x"}
    answer = press(registrar, page_of(key, "registration"), "return", **typed)

    assert answer.status_code == 422
    assert world.state(key) == "submitted"


@pytest.mark.parametrize(
    "hostile",
    [
        {"command_id": "x"},
        {"expected_version": "-1"},
        {"expected_version": "9" * 40},
        {"command_id": "", "expected_version": ""},
    ],
)
def test_a_page_without_its_hidden_fields_does_nothing(
    registrar: FlaskClient, world: World, hostile: Fields
) -> None:
    key = world.submitted()
    answer = press(registrar, page_of(key, "registration"), "accept", **hostile)

    assert answer.status_code == 422
    assert "页面信息不完整" in answer.text
    assert world.state(key) == "submitted"


def test_a_bank_types_the_appointment(browser_of: Browser, world: World) -> None:
    key = world.licensed()
    bank, page = browser_of("bank"), page_of(key, "bank_appointment")
    day = {
        f"approve-appointment_on-{part}": value
        for part, value in zip(("year", "month", "day"), ("2026", "10", "12"), strict=True)
    }

    wrong = press(bank, page, "approve", **day | {"approve-branch": "高新支行雁南路 1 号"})
    assert wrong.status_code == 422
    assert "高新支行雁南路 1 号" in wrong.text
    right = press(
        bank,
        page,
        "approve",
        **day | {"approve-branch": "高新支行雁南路 1 号", "approve-appointment_time": "at_0900"},
    )
    assert right.status_code == 303
    assert "9:00–10:00" in bank.get(page).text


def test_a_maker_makes_and_delivers_against_the_code(browser_of: Browser, world: World) -> None:
    key = world.licensed()
    maker, page = browser_of("maker-jincheng"), page_of(key, "seals")
    for trigger in ("code", "engrave"):
        assert press(maker, page, trigger).status_code == 303
    code = world.delivery_code(key)
    assert code not in maker.get(page).text

    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    name = {"deliver-recipient_name": "王小明"}
    refused = press(maker, page, "deliver", **name | {"deliver-delivery_code": wrong})
    assert refused.status_code == 422
    assert "领取码不对" in refused.text
    assert "王小明" in refused.text
    assert (
        press(maker, page, "deliver", **name | {"deliver-delivery_code": code}).status_code == 303
    )
    assert world.task_states(key)["seals"] == "delivered"
    assert press(browser_of("police"), page, "file").status_code == 303
    assert world.task_states(key)["seals"] == "filed"


def test_a_delivery_code_cannot_be_guessed(browser_of: Browser, world: World) -> None:
    key = world.licensed()
    maker, page = browser_of("maker-jincheng"), page_of(key, "seals")
    for trigger in ("code", "engrave"):
        press(maker, page, trigger)
    code = world.delivery_code(key)
    name = {"deliver-recipient_name": "王小明"}
    for guess in range(1, 11):
        wrong = f"{(int(code) + guess) % 1_000_000:06d}"
        answer = press(maker, page, "deliver", **name | {"deliver-delivery_code": wrong})
        assert answer.status_code == 422

    stopped = press(maker, page, "deliver", **name | {"deliver-delivery_code": code})

    assert stopped.status_code == 429
    assert 0 < int(stopped.headers["Retry-After"]) <= 3600
    assert "尝试次数太多" in stopped.text
    assert world.task_states(key)["seals"] == "engraved"


def test_a_neighbours_case_is_not_found_by_any_method(browser_of: Browser, world: World) -> None:
    page = page_of(world.licensed(), "registration")
    for account in ("tax", "maker-hehai"):
        client = browser_of(account)
        assert client.get(page).status_code == 404
        for path in ("accept?of=case", "approve", "claim", "hand-back"):
            assert client.post(f"{page}/{path}", data={}).status_code == 404


def test_only_officers_and_makers_have_case_pages(browser_of: Browser, world: World) -> None:
    page = page_of(world.submitted(), "registration")

    for account in ("applicant@yichuang.example", "auditor", "administrator"):
        assert browser_of(account).get(page).status_code == 403


def test_reloading_the_address_of_a_step_leads_to_the_page(
    registrar: FlaskClient, world: World
) -> None:
    page = page_of(world.submitted(), "registration")

    assert registrar.get(f"{page}/accept?of=case").location == page
    assert registrar.get(f"{page}/nonsense").status_code == 404


def test_every_sentence_of_the_page_is_there_in_english(
    registrar: FlaskClient, world: World
) -> None:
    page = page_of(world.submitted(), "registration")
    registrar.get("/language/en")

    shown = registrar.get(page).text
    for words in ("Accept", "Return with one full list", "Registered capital"):
        assert words in shown
