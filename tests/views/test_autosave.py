"""A form that saves itself as it is typed, and says in JSON what became of it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.database import Database
from services import cases, demonstration, draft_hand_overs
from services.cases import CaseKey
from tests.fixtures.people import Browser
from tests.fixtures.world import World, applicants_world
from tests.services.test_counter import begin, visit, window_officer

APPLICANT = demonstration.ACCOUNTS[0].account
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def client(browser_of: Browser) -> FlaskClient:
    """A browser in which the demonstration applicant is signed in."""
    return browser_of(APPLICANT)


@pytest.fixture
def world(client: FlaskClient, database: Database) -> World:
    """The world of services, with the person of ``client`` as its applicant."""
    return applicants_world(database)


def page_of(key: CaseKey, section: str = "address") -> str:
    return f"/cases/{key.district_code}/{key.case_id}/form/{section}"


def autosave(
    client: FlaskClient, key: CaseKey, section: str = "address", **posted: str
) -> TestResponse:
    return client.post(f"{page_of(key, section)}/autosave", data=posted, headers=SCRIPT)


def typed(world: World, key: CaseKey, section: str = "address") -> object:
    with world.database.transaction() as session:
        return cases.draft(session, world.applicant, key).typed[section]


def facts(answer: TestResponse) -> dict[str, object]:
    assert answer.json is not None
    return dict(answer.json)


def test_what_is_typed_is_kept_and_the_page_told(client: FlaskClient, world: World) -> None:
    key = world.draft()

    answer = autosave(
        client,
        key,
        **{"address-detail": "18 号\x00", "revision": "1", "writer": "w", "sequence": "1"},
    )

    assert answer.status_code == 200
    assert facts(answer)["revision"] == 2
    assert len(str(facts(answer)["saved_at"])) == 5
    kept = typed(world, key)
    assert isinstance(kept, dict)
    assert kept["detail"] == "18 号"


def test_lines_of_a_repeating_section_are_kept_as_they_are(
    client: FlaskClient, world: World
) -> None:
    key = world.draft(shareholders=2)
    lines = {"line_count": "2", "shareholders-0-name": "王", "shareholders-1-name": "李"}

    autosave(client, key, "shareholders", revision="1", **lines)

    kept = typed(world, key, "shareholders")
    assert isinstance(kept, list)
    assert [line["name"] for line in kept] == ["王", "李"]


def test_a_change_on_another_device_is_told_with_its_time(
    client: FlaskClient, world: World
) -> None:
    key = world.draft()
    autosave(
        client, key, **{"address-detail": "甲", "revision": "1", "writer": "a", "sequence": "1"}
    )

    refused = autosave(client, key, **{"address-detail": "乙", "revision": "1", "writer": "b"})

    assert refused.status_code == 409
    assert facts(refused)["code"] == "changed_elsewhere"
    assert facts(refused)["revision"] == 2
    assert facts(refused)["saved_at"]


def test_the_save_button_does_not_overwrite_another_device_either(
    client: FlaskClient, world: World
) -> None:
    key = world.draft()
    autosave(
        client, key, **{"address-detail": "甲", "revision": "1", "writer": "a", "sequence": "1"}
    )

    refused = client.post(page_of(key), data={"address-detail": "乙", "revision": "1"})

    assert refused.status_code == 409
    assert "别的设备或页面上改过" in refused.text
    assert 'value="乙"' in refused.text
    assert 'name="revision" value="2"' in refused.text
    client.post(page_of(key), data={"address-detail": "乙", "revision": "2", "later": "1"})
    kept = typed(world, key)
    assert isinstance(kept, dict)
    assert kept["detail"] == "乙"


def test_half_typed_answers_are_not_blamed_when_the_page_is_opened_again(
    client: FlaskClient, world: World
) -> None:
    key = world.draft()
    autosave(client, key, **{"address-detail": "", "revision": "1"})

    assert "govuk-error-summary" not in client.get(page_of(key)).text
    client.post(page_of(key), data={"address-detail": "", "revision": "2", "later": "1"})
    assert "govuk-error-summary" in client.get(page_of(key)).text


def test_refusals_are_json(app: Flask, client: FlaskClient, world: World) -> None:
    submitted, draft = world.submitted(), world.draft()
    neighbours = World(world.database).draft()

    assert facts(autosave(client, submitted, revision="1"))["code"] == "transition_refused"
    assert facts(autosave(client, neighbours, revision="1"))["status"] == 404
    assert facts(autosave(client, draft, "no-such-section"))["status"] == 404
    assert facts(autosave(client, draft, "beneficial_owners"))["status"] == 404
    assert facts(autosave(app.test_client(), draft))["code"] == "not_signed_in"
    huge = autosave(client, draft, **{"address-detail": "长" * 1_000_000})
    assert facts(huge)["status"] == 413
    app.config["WTF_CSRF_ENABLED"] = True
    assert facts(autosave(client, draft))["code"] == "forged"


@pytest.mark.parametrize("strange", ["-1", "x", "9" * 40, "１", ""])
def test_strange_numbers_are_borne(client: FlaskClient, world: World, strange: str) -> None:
    key = world.draft()

    answer = autosave(client, key, revision=strange, writer="写\n", sequence=strange)

    assert answer.status_code in {200, 409}


def test_a_phone_that_was_lent_a_draft_saves_it_as_it_is_typed(
    app: Flask, world: World, database: Database
) -> None:
    officer = window_officer(database)
    key = begin(world, officer, visit())
    with database.transaction() as session:
        offer = draft_hand_overs.offer(session, officer, key, "a secret", world.at)
        found = draft_hand_overs.look(session, offer.token, world.at)
        assert found is not None
        lent = draft_hand_overs.accept_on_phone(session, found, None, world.at)
    phone = app.test_client()
    with phone.session_transaction() as cookie:
        cookie["lent_draft"] = f"{key.district_code} {lent.grant}"

    page = phone.get(page_of(key))
    answer = autosave(phone, key, **{"address-detail": "甲", "revision": "0"})

    assert "data-save-bar" in page.text
    assert 'id="session"' not in page.text
    assert answer.status_code == 200
    assert facts(autosave(app.test_client(), key))["code"] == "not_signed_in"
