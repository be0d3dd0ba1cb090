"""A return from both sides: mended on a phone, compared at the desk; and a withdrawal."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from core.database import Database
from services import demonstration
from services.cases import CaseKey
from tests.browser.people_at_work import sign_in, someone
from tests.fixtures.world import World, applicants_world

pytestmark = pytest.mark.browser

APPLICANT = demonstration.ACCOUNTS[0].account
PHONE = 390


@pytest.fixture
def world(database: Database) -> World:
    """The world of services, with the demonstration applicant."""
    return applicants_world(database)


def test_a_return_is_mended_on_a_phone_and_compared_at_the_desk(
    browser: Browser, page: Page, live_url: str, world: World
) -> None:
    key = world.submitted()
    desk = sign_in(page, "registrar")
    return_two_places(desk, key)

    phone = sign_in(someone(browser, live_url, PHONE), APPLICANT)
    mend(phone, key)

    compare(desk, key)
    be_warned_of_a_second_list(desk, key)


def test_a_licensed_company_withdraws_what_is_not_done(
    page: Page, live_url: str, world: World
) -> None:
    key = world.licensed()
    sign_in(page, APPLICANT)
    page.goto(address(key))
    page.get_by_role("link", name="撤回申请").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("营业执照继续有效")
    expect(main).to_contain_text("还没有办好，撤回后取消")

    page.get_by_role("button", name="确认撤回").click()
    expect(main).to_contain_text("请先看清每一部分会怎么样，再勾选确认。")
    page.get_by_label("我看清了每一部分会怎么样，确认撤回").check(force=True)
    page.get_by_role("button", name="确认撤回").click()

    expect(main).to_contain_text("您已撤回")
    expect(main).to_contain_text("营业执照继续有效")
    expect(main).to_contain_text(re.compile(r"91620199MA\w{8}"))
    assert world.state(key) == "withdrawn"


def return_two_places(desk: Page, key: CaseKey) -> None:
    """One place by the button beside its answer, one from the list; one day for both."""
    desk.goto(task_address(key))
    desk.locator("[data-ask='company.trade_name']").click()
    expect(desk.locator("[name=place-0-path]")).to_have_value("company.trade_name")
    expect(desk.locator("[name=place-0-reason]")).to_be_focused()
    desk.locator("[name=place-0-reason]").fill("与已登记企业相近")
    desk.locator("[name=place-0-suggestion]").fill("换一个字号")
    desk.locator("[name=place-1-path]").select_option("address.detail")
    desk.locator("#step-return .govuk-button:not(.govuk-button--secondary)").first.click()
    expect(desk.get_by_role("main")).to_contain_text("请写明这一处哪里不对")
    expect(desk.locator("[name=place-0-suggestion]")).to_have_value("换一个字号")
    desk.locator("[name=place-1-reason]").fill("没有房号")
    desk.locator("#step-return .govuk-button:not(.govuk-button--secondary)").first.click()
    expect(desk.get_by_role("main")).to_contain_text("已退回修改")


def mend(phone: Page, key: CaseKey) -> None:
    """Only the two named answers are inputs; the rest is text."""
    phone.goto(address(key))
    main = phone.get_by_role("main")
    asked = phone.get_by_role("region", name="请您修改以下内容，再提交一次")
    expect(asked).to_contain_text("未改")
    asked.get_by_role("link").first.click()
    inputs = main.locator("form input:not([type=hidden]), form select, form textarea")
    expect(inputs).to_have_count(1)
    expect(main).to_contain_text("这一项已核对，不用改。")
    phone.locator("[name=company-trade_name]").fill("云岭")
    phone.get_by_role("button", name="保存并继续").click()
    expect(phone).not_to_have_url(re.compile("/form/company"))
    phone.goto(address(key, "/form/address"))
    phone.locator("[name=address-detail]").fill("雁园路 1 号 302 室")
    phone.get_by_role("button", name="保存，以后再填").click()
    expect(asked).not_to_contain_text("未改")
    phone.goto(address(key, "/check"))
    phone.get_by_role("button", name="确认并提交").click()
    expect(phone).to_have_url(re.compile("/receipt"))


def compare(desk: Page, key: CaseKey) -> None:
    """Before and after stand side by side, first on the page."""
    desk.goto(task_address(key))
    table = desk.locator(".app-changes table")
    expect(table.locator("tbody tr")).to_have_count(2)
    row = table.locator("tr", has_text="字号")
    expect(row).to_contain_text("星河")
    expect(row).to_contain_text("云岭")
    expect(row).to_contain_text("与已登记企业相近")


def be_warned_of_a_second_list(desk: Page, key: CaseKey) -> None:
    """The same place again needs a new fact in words."""
    desk.locator("[data-ask='company.trade_name']").click()
    expect(desk.locator("#step-return")).to_contain_text("行政许可法第七十二条")
    desk.locator("[name=place-0-reason]").fill("还是相近")
    desk.locator("#step-return .govuk-button:not(.govuk-button--secondary)").first.click()
    expect(desk.get_by_role("main")).to_contain_text("请写明这一次有什么新的情况")
    desk.locator("[name=place-0-new_fact]").fill("另一家企业昨天登记了这个字号")
    desk.locator("#step-return .govuk-button:not(.govuk-button--secondary)").first.click()
    expect(desk.get_by_role("main")).to_contain_text("已退回修改")
    desk.goto("/queue/returned")
    expect(desk.get_by_role("main")).to_contain_text("云岭")


def address(key: CaseKey, page: str = "") -> str:
    return f"/cases/{key.district_code}/{key.case_id}{page}"


def task_address(key: CaseKey) -> str:
    return f"/tasks/{key.district_code}/{key.case_id}/registration"
