"""The session ends before each step of an applicant's way, and nothing typed is lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from core.clock import now
from services.demonstration import PASSWORD
from tests.browser.catalogue.prepared import APPLICANT, Stage
from tests.browser.people_at_work import (
    NEW_PASSWORD,
    answers,
    case_of,
    fill_section,
    save,
    sign_in,
    sign_up,
    someone,
    type_credentials,
)
from tests.fixtures.site import Site

pytestmark = pytest.mark.browser

SAVED = re.compile("^已保存")
SECTIONS = ("company", "address", "shareholders")


def test_without_scripts_every_step_is_taken_up_again(browser: Browser, hall: Site) -> None:
    page = someone(browser, hall.url, scripts=False)
    who = "13919870003"
    sign_up(page, who, "王小明")

    def absent() -> None:
        hall.expire(who)

    def back() -> None:
        sign_in_and_send_again(page, who, NEW_PASSWORD)

    whole_way(page, absent, back)


def sign_in_and_send_again(page: Page, who: str, password: str) -> None:
    """On the page that holds what was typed: sign in, then press once."""
    expect(page).to_have_title(re.compile("请重新登录"))
    type_credentials(page, who, password)
    expect(page).to_have_title(re.compile("再提交一次"))
    page.get_by_role("main").get_by_role("button", name="再提交一次").click()
    expect(page).not_to_have_title(re.compile("再提交一次"))


def whole_way(page: Page, absent: Callable[[], None], back: Callable[[], None]) -> None:
    """Begin, fill in, add a line, stop, submit: each with an absence before the press."""
    page.goto("/guide/business_start_up/start")
    page.locator('[name=district_code][value="620102-gx"]').check(force=True)
    absent()
    page.get_by_role("main").get_by_role("button", name="开始填写").click()
    back()
    case_url, typed = case_of(page), answers()
    for section in SECTIONS:
        page.goto(f"{case_url}/form/{section}")
        fill_section(page, section, typed[section])
        absent()
        save(page)
        back()
        expect(page).not_to_have_url(re.compile(f"/form/{section}$"))
    keeps(page, case_url, typed)
    stops_and_goes_on(page, case_url, absent, back)


def keeps(page: Page, case_url: str, typed: dict[str, object]) -> None:
    """What was typed before an absence is there."""
    page.goto(f"{case_url}/form/company")
    expect(page.locator("[name=company-industry]")).to_have_value("科技")
    page.goto(f"{case_url}/form/shareholders")
    holders = typed["shareholders"]
    assert isinstance(holders, list)
    name = page.locator("[name=shareholders-1-name]")
    expect(name).to_have_value(holders[1]["name"])


def stops_and_goes_on(
    page: Page, case_url: str, absent: Callable[[], None], back: Callable[[], None]
) -> None:
    """The other buttons of a section: one line more, and later."""
    page.goto(f"{case_url}/form/directors")
    page.locator("[name=directors-0-name]").fill("钱星")
    absent()
    page.locator("[name=add]").click()
    back()
    expect(page.locator("[name=line_count]")).to_have_value("2")
    expect(page.locator("[name=directors-0-name]")).to_have_value("钱星")
    page.locator("[name=directors-1-name]").fill("孙河")
    absent()
    page.locator("[name=later]").click()
    back()
    expect(page).to_have_url(case_url)
    page.goto(f"{case_url}/form/directors")
    expect(page.locator("[name=directors-1-name]")).to_have_value("孙河")


def test_the_last_press_is_taken_up_again_too(browser: Browser, hall: Site) -> None:
    stage = Stage.of(hall.prepared, now())
    stage.draft("case", answers(2))
    page = hall.come_in(browser, APPLICANT).new_page()
    page.goto(hall.prepared.path("/cases/{case}/check"))
    hall.expire(APPLICANT)
    page.get_by_role("button", name="确认并提交").click()
    sign_in_and_send_again(page, APPLICANT, PASSWORD)

    expect(page).to_have_url(re.compile("/receipt"))


def test_a_clerks_decision_is_taken_up_again(browser: Browser, hall: Site) -> None:
    stage = Stage.of(hall.prepared, now())
    stage.submitted("case")
    clerk = someone(browser, hall.url, scripts=False)
    hall.speak(clerk.context, "registrar", "zh")
    clerk.goto(hall.prepared.path("/tasks/{case}/registration"))
    reason = "住所在外省，请到住所所在地的登记机关申请。"
    clerk.locator("details", has=clerk.locator("#step-decline")).locator("summary").click()
    clerk.locator("#step-decline textarea").fill(reason)
    hall.expire("registrar")
    clerk.locator("#step-decline .app-button-row button").first.click()
    sign_in_and_send_again(clerk, "registrar", PASSWORD)

    expect(clerk.get_by_role("alert")).to_be_visible()
    expect(clerk.get_by_role("main")).to_contain_text(reason)


def test_another_account_in_the_same_browser_is_told_of_once(browser: Browser, hall: Site) -> None:
    page = hall.come_in(browser, APPLICANT).new_page()
    page.clock.install()
    page.goto("/account")
    other = page.context.new_page()
    page.context.clear_cookies()
    sign_in(other, "registrar")
    page.clock.fast_forward("03:00:00")
    trouble = page.locator("#session-trouble")
    expect(trouble).to_contain_text("另一个账号")
    trouble.get_by_role("button").click()
    page.clock.run_for(5000)
    page.wait_for_load_state("networkidle")

    expect(trouble).to_be_hidden()


def test_with_scripts_one_signs_in_without_leaving_the_page(browser: Browser, hall: Site) -> None:
    stage = Stage.of(hall.prepared, now())
    stage.draft("case", answers(3))
    page = hall.come_in(browser, APPLICANT).new_page()
    for section in SECTIONS:
        page.goto(hall.prepared.path(f"/cases/{{case}}/form/{section}"))
        hall.expire(APPLICANT)
        box = page.locator("main input[type=text]:visible").first
        box.fill("星汉")
        dialog = page.locator("#session-sign-in")
        expect(dialog).to_be_visible()
        dialog.locator("[name=password]").fill(PASSWORD)
        dialog.locator("button[type=submit]").click()
        expect(dialog).to_be_hidden()
        expect(box).to_have_value("星汉")
        expect(page.locator("[data-save-status]")).to_have_text(SAVED)
        page.reload()
        expect(box).to_have_value("星汉")
