"""A slow line, a cut one and one that comes back: what was pressed is done once, and said."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from core.clock import now
from tests.browser.catalogue.prepared import APPLICANT, Stage
from tests.browser.people_at_work import answers
from tests.fixtures.site import Site

pytestmark = pytest.mark.browser

SLOW = {
    "offline": False,
    "latency": 600,
    "downloadThroughput": 20_000,
    "uploadThroughput": 10_000,
}
"""A mobile line at its worst: milliseconds, bytes a second."""


def make_slow(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)


def test_a_slow_line_and_an_impatient_finger_make_one_case(browser: Browser, hall: Site) -> None:
    stage = Stage.of(hall.prepared, now())
    key = stage.draft("case", answers())
    page = hall.come_in(browser, APPLICANT).new_page()
    page.goto(hall.prepared.path("/cases/{case}/check"))
    make_slow(page)
    button = page.get_by_role("button", name="确认并提交")
    button.click(click_count=3, no_wait_after=True)

    expect(page).to_have_url(re.compile("/receipt"), timeout=30_000)
    assert (
        stage.world.value(
            "select count(*) from events where trigger = 'submit'"
            " and district_code = :district_code and case_id = :case_id",
            key,
        )
        == 1
    )


def test_a_press_into_a_cut_line_is_told_and_can_be_repeated(browser: Browser, hall: Site) -> None:
    stage = Stage.of(hall.prepared, now())
    stage.draft("case", answers(2))
    page = hall.come_in(browser, APPLICANT).new_page()
    page.goto(hall.prepared.path("/cases/{case}/form/company"))
    page.locator("[name=company-trade_name]").fill("星汉")
    page.context.set_offline(True)
    page.get_by_role("button", name="保存并继续").click()
    trouble = page.locator("#session-trouble")
    expect(trouble).to_contain_text("网络断了")
    trouble.get_by_role("button").click()
    expect(page.locator("[name=company-trade_name]")).to_have_value("星汉")
    page.context.set_offline(False)
    page.get_by_role("button", name="保存并继续").click()

    expect(page).to_have_url(re.compile("/check"))
    expect(page.get_by_role("main")).to_contain_text("星汉")
