"""Without JavaScript: from sign-up to the licence, with one return on the way."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people_at_work import (
    answers,
    begin,
    fill_application,
    fill_section,
    save,
    sign_in,
    sign_up,
    someone,
    step,
    submit,
    take_next,
)
from tests.fixtures.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_a_company_is_opened_without_a_single_script(browser: Browser, hall: Site) -> None:
    page = someone(browser, hall.url, scripts=False)
    case_url = apply(page)
    clerk = sign_in(someone(browser, hall.url, scripts=False), "registrar")
    send_back(clerk)
    correct(page, case_url)
    take_next(clerk)
    step(clerk, "accept")
    step(clerk, "approve")

    page.goto(case_url)
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"91620199MA\w{8}"))


def apply(page: Page) -> str:
    """Sign up, make a mistake, mend it, fill in the rest and submit; the case's address."""
    sign_up(page, "13919870001", "王小明")
    begin(page)
    page.get_by_role("main").locator('a[href*="/form/"]').first.click()
    typed = answers()
    fill_section(page, "company", typed["company"] | {"trade_name": "星"})
    save(page)
    expect(page).to_have_title(re.compile("^错误："))
    expect(page.locator("[name=company-industry]")).to_have_value("科技")
    page.locator("[data-error-summary] a").first.click()
    expect(page.locator("[name=company-trade_name]")).to_be_visible()
    fill_application(page, typed)
    return submit(page)


def send_back(clerk: Page) -> None:
    """The registrar finds one thing to mend."""
    take_next(clerk)
    clerk.locator("details", has=clerk.locator("#step-return")).locator("summary").click()
    form = clerk.locator("#step-return")
    form.locator("select").first.select_option("company.trade_name")
    form.locator("textarea").first.fill("字号与已有企业相近，请换一个。")
    form.locator(".app-button-row button").first.click()
    expect(clerk.get_by_role("alert")).to_be_visible()


def correct(page: Page, case_url: str) -> None:
    """The applicant changes what was asked, and nothing else, and sends it again."""
    page.goto(case_url)
    expect(page.get_by_role("main")).to_contain_text("字号与已有企业相近")
    page.get_by_role("main").locator('a[href*="/form/company"]').first.click()
    page.locator("[name=company-trade_name]").fill("星汉")
    save(page)
    submit(page)
