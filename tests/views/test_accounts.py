"""Coming in and going out, as people do it in a browser."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.clock import now
from core.database import Database
from core.settings import Settings
from services import demonstration, invitations, people
from services.people import NewPerson
from views.addresses import safe_path
from views.public_addresses import public_url_for
from workflows.permissions import Grant, Role

PASSWORD = "correct horse"  # noqa: S105 -- of people who live for one test
WRONG = "wrong horse"
NEWER = "another horse"
SHORT = "short"
NEWCOMER = {"account": "13800138000", "name": "李雷", "password": PASSWORD, "again": PASSWORD}
Browser = Callable[[str], FlaskClient]


def submit(client: FlaskClient, path: str, **typed: Any) -> TestResponse:
    return client.post(path, data=typed)


def sign_up(client: FlaskClient, **changes: str) -> TestResponse:
    return submit(client, "/sign-up", **{**NEWCOMER, **changes})


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("yichuang")
    return cookie.value if cookie else ""


def link_for(database: Database, account: str = "zhao.min") -> str:
    at = now()
    new = NewPerson(account=account, name="赵敏", grants=(Grant(role=Role.ADMINISTRATOR),))
    with database.transaction() as session:
        link = invitations.invite(session, people.create(session, new, at), at)
    return f"/invitations/{link.token}"


def test_an_applicant_signs_up_and_is_in(client: FlaskClient) -> None:
    answer = sign_up(client)

    assert (answer.status_code, answer.location) == (303, "/cases")
    assert client.get("/account").status_code == 200


def test_sign_up_keeps_what_was_typed_and_names_every_mistake(client: FlaskClient) -> None:
    answer = sign_up(client, account="138", name="", password=SHORT, again=SHORT)

    assert answer.status_code == 422
    assert 'value="138"' in answer.text
    assert "short" not in answer.text
    for words in ("11 位手机号码", "请输入姓名", "密码太短"):
        assert words in answer.text


def test_an_account_that_exists_is_said_to_exist(client: FlaskClient, app: Flask) -> None:
    sign_up(client)

    answer = sign_up(app.test_client())

    assert answer.status_code == 422
    assert "已经注册" in answer.text


def test_one_sentence_for_a_wrong_account_and_a_wrong_password(
    client: FlaskClient, app: Flask
) -> None:
    sign_up(client)
    stranger = app.test_client()

    wrong_password = submit(stranger, "/sign-in", account="13800138000", password=WRONG)
    wrong_account = submit(stranger, "/sign-in", account="13900139000", password=PASSWORD)

    for answer in (wrong_password, wrong_account):
        assert answer.status_code == 422
        assert "账号或密码不正确" in answer.text
    assert stranger.get("/account").status_code != 200


def test_too_many_wrong_passwords_say_how_long_to_wait(client: FlaskClient, app: Flask) -> None:
    sign_up(client)
    stranger = app.test_client()
    for _ in range(10):
        submit(stranger, "/sign-in", account="13800138000", password=WRONG)

    answer = submit(stranger, "/sign-in", account="13800138000", password=PASSWORD)

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert "15 分钟后再试" in answer.text
    assert 'value="13800138000"' in answer.text


def test_after_signing_in_people_go_where_they_wanted(client: FlaskClient, app: Flask) -> None:
    sign_up(client)
    typed = {"account": "13800138000", "password": PASSWORD}

    wanted = submit(app.test_client(), "/sign-in?next=/account", **typed)
    lured = submit(app.test_client(), "/sign-in?next=//evil.example/", **typed)

    assert wanted.location == "/account"
    assert lured.location == "/cases"


@pytest.mark.parametrize(
    ("account", "home"),
    [
        ("applicant@yichuang.example", "/cases"),
        ("registrar", "/queue"),
        ("maker-hehai", "/queue"),
        ("auditor", "/savings"),
        ("administrator", "/people"),
    ],
)
def test_each_role_has_a_first_page(
    client: FlaskClient, database: Database, account: str, home: str
) -> None:
    with database.transaction() as session:
        demonstration.load_people(session, now())

    answer = submit(client, "/sign-in", account=account, password=demonstration.PASSWORD)

    assert answer.location == home


def test_a_closed_page_leads_to_sign_in_and_back(client: FlaskClient) -> None:
    answer = client.get("/account")

    assert answer.status_code in {302, 303}
    assert answer.location.startswith("/sign-in")
    assert "next=%2Faccount" in answer.location or "next=/account" in answer.location


def test_signing_in_gives_a_new_cookie(client: FlaskClient, app: Flask) -> None:
    sign_up(client)
    other = app.test_client()
    with other.session_transaction() as cookie:
        cookie["planted"] = "by a stranger"
        cookie["guide_opened_at"] = "2026-11-24T02:00:00+00:00"

    submit(other, "/sign-in", account="13800138000", password=PASSWORD)

    with other.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["guide_opened_at"]
        mine = cookie["_user_id"]
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != mine


def test_signing_out_ends_the_session_on_the_server(client: FlaskClient, app: Flask) -> None:
    sign_up(client)
    stolen = cookie_of(client)

    answer = client.post("/sign-out")

    thief = app.test_client()
    thief.set_cookie("yichuang", stolen)
    assert answer.location == "/signed-out"
    assert client.get("/signed-out").status_code == 200
    assert thief.get("/account").status_code != 200
    assert "已自动退出" in thief.get("/sign-in").text


def test_the_cookie_is_closed_to_scripts_and_other_sites(client: FlaskClient) -> None:
    header = sign_up(client).headers["Set-Cookie"]

    assert "HttpOnly" in header
    assert "SameSite=Lax" in header


def test_sign_out_everywhere(client: FlaskClient, app: Flask) -> None:
    sign_up(client)
    other = app.test_client()
    submit(other, "/sign-in", account="13800138000", password=PASSWORD)

    client.post("/account/sessions/end")

    assert client.get("/account").status_code != 200
    assert other.get("/account").status_code != 200


def test_a_new_password_ends_the_other_sessions(client: FlaskClient, app: Flask) -> None:
    sign_up(client)
    other = app.test_client()
    submit(other, "/sign-in", account="13800138000", password=PASSWORD)

    answer = submit(
        client,
        "/account/password",
        present=PASSWORD,
        password=NEWER,
        again=NEWER,
    )

    assert answer.status_code == 303
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code != 200


def test_a_new_password_needs_the_present_one(client: FlaskClient) -> None:
    sign_up(client)

    answer = submit(
        client,
        "/account/password",
        present=WRONG,
        password=NEWER,
        again=NEWER,
    )

    assert answer.status_code == 422
    assert "现在的密码不正确" in answer.text


def test_name_and_language_are_kept(client: FlaskClient, database: Database) -> None:
    sign_up(client)

    answer = submit(client, "/account/profile", name="李磊", locale="en")

    assert answer.status_code == 303
    with database.transaction() as session:
        person = people.find(session, "13800138000", now())
    assert (person.name, person.locale) == ("李磊", "en")


def test_a_language_that_we_do_not_speak_is_refused(client: FlaskClient) -> None:
    sign_up(client)

    assert submit(client, "/account/profile", name="李磊", locale="xx").status_code == 422


def test_a_link_sets_a_password_once(client: FlaskClient, app: Flask, database: Database) -> None:
    path = link_for(database)
    assert "zhao.min" in client.get(path).text
    assert submit(client, path, password="short", again="short").status_code == 422  # noqa: S106

    answer = submit(client, path, password=PASSWORD, again=PASSWORD)

    assert answer.location == "/people"
    assert app.test_client().get(path).status_code == 404
    assert "重新发一个链接" in app.test_client().get(path).text


def test_guessing_links_is_throttled(client: FlaskClient) -> None:
    statuses = [client.get(f"/invitations/guess{number}").status_code for number in range(21)]

    assert statuses == [404] * 20 + [429]


def test_an_administrator_makes_and_ends_an_account(
    browser_of: Browser, app: Flask, database: Database
) -> None:
    administrator = browser_of("administrator")

    made = submit(
        administrator,
        "/people/new",
        role="clerk",
        account="zhao.min",
        name="赵敏",
        district="620102-gx",
        department="tax",
        maker="",
    )
    link = re.search(r"/invitations/[\w-]{43}", made.text)
    assert link
    newcomer = app.test_client()
    assert submit(newcomer, link[0], password=PASSWORD, again=PASSWORD).location == "/queue"

    with database.transaction() as session:
        person_id = people.find(session, "zhao.min", now()).id
    assert administrator.post(f"/people/{person_id}/disable").status_code == 303
    assert "已停用" in administrator.get("/people").text
    assert newcomer.get("/account").status_code != 200
    assert administrator.post(f"/people/{person_id}/enable").status_code == 303
    renewed = administrator.post(f"/people/{person_id}/invitation")
    assert re.search(r"/invitations/[\w-]{43}", renewed.text)


def test_a_link_that_is_passed_on_names_the_site_and_not_what_a_request_claims(
    browser_of: Browser, app: Flask, settings: Settings
) -> None:
    administrator = browser_of("administrator")
    app.extensions["settings"] = replace(settings, public_url="https://yichuang.example")
    typed = {"role": "auditor", "account": "sun.audit", "name": "孙审"}
    made = administrator.post("/people/new", data=typed)
    assert "https://yichuang.example/invitations/" in made.text
    with app.test_request_context(base_url="http://evil.example"):
        assert public_url_for("accounts.sign_in") == "https://yichuang.example/sign-in"


def test_an_administrators_mistakes_are_named(browser_of: Browser) -> None:
    answer = submit(
        browser_of("administrator"),
        "/people/new",
        role="clerk",
        account="王",
        name="",
        district="",
        department="",
        maker="",
    )

    assert answer.status_code == 422
    for words in ("以字母开头的账号名", "请输入姓名", "请指定区域", "请指定部门"):
        assert words in answer.text


def test_an_administrator_finds_an_applicant_who_forgot_the_password(
    browser_of: Browser, client: FlaskClient
) -> None:
    sign_up(client)
    administrator = browser_of("administrator")

    assert "13800138000" not in administrator.get("/people").text
    assert "李雷" in administrator.get("/people?account=138-0013-8000").text
    assert "没有找到" in administrator.get("/people?account=nobody").text


def test_without_a_database_the_page_says_so(app: Flask, browser_of: Browser) -> None:
    browser = browser_of("registrar")
    app.extensions["database"] = Database("postgresql://nobody@127.0.0.1:1/none")

    answer = browser.get("/account")

    assert answer.status_code == 503
    assert "连接不上数据库" in answer.text


@pytest.mark.parametrize("account", ["applicant@yichuang.example", "registrar", "auditor"])
def test_accounts_of_staff_are_for_administrators(browser_of: Browser, account: str) -> None:
    assert browser_of(account).get("/people").status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/account/profile", "/account/password", "/account/sessions/end", "/sign-out", "/sign-in"],
)
def test_a_form_of_another_site_is_refused(
    app: Flask, browser_of: Browser, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    assert browser_of("registrar").post(path, data={"account": "x"}).status_code == 400


@pytest.mark.parametrize(
    ("target", "safe"),
    [
        ("/cases", True),
        ("/cases?page=2#end", True),
        ("", False),
        (None, False),
        ("cases", False),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("/\t/evil.example", False),
        ("https://evil.example", False),
        ("javascript:alert(1)", False),
        ("/\r\nSet-Cookie: a=b", False),
    ],
)
def test_the_next_page_is_one_of_ours(target: str | None, safe: bool) -> None:
    assert (safe_path(target) == target) is safe if target is not None else not safe
