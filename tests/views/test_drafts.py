"""The pages around a draft: found again before a second one is begun, and deleted when unwanted."""

import pytest
from flask.testing import FlaskClient

from core.database import Database
from services import demonstration
from services.cases import CaseKey
from tests.fixtures.people import Browser
from tests.fixtures.world import World, applicants_world

APPLICANT = demonstration.ACCOUNTS[0].account


@pytest.fixture
def client(browser_of: Browser) -> FlaskClient:
    """A browser in which the demonstration applicant is signed in."""
    return browser_of(APPLICANT)


@pytest.fixture
def world(client: FlaskClient, database: Database) -> World:
    """The world of services, with the person of ``client`` as its applicant."""
    return applicants_world(database)


def page_of(key: CaseKey, page: str) -> str:
    return f"/cases/{key.district_code}/{key.case_id}{page}"


def test_open_drafts_are_shown_before_a_second_one_is_begun(
    client: FlaskClient, world: World
) -> None:
    key = world.draft()

    for address in ("/guide/business_start_up/start", "/cases"):
        page = client.get(address).text
        assert "保存" in page
        assert "共 " in page
        assert page_of(key, "/check") in page
        assert page_of(key, "/delete") in page


def test_a_draft_is_deleted_after_a_page_that_asks(client: FlaskClient, world: World) -> None:
    key = world.draft()

    asked = client.get(page_of(key, "/delete"))
    done = client.post(page_of(key, "/delete"))

    assert "不能恢复" in asked.text
    assert done.location == "/cases"
    assert "草稿已删除" in client.get("/cases").text
    assert client.get(page_of(key, "")).status_code == 404
    assert client.post(page_of(key, "/delete")).status_code == 404


def test_a_submitted_case_is_not_deleted(client: FlaskClient, world: World) -> None:
    key = world.submitted()

    assert client.get(page_of(key, "/delete")).status_code == 404
    assert client.post(page_of(key, "/delete")).status_code == 409
    assert client.get(page_of(key, "")).status_code == 200
