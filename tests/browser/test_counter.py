"""A visitor at the window: begun there, handed to a phone by QR, back, sent, followed online."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from catalog import samples
from core.clock import CIVIL_ZONE, now
from core.database import Database
from services import cases, people
from services.cases import CaseKey
from tests.browser.people_at_work import (
    SAVE,
    fill_section,
    sign_in,
    someone,
)
from workflows.permissions import Actor

pytestmark = pytest.mark.browser

PHONE_NUMBER = "13919876543"
PHONE_WIDTH = 390


def test_a_visitors_case_goes_to_the_phone_and_back_and_is_followed_online(
    browser: Browser, page: Page, live_url: str, database: Database
) -> None:
    typed = samples.business_start_up(on=now().astimezone(CIVIL_ZONE).date())
    phone = someone(browser, live_url, PHONE_WIDTH)
    case_url = begin_for_visitor(sign_in(page, "window"))

    hand_over(page, phone)
    # The window's page notices by itself, within one round of asking.
    expect(page.get_by_role("main")).to_contain_text("正在申请人的手机上填写", timeout=8000)
    fill_one_section(phone, typed)
    phone.get_by_role("button", name="交回窗口").first.click()
    expect(phone.get_by_role("main")).to_contain_text("您填的内容都保存好了")
    phone.goto(case_url)
    expect(phone.get_by_role("main")).not_to_contain_text("王")

    expect(page.get_by_role("button", name="交到手机上填")).to_be_visible(timeout=8000)
    fill_in_the_rest(database, case_url, typed)
    submit_at_window(page, case_url)
    page.goto(f"{case_url}/slip".replace("/cases/", "/counter/"))
    page.get_by_role("button", name="生成设置密码的二维码").click()
    follow_online(someone(browser, live_url, PHONE_WIDTH), page.locator("#link").inner_text())


def hand_over(page: Page, phone: Page) -> None:
    """The officer shows the QR code; the phone opens the address in it and goes on."""
    page.get_by_role("button", name="交到手机上填").click()
    expect(page.get_by_role("img", name="在手机上继续填写的二维码")).to_be_visible()
    page.get_by_text("显示二维码里的网址").click()
    phone.goto(page.locator("#link").inner_text())
    expect(phone.get_by_role("main")).to_contain_text("王**")
    phone.get_by_role("button", name="在这部手机上继续填写").click()
    expect(phone.get_by_role("main")).to_contain_text("这份申请交到了这部手机上")


def fill_one_section(phone: Page, typed: Mapping[str, Any]) -> None:
    """The applicant fills in the first section on the phone."""
    phone.get_by_role("main").locator('a[href*="/form/"]').first.click()
    section = phone.url.split("?")[0].rsplit("/", 1)[1]
    fill_section(phone, section, typed.get(section))
    phone.get_by_role("button", name=SAVE, exact=True).last.click()
    expect(phone).not_to_have_url(re.compile(f"/form/{section}$"))
    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE_WIDTH, f"{width} px"


def fill_in_the_rest(database: Database, case_url: str, typed: Mapping[str, Any]) -> None:
    """The officer fills in the other sections, as test_one_company does on the pages."""
    district_code, case_id = case_url.rsplit("/", 2)[1:]
    with database.transaction() as session:
        person = people.find(session, "window", now())
        officer = Actor(id=person.id, name=person.name, grants=person.grants)
        key = CaseKey(district_code, UUID(case_id))
        cases.save_sections(session, officer, key, typed, now())


def submit_at_window(page: Page, case_url: str) -> None:
    """The officer submits what the applicant has signed, and not before."""
    page.goto(f"{case_url}/check")
    page.get_by_role("button", name="确认并提交").click()
    expect(page.get_by_role("alert").first).to_contain_text("请申请人核对全部内容并签字")
    page.locator("#confirmed").check(force=True)
    page.get_by_role("button", name="确认并提交").click()
    expect(page).to_have_url(re.compile("/receipt"))
    expect(page.get_by_role("main")).to_contain_text("由窗口工作人员演示综窗员代填")


def begin_for_visitor(page: Page) -> str:
    """The officer begins a case; its address."""
    expect(page).to_have_url(re.compile("/counter$"))
    page.get_by_role("main").get_by_role("button", name=re.compile("开办")).first.click()
    page.get_by_role("button", name="开始填写申请表").click()
    expect(page.get_by_role("alert").first).to_contain_text("有内容需要修改")
    page.locator("main [name=name]").fill("王小明")
    page.locator("main [name=account]").fill(PHONE_NUMBER)
    page.locator("[name=document_kind]").select_option("resident_id_card")
    page.locator("[name=is_checked]").check(force=True)
    page.locator("[name=consent]").check(force=True)
    page.get_by_role("button", name="开始填写申请表").click()
    expect(page.get_by_role("main")).to_contain_text("窗口代填：王小明（139****6543）")
    return page.url


def follow_online(phone: Page, link: str) -> None:
    """The applicant sets a password through the link on the slip, and sees the case."""
    phone.goto(link)
    for field in ("password", "again"):
        phone.locator(f"main [name={field}]").fill("山高水长黄河远上白云间")
    phone.get_by_role("button", name="设置密码并登录").click()
    expect(phone.get_by_role("main")).to_contain_text(re.compile(r"620102-gx-\d{8}-000001-"))
    expect(phone.get_by_role("main")).to_contain_text("由窗口工作人员演示综窗员代填")
