"""An officer's page for every way out: what it offers, what it says instead, and what it bears."""

import re
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from core.clock import CIVIL_ZONE, now
from core.database import Database
from services.cases import CaseKey
from tests.fixtures.exits import FOOD, SECOND, WHY, Exits, publish_example
from tests.fixtures.people import Browser


@pytest.fixture
def exits(browser_of: Browser, database: Database) -> Exits:
    """The example beside the demonstration's people, who are on duty now."""
    browser_of("registrar")
    publish_example(database)
    return Exits(database)


@pytest.fixture
def clerk(browser_of: Browser) -> FlaskClient:
    """A browser of the office that accepts."""
    return browser_of("registrar")


@pytest.fixture
def head(browser_of: Browser) -> FlaskClient:
    """A browser of its head."""
    return browser_of("registrar-head")


def today() -> str:
    """The morning of this day in Beijing: the pages count by the real clock."""
    return f"{now().astimezone(CIVIL_ZONE):%Y-%m-%d} 00:20"


def address(key: CaseKey, item: str = "food") -> str:
    return f"/tasks/{key.district_code}/{key.case_id}/{item}"


def step(page: str, trigger: str) -> str:
    """The form of one step; empty if the page does not offer it."""
    found = re.search(rf'<form[^>]*id="step-{trigger}".*?</form>', page, re.DOTALL)
    return found[0] if found else ""


def take(
    client: FlaskClient, key: CaseKey, trigger: str, of_case: bool = False, **typed: str
) -> str:
    """Take a step from the page as it stands; what the next page says."""
    form = step(client.get(address(key)).text, trigger)
    hidden = dict(
        re.findall(r'name="(csrf_token|command_id|expected_version)" value="([^"]*)"', form)
    )
    values = hidden | {f"{trigger}-{name}": value for name, value in typed.items()}
    query = "?of=case" if of_case else ""
    return client.post(f"{address(key)}/{trigger}{query}", data=values, follow_redirects=True).text


def test_before_acceptance_the_page_sorts_its_steps_and_says_why_one_must_wait(
    clerk: FlaskClient, exits: Exits
) -> None:
    key = exits.sent(today(), papers=False, later=True)
    page = clerk.get(address(key)).text
    for heading in ("请申请人补正或者答复", "不予受理"):
        assert heading in page
    assert step(page, "accept_with_tolerance")
    assert not step(page, "accept")
    assert "“食品安全管理员证明”还没有提交，申请人承诺受理后补交" in page
    assert "前办理" in step(page, "pre_check")
    after = take(clerk, key, "accept_with_tolerance", of_case=True)
    assert "申请人承诺补交“食品安全管理员证明”" in after
    assert "视为您撤回申请" in after


def test_while_it_is_examined_the_clock_stops_for_a_lawful_cause_and_the_head_extends_once(
    clerk: FlaskClient, head: FlaskClient, exits: Exits
) -> None:
    key = exits.accepted(today())
    wrong = take(clerk, key, "begin_special_procedure", cause="testing", expected_days="soon")
    assert "错误" in wrong
    assert 'value="soon"' in wrong
    page = take(clerk, key, "begin_special_procedure", cause="testing", expected_days="3")
    assert "计时已停止：检测。依据：《行政许可法》第四十五条。" in page
    assert "预计到" in page
    assert "法定情形：检测，预计 3 个工作日" in page

    page = take(clerk, key, "end_special_procedure", outcome="合格")
    assert not step(page, "extend")
    assert "请写明理由" in take(head, key, "extend")
    page = take(head, key, "extend", reason=WHY)
    assert "期限延长 10 个工作日" in page
    assert not step(page, "extend")

    hidden = {"command_id": str(uuid4()), "expected_version": "1"}
    day = {"hearing_on-year": "99999", "hearing_on-month": "x", "hearing_on-day": ""}
    for trigger, typed in (
        ("order_hearing", day),
        ("begin_special_procedure", {"cause": "'; drop table", "expected_days": "9" * 400}),
        ("prepare_decision", {"proposal": "\x00", "grounds": "好" * 99999}),
        ("extend", {"reason": "好"}),
    ):
        values = hidden | {f"{trigger}-{name}": value for name, value in typed.items()}
        assert clerk.post(f"{address(key)}/{trigger}", data=values).status_code in {403, 409, 422}
    assert exits.task_states(key)["food"] == "in_review"


def test_what_must_wait_says_why_and_what_was_asked_or_revoked_is_seen(
    clerk: FlaskClient, head: FlaskClient, exits: Exits
) -> None:
    key = exits.accepted(today())
    exits.prepare(key, "food", FOOD)
    page = clerk.get(address(key)).text
    assert not step(page, "approve")
    assert "要先等“联合勘验”办好，才能准予这一项" in page
    assert "符合法定条件" in page  # what was prepared, for who decides
    assert re.search(r"<details[^>]*>\s*<summary>不予许可", page)  # no refusal stands open

    exits.pass_visit(key, on=exits.at.date().isoformat())
    exits.act(SECOND, key, "approve", "food")
    exits.act(exits.applicant, key, "ask_to_withdraw")
    assert "申请人申请撤回，待答复" in clerk.get("/queue").text
    page = clerk.get(address(key)).text
    assert "请答复同意或者不同意" in page
    assert step(page, "confirm_withdrawal")
    assert step(page, "decline_withdrawal")
    exits.act(exits.applicant, key, "keep_application")
    page = take(head, key, "revoke", reason=WHY, revocation_cause="not_qualified")
    assert "撤销，不再有效" in page
    assert step(page, "reopen")
    assert not step(page, "revoke")
