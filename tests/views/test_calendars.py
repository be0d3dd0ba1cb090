"""The administrator's calendars: a year, a new version, what it would move, who was faster."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from catalog.working_days import read_days, read_slots
from core.clock import now
from core.database import Database
from core.errors import ConflictError
from forms.calendars import WEEK
from models.base import new_id
from services import calendar_changes, calendars
from services.calendar_changes import Change
from tests.fixtures.page_forms import forms_of
from tests.fixtures.people import Browser
from tests.fixtures.world import World
from tests.services.test_recounts import LAST_DAY
from workflows.permissions import Actor, Grant, Role

NATION = "/calendars/national/change/2027"
PUBLISH = "/calendars/national/publish/2027"
NEW_YEAR = "2027-01-01,no,元旦,New Year's Day,2027 年节假日安排"


@pytest.fixture
def administrator(browser_of: Browser) -> FlaskClient:
    client = browser_of("administrator")
    client.get("/language/en")
    return client


def sent(client: FlaskClient, page: str, address: str, **typed: str) -> tuple[int, str]:
    """Send the form of ``page`` that posts to ``address``; status and words of the answer."""
    form = next(each for each in forms_of(page) if each.action == address)
    fields = {name: value for name, value in form.fields if name != "do"}
    answer = client.post(address, data=fields | typed)
    return answer.status_code, unescape(answer.text)


def count(database: Database) -> int:
    with database.transaction() as session:
        return int(session.execute(text("select count(*) from calendar_versions")).scalar_one())


def test_a_year_shows_holidays_and_make_up_days_in_words(administrator: FlaskClient) -> None:
    page = unescape(administrator.get("/calendars/national?year=2026").text)
    words = re.sub(r"<[^>]+>", " ", page)
    assert re.search(r"20\s+on\s+Make-up working day make-up working day for National Day", words)
    assert re.search(r"25\s+off\s+Day off Mid-autumn Festival", words)
    assert "22 working days" in words
    csv = administrator.get("/calendars/national/days.csv").get_data(as_text=True)
    assert "2026-09-20,yes,国庆节调休上班" in csv
    assert administrator.get("/calendars/mars").status_code == 404
    for odd in ("?year=9999", "?year=x", "?version=99", "?version=%00"):
        assert administrator.get(f"/calendars/national{odd}").status_code in {200, 404}


def test_a_stretch_of_days_is_added_to_the_list_without_its_weekend(
    administrator: FlaskClient,
) -> None:
    status, page = sent(
        administrator,
        administrator.get(NATION).text,
        NATION,
        do="add",
        first="2027-01-01",
        last="2027-01-03",
        kind="no",
        name_zh="元旦",
        name_en="New Year's Day",
        source="2027 年节假日安排",
    )
    assert status == 200
    assert NEW_YEAR in page
    assert "2027-01-02" not in page.split("<textarea")[1].split("</textarea>")[0]


def test_days_that_are_typed_and_not_yet_added_are_not_lost(
    administrator: FlaskClient, database: Database
) -> None:
    """To see what would move adds them; a mistake in them stands beside its cause."""
    page = administrator.get(NATION).text
    typed = {"first": "2027-01-01", "kind": "no", "source": "2027 年节假日安排"}
    names = {"name_zh": "元旦", "name_en": "New Year's Day"}
    status, answer = sent(administrator, page, NATION, do="check", **typed)
    assert status == 422
    assert "Give the name in Chinese and English" in answer
    assert 'value="2027-01-01"' in answer
    assert 'value="2027 年节假日安排"' in answer
    status, shown = sent(administrator, page, NATION, do="check", **typed, **names)
    assert status == 200
    assert "2027-01-01 Friday: working day → New Year's Day, day off" in shown
    assert NEW_YEAR in shown

    late = {"first": "2027-02-08", "name_zh": "春节", "name_en": "Spring Festival"}
    status, answer = sent(administrator, shown, PUBLISH, **typed | late)
    assert status == 422
    assert "These days are not in the list yet" in answer
    assert 'value="2027-02-08"' in answer
    assert count(database) == 1
    assert sent(administrator, shown, PUBLISH)[0] == 303
    assert count(database) == 2


def test_a_new_version_is_shown_before_it_is_published_and_moves_what_it_said(
    administrator: FlaskClient, world: World
) -> None:
    world.at = LAST_DAY - timedelta(minutes=3)
    world.accepted()
    page = administrator.get(NATION).text
    status, page = sent(administrator, page, NATION, do="check", days=NEW_YEAR)
    assert status == 200
    for sentence in (
        "Published years: 2024-2026 → 2024-2027",
        "2027-01-01 Friday: working day → New Year's Day, day off",
        "Due dates that change: 1; later: 1, earlier: 0, no longer provisional: 1.",
        "4 January 2027",
    ):
        assert sentence in page
    assert count(world.database) == 1

    status, back = sent(administrator, page, NATION, do="edit")
    assert (status, NEW_YEAR in back) == (200, True)
    assert sent(administrator, page, PUBLISH)[0] == 303
    assert count(world.database) == 2
    shown = administrator.get("/calendars").text
    assert "2024-2027.2" in shown
    assert "演示管理员" in shown

    assert sent(administrator, page, PUBLISH)[0] == 303  # a second press of the same
    assert count(world.database) == 2
    again, page = sent(administrator, page, PUBLISH, tuesday="10:00-12:00")
    assert again == 409
    assert "演示管理员 published version 2024-2027.2" in page
    assert NEW_YEAR in page
    assert count(world.database) == 2


def test_mistakes_stand_beside_their_cause_and_nothing_typed_is_lost(
    administrator: FlaskClient, database: Database
) -> None:
    page = administrator.get(NATION).text
    days = "2027-02-30,no,a,b,c\n2027-01-02,no,a,b,c\n2027-01-01,no,元旦"
    status, answer = sent(administrator, page, NATION, do="check", days=days, friday="9-12")
    assert status == 422
    assert days in answer
    assert 'value="9-12"' in answer
    for sentence in (
        'Line 1: "2027-02-30" is no date; write it as 2027-01-01.',
        "Line 2: 2027-01-02 is so anyway",
        "Line 3: Give the day's name",
        '"9-12" is no list of office hours',
    ):
        assert sentence in answer
    refused = {
        "2027 has not a single holiday": {"days": ""},
        "2026-01-01 is not in 2027": {"days": "2026-01-01,no,元旦,New Year,x\n" + NEW_YEAR},
        "needs office hours": {"days": NEW_YEAR, "monday": ""},
        "must follow each other": {"days": NEW_YEAR, "monday": "13:00-14:00 09:00-12:00"},
        "There is too much of it": {"days": "x\n" * 3000},
        "stands there twice": {"days": f"{NEW_YEAR}\n{NEW_YEAR}"},
        "cannot have office hours": {"days": f"{NEW_YEAR},09:00-12:00"},
        "out of date": {"days": NEW_YEAR, "based_on": "zz"},
        "opened the page": {"days": NEW_YEAR, "based_on": "00" * 32},
        "list": {"days": NEW_YEAR, "zone": "Mars/Olympus"},
    }
    for sentence, typed in refused.items():
        status, answer = sent(administrator, page, NATION, do="check", **typed)
        assert status in {409, 422}, sentence
        assert sentence in answer
    for typed in ({}, {"first": "2027-01-02", "kind": "no"}, {"first": "2028-01-01", "kind": "no"}):
        assert sent(administrator, page, NATION, do="add", **typed)[0] == 422
    assert administrator.get("/calendars/national/change/2040").status_code == 404
    assert count(database) == 1


def test_an_office_gets_its_own_calendar_from_the_wider_one(
    administrator: FlaskClient, database: Database
) -> None:
    address = "/calendars/620102-gx.tax/change/2026"
    opened = administrator.get("/calendars/open?office=620102-gx/tax")
    assert opened.location.endswith("/calendars/620102-gx.tax")
    page = administrator.get(address).text
    hours = dict.fromkeys(WEEK[:5], "09:00-12:00 13:30-17:30")
    status, page = sent(administrator, page, address, do="nation", **hours)
    assert status == 200
    status, page = sent(administrator, page, address, do="check")
    assert "Hours on Monday: 09:00-18:00 → 09:00-12:00 13:30-17:30" in page
    assert sent(administrator, page, address.replace("change", "publish"))[0] == 303
    shown = administrator.get("/calendars/620102-gx.tax").text
    assert "09:00-12:00 13:30-17:30" in shown
    assert count(database) == 2
    status, page = sent(administrator, administrator.get(address).text, address, do="check")
    assert status == 422
    assert "there is nothing to publish" in page


def test_of_two_who_publish_at_once_the_second_is_told_who_was_faster(database: Database) -> None:
    with database.transaction() as session:
        based_on = calendars.current(session).content_hash()
        days = read_days(NEW_YEAR)
    changes = [
        Change(
            office="national",
            year=2027,
            days=days,
            week=(read_slots(f"{hour}:00-17:00"),) * 5 + ((), ()),
            zone="Asia/Shanghai",
            based_on=based_on,
        )
        for hour in range(6, 12)
    ]
    who = Actor(id=new_id(), name="x", grants=(Grant(role=Role.ADMINISTRATOR),))

    def publish(change: Change) -> str:
        try:
            with database.transaction() as session:
                return calendar_changes.publish(session, who, change, now()).version
        except ConflictError as refusal:
            return refusal.sentence.en

    with ThreadPoolExecutor(len(changes)) as pool:
        said = sorted(pool.map(publish, changes))

    assert said[0] == "2024-2027.2"
    assert all("published version 2024-2027.2" in each for each in said[1:])
    assert count(database) == 2
