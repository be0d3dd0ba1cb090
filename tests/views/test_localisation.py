"""Two languages: Chinese first, and the reader's choice kept."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from views.localisation import (
    day,
    file_size,
    instant,
    legal_instant,
    number,
    ten_thousand_yuan,
    yuan,
)


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


@pytest.mark.parametrize(
    ("fen", "shown"),
    [
        (999_999, ""),
        (1_000_000, "1.0 万元"),
        (1_049_999, "1.0 万元"),
        (1_050_000, "1.1 万元"),
        (-1_050_000, "-1.1 万元"),
        (123_456_789_012_345_678, "123,456,789,012.3 万元"),
    ],
)
def test_the_large_unit_begins_at_ten_thousand_yuan_and_rounds_half_up(
    app: Flask, fen: int, shown: str
) -> None:
    with app.test_request_context():
        assert ten_thousand_yuan(fen) == shown


def test_english_readers_have_no_large_unit(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert ten_thousand_yuan(86_297_250) == ""


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("zh", "2026年11月24日 星期二 22:30（北京时间）"),
        ("en", "Tuesday 24 November 2026 22:30 Beijing time"),
    ],
)
def test_an_instant_that_counts_in_law_names_weekday_and_zone(
    app: Flask, language: str, shown: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        assert legal_instant(datetime(2026, 11, 24, 14, 30, tzinfo=UTC)) == shown


@given(st.integers(-(10**24), 10**24))
def test_money_loses_no_fen_however_large(fen: int) -> None:
    written = yuan(fen).replace("¥", "").replace(",", "")

    assert int(written.replace(".", "")) == fen
    assert Decimal(written) * 100 == fen
    assert int(str(number(fen)).replace(",", "")) == fen


@given(st.integers(1_000_000, 10**24))
def test_the_large_unit_is_off_by_half_a_tenth_at_most(_app: Flask, fen: int) -> None:  # noqa: PT019
    with _app.test_request_context():
        tenths = int(re.sub(r"[^0-9]", "", ten_thousand_yuan(fen)))

    assert 2 * abs(tenths * 100_000 - fen) <= 100_000


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_a_chinese_day_can_be_read_back(_app: Flask, when: date) -> None:  # noqa: PT019
    with _app.test_request_context():
        parts = [int(part) for part in re.findall(r"[0-9]+", day(when))]

    assert date(*parts) == when


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1 KB"), (1_048_575, "1 MB"), (3_565_158, "3.4 MB")],
)
def test_sizes_are_in_the_unit_that_fits(size: int, shown: str) -> None:
    assert file_size(size) == shown
