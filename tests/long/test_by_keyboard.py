"""By keyboard alone: an application, with its mistakes, and the clerk's decision."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.catalogue.states import MAIN_BUTTON
from tests.browser.keyboard import Keyboard
from tests.browser.people_at_work import NEW_PASSWORD, answers, someone
from tests.fixtures.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.long]

SAVE = f"main form[method=post] {MAIN_BUTTON}"


def test_an_application_is_sent_and_decided_without_a_mouse(browser: Browser, hall: Site) -> None:
    apply(Keyboard(someone(browser, hall.url)))
    page = hall.come_in(browser, "registrar").new_page()
    page.goto("/queue")
    decide(Keyboard(page))


def apply(keys: Keyboard) -> None:
    """From the first page to the receipt."""
    page = keys.page
    page.goto("/")
    sign_up(keys)
    page.goto("/guide/business_start_up")
    keys.skip_to_main()
    keys.follow("a[href$='/guide/business_start_up/start']")
    keys.skip_to_main()
    keys.choose("district_code", "620102-gx")
    keys.follow(SAVE)
    keys.skip_to_main()
    keys.follow("main a[href*='/form/']")
    fill_in(keys)
    keys.skip_to_main()
    keys.follow(SAVE)
    expect(page).to_have_url(re.compile("/receipt"))


def sign_up(keys: Keyboard) -> None:
    """An account, with one mistake that the summary leads to."""
    keys.follow("a[href='/sign-up']")
    keys.skip_to_main()
    keys.type("[name=account]", "13919870002")
    keys.type("[name=password]", NEW_PASSWORD)
    keys.type("[name=again]", NEW_PASSWORD)
    keys.follow(SAVE)
    expect(keys.page.locator("[data-error-summary]")).to_be_focused()
    keys.press("[data-error-summary] a")
    expect(keys.page.locator("[name=name]")).to_be_focused()
    keys.type("[name=name]", "王小明")
    keys.type("[name=password]", NEW_PASSWORD)
    keys.type("[name=again]", NEW_PASSWORD)
    keys.follow(SAVE)
    expect(keys.page).to_have_url(re.compile("/cases"))


def fill_in(keys: Keyboard) -> None:
    """Every section that is asked."""
    page, typed = keys.page, answers()
    while "/form/" in page.url:
        section = page.url.split("?")[0].rsplit("/", 1)[1]
        keys.skip_to_main()
        fill_section(keys, section, typed.get(section, {}))
        here = page.url
        keys.follow(SAVE)
        assert page.url != here, page.locator("[data-error-summary]").inner_text()


def fill_section(keys: Keyboard, section: str, typed: object) -> None:
    """One form, or as many lines as there are."""
    if not isinstance(typed, list):
        assert isinstance(typed, dict)
        keys.answer_all(section, typed)
        return
    while int(keys.page.locator("[name=line_count]").input_value()) < len(typed):
        keys.follow("[name=add]")
        keys.skip_to_main()
    for number, line in enumerate(typed):
        keys.answer_all(f"{section}-{number}", line)


def decide(keys: Keyboard) -> None:
    """The next case: accepted, then granted."""
    keys.skip_to_main()
    keys.follow("form[action$='/queue/next'] button")
    for trigger in ("accept", "approve"):
        keys.skip_to_main()
        keys.follow(f"#step-{trigger} button[type=submit]")
        expect(keys.page.get_by_role("alert")).to_be_visible()
    expect(keys.page.get_by_role("main")).to_contain_text(re.compile(r"91620199MA\w{8}"))
