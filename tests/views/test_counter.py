"""The window's pages, and the phone that was lent a draft, as their people use them."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from catalog import samples
from core.clock import CIVIL_ZONE, now
from core.database import Database
from services import cases, people
from services.cases import CaseKey
from tests.fixtures.people import Browser
from tests.fixtures.world import DISTRICT
from workflows.permissions import Actor

START = "/counter/start/business_start_up"
PHONE_NUMBER = "13919876543"


@pytest.fixture
def window(browser_of: Browser) -> FlaskClient:
    """A browser in which the demonstration officer of the window is signed in."""
    return browser_of("window")


@pytest.fixture
def phone(app: Flask) -> FlaskClient:
    """A phone on which nobody is signed in."""
    return app.test_client()


def visitor(**more: str) -> dict[str, str]:
    return {
        "command_id": str(uuid4()),
        "district": DISTRICT,
        "name": "王小明",
        "account": PHONE_NUMBER,
        "document_kind": "resident_id_card",
        "is_checked": "yes",
        "consent": "yes",
    } | more


def begin(window: FlaskClient, **more: str) -> str:
    """Begin a case for a visitor; the address of its page."""
    answer = window.post(START, data=visitor(**more))
    assert answer.status_code == 303, words(answer.text)
    return str(answer.location)


def words(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page)))


def hand_over(window: FlaskClient, case: str) -> tuple[str, str]:
    """Hand the draft over to a phone; the address in the QR code, and the code under it."""
    here = case.replace("/cases/", "/counter/") + "/hand-over"
    assert window.post(here).status_code == 303
    page = window.get(here).text
    link = re.search(r'id="link">http://[^/]+(/continue/[^<]+)<', page)
    code = re.search(r'app-big-code">([^<]+)<', page)
    assert link
    assert code
    assert '<svg role="img"' in page
    assert "style=" not in page
    return link.group(1), code.group(1)


def key_of(case: str) -> CaseKey:
    district_code, case_id = case.rsplit("/", 2)[1:]
    return CaseKey(district_code, UUID(case_id))


def fill_in(database: Database, case: str) -> Mapping[str, Any]:
    """Fill in everything as the officer."""
    typed = samples.business_start_up(on=now().astimezone(CIVIL_ZONE).date())
    with database.transaction() as session:
        person = people.find(session, "window", now())
        officer = Actor(id=person.id, name=person.name, grants=person.grants)
        cases.save_sections(session, officer, key_of(case), typed, now())
    return typed


def test_a_start_with_mistakes_keeps_what_was_typed_and_blames_each_field(
    window: FlaskClient,
) -> None:
    answer = window.post(START, data={"name": "王小明", "account": "12", "agent_name": "李雷"})

    assert answer.status_code == 422
    assert 'value="王小明"' in answer.text
    for sentence in ("请选择核验了哪一种证件", "请写明代办人与申请人的关系", "征得申请人同意"):
        assert sentence in words(answer.text)


@pytest.mark.parametrize(
    "wrong", [{"district": "620123"}, {"document_kind": "\x00"}, {"command_id": "x" * 9000}]
)
def test_forged_values_begin_nothing_strange(window: FlaskClient, wrong: dict[str, str]) -> None:
    answer = window.post(START, data=visitor(**wrong))

    assert answer.status_code in {303, 403, 422}
    assert answer.status_code == 303 or "王小明" not in window.get("/counter").text


def test_the_list_and_the_search_show_the_windows_own_cases(window: FlaskClient) -> None:
    case = begin(window)

    assert "139****6543" in window.get("/counter").text
    assert case in window.post("/counter/search", data={"searched": PHONE_NUMBER}).text
    for typed in ("13900000000", PHONE_NUMBER[:-1], "' or 1=1 --", ""):
        assert case not in window.post("/counter/search", data={"searched": typed}).text


def test_synthetic_cases_are_marked_on_the_windows_list(
    window: FlaskClient, database: Database
) -> None:
    begin(window)
    before = window.get("/counter").text
    with database.transaction() as session:
        session.execute(
            text("update cases set origin = 'synthetic' where district_code = :code"),
            {"code": DISTRICT},
        )

    assert "演示数据" not in before
    assert "演示数据" in window.get("/counter").text


def test_the_page_says_whose_case_it_is_and_masks_the_account(window: FlaskClient) -> None:
    page = window.get(begin(window, agent_name="李雷", agent_relation="配偶")).text

    assert "窗口代填：王小明（139****6543）" in words(page)
    assert "代办人：李雷（配偶）" in words(page)
    assert PHONE_NUMBER not in page


def test_a_link_that_is_only_looked_at_is_not_used_up(
    window: FlaskClient, phone: FlaskClient, app: Flask
) -> None:
    link, _ = hand_over(window, begin(window))

    for _ in range(3):
        assert "王**" in app.test_client().get(link).text
    assert phone.post(link).status_code == 303
    assert app.test_client().get(link).status_code == 404
    assert app.test_client().post(link).status_code == 404


def test_a_lent_phone_opens_its_draft_and_no_other_page(
    window: FlaskClient, phone: FlaskClient, database: Database
) -> None:
    case, other = begin(window), begin(window, account="13912345678")
    fill_in(database, case)
    link, _ = hand_over(window, case)
    phone.post(link)

    assert phone.get(case).status_code == 200
    assert phone.get(f"{case}/form/company").status_code == 200
    assert phone.get(f"{case}/materials").status_code == 200
    check = phone.get(f"{case}/check").text
    assert "交回窗口" in check
    assert "确认并提交" not in check
    for closed in (other, f"{other}/form/company"):
        assert phone.get(closed).status_code == 404
    for page in ("/cases", "/account", "/counter", "/queue", f"{case}/receipt"):
        answer = phone.get(page)
        assert answer.status_code == 403 or "/sign-in" in answer.location
    assert phone.post(f"{case}/check").status_code in {401, 403}


def test_what_the_phone_typed_stays_on_the_screen_when_it_was_taken_back(
    window: FlaskClient, phone: FlaskClient
) -> None:
    case = begin(window)
    link, _ = hand_over(window, case)
    phone.post(link)
    window.post(case.replace("/cases/", "/counter/") + "/take-back")

    answer = phone.post(f"{case}/form/company", data={"company-trade_name": "没有存上的字号"})
    script = phone.post(
        f"{case}/form/company/autosave",
        data={"company-trade_name": "没有存上的字号"},
        headers={"Accept": "application/json"},
    )

    assert answer.status_code == 409
    assert 'value="没有存上的字号"' in answer.text
    assert "这份申请已经回到窗口" in words(answer.text)
    assert phone.get(f"{case}/materials").status_code == 409
    assert (script.status_code, script.json and script.json["status"]) == (409, 409)
    assert phone.get(f"{case}/form/company").status_code == 409
    assert "没有存上的字号" not in window.get(f"{case}/form/company").text


def test_while_the_phone_has_it_the_window_reads_and_keeps_what_it_typed(
    window: FlaskClient, phone: FlaskClient
) -> None:
    case = begin(window)
    link, _ = hand_over(window, case)
    phone.post(link)

    assert window.get(f"{case}/form/company").status_code == 303
    assert "取回到窗口" in window.get(case).text
    answer = window.post(f"{case}/form/company", data={"company-trade_name": "窗口打的字"})
    assert answer.status_code == 409
    assert 'value="窗口打的字"' in answer.text


def test_the_code_is_read_as_people_write_it_and_guessing_is_throttled(
    window: FlaskClient, phone: FlaskClient
) -> None:
    _, code = hand_over(window, begin(window))

    for _ in range(3):
        assert phone.post("/continue", data={"code": "2222-2222"}).status_code == 422
    assert phone.post("/continue", data={"code": ""}).status_code == 422
    assert phone.post("/continue", data={"code": f" {code.lower()} "}).status_code == 303
    statuses = {phone.post("/continue", data={"code": "3333"}).status_code for _ in range(31)}
    assert statuses == {422, 429}


def test_the_standing_answers_304_until_something_changes(
    window: FlaskClient, phone: FlaskClient
) -> None:
    case = begin(window)
    link, _ = hand_over(window, case)
    first = window.get(f"{case}/standing.json")
    mark = {"If-None-Match": first.headers["ETag"]}

    assert first.json is not None
    assert first.json["holder"] == "window"
    assert window.get(f"{case}/standing.json", headers=mark).status_code == 304
    phone.post(link)
    changed = window.get(f"{case}/standing.json", headers=mark)
    assert changed.json is not None
    assert changed.json["holder"] == "applicant"


def test_the_officer_submits_once_what_was_signed_and_the_receipt_says_so(
    window: FlaskClient, database: Database
) -> None:
    case = begin(window)
    fill_in(database, case)
    command_id = re.findall(r'name="command_id" value="([^"]+)"', window.get(f"{case}/check").text)
    sent = {"command_id": command_id[-1]}

    refused = window.post(f"{case}/check", data=sent)
    assert refused.status_code == 422
    assert "请申请人核对全部内容并签字" in words(refused.text)
    for _ in range(2):
        answer = window.post(f"{case}/check", data=sent | {"confirmed": "yes"})
        assert answer.location.endswith("/receipt")
    assert "由窗口工作人员演示综窗员代填" in words(window.get(f"{case}/receipt").text)


def test_the_slip_has_a_link_only_for_an_account_without_a_password(
    window: FlaskClient, phone: FlaskClient
) -> None:
    case = begin(window)
    slip = case.replace("/cases/", "/counter/") + "/slip"

    page = window.post(slip).text
    link = re.search(r'id="link">http://[^/]+(/invitations/[^<]+)<', page)
    assert link
    address = unescape(link.group(1))
    form = re.search(r'<form method="post" action="(/invitations/[^"]+)"', phone.get(address).text)
    assert form
    password = {"password": "山高水长黄河远上白云间", "again": "山高水长黄河远上白云间"}
    assert phone.post(unescape(form.group(1)), data=password).location == case
    assert "由窗口工作人员演示综窗员代填" in words(phone.get(case).text)
    assert window.post(slip).status_code == 409
    assert window.post(f"{slip}/revoke").status_code == 409


def test_an_applicant_brings_a_draft_and_takes_it_home(
    window: FlaskClient, browser_of: Browser
) -> None:
    applicant = browser_of("applicant@yichuang.example")
    data = {"district_code": DISTRICT}
    case = applicant.post("/guide/business_start_up/start", data=data).location
    assert window.get(case).status_code == 404
    applicant.post(f"{case}/to-window")
    code = re.search(r'app-big-code">([^<]+)<', applicant.get(f"{case}/to-window").text)
    assert code

    checked = {"document_kind": "passport", "is_checked": "yes"}
    wrong = window.post("/counter/receive", data={"code": "2222-2222", **checked})
    unchecked = window.post("/counter/receive", data={"code": code.group(1)})
    taken = window.post("/counter/receive", data={"code": code.group(1), **checked})

    assert (wrong.status_code, unchecked.status_code) == (422, 422)
    again = window.post("/counter/receive", data={"code": code.group(1), **checked})
    assert taken.location == again.location == case
    assert applicant.get(f"{case}/to-window").location == case
    assert "现在由窗口填写" in words(applicant.get(case).text)
    assert applicant.post(f"{case}/take-home").status_code == 303
    assert applicant.get(f"{case}/form/company").status_code == 200
    assert window.get(f"{case}/form/company").status_code == 303
    assert applicant.post(f"{case}/give-back").location == case
    assert window.get(f"{case}/form/company").status_code == 200
