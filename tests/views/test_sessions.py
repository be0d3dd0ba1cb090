"""A session that ends loses nothing: what a page had sent is carried along and sent by a press."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from core.clock import now
from core.database import Database
from services import demonstration
from services.demonstration import PASSWORD

Browser = Callable[[str], FlaskClient]
APPLICANT = demonstration.ACCOUNTS[0].account
SCRIPT = {"Accept": "application/json"}
OURS = {"Sec-Fetch-Site": "same-origin"}
TYPED = {"name": "王\n小明 <b>", "locale": "zh"}


@pytest.fixture(autouse=True)
def _guarded(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True


def sign_in(app: Flask, account: str = APPLICANT) -> FlaskClient:
    client = app.test_client()
    page = client.get("/sign-in")
    answer = client.post(
        "/sign-in",
        data={"account": account, "password": PASSWORD, "csrf_token": token_in(page)},
    )
    assert answer.status_code == 303, answer.text
    return client


@pytest.fixture
def client(app: Flask, browser_of: Browser) -> FlaskClient:
    browser_of(APPLICANT)  # loads the people
    return sign_in(app)


def token_in(page: TestResponse) -> str:
    return str(re.findall(r'name="csrf_token" value="([^"]+)"', page.text)[-1])


def kept_in(page: TestResponse) -> str:
    [kept] = re.findall(r'name="kept" value="([^"]+)"', page.text)
    return unescape(kept)


def is_offered(page: TestResponse) -> bool:
    return 'name="kept"' in page.text or '<textarea name="' in page.text


def expire(database: Database) -> None:
    """Let every session rest for a day."""
    with database.transaction() as session:
        session.execute(text("update sign_in_sessions set seen_at = seen_at - interval '1 day'"))


def send(client: FlaskClient, token: str, **headers: str) -> TestResponse:
    data = {**TYPED, "csrf_token": token}
    return client.post("/account/profile", data=data, headers=headers or OURS)


def send_again(client: FlaskClient, page: TestResponse) -> TestResponse:
    """Press the button of the page that shows what will be sent."""
    form = page.text[page.text.index('action="/account/profile"') :]
    fields = re.findall(r'<textarea name="([^"]+)" hidden>\n?([^<]*)</textarea>', form)
    data = {name: unescape(value) for name, value in fields}
    token = re.findall(r'name="csrf_token" value="([^"]+)"', form)[0]
    return client.post("/account/profile", data={**data, "csrf_token": token}, headers=OURS)


def resume(client: FlaskClient, page: TestResponse, account: str = APPLICANT) -> TestResponse:
    return client.post(
        "/session/resume",
        data={
            "account": account,
            "password": PASSWORD,
            "kept": kept_in(page),
            "csrf_token": token_in(page),
        },
    )


def test_a_form_sent_after_the_session_ended_is_sent_by_a_press_after_signing_in(
    client: FlaskClient, database: Database
) -> None:
    token = token_in(client.get("/account"))
    expire(database)

    refused = send(client, token)
    assert refused.status_code == 401
    assert "请重新登录" in refused.text
    assert "小明 &lt;b&gt;" in refused.text
    shown = resume(client, refused)
    assert shown.status_code == 200
    assert "修改姓名和语言" in shown.text
    done = send_again(client, shown)

    assert done.status_code == 303
    assert "小明 &lt;b&gt;" in client.get("/account").text


def test_pages_that_stayed_open_go_on_after_the_same_person_signed_in_again(
    client: FlaskClient, database: Database
) -> None:
    token = token_in(client.get("/account"))
    expire(database)
    page = client.get("/sign-in")
    client.post(
        "/sign-in",
        data={"account": APPLICANT, "password": PASSWORD, "csrf_token": token_in(page)},
    )

    assert send(client, token).status_code == 303


def test_a_wrong_password_keeps_the_form_in_hand(client: FlaskClient, database: Database) -> None:
    token = token_in(client.get("/account"))
    expire(database)
    refused = send(client, token)

    again = client.post(
        "/session/resume",
        data={
            "account": APPLICANT,
            "password": "wrong horse",
            "kept": kept_in(refused),
            "csrf_token": token_in(refused),
        },
    )

    assert again.status_code == 422
    assert resume(client, again).status_code == 200


def test_another_person_cannot_send_what_was_typed(client: FlaskClient, database: Database) -> None:
    token = token_in(client.get("/account"))
    expire(database)

    other = resume(client, send(client, token), account="registrar")

    assert other.status_code == 403
    assert "小明" not in other.text
    assert client.get("/account").status_code == 303  # nobody was signed in


def test_a_form_under_another_persons_session_is_neither_sent_nor_shown(
    app: Flask, client: FlaskClient
) -> None:
    token = token_in(client.get("/account"))

    answer = send(sign_in(app, "registrar"), token)

    assert answer.status_code == 400
    assert "小明" not in answer.text


def test_a_stale_token_of_the_same_person_is_answered_with_a_button(
    app: Flask, client: FlaskClient
) -> None:
    token = token_in(client.get("/account"))
    again = sign_in(app)

    refused = send(again, token)

    assert refused.status_code == 400
    assert "再提交一次" in refused.text
    assert send_again(again, refused).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Referer": "https://evil.example/http://localhost/"},
        {"Referer": "http://[:"},
        {"X-Nothing": "said"},
    ],
)
def test_what_another_site_sent_is_never_offered_again(
    app: Flask, client: FlaskClient, database: Database, headers: dict[str, str]
) -> None:
    token = token_in(client.get("/account"))
    forged = send(sign_in(app), token, **headers)
    expire(database)
    refused = send(client, token, **headers)

    assert (forged.status_code, refused.status_code) == (400, 401)
    for answer in (forged, refused):
        assert not is_offered(answer)
        assert ("小明" in answer.text) == ("X-Nothing" in headers)


@pytest.mark.parametrize("token", ["", "x", "IngueCI.aSkj8g.0000"])
def test_a_form_without_a_token_of_ours_is_never_offered_again(
    client: FlaskClient, database: Database, token: str
) -> None:
    assert not is_offered(send(client, token))
    expire(database)
    assert not is_offered(send(client, token))


def test_passwords_and_huge_forms_are_not_carried(client: FlaskClient, database: Database) -> None:
    token = token_in(client.get("/account"))
    expire(database)
    data = {"present": PASSWORD, "password": "s3cret horse", "again": "s3cret horse"}

    password = client.post("/account/password", data={**data, "csrf_token": token}, headers=OURS)
    huge = client.post(
        "/account/profile", data={"name": "长" * 300_001, "csrf_token": token}, headers=OURS
    )

    for answer in (password, huge):
        assert answer.status_code == 401
        assert 'name="kept"' not in answer.text


@pytest.mark.parametrize("kept", ["", "x", "eyJ4IjoxfQ.aSkj8g.0000"])
def test_a_form_in_hand_that_we_did_not_seal_is_refused(client: FlaskClient, kept: str) -> None:
    page = client.get("/account")

    answer = client.post("/session/resume", data={"kept": kept, "csrf_token": token_in(page)})

    assert answer.status_code == 409


def test_a_page_signs_in_again_in_place_for_its_own_person_alone(
    client: FlaskClient, database: Database
) -> None:
    page = client.get("/account")
    owner = str(client.get("/session", headers=SCRIPT).get_json()["owner"])
    expire(database)
    assert client.get("/session", headers=SCRIPT).get_json()["owner"] is None

    def begin(account: str, password: str = PASSWORD) -> TestResponse:
        data = {"account": account, "password": password, "owner": owner}
        return client.post("/session", data={**data, "csrf_token": token_in(page)}, headers=SCRIPT)

    assert begin(APPLICANT, "wrong horse").status_code == 422
    assert begin("registrar").get_json()["code"] == "not_permitted"
    assert client.get("/session", headers=SCRIPT).get_json()["owner"] is None
    back = begin(APPLICANT)
    assert back.get_json()["owner"] == owner
    assert send(client, back.get_json()["csrf_token"]).status_code == 303
    assert send(client, token_in(page)).status_code == 303


def test_only_acts_keep_a_session_alive(client: FlaskClient, database: Database) -> None:
    def rested(minutes: int) -> None:
        with database.transaction() as session:
            session.execute(
                text("update sign_in_sessions set seen_at = :at"),
                {"at": now() - timedelta(minutes=minutes)},
            )

    token = token_in(client.get("/account"))
    rested(100)
    state = client.get("/session", headers=SCRIPT)
    polled = client.get("/cases", headers={"Sec-Fetch-Dest": "empty", **SCRIPT})
    older = client.get("/cases", headers={"X-Poll": "1", **SCRIPT})
    owner = state.get_json()["owner"]
    for answer in (polled, older):
        idle, _end, whose = answer.headers["Session-Seconds"].split(",")
        assert idle in {"1199", "1200"}
        assert whose == owner
    assert 1100 < state.get_json()["idle_seconds"] <= 1200
    extended = client.post("/account/session/extend", data={"csrf_token": token}, headers=SCRIPT)
    assert extended.get_json()["idle_seconds"] > 7100
    plain = client.post("/account/session/extend", data={"csrf_token": token})
    assert plain.location == "/account"


def test_a_page_that_asks_by_itself_leaves_the_cookie_as_it_is(client: FlaskClient) -> None:
    client.get("/account")

    assert "Set-Cookie" not in client.get("/cases", headers={"X-Poll": "1"}).headers


def test_the_longest_session_is_not_extended(client: FlaskClient, database: Database) -> None:
    token = token_in(client.get("/account"))
    with database.transaction() as session:
        session.execute(
            text("update sign_in_sessions set expires_at = :at"),
            {"at": now() + timedelta(minutes=4)},
        )

    answer = client.post("/account/session/extend", data={"csrf_token": token}, headers=SCRIPT)
    facts = answer.get_json()

    assert facts["idle_seconds"] == facts["end_seconds"] <= 240
    client.post("/account/session/extend", data={"csrf_token": token})
    assert "不能再延长" in client.get("/account").text
