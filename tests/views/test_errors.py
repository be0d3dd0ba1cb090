"""Every refusal is a page that says what happened and what to do next."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from app import create_app
from core.database import Database
from core.errors import (
    ConflictError,
    DomainError,
    NotFoundError,
    NotPermittedError,
    NotSignedInError,
    Problem,
    RuleViolatedError,
    TooManyAttemptsError,
    TransitionRefusedError,
)
from core.settings import Settings
from core.text import Text
from tests.fixtures.people import Browser
from views.actors import public
from views.error_words import NOTHING_DONE, WORDS

SENTENCE = Text(zh="这一件已由王芳受理。", en="Wang Fang has accepted this case.")
ADVICE = Text(zh="请取下一件。", en="Take the next one.")
FOR_SCRIPTS = {"Accept": "application/json"}
REFUSALS: dict[str, tuple[DomainError, int]] = {
    "missing": (NotFoundError(SENTENCE, ADVICE), 404),
    "forbidden": (NotPermittedError(SENTENCE, ADVICE), 403),
    "conflict": (ConflictError(SENTENCE, ADVICE), 409),
    "refused": (TransitionRefusedError(SENTENCE, ADVICE), 409),
    "wrong": (RuleViolatedError((Problem("a.b", SENTENCE),)), 422),
    "throttled": (TooManyAttemptsError(SENTENCE, 90), 429),
}


@pytest.fixture
def refusing(settings: Settings, database: Database) -> FlaskClient:
    """A client of an application with one page for each refusal."""
    app = create_app(settings)
    app.extensions["database"] = database
    app.config.update(WTF_CSRF_ENABLED=False)

    @app.get("/status/<int:code>")
    @public
    def status(code: int) -> str:
        class Odd(HTTPException):
            pass

        Odd.code = code
        raise Odd

    @app.route("/refusals/<string:name>", methods=["GET", "POST"])
    @public
    def refuse(name: str) -> str:
        if name == "bug":
            raise ZeroDivisionError(name)
        raise REFUSALS[name][0]

    @app.route("/closed", methods=["GET", "POST"])
    @public
    def closed() -> str:
        raise NotSignedInError(SENTENCE)

    return app.test_client()


@pytest.mark.parametrize("name", REFUSALS)
def test_each_refusal_has_its_status_and_its_sentence(refusing: FlaskClient, name: str) -> None:
    answer = refusing.get(f"/refusals/{name}")

    assert answer.status_code == REFUSALS[name][1]
    assert SENTENCE.zh in answer.text
    assert "<title>错误：" in answer.text


def test_the_advice_of_a_refusal_is_shown(refusing: FlaskClient) -> None:
    assert ADVICE.zh in refusing.get("/refusals/conflict").text


def test_refusals_speak_the_readers_language(refusing: FlaskClient) -> None:
    answer = refusing.get("/refusals/conflict", headers={"Accept-Language": "en"})

    assert SENTENCE.en in answer.text
    assert 'lang="en"' in answer.text


def test_a_closed_throttle_says_when_it_opens(refusing: FlaskClient) -> None:
    assert refusing.get("/refusals/throttled").headers["Retry-After"] == "90"


def test_a_bug_is_admitted_with_a_number_and_no_details(refusing: FlaskClient) -> None:
    answer = refusing.get("/refusals/bug")

    assert answer.status_code == 500
    assert "错误编号" in answer.text
    assert "ZeroDivision" not in answer.text


def test_a_stranger_is_sent_to_sign_in_and_back(refusing: FlaskClient) -> None:
    answer = refusing.get("/closed?page=2")

    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/closed?page%3D2"


def test_a_strangers_post_is_answered_with_a_page(refusing: FlaskClient) -> None:
    answer = refusing.post("/closed")

    assert answer.status_code == 401
    assert 'href="/sign-in"' in answer.text


def test_an_unknown_address_leads_home(client: FlaskClient) -> None:
    answer = client.get("/no-such-page")

    assert answer.status_code == 404
    assert "回到首页" in answer.text


def test_a_page_opened_the_wrong_way_says_so(client: FlaskClient) -> None:
    assert client.get("/sign-out").status_code == 405


def test_too_much_is_refused_with_a_page(app: Flask, client: FlaskClient) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000

    answer = client.post("/sign-in", data={"account": "x" * 2000, "password": "y"})

    assert answer.status_code == 413
    assert "内容太大" in answer.text


def test_a_post_without_its_token_is_refused(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True

    answer = client.post("/sign-in", data={"account": "registrar", "password": "x"})

    assert answer.status_code == 400
    assert "刷新" in answer.text


def test_a_page_says_so_when_the_database_is_down(app: Flask, client: FlaskClient) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "a token"
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    app.extensions["database"] = Database(nowhere)

    answer = client.get("/account")

    assert answer.status_code == 503
    assert "暂时不能办理" in answer.text


@pytest.mark.parametrize("name", REFUSALS)
def test_scripts_get_the_same_refusal_as_json(refusing: FlaskClient, name: str) -> None:
    answer = refusing.get(f"/refusals/{name}", headers=FOR_SCRIPTS)
    error, status = REFUSALS[name]

    assert answer.status_code == status
    assert answer.json is not None
    assert (answer.json["status"], answer.json["code"]) == (status, error.code)
    assert answer.json["sentence"] == error.sentence.zh
    assert answer.json["advice"] == (ADVICE.zh if error.advice else answer.json["advice"])


def test_a_script_is_told_each_problem_with_its_place(refusing: FlaskClient) -> None:
    answer = refusing.get("/refusals/wrong", headers={**FOR_SCRIPTS, "Accept-Language": "en"})

    assert answer.json is not None
    assert answer.json["problems"] == [{"path": "a.b", "sentence": SENTENCE.en}]


def test_a_script_that_is_not_signed_in_is_not_sent_to_a_page(refusing: FlaskClient) -> None:
    answer = refusing.get("/closed", headers=FOR_SCRIPTS)

    assert answer.status_code == 401
    assert answer.json is not None
    assert answer.json["code"] == "not_signed_in"


def test_other_refusals_and_bugs_are_json_too(app: Flask, refusing: FlaskClient) -> None:
    missing = refusing.get("/no-such-page", headers=FOR_SCRIPTS)
    broken = refusing.get("/refusals/bug", headers=FOR_SCRIPTS)
    app.config["WTF_CSRF_ENABLED"] = True
    forged = app.test_client().post("/sign-in", headers=FOR_SCRIPTS)

    assert missing.json is not None
    assert missing.json["status"] == missing.status_code == 404
    assert broken.json is not None
    assert broken.json["number"]
    assert forged.json is not None
    assert (forged.status_code, forged.json["code"]) == (400, "forged")


@pytest.mark.parametrize(
    "accept", ["*/*", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "", "x;;"]
)
def test_browsers_and_strange_headers_get_a_page(refusing: FlaskClient, accept: str) -> None:
    answer = refusing.get("/refusals/conflict", headers={"Accept": accept})

    assert answer.mimetype == "text/html"


def test_every_status_says_what_happened_and_leads_on(refusing: FlaskClient) -> None:
    for status, words in WORDS.items():
        for language in ("zh", "en"):
            page = refusing.get(f"/status/{status}", headers={"Accept-Language": language}).text
            for text in (words.title, words.advice):
                assert text.to(language) in unescape(page), f"{status} {language}"
            assert 'href="/sign-in' in page
            assert 'href="/"' in page


def test_a_post_that_failed_says_that_nothing_was_done_and_shows_what_was_typed(
    refusing: FlaskClient,
) -> None:
    typed = {"reason": "字号与他人相同。", "password": "not to be seen", "command_id": "0" * 36}
    page = refusing.post("/refusals/conflict", data=typed).text

    assert NOTHING_DONE.zh in page
    assert "字号与他人相同。" in page
    assert "not to be seen" not in page


def test_the_page_leads_back_to_the_page_before(refusing: FlaskClient) -> None:
    here = {"Referer": "http://localhost/people?account=tax"}
    page = refusing.post("/refusals/conflict", headers=here).text
    elsewhere = refusing.post("/refusals/conflict", headers={"Referer": "http://evil.example/x"})

    assert 'href="/people?account=tax"' in page
    assert "evil.example" not in elsewhere.text


def test_each_person_is_shown_their_own_places(app: Flask, browser_of: Browser) -> None:
    for account, place in (
        ("applicant@yichuang.example", "/cases"),
        ("registrar", "/queue"),
        ("auditor", "/savings"),
        ("administrator", "/people"),
    ):
        page = browser_of(account).get("/no-such-page").text
        assert f'href="{place}"' in page[page.index("<main") :], account


def test_what_is_allowed_is_said_to_machines(client: FlaskClient) -> None:
    assert "POST" in client.get("/sign-out").headers["Allow"]


def test_a_page_stands_even_if_its_template_fails(
    refusing: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(refusing.application.jinja_env.globals, "asset")

    answer = refusing.get("/refusals/bug")

    assert answer.status_code == 500
    assert "系统出错了" in answer.text
    assert "Something went wrong" in answer.text
    assert "asset" not in answer.text
    assert re.search(r"<strong>[0-9a-f]{8}</strong>", answer.text)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_error_pages_stand_while_the_database_is_down(
    app: Flask, client: FlaskClient, language: str
) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "a token"
    app.extensions["database"] = Database("postgresql://nobody@127.0.0.1:1/nothing")

    for path, status in (("/no-such-page", 404), ("/cases", 503), ("/sign-out", 405)):
        answer = client.get(path, headers={"Accept-Language": language})
        assert answer.status_code == status
        assert WORDS[status].title.to(language) in unescape(answer.text)
