"""The guide that everybody may read, and the beginning of an application."""

import re
from datetime import datetime

from flask.testing import FlaskClient

from core.clock import now
from core.database import Database
from services import case_lists, demonstration, people
from tests.fixtures.people import Browser
from tests.fixtures.world import DISTRICT, THING
from workflows.permissions import Actor

APPLICANT = demonstration.ACCOUNTS[0].account
GUIDE = f"/guide/{THING}"
START = f"{GUIDE}/start"


def test_the_guide_says_who_how_what_how_long_and_for_how_much(client: FlaskClient) -> None:
    page = client.get(GUIDE)

    assert page.status_code == 200
    for words in ("谁可以办", "怎么办", "材料清单", "1 个工作日", "第十九条", "不收费"):
        assert words in page.text


def test_the_guide_says_what_follows_when_something_is_missing(client: FlaskClient) -> None:
    """Registration sends it back without a clock; in licensing silence accepts."""
    registered, licensed = (
        client.get(f"/guide/{code}").text for code in (THING, "open_restaurant")
    )
    assert "把申请退回给您修改" in registered
    assert "即为受理" not in registered
    assert "逾期没有告知的，自收到材料之日起即为受理" in licensed


def test_the_flow_is_drawn_without_styles_and_told_as_a_list(client: FlaskClient) -> None:
    page = client.get(GUIDE).text

    [picture] = re.findall(r"<svg[^>]*app-flow.*?</svg>", page, re.DOTALL)
    assert "style=" not in picture
    assert "<title>" in picture
    assert page.count("按需办理") >= 1


def test_the_first_opening_counts_as_the_beginning_and_is_kept(client: FlaskClient) -> None:
    client.get(GUIDE)
    with client.session_transaction() as cookie:
        first = cookie["guide_opened_at"]
    client.get(GUIDE)

    with client.session_transaction() as cookie:
        assert cookie["guide_opened_at"] == first


def test_an_unknown_guide_is_not_found(client: FlaskClient) -> None:
    assert client.get("/guide/no_such_thing").status_code == 404


def test_a_stranger_is_asked_to_sign_in_before_beginning(client: FlaskClient) -> None:
    answer = client.get(START)

    assert answer.status_code == 303
    assert "/sign-in?next=" in answer.location


def test_officers_cannot_begin_an_application(browser_of: Browser) -> None:
    assert browser_of("registrar").get(START).status_code == 403


def test_a_draft_begins_at_the_instant_the_guide_was_opened(
    browser_of: Browser, database: Database
) -> None:
    client = browser_of(APPLICANT)
    client.get(GUIDE)
    with client.session_transaction() as cookie:
        opened_at = datetime.fromisoformat(cookie["guide_opened_at"])

    answer = client.post(START, data={"district_code": DISTRICT})

    assert answer.status_code == 303
    assert f"/cases/{DISTRICT}/" in answer.location
    [line] = _mine(database)
    assert opened_at <= line.created_at
    with client.session_transaction() as cookie:
        assert "guide_opened_at" not in cookie


def test_pressing_twice_begins_one_draft(browser_of: Browser, database: Database) -> None:
    client = browser_of(APPLICANT)

    first = client.post(START, data={"district_code": DISTRICT})
    second = client.post(START, data={"district_code": DISTRICT})

    assert first.location == second.location
    assert len(_mine(database)) == 1


def test_an_open_draft_is_offered_and_another_company_may_still_be_begun(
    browser_of: Browser, database: Database
) -> None:
    client = browser_of(APPLICANT)
    first = client.post(START, data={"district_code": DISTRICT}).location

    page = client.get(START)
    known = re.findall(r'name="known_draft" value="([^"]+)"', page.text)
    client.post(START, data={"district_code": DISTRICT, "known_draft": known})

    assert first in page.text
    assert len(_mine(database)) == 2


def test_no_district_or_a_strange_one_is_said_beside_the_choice(browser_of: Browser) -> None:
    client = browser_of(APPLICANT)

    for typed in ({}, {"district_code": "999999"}, {"district_code": DISTRICT + "\x00"}):
        answer = client.post(START, data=typed)
        assert answer.status_code == 422
        assert "请选择一个受理地区" in answer.text


def _mine(database: Database) -> list[case_lists.CaseLine]:
    with database.transaction() as session:
        person = people.find(session, APPLICANT, now())
        return case_lists.mine(session, Actor(id=person.id, name=person.name, grants=person.grants))
