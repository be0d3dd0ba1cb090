"""The session ends while papers are added and while a returned case is mended."""

import re

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from core.clock import now
from services import door
from services.demonstration import PASSWORD
from tests.browser.catalogue.prepared import APPLICANT, Stage
from tests.browser.people_at_work import answers, someone
from tests.browser.test_expired_sessions import sign_in_and_send_again
from tests.fixtures.papers import document
from tests.fixtures.site import Site

pytestmark = pytest.mark.browser

OWN = {"term": {"term_kind": "unlimited", "articles": "own"}}
ARTICLES: FilePayload = {
    "name": "章程.pdf",
    "mimeType": "application/pdf",
    "buffer": document(2),
}


def test_a_paper_goes_on_by_itself_after_signing_in_in_place(browser: Browser, hall: Site) -> None:
    page = at_the_papers(browser, hall, scripts=True)
    hall.expire(APPLICANT)
    articles = page.locator("#material-own_articles")
    articles.locator("input[type=file]").first.set_input_files(ARTICLES)
    dialog = page.locator("#session-sign-in")
    dialog.locator("[name=password]").fill(PASSWORD)
    dialog.locator("button[type=submit]").click()

    expect(dialog).to_be_hidden()
    expect(articles.get_by_text("已检查，可以使用")).to_be_visible()
    expect(articles.get_by_text("已收齐")).to_be_visible()


def test_without_scripts_one_is_told_that_a_file_must_be_chosen_again(
    browser: Browser, hall: Site
) -> None:
    page = at_the_papers(browser, hall, scripts=False)
    add(page)
    hall.expire(APPLICANT)
    page.get_by_role("button", name="移除 章程.pdf").click()
    sign_in_and_send_again(page, APPLICANT, PASSWORD)
    expect(page.locator("#material-own_articles").get_by_text("请上传", exact=True)).to_be_visible()

    hall.expire(APPLICANT)
    add(page)
    expect(page.get_by_role("main")).to_contain_text("文件没法带过来")
    page.locator("main [name=account]").fill(APPLICANT)
    page.locator("main [name=password]").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    expect(page.get_by_role("main")).to_contain_text("文件没法带过来")


def test_a_mended_place_and_the_second_submission_are_taken_up_again(
    browser: Browser, hall: Site
) -> None:
    stage = Stage.of(hall.prepared, now())
    key = stage.submitted("case")
    place = door.PlaceToMend(path="company.trade_name", reason="字号与已有企业相近，请换一个。")
    stage.act("registrar", key, "return", places=(place,))
    page = signed_in(browser, hall, scripts=False)
    page.goto(hall.prepared.path("/cases/{case}/form/company"))
    page.locator("[name=company-trade_name]").fill("云岭")
    hall.expire(APPLICANT)
    page.get_by_role("main").get_by_role("button", name="保存并继续").click()
    sign_in_and_send_again(page, APPLICANT, PASSWORD)

    page.goto(hall.prepared.path("/cases/{case}/check"))
    expect(page.get_by_role("main")).to_contain_text("云岭")
    hall.expire(APPLICANT)
    page.get_by_role("button", name="确认并提交").click()
    sign_in_and_send_again(page, APPLICANT, PASSWORD)
    expect(page).to_have_url(re.compile("/receipt"))
    assert stage.world.state(key) == "submitted"


def at_the_papers(browser: Browser, hall: Site, *, scripts: bool) -> Page:
    """An applicant on the papers' page of a draft with articles of its own."""
    stage = Stage.of(hall.prepared, now())
    stage.draft("case", answers(2) | OWN)
    page = signed_in(browser, hall, scripts=scripts)
    page.goto(hall.prepared.path("/cases/{case}/materials"))
    return page


def signed_in(browser: Browser, hall: Site, *, scripts: bool) -> Page:
    """The applicant in a fresh browser."""
    page = someone(browser, hall.url, scripts=scripts)
    hall.speak(page.context, APPLICANT, "zh")
    return page


def add(page: Page) -> None:
    """Choose the articles and press the page's own button."""
    place = page.locator("#material-own_articles")
    place.locator("input[type=file]").first.set_input_files(ARTICLES)
    place.get_by_role("button", name=re.compile("^上传 公司章程")).click()
