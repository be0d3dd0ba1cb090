"""On a phone: touched, never clicked; nothing under a bar, nothing too small for a finger."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from core.clock import now
from tests.browser.catalogue.prepared import APPLICANT, Stage
from tests.browser.catalogue.states import MAIN_BUTTON
from tests.browser.people_at_work import answers
from tests.fixtures.site import Site

pytestmark = pytest.mark.browser

FINGER = 24
"""CSS pixels: WCAG 2.2, 2.5.8."""

UNTOUCHABLE = """(finger) => {
  const found = [];
  const hit = "main a.govuk-button, main button, main summary, main select, main textarea, "
    + "main input:not([type=hidden]), header a, header button, nav a";
  for (const each of document.querySelectorAll(hit)) {
    if (!each.checkVisibility() || each.disabled) continue;
    if (each.closest("[aria-hidden=true], .govuk-visually-hidden")) continue;
    each.scrollIntoView({block: "center", behavior: "instant"});
    const boxes = [each, ...(each.labels ?? [])].map((part) => part.getBoundingClientRect());
    const box = boxes[0];
    if (!box.width || !box.height) continue;
    const what = each.outerHTML.slice(0, 100);
    const large = (box) => box.width >= finger && box.height >= finger;
    if (!boxes.some(large)) found.push(`${box.width}x${box.height}: ${what}`);
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const labelled = [...(each.labels ?? [])].some((label) => label.contains(top));
    if (!top || !(each.contains(top) || top.contains(each) || labelled))
      found.push(`under ${top?.outerHTML.slice(0, 60)}: ${what}`);
  }
  return found;
}"""


@pytest.fixture
def phone(browser: Browser, hall: Site) -> Iterator[Page]:
    """An applicant's telephone."""
    context = browser.new_context(
        base_url=hall.url,
        locale="zh-CN",
        viewport={"width": 390, "height": 844},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
    )
    hall.speak(context, APPLICANT, "zh")
    yield context.new_page()
    context.close()


def tap(page: Page, selector: str) -> None:
    """Touch what is there, once it can be touched."""
    page.locator(selector).first.tap()


def go(page: Page, selector: str) -> None:
    """Touch what opens another page, and wait for it."""
    with page.expect_navigation():
        tap(page, selector)


def touch_all(page: Page) -> None:
    """Everything that may be touched can be, and is not too small."""
    assert page.evaluate(UNTOUCHABLE, FINGER) == [], page.url
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= 390, f"{page.url} is {wide} px wide"


def test_an_application_is_sent_from_a_phone(phone: Page, hall: Site) -> None:
    stage = Stage.of(hall.prepared, now())
    stage.draft("case", answers())
    for path in ("/", "/cases", "/guide/business_start_up", "/account", "/cases/{case}"):
        phone.goto(hall.prepared.path(path))
        touch_all(phone)
    go(phone, "main a[href*='/form/company']")
    touch_all(phone)
    phone.locator("[name=company-trade_name]").tap()
    phone.locator("[name=company-trade_name]").fill("")
    save = f"main form[method=post] {MAIN_BUTTON}"
    go(phone, save)
    expect(phone.locator("[data-error-summary]")).to_be_in_viewport()
    tap(phone, "[data-error-summary] a")
    expect(phone.locator("[name=company-trade_name]")).to_be_focused()
    expect(phone.locator("[name=company-trade_name]")).to_be_in_viewport(ratio=1)
    phone.locator("[name=company-trade_name]").fill("星汉")
    go(phone, save)
    expect(phone).to_have_url(re.compile("/check"))
    touch_all(phone)
    go(phone, save)
    expect(phone).to_have_url(re.compile("/receipt"))
    touch_all(phone)


def test_every_section_of_the_form_can_be_filled_in_with_a_finger(phone: Page, hall: Site) -> None:
    stage = Stage.of(hall.prepared, now())
    stage.draft("case", answers(2, staff=1))
    phone.goto(hall.prepared.path("/cases/{case}"))
    addresses = phone.locator("main a[href*='/form/']").evaluate_all(
        "(links) => links.map((each) => each.href)"
    )
    assert len(set(addresses)) > 12
    for address in sorted(set(addresses)):
        phone.goto(address)
        touch_all(phone)
