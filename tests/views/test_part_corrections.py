"""The pages of one part's corrections and of the papers of a case, from both sides."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from core.clock import CIVIL_ZONE
from core.database import Database
from services import demonstration
from services.cases import CaseKey
from tests.fixtures.corrections import (
    ADDRESS,
    FOOD,
    PLAN,
    WIDTH,
    TwoLicences,
    publish_example,
)
from tests.fixtures.people import Browser
from tests.fixtures.world import applicants_world

APPLICANT = demonstration.ACCOUNTS[0].account


@pytest.fixture
def client(browser_of: Browser) -> FlaskClient:
    """A browser in which the demonstration applicant is signed in."""
    return browser_of(APPLICANT)


@pytest.fixture
def licences(client: FlaskClient, database: Database) -> TwoLicences:
    """The example's world, with the person of ``client`` as its applicant."""
    publish_example(database)
    found = applicants_world(database)
    return TwoLicences(database, at=found.at, applicant=found.applicant)


def address(key: CaseKey, page: str = "") -> str:
    return f"/cases/{key.district_code}/{key.case_id}{page}"


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def test_only_what_single_parts_ask_for_is_open(client: FlaskClient, licences: TwoLicences) -> None:
    key = licences.in_review()
    licences.ask(key, "food", ADDRESS, PLAN)
    licences.ask(key, "sign", WIDTH)

    case = client.get(address(key)).text
    assert "请您补正：食品经营许可" in case
    assert "请您补正：招牌设置许可" in case
    assert "补正期间这一项停止计时" in case
    assert "写到房间号" in case
    page = client.get(address(key, "/form/premises")).text
    assert re.findall(r'name="(premises-[^"]+)"', page) == ["premises-address"]
    settled = client.get(address(key, "/form/manager")).text
    assert not re.findall(r'name="manager-', settled)
    assert client.get(address(key, "/check")).status_code == 303
    papers = client.get(address(key, "/materials")).text
    assert papers.count('name="files"') == 2  # to add, and to replace the one that is there


def test_what_one_part_asked_for_is_reviewed_and_sent_once(
    client: FlaskClient, browser_of: Browser, licences: TwoLicences
) -> None:
    key = licences.in_review()
    licences.ask(key, "food", ADDRESS, PLAN)
    licences.ask(key, "sign", WIDTH)

    saved = client.post(address(key, "/form/premises"), data={"premises-address": "302 室"})
    assert saved.headers["Location"].endswith("/parts/food/corrections")
    review = client.get(saved.headers["Location"]).text
    assert "雁园路 1 号" in review
    assert "302 室" in review
    assert "还有列出的内容没有改" in review
    form = {"command_id": hidden(review)["command_id"]}
    for _press in range(2):
        sent = client.post(address(key, "/parts/food/corrections"), data=form)
        assert sent.status_code == 303
        assert sent.headers["Location"].endswith("/receipt")
    assert "修改后已重新提交" in client.get(address(key, "/receipt")).text
    assert licences.task_states(key) == {"food": "in_review", "sign": "awaiting_corrections"}
    assert client.get(address(key, "/parts/food/corrections")).status_code == 303

    officer = browser_of("registrar").get(f"/tasks/{key.district_code}/{key.case_id}/food").text
    assert "补正以后改了什么" in officer
    assert "302 室" in officer
    assert "要求修改，但没有改" in officer
    other = browser_of("police").get(f"/tasks/{key.district_code}/{key.case_id}/sign").text
    assert "“食品经营许可”要求补正后，这些内容变了" in other
    assert "缺房号" not in other


def test_stale_and_strange_posts_send_nothing(client: FlaskClient, licences: TwoLicences) -> None:
    key = licences.in_review()
    licences.ask(key, "food", ADDRESS)
    page = address(key, "/parts/food/corrections")
    old = hidden(client.get(page).text)["command_id"]

    assert client.get(address(key, "/parts/nothing/corrections")).status_code == 404
    strange: tuple[dict[str, Any], ...] = ({}, {"command_id": "x"}, {"command_id": "0" * 32})
    for posted in strange:
        answer = client.post(page, data=posted)
        assert answer.status_code == 422
        assert "这个页面已经过期" in answer.text
    client.post(address(key, "/form/premises"), data={"premises-address": ""})
    wrong = client.post(page, data={"command_id": old})
    assert wrong.status_code == 422
    assert "提交之前，请先处理这些内容" in wrong.text
    licences.act(FOOD, key, "end_corrections", "food", reason="看错了")
    gone = client.post(page, data={"command_id": old})
    assert gone.status_code == 409
    assert "补正没有提交" in gone.text
    assert client.get(address(key, "/form/premises")).status_code == 303


def test_a_paper_is_served_when_its_addressee_opens_it(
    client: FlaskClient, browser_of: Browser, licences: TwoLicences
) -> None:
    key = licences.in_review()
    licences.ask(key, "food", ADDRESS)
    number = re.findall(r'href="(/cases/[^"]+/documents/[0-9]+)"', client.get(address(key)).text)[0]
    officer = browser_of("registrar")
    task = f"/tasks/{key.district_code}/{key.case_id}/food"
    assert "未送达" in officer.get(task).text
    assert "还没有送达" in officer.get(number).text

    opened = client.get(number).text
    assert "补正告知书" in opened
    assert "缺房号" in opened
    assert "第三十二条第一款第（四）项" in opened
    assert "示例餐馆" in opened
    assert "电子送达" in opened
    client.get(number)
    assert "已送达" in officer.get(task).text
    assert officer.get(number).text.count("<dd>电子送达</dd>") == 1
    assert browser_of("tax").get(number).status_code == 404
    assert browser_of("police").get(number).status_code == 404

    verify = re.findall(r'href="http://[^/"]+(/verify/[^"]+)"', opened)[0]
    stranger = client.application.test_client()
    found = stranger.get(verify)
    assert "属实" in found.text
    assert "示例餐馆" not in found.text
    assert stranger.get(verify[:-3] + "000").status_code == 404


def test_a_paper_handed_over_at_the_window_is_recorded_once(
    client: FlaskClient, browser_of: Browser, licences: TwoLicences
) -> None:
    key = licences.in_review()
    licences.ask(key, "food", ADDRESS)
    number = re.findall(r"/documents/(\d+)", client.get(address(key)).text)[0]
    page = address(key, f"/documents/{number}")
    officer = browser_of("registrar")
    window = {"method": "window", **on(licences.at)}

    typed = window | {"recipient_name": "王"}
    assert client.post(f"{page}/serve", data=typed).status_code == 403
    missing = officer.post(f"{page}/serve", data=window | {"recipient_relation": "员工"})
    assert missing.status_code == 422
    assert "请填写签收人的姓名" in missing.text
    assert 'value="员工"' in missing.text
    for name in ("王小明", "第二次"):
        done = officer.post(f"{page}/serve", data=window | {"recipient_name": name})
        assert done.status_code == 303
    shown = officer.get(page).text
    assert "窗口直接送达" in shown
    assert "王小明" in shown
    assert "第二次" not in shown


def on(at: datetime, name: str = "served_on") -> dict[str, str]:
    """A day of Beijing time in its three boxes."""
    day = at.astimezone(CIVIL_ZONE).date()
    parts = {"year": day.year, "month": day.month, "day": day.day}
    return {f"{name}-{part}": str(value) for part, value in parts.items()}


def test_without_consent_a_letter_serves_and_opening_does_not(
    client: FlaskClient, browser_of: Browser, licences: TwoLicences
) -> None:
    key = licences.in_review(consents=False)
    licences.ask(key, "food", ADDRESS)
    number = re.findall(r"/documents/(\d+)", client.get(address(key)).text)[0]
    page, officer = address(key, f"/documents/{number}"), browser_of("registrar")

    opened = client.get(page).text
    assert "您没有同意电子送达" in opened
    assert "没有同意电子送达，在窗口直接送达或者邮寄送达" in opened
    assert "还没有送达" in officer.get(page).text
    letter = {"method": "post", "recipient_name": "王小明", **on(licences.at)}
    wrong: tuple[tuple[dict[str, str], str], ...] = (
        (letter, "请填写邮件单号"),
        (letter | on(licences.at - timedelta(days=40)), "不能早于文书发出的日期"),
        (letter | on(licences.at + timedelta(days=4000)), "不能早于文书发出的日期，也不能晚于今天"),
        (letter | {"served_on-day": "31", "served_on-month": "2"}, "日期"),
        ({"recipient_name": "王小明", **on(licences.at)}, "请选择怎么送达的"),
        ({"method": "pigeon", "recipient_name": "王小明", **on(licences.at)}, "请选择怎么送达的"),
        ({"method": "window", "recipient_name": "王小明"}, "请填写签收的日期"),
    )
    for typed, said in wrong:
        answer = officer.post(f"{page}/serve", data=typed)
        assert answer.status_code == 422, typed
        assert said in answer.text, typed
        assert 'value="王小明"' in answer.text
    letter["tracking_number"] = "EX1234567CN"
    assert officer.post(f"{page}/serve", data=letter).status_code == 303
    shown = client.get(page).text
    assert "邮寄送达" in shown
    assert "EX1234567CN" in shown
    [row] = licences.rows(
        "select served_at, method from document_services where district_code = :district_code"
        " and case_id = :case_id",
        key,
    )
    assert row["method"] == "post"
    assert (
        row["served_at"].astimezone(CIVIL_ZONE).date() == licences.at.astimezone(CIVIL_ZONE).date()
    )
