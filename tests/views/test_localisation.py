"""Two languages: Chinese first, and the reader's choice kept."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from views.localisation import day, instant, ten_thousand_yuan, yuan


def test_chinese_comes_first(client: FlaskClient) -> None:
    assert 'lang="zh-Hans-CN"' in client.get("/sign-in").text


def test_a_chosen_language_stays(client: FlaskClient) -> None:
    answer = client.get("/language/en?next=/sign-in")

    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert 'lang="en"' in client.get("/sign-in").text


@pytest.mark.parametrize(
    "target", ["//elsewhere.example", "/\\elsewhere.example", "http://elsewhere.example", "x", ""]
)
def test_the_switch_leads_nowhere_else(client: FlaskClient, target: str) -> None:
    assert client.get("/language/zh", query_string={"next": target}).location == "/"


def test_there_are_two_languages(client: FlaskClient) -> None:
    assert client.get("/language/fr").status_code == 404


def test_the_page_offers_the_other_language_and_comes_back(client: FlaskClient) -> None:
    assert 'href="/language/en?next=/sign-in' in client.get("/sign-in").text


@pytest.mark.parametrize(
    ("language", "shown"),
    [("zh", "2026年11月24日 22:30"), ("en", "24 November 2026 22:30")],
)
def test_instants_are_in_beijing_time(app: Flask, language: str, shown: str) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        assert instant(datetime(2026, 11, 24, 14, 30, tzinfo=UTC)) == shown


def test_nothing_is_a_dash(app: Flask) -> None:
    with app.test_request_context():
        assert (instant(None), day(None)) == ("—", "—")
        assert day(date(2026, 9, 4)) == "2026年9月4日"


@pytest.mark.parametrize(
    ("fen", "shown"), [(39_000, "¥390.00"), (-1, "-¥0.01"), (86_297_250, "¥862,972.50")]
)
def test_money_is_written_to_the_fen(fen: int, shown: str) -> None:
    assert yuan(fen) == shown


def test_large_sums_are_in_ten_thousands_of_yuan(app: Flask) -> None:
    with app.test_request_context():
        assert ten_thousand_yuan(86_297_250) == "86.3 万元"
