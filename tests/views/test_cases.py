"""The applicant's pages: filling in, checking, submitting once, following, collecting."""

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog import samples
from core.clock import CIVIL_ZONE, now
from core.database import Database
from services import cases, demonstration, notices
from services.cases import CaseKey
from services.door import PlaceToMend
from tests.fixtures.people import Browser
from tests.fixtures.world import DISTRICT, World, applicants_world, clerk_of

APPLICANT = demonstration.ACCOUNTS[0].account
REGISTRAR = clerk_of("market_regulation")
START = "/guide/business_start_up/start"


@pytest.fixture
def client(browser_of: Browser) -> FlaskClient:
    """A browser in which the demonstration applicant is signed in."""
    return browser_of(APPLICANT)


@pytest.fixture
def world(client: FlaskClient, database: Database) -> World:
    """The world of services, with the person of ``client`` as its applicant."""
    return applicants_world(database)


@pytest.fixture
def stranger(app: Flask, client: FlaskClient) -> FlaskClient:
    """Another applicant, who has signed up a minute ago."""
    other = app.test_client()
    other.post(
        "/sign-up",
        data={
            "account": "13800138001",
            "name": "李雷",
            "password": "correct horse",
            "again": "correct horse",
        },
    )
    return other


def address(key: CaseKey, page: str = "") -> str:
    return f"/cases/{key.district_code}/{key.case_id}{page}"


def flat(section: str, typed: Mapping[str, Any] | list[Mapping[str, Any]]) -> dict[str, Any]:
    """Typed answers as a browser posts the page of their section."""
    if isinstance(typed, list):
        posted: dict[str, Any] = {"line_count": str(len(typed))}
        for number, line in enumerate(typed):
            posted |= _fields(f"{section}-{number}-", line)
        return posted
    return _fields(f"{section}-", typed)


def _fields(prefix: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    posted: dict[str, Any] = {}
    for name, value in typed.items():
        if isinstance(value, Mapping):
            posted |= {f"{prefix}{name}-{part}": text for part, text in value.items()}
        else:
            posted[f"{prefix}{name}"] = value
    return posted


def command_id(page: str) -> str:
    [found] = re.findall(r'name="command_id" value="([^"]+)"', page)
    return str(found)


def test_nobody_has_cases_yet_and_is_shown_the_way(client: FlaskClient) -> None:
    page = client.get("/cases")

    assert page.status_code == 200
    assert "您还没有办件" in page.text
    assert "/guide/business_start_up" in page.text


def test_a_company_is_filled_in_page_by_page_and_submitted(
    client: FlaskClient, world: World
) -> None:
    home = client.post(START, data={"district_code": DISTRICT}).location
    typed = samples.business_start_up(
        on=now().astimezone(CIVIL_ZONE).date(), district_code=DISTRICT
    )
    visited, url = [], re.findall(rf'href="({home}/form/[^"#]+)"', client.get(home).text)[0]

    while not url.endswith("/check"):
        section = url.rpartition("/")[2]
        assert client.get(url).status_code == 200
        answer = client.post(url, data=flat(section, typed[section]))
        assert answer.status_code == 303, f"{section}: {answer.text}"
        visited.append(section)
        url = answer.location

    assert visited[0] == "company"
    assert len(visited) == len(set(visited))
    page = client.get(url).text
    assert "确认并提交" in page
    sent = client.post(url, data={"command_id": command_id(page)})
    assert sent.location == f"{home}/receipt"
    receipt = client.get(sent.location).text
    assert re.search(r"620102-gx-\d{8}-000001-", receipt)
    assert "签名" in receipt


def test_mistakes_are_named_beside_their_cause_and_nothing_is_lost(
    client: FlaskClient, world: World
) -> None:
    key = world.draft()
    url = address(key, "/form/contacts")
    with world.database.transaction() as session:
        typed = dict(cases.draft(session, world.applicant, key).typed)["contacts"]
    wrong = {**typed, "liaison_mobile": "12 <b>"}

    answer = client.post(url, data=flat("contacts", wrong))

    assert answer.status_code == 422
    assert 'value="12 &lt;b&gt;"' in answer.text or 'value="12 &lt;b&gt;"' in unescape(answer.text)
    assert "govuk-error-summary" in answer.text
    assert 'href="#contacts-liaison_mobile"' in answer.text
    again = client.get(url)
    assert "12 &lt;b&gt;" in again.text


def test_save_for_later_keeps_mistakes_and_leads_back_to_the_list(
    client: FlaskClient, world: World
) -> None:
    key = world.draft()

    answer = client.post(address(key, "/form/contacts"), data={"later": "1"})

    assert (answer.status_code, answer.location) == (303, address(key))
    assert "需要补充或修改" in client.get(address(key)).text


def test_lines_are_added_and_removed_without_a_script(client: FlaskClient, world: World) -> None:
    key = world.draft(shareholders=2)
    url = address(key, "/form/shareholders")
    with world.database.transaction() as session:
        lines = dict(cases.draft(session, world.applicant, key).typed)["shareholders"]

    added = client.post(url, data={**flat("shareholders", lines), "add": "1"})
    more = client.get(added.location)
    removed = client.post(url, data={**flat("shareholders", lines), "remove": "0"})
    fewer = client.get(removed.location)

    assert added.location.endswith("#shareholders-2")
    assert "govuk-error-summary" not in more.text
    assert "股东 3" in more.text
    assert "股东 2" not in fewer.text
    assert lines[1]["name"] in fewer.text
    assert lines[0]["name"] not in fewer.text


def test_a_rule_across_sections_is_shown_with_all_its_places(
    client: FlaskClient, world: World
) -> None:
    key = world.draft()
    posted = client.post(
        address(key, "/form/capital"),
        data={"capital-currency": "cny", "capital-registered": "1"},
    )

    page = client.get(address(key, "/check")).text

    assert posted.status_code == 303
    assert "确认并提交" not in page
    assert f"{address(key, '/form/capital')}#capital-registered" in page
    assert address(key, "/form/shareholders") in page


def test_twenty_presses_make_one_case(app: Flask, client: FlaskClient, world: World) -> None:
    key = world.draft()
    command = command_id(client.get(address(key, "/check")).text)
    with client.session_transaction() as cookie:
        signed_in = dict(cookie)

    def press(_number: int) -> str:
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie.update(signed_in)
        answer = browser.post(address(key, "/check"), data={"command_id": command})
        return f"{answer.status_code} {answer.location}"

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(press, range(20)))

    assert answers == {f"303 {address(key, '/receipt')}"}
    assert (
        world.value(
            "select count(*) from events"
            " where district_code = :district_code and case_id = :case_id",
            key,
        )
        == 1
    )


def test_an_incomplete_form_is_not_submitted(client: FlaskClient, world: World) -> None:
    home = client.post(START, data={"district_code": DISTRICT}).location

    answer = client.post(f"{home}/check", data={"command_id": str(uuid4())})

    assert answer.status_code in {409, 422}
    assert "/receipt" not in (answer.location or "")


def test_a_press_on_a_page_that_was_never_ours_submits_nothing(
    client: FlaskClient, world: World
) -> None:
    key = world.draft()

    for command in ("", "nonsense", str(uuid4())):
        answer = client.post(address(key, "/check"), data={"command_id": command})
        assert answer.status_code == 422
        assert "这个页面已经过期" in answer.text
    assert world.state(key) == "draft"


def test_a_submitted_case_can_no_longer_be_written_in(client: FlaskClient, world: World) -> None:
    key = world.submitted()

    for page in ("/form/company", "/check"):
        assert client.get(address(key, page)).location == address(key)
    assert client.post(address(key, "/form/company"), data={}).status_code == 409


def test_the_page_of_a_case_says_who_has_each_part_and_by_when(
    client: FlaskClient, world: World
) -> None:
    key = world.licensed()

    page = client.get(address(key)).text

    for words in ("刻章企业已接单", "税务", "承诺", "印章领取码", world.delivery_code(key)):
        assert words in page


def test_a_returned_case_shows_the_full_list_with_links(client: FlaskClient, world: World) -> None:
    key = world.submitted()
    places = (
        PlaceToMend(path="address.detail", reason="请写到房间号"),
        PlaceToMend(path="shareholders.0.name", reason="与证件不一致"),
    )
    world.act(REGISTRAR, key, "return", places=places)

    page = client.get(address(key)).text

    assert "请写到房间号" in page
    assert "与证件不一致" in page
    assert f"{address(key, '/form/address')}#address-detail" in page
    assert page.count("未改</strong>") == 2
    assert page.count("请修改</strong>") == 2
    assert "请写到房间号" in client.get(address(key, "/form/address")).text
    again = client.post(
        address(key, "/check"),
        data={"command_id": command_id(client.get(address(key, "/check")).text)},
    )
    assert again.status_code == 303
    assert "重新提交" in client.get(again.location).text


def test_a_place_that_was_mended_is_marked_so(client: FlaskClient, world: World) -> None:
    key = world.submitted()
    place = PlaceToMend(path="address.detail", reason="请写到房间号")
    world.act(REGISTRAR, key, "return", places=(place,))
    with world.database.transaction() as session:
        typed = dict(cases.draft(session, world.applicant, key).typed)["address"]

    before = client.get(address(key)).text
    mended = {**typed, "detail": "雁园路 1 号 2 单元 302 室"}
    client.post(address(key, "/form/address"), data=flat("address", mended))

    assert "没有改" in before
    assert "已改</strong>" in client.get(address(key)).text


def test_outputs_are_on_one_list_and_the_licence_says_what_it_is_not(
    client: FlaskClient, world: World
) -> None:
    key = world.licensed()
    world.delivered(key)

    listed = client.get(address(key, "/outputs")).text
    licence = client.get(address(key, "/outputs/registration/business_licence"))

    assert "营业执照" in listed
    assert len(set(re.findall(r"\b6201\d{9}\b", listed))) == 4
    assert licence.status_code == 200
    for words in ("演示环境出具，不具法律效力", "未加盖国家标准电子印章", "法定代表人", "经营范围"):
        assert words in licence.text


def test_a_result_that_is_not_issued_has_no_page(client: FlaskClient, world: World) -> None:
    key = world.submitted()

    for page in ("/outputs/registration/business_licence", "/outputs/none/none"):
        assert client.get(address(key, page)).status_code == 404
    assert "还没有结果" in client.get(address(key, "/outputs")).text


def test_notices_are_shown_once_and_marked_as_read(client: FlaskClient, world: World) -> None:
    key = world.submitted()
    with world.database.transaction() as session:
        notices.tell(session, key.district_code, key.case_id, [1], now())
    page = client.get("/cases").text
    [until] = re.findall(r'name="until" value="([^"]+)"', page)

    client.post("/cases/notices/read", data={"until": unescape(until)})

    assert "1 条新消息" in page
    assert "条新消息" not in client.get("/cases").text
    assert client.post("/cases/notices/read", data={"until": "soon"}).status_code == 303


def test_a_neighbours_case_is_found_on_no_page(
    client: FlaskClient, stranger: FlaskClient, world: World, browser_of: Browser
) -> None:
    key = world.licensed()
    pages = (
        "",
        "/form/company",
        "/check",
        "/receipt",
        "/outputs",
        "/outputs/registration/business_licence",
    )

    for page in pages:
        assert client.get(address(key, page)).status_code in {200, 303}
        assert stranger.get(address(key, page)).status_code == 404, page
        assert browser_of("registrar").get(address(key, page)).status_code == 403, page
    assert stranger.post(address(key, "/form/company"), data={}).status_code == 404
    assert stranger.post(address(key, "/check"), data={"command_id": "x"}).status_code == 404


HOSTILE: tuple[Callable[[], dict[str, Any]], ...] = (
    dict,
    lambda: {"line_count": "999999999999"},
    lambda: {"line_count": "-1", "remove": "x"},
    lambda: {"company-trade_name": "\x00\x00", "company-division": "\u202e兰州"},
    lambda: {"company-trade_name": "长" * 20_000},
    lambda: {"company-company_kind": ["limited_company", "branch"], "company": "x"},
    lambda: {"shareholders-0-amount": "1e999", "shareholders-0-paid_by-year": "二〇二六"},
)


@pytest.mark.parametrize("section", ["company", "shareholders", "business_scope", "bank"])
@pytest.mark.parametrize("posted", HOSTILE)
def test_nothing_that_is_posted_breaks_a_page(
    client: FlaskClient,
    world: World,
    section: str,
    posted: Callable[[], dict[str, Any]],
) -> None:
    key = world.draft()

    answer = client.post(address(key, f"/form/{section}"), data=posted())

    assert answer.status_code in {200, 303, 422}
    assert client.get(address(key, f"/form/{section}")).status_code == 200
    assert client.get(address(key, "/check")).status_code == 200


def test_sections_that_do_not_exist_or_are_not_asked_are_not_found(
    client: FlaskClient, world: World
) -> None:
    key = world.draft()

    for section in ("nothing", "beneficial_owners"):
        assert client.get(address(key, f"/form/{section}")).status_code == 404
        assert client.post(address(key, f"/form/{section}"), data={}).status_code == 404
