"""One company, from sign-up to four delivered seals and the auditor's page, as every role."""

import re
import subprocess

import pytest
from playwright.sync_api import Browser, Page, expect

from catalog import samples
from core.clock import CIVIL_ZONE, now
from tests.browser.people_at_work import (
    fill_application,
    sign_in,
    sign_up,
    someone,
    step,
    take_next,
)

pytestmark = [pytest.mark.browser, pytest.mark.long]

APPOINTMENT = {
    "appointment_on-year": "2027",
    "appointment_on-month": "3",
    "appointment_on-day": "1",
    "appointment_time": "at_0900",
    "branch": "高新支行,雁南路 18 号",
}


def test_a_company_is_opened_in_one_window_and_the_saving_is_in_the_ledger(
    browser: Browser, page: Page, live_url: str, job_worker: subprocess.Popen[bytes]
) -> None:
    case_url = apply(page)
    accept_and_approve(sign_in(someone(browser, live_url), "registrar"))
    expect_licence(page, case_url)
    for account in ("tax", "medical-insurance", "housing-fund", "bank"):
        approve(sign_in(someone(browser, live_url), account))
    page.goto(case_url)
    code = page.locator(".app-big-code").inner_text().replace(" ", "")
    make_seals(sign_in(someone(browser, live_url), "maker-jincheng"), code)
    police = sign_in(someone(browser, live_url), "police")
    take_next(police)
    step(police, "file")

    page.goto(case_url)
    expect(page.get_by_role("main")).to_contain_text("全部办好了")
    page.goto(f"{case_url}/outputs")
    assert len(set(re.findall(r"\b620102\d{7}\b", page.content()))) == 4

    auditor = sign_in(someone(browser, live_url), "auditor")
    auditor.goto("/savings")
    expect(auditor.get_by_role("main")).to_contain_text("¥390.00")
    auditor.goto("/savings/entries")
    auditor.get_by_role("main").get_by_role("link", name=re.compile("620102-gx-")).first.click()
    expect(auditor).to_have_url(re.compile("/savings/entries/.+"))
    auditor.get_by_role("main").locator("a[href*='/audit/cases/']").first.click()
    expect(auditor).to_have_url(re.compile("/audit/cases/"))
    assert job_worker.poll() is None


def apply(page: Page) -> str:
    """Sign up, fill the one form section by section, check, submit; the case's address."""
    page.goto("/guide/business_start_up")
    expect(page.get_by_role("heading", level=1)).to_contain_text("企业开办")
    sign_up(page, "13919876543", "王小明")
    page.goto("/guide/business_start_up/start")
    page.locator('[name=district_code][value="620102-gx"]').check(force=True)
    page.get_by_role("main").get_by_role("button", name="开始填写").click()
    page.get_by_role("main").locator('a[href*="/form/"]').first.click()
    typed = samples.business_start_up(on=now().astimezone(CIVIL_ZONE).date())
    typed["seals"]["maker"] = "jincheng"
    fill_application(page, typed)
    page.goto(re.sub(r"/(check|form/.*)?$", "", page.url.split("?")[0]) + "/check")
    page.get_by_role("button", name="确认并提交").click()
    expect(page).to_have_url(re.compile("/receipt"))
    expect(page.locator("main")).to_contain_text(re.compile(r"620102-gx-\d{8}-000001-"))
    return page.url.removesuffix("/receipt")


def accept_and_approve(page: Page) -> None:
    """The registrar accepts the case and issues the licence."""
    take_next(page)
    step(page, "accept")
    step(page, "approve")


def expect_licence(page: Page, case_url: str) -> None:
    """The applicant sees the licence's number on the case page."""
    page.goto(case_url)
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"91620199MA\w{8}"))


def approve(page: Page) -> None:
    """A department takes its next task and approves it."""
    take_next(page)
    appointed = page.locator("#step-approve [name$=branch]").count() > 0
    step(page, "approve", APPOINTMENT if appointed else None)


def make_seals(page: Page, delivery_code: str) -> None:
    """The maker gets the codes, engraves and delivers against the applicant's code."""
    take_next(page)
    step(page, "code")
    step(page, "engrave")
    step(page, "deliver", {"recipient_name": "王小明", "delivery_code": delivery_code})
