"""Every refusal is a page that says what happened and what to do next."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

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
from views.actors import public

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

    @app.get("/refusals/<string:name>")
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
