"""Every component, drawn: complete, in one language, and clean for assistive technology."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from core.database import Database
from core.settings import Settings
from tests.gallery.pages import bp

PAGES = ("/gallery/roomy", "/gallery/mistakes", "/gallery/dense", "/gallery/states")
ALLOWED = {"English", "MA", "XXXXX", "X"}


@pytest.fixture
def visitor(settings: Settings, database: Database) -> FlaskClient:
    app = create_app(settings)
    app.extensions["database"] = database
    app.register_blueprint(bp)
    return app.test_client()


@pytest.mark.parametrize("path", PAGES)
def test_a_chinese_page_has_no_english_word(visitor: FlaskClient, path: str) -> None:
    page = visitor.get(path).text

    words = re.sub(r"<script.*?</script>|<[^>]+>", " ", page, flags=re.DOTALL)
    assert set(re.findall(r"[A-Za-z]{2,}", unescape(words))) <= ALLOWED


@pytest.mark.parametrize("path", PAGES)
def test_no_two_things_of_a_page_have_the_same_id(visitor: FlaskClient, path: str) -> None:
    found = re.findall(r'\sid="([^"]+)"', visitor.get(path).text)

    assert len(found) == len(set(found))


@pytest.mark.parametrize("path", PAGES)
def test_every_description_and_label_leads_somewhere(visitor: FlaskClient, path: str) -> None:
    page = visitor.get(path).text
    ids = set(re.findall(r'\sid="([^"]+)"', page))

    for names in re.findall(r'(?:aria-describedby|aria-labelledby|for)="([^"]+)"', page):
        assert set(names.split()) <= ids


def test_the_frame_is_one_heading_one_main_and_a_way_past(app: Flask) -> None:
    page = app.test_client().get("/sign-in").text

    assert page.count("<h1") == page.count("<main") == 1
    assert 'href="#main-content"' in page
