"""Headers of every answer, and what a page may load."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from core.settings import ROOT, Settings
from views.security import POLICY
from views.shell import STATIC


@pytest.mark.parametrize("path", ["/", "/sign-in", "/no-such-page", "/static/js/page.js"])
def test_every_answer_has_the_strict_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_policy_has_no_way_around_it() -> None:
    assert "unsafe" not in POLICY
    assert "nonce" not in POLICY
    assert "data:" not in POLICY


def test_pages_are_never_kept_by_a_shared_computer(client: FlaskClient) -> None:
    assert client.get("/sign-in").headers["Cache-Control"] == "no-store"


def test_a_file_with_its_hash_in_the_address_is_kept(client: FlaskClient) -> None:
    page = client.get("/sign-in").text
    address = re.search(r'href="(/static/css/base\.css\?v=[0-9a-f]{12})"', page)

    assert address is not None
    with client.get(address[1]) as answer:
        assert "immutable" in answer.headers["Cache-Control"]


def test_production_asks_for_https(settings: Settings) -> None:
    app = create_app(replace(settings, production=True, demonstration=False))

    with app.test_client().get("/static/js/page.js") as answer:
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert app.config["SESSION_COOKIE_SECURE"]


def test_no_template_has_a_style_or_a_script_of_its_own(app: Flask) -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*\ssrc=)", text), path


def test_no_served_file_has_anything_of_a_foreign_brand(app: Flask) -> None:
    for path in filter(lambda path: path.is_file(), STATIC.rglob("*")):
        text = path.read_text(encoding="utf-8").lower()
        for word in ("gds transport", "crown", "crest", "url(http", "sourcemappingurl"):
            assert word not in text, f"{path}: {word}"


@pytest.mark.parametrize(
    "path",
    ["/cases/%00/01a20bf9-a31a-764b-b927-bb169c79081d", "/guide/%00", "/invitations/%00"],
)
def test_an_address_with_a_nul_character_does_not_exist(
    browser_of: Callable[[str], FlaskClient], path: str
) -> None:
    assert browser_of("applicant@yichuang.example").get(path).status_code == 404
