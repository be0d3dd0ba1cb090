"""The applicant's page of each way out: what happened, what it means, what to do and until when."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from core.clock import CIVIL_ZONE
from core.database import Database
from services import demonstration
from services.cases import CaseKey
from tests.fixtures.corrections import publish_example
from tests.fixtures.exits import EXAMPLE, FIRE, FOOD, HEAD, SECOND, SIGN, Exits
from tests.fixtures.people import Browser
from tests.fixtures.service import open_papers
from tests.fixtures.world import applicants_world

APPLICANT = demonstration.ACCOUNTS[0].account
WHY = "经核实需要这样办理。"


@pytest.fixture
def client(browser_of: Browser) -> FlaskClient:
    """A browser in which the demonstration applicant is signed in."""
    return browser_of(APPLICANT)


@pytest.fixture
def ways(client: FlaskClient, database: Database) -> Exits:
    """The example's world of four hours ago, with the person of ``client`` as its applicant."""
    publish_example(database, EXAMPLE)
    found = applicants_world(database)
    return Exits(database, at=found.at - timedelta(hours=4), applicant=found.applicant)


def address(key: CaseKey, page: str = "") -> str:
    return f"/cases/{key.district_code}/{key.case_id}{page}"


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def received(ways: Exits) -> str:
    return ways.at.astimezone(CIVIL_ZONE).strftime("%Y-%m-%d %H:%M")


def accepted(ways: Exits, **choices: bool) -> CaseKey:
    return ways.accepted(received(ways), by=ways.applicant, **choices)


def take(client: FlaskClient, page: str, **typed: str) -> int:
    form = hidden(client.get(page).text)
    return client.post(page, data=form | typed).status_code


def test_why_the_clock_stands_and_how_long_is_said_in_plain_words(
    client: FlaskClient, ways: Exits
) -> None:
    key = accepted(ways)
    told = {"cause": "appraisal", "expected_days": 7}
    ways.act(FOOD, key, "begin_special_procedure", "food", inputs=told)

    page = client.get(address(key, "/parts/food")).text
    assert "起停止计时，原因：鉴定" in page
    assert "预计到" in page
    assert "不计入办理时限" in page
    assert "第四十五条" in page
    assert "特别程序告知书" in page
    assert client.get(address(key, "/parts/nothing")).status_code == 404


def test_a_hearing_is_asked_for_after_the_notice_and_once(client: FlaskClient, ways: Exits) -> None:
    key = accepted(ways)
    step = address(key, "/parts/food/steps/ask_for_hearing")
    assert client.get(step).status_code == 303
    ways.act(FOOD, key, "tell_hearing_right", "food")

    case = client.get(address(key)).text
    assert "等您答复：食品经营许可" in case
    assert "听证权利告知书" in case
    assert "期限从上面的文书送达之日起算" in case
    assert "不要求听证" in case
    open_papers(ways, key, "hearing_right_notice")
    page = client.get(step).text
    assert "期限：" in page
    form = hidden(page)
    for _press in range(2):
        assert client.post(step, data=form).status_code == 303
    again = client.post(step, data=form | {"command_id": "00000000-0000-7000-8000-000000000001"})
    assert again.status_code == 409
    assert "情况已有变化，没有办理" in again.text
    assert "要求听证" in client.get(address(key, "/parts/food")).text
    assert client.get(address(key, "/parts/food/steps/approve")).status_code == 404
    assert client.post(address(key, "/parts/food/steps/approve"), data=form).status_code == 404


def test_an_extension_is_agreed_to_or_not_with_its_reason_before_the_eyes(
    client: FlaskClient, browser_of: Browser, ways: Exits
) -> None:
    key = accepted(ways, has_sign=True)
    ways.act(SIGN, key, "propose_extension", "sign", reason=WHY)

    page = client.get(address(key)).text
    assert WHY in page
    assert "不同意延期" in page
    assert browser_of("police").get(address(key, "/parts/sign")).status_code == 403
    assert take(client, address(key, "/parts/sign/steps/agree_to_extension")) == 303
    assert "等您答复" not in client.get(address(key)).text
    assert client.get(address(key, "/parts/sign/steps/decline_extension")).status_code == 303


def test_a_wish_to_withdraw_is_seen_until_it_is_answered(client: FlaskClient, ways: Exits) -> None:
    key = accepted(ways)
    assert "申请撤回" in client.get(address(key)).text
    step = address(key, "/steps/ask_to_withdraw")
    assert "各部分会这样" in client.get(step).text
    assert take(client, step) == 303

    page = client.get(address(key)).text
    assert "正在等市场监督管理局确认" in page
    assert "不撤回了" in page
    ways.act(FOOD, key, "decline_withdrawal", reason=WHY)
    assert "正在等市场监督管理局确认" not in client.get(address(key)).text
    assert take(client, step) == 303
    ways.act(FOOD, key, "confirm_withdrawal")
    ended = client.get(address(key)).text
    assert "您已撤回" in ended
    assert "行政许可终止办理通知书" in ended


def test_promised_papers_are_signed_for_and_brought_before_their_day(
    client: FlaskClient, ways: Exits
) -> None:
    key = ways.draft_of(received(ways), later=True, by=ways.applicant)
    check = address(key, "/check")
    page = client.get(check).text
    assert "容缺受理承诺书" in page
    assert "5 个工作日内补交" in page
    form = hidden(page)
    unsigned = client.post(check, data=form)
    assert unsigned.status_code == 422
    assert "勾选签署以后再提交" in unsigned.text
    assert client.post(check, data=form | {"promised": "yes"}).status_code == 303
    ways.act(FOOD, key, "accept_with_tolerance")

    case = client.get(address(key)).text
    assert "请补交您承诺的材料" in case
    assert "视为您撤回申请" in case
    bring = address(key, "/promised-papers")
    assert "请先上传材料" in client.get(bring).text
    nothing = client.post(bring, data={"command_id": "x"})
    assert nothing.status_code in {409, 422}
    ways.file(key, "certificate")
    form = hidden(client.get(bring).text)
    for _press in range(2):
        assert client.post(bring, data=form).status_code == 303
    assert client.get(bring).status_code == 303
    assert "请补交您承诺的材料" not in client.get(address(key)).text


def test_a_refusal_says_what_can_be_done_and_until_when_once_it_is_served(
    client: FlaskClient, ways: Exits
) -> None:
    key = accepted(ways)
    ways.prepare(key, "food", FOOD)
    ways.act(SECOND, key, "refuse", "food", reason=WHY)

    page = client.get(address(key, "/parts/food")).text
    assert WHY in page
    assert "您还没有打开决定书" in page
    paper = re.findall(r'href="(/cases/[^"]+/documents/\d+)">不予行政许可决定书', page)[0]
    opened = client.get(paper).text
    assert "60 日内" in opened
    assert "6 个月内" in opened
    assert "向本级人民政府申请行政复议" in opened
    assert "第二十四条" in opened
    served = client.get(address(key, "/parts/food")).text
    assert "申请行政复议，最迟" in served
    assert "复议机关：本级人民政府" in served
    assert HEAD.id


def test_what_was_granted_on_a_commitment_is_followed_to_its_revocation(
    client: FlaskClient, ways: Exits
) -> None:
    key = accepted(ways, by_commitment=True)
    assert "撤回承诺" in client.get(address(key, "/parts/fire")).text
    ways.act(FIRE, key, "decide_on_commitment", "fire")
    assert "还会核查您承诺的内容" in client.get(address(key, "/parts/fire")).text
    day = (ways.at + timedelta(days=20)).date().isoformat()
    ways.act(FIRE, key, "order_to_rectify", "fire", reason=WHY, inputs={"rectify_by": day})

    page = client.get(address(key)).text
    assert "等您答复：消防安全检查" in page
    assert "责令限期改正" in page
    assert take(client, address(key, "/parts/fire/steps/report_rectified")) == 303
    assert "报告改正完成" in client.get(address(key, "/parts/fire")).text
