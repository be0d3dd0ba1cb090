"""The public front page, and the two addresses for supervisors."""

from flask import Flask
from flask.testing import FlaskClient

from core.database import Database
from services import demonstration
from tests.fixtures.people import Browser
from tests.fixtures.world import DISTRICT


def test_a_stranger_sees_what_can_be_done_and_the_way_to_the_guide(client: FlaskClient) -> None:
    page = client.get("/")

    assert page.status_code == 200
    assert "企业开办一件事" in page.text
    assert "/guide/business_start_up" in page.text


def test_the_page_is_whole_in_english(client: FlaskClient) -> None:
    client.get("/language/en")

    assert "Start a business" in client.get("/").text


def test_the_process_is_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").status_code == 200


def test_health_asks_neither_the_database_nor_a_session(app: Flask, client: FlaskClient) -> None:
    app.extensions["database"] = Database("postgresql://nobody@127.0.0.1:1/nothing")

    alive, ready = client.get("/healthz"), client.get("/readyz")

    assert (alive.status_code, ready.status_code) == (200, 503)
    assert "Set-Cookie" not in alive.headers


def test_a_need_typed_in_any_way_leads_to_the_guide(client: FlaskClient) -> None:
    for typed in ("我想开个公司", " ｋｇｓ ", "公章"):
        page = client.get("/find", query_string={"q": typed})

        assert page.status_code == 200
        assert "/guide/business_start_up" in page.text
        assert "找到 1 件事" in page.text


def test_a_need_that_is_not_here_is_answered_with_what_is(client: FlaskClient) -> None:
    page = client.get("/find", query_string={"q": "离婚登记"}).text

    assert "没有找到“离婚登记”" in page
    assert "12345" in page
    assert "企业开办一件事" in page


def test_nothing_typed_shows_everything(client: FlaskClient) -> None:
    page = client.get("/find").text

    assert "现在可以办的事" in page
    assert "没有找到" not in page


def test_what_was_typed_is_shown_as_text_and_never_too_long(client: FlaskClient) -> None:
    page = client.get("/find", query_string={"q": "<script>alert(1)</script>" + "长" * 500}).text

    assert "<script>alert" not in page
    assert "长" * 101 not in page


def test_an_applicant_finds_the_open_draft_on_the_front_page(browser_of: Browser) -> None:
    client = browser_of(demonstration.ACCOUNTS[0].account)
    assert "等您填写的申请" not in client.get("/").text

    client.post("/guide/business_start_up/start", data={"district_code": DISTRICT})

    assert "您有 1 份等您填写的申请" in client.get("/").text


def test_an_officer_has_no_applications_to_go_on_with(browser_of: Browser) -> None:
    assert browser_of("registrar").get("/").status_code == 200


def test_the_accessibility_statement_says_what_does_not_work_yet(client: FlaskClient) -> None:
    page = client.get("/accessibility").text

    assert "还做得不够的地方" in page
    assert "/accessibility" in client.get("/").text
