"""What people do on the pages, step by step, for tests that walk a whole case."""

import re
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Browser, Page, expect

from catalog import samples
from core.clock import CIVIL_ZONE, now
from services.demonstration import PASSWORD

SAVE = "保存并继续"
NEW_PASSWORD = "山高水长黄河远上白云间"  # noqa: S105 -- of accounts that live for one test
DISTRICT = "620102-gx"
APPOINTMENT = {
    "appointment_on-year": "2027",
    "appointment_on-month": "3",
    "appointment_on-day": "1",
    "appointment_time": "at_0900",
    "branch": "高新支行,雁南路 18 号",
}
"""What the bank types to confirm an appointment."""


def someone(browser: Browser, base_url: str, width: int = 1280, *, scripts: bool = True) -> Page:
    """A person with a browser of their own."""
    context = browser.new_context(
        base_url=base_url,
        locale="zh-CN",
        viewport={"width": width, "height": 900},
        java_script_enabled=scripts,
    )
    return context.new_page()


def answers(suffix: int = 1, *, shareholders: int = 2, staff: int = 0) -> dict[str, Any]:
    """What an applicant of today types into the whole form."""
    day = now().astimezone(CIVIL_ZONE).date()
    return samples.business_start_up(on=day, suffix=suffix, shareholders=shareholders, staff=staff)


def sign_in(page: Page, account: str) -> Page:
    """Sign in with a demonstration account."""
    page.goto("/sign-in")
    type_credentials(page, account, PASSWORD)
    expect(page).not_to_have_url(re.compile("sign-in"))
    return page


def type_credentials(page: Page, account: str, password: str) -> None:
    """Fill in the sign-in form that is there, and send it."""
    page.locator("main [name=account]").fill(account)
    page.locator("main [name=password]").fill(password)
    page.get_by_role("main").get_by_role("button", name="登录").click()


def sign_up(page: Page, account: str, name: str) -> None:
    """Make an applicant's account; signed in afterwards."""
    page.goto("/sign-up")
    page.locator("[name=account]").fill(account)
    page.locator("[name=name]").fill(name)
    for field in ("password", "again"):
        page.locator(f"[name={field}]").fill(NEW_PASSWORD)
    page.get_by_role("main").get_by_role("button", name="注册并登录").click()
    expect(page).not_to_have_url(re.compile("sign-up"))


def begin(page: Page) -> None:
    """Begin an application; its list of sections opens."""
    page.goto("/guide/business_start_up/start")
    page.locator(f'[name=district_code][value="{DISTRICT}"]').check(force=True)
    page.get_by_role("main").get_by_role("button", name="开始填写").click()
    expect(page).to_have_url(re.compile("/cases/620102-gx/"))


def submit(page: Page) -> str:
    """Go to the check page of the case that is open and submit it; the case's address."""
    case_url = case_of(page)
    page.goto(f"{case_url}/check")
    page.get_by_role("button", name="确认并提交").click()
    expect(page).to_have_url(re.compile("/receipt"))
    return case_url


def case_of(page: Page) -> str:
    """The address of the case that a page belongs to."""
    found = re.match(r".*/cases/[^/]+/[^/?#]+", page.url)
    assert found, f"no page of a case: {page.url}"
    return found[0]


def fill_application(page: Page, typed: Mapping[str, Any]) -> None:
    """Fill every section that is asked, from the first one on, and end at the check page."""
    while "/form/" in page.url:
        section = page.url.split("?")[0].rsplit("/", 1)[1]
        fill_section(page, section, typed.get(section))
        here = page.url
        save(page)
        expect(page).not_to_have_url(here)


def save(page: Page) -> None:
    """Press the button that saves the section and goes on."""
    page.get_by_role("button", name=SAVE, exact=True).last.click()


def fill_section(page: Page, section: str, typed: Any) -> None:
    """Fill one section: its one form, or as many lines as there are."""
    if not isinstance(typed, list):
        fill_line(page, section, typed or {})
        return
    lines = page.locator("[name=line_count]")
    while int(lines.input_value()) < len(typed):
        page.locator("[name=add]").click()
    for number, line in enumerate(typed):
        fill_line(page, f"{section}-{number}", line)


def fill_line(page: Page, prefix: str, typed: Mapping[str, Any]) -> None:
    """Fill the fields of one line, each in the way of its kind."""
    for name, value in typed.items():
        fill_field(page, f"{prefix}-{name}", value)


def fill_field(page: Page, name: str, value: Any) -> None:
    """Type, choose or tick one answer; a question that is not asked now is left alone."""
    if isinstance(value, Mapping):
        for part, text in value.items():
            fill_field(page, f"{name}-{part}", text)
        return
    fields = page.locator(f'[name="{name}"]')
    if fields.count() == 0 or not value:
        return
    kind = fields.first.get_attribute("type") or ""
    if kind in {"radio", "checkbox"}:
        for each in value if isinstance(value, list) else [value]:
            page.locator(f'[name="{name}"][value="{each}"]').check(force=True)
    elif fields.first.evaluate("field => field.tagName") == "SELECT":
        fields.first.select_option(str(value))
    elif fields.first.is_visible():
        fields.first.fill(str(value))


def take_next(page: Page) -> None:
    """Press "next" on the queue; the case page opens, claimed."""
    page.goto("/queue")
    page.get_by_role("button", name="下一件").click()
    page.wait_for_url(re.compile("/tasks/"))


def step(page: Page, trigger: str, inputs: Mapping[str, str] | None = None) -> None:
    """Take one step on a case page, opening its form if it is folded."""
    form = page.locator(f"#step-{trigger}")
    if not form.is_visible():
        page.locator("details", has=form).locator("summary").click()
    for name, value in (inputs or {}).items():
        field = form.locator(f'[name$="{name}"]')
        if field.first.get_attribute("type") == "radio":
            form.locator(f'[name$="{name}"][value="{value}"]').check(force=True)
        elif field.first.evaluate("field => field.tagName") == "SELECT":
            field.first.select_option(value)
        else:
            field.first.fill(value)
    form.locator(".app-button-row button").first.click()
    expect(page.get_by_role("alert")).to_be_visible()
