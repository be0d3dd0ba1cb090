"""A restaurant's day in the browser: inspected by two, granted on a commitment and verified."""

import pytest
from playwright.sync_api import Browser, Page, expect

from core.clock import CIVIL_ZONE, now
from tests.browser.catalogue.prepared import APPLICANT, Stage
from tests.fixtures import restaurants
from tests.fixtures.site import Site

pytestmark = pytest.mark.browser


def test_two_officers_inspect_and_the_fire_officer_grants_and_verifies(
    browser: Browser, hall: Site
) -> None:
    stage = Stage.of(hall.prepared, now())
    key = stage.keep("restaurant", restaurants.accepted(stage.world, 9201))
    stage.act("registrar", key, "approve", "licence_check")

    grant_and_verify(browser, hall)
    inspect(browser, hall)

    owner = hall.come_in(browser, APPLICANT).new_page()
    owner.goto(hall.prepared.path("/cases/{restaurant}"))
    for words in ("已核查，许可有效", "勘验通过"):
        expect(owner.get_by_role("main")).to_contain_text(words)


def grant_and_verify(browser: Browser, hall: Site) -> None:
    """Have the fire officer grant on the commitment, and verify it on the same day."""
    fire = task(browser, hall, "fire", "fire_check")
    step(fire, "当场准予许可")
    fire.goto(hall.prepared.path("/tasks/{restaurant}/fire_check"))
    expect(fire.get_by_role("main")).to_contain_text("已凭承诺准予，待核查")
    today(fire, "verify-verified_on")
    fire.locator("[name=verify-findings]").fill("现场与承诺一致。")
    step(fire, "核查属实")


def inspect(browser: Browser, hall: Site) -> None:
    """Have one officer arrange and record the visit; only another may countersign."""
    inspector = task(browser, hall, "food-inspector", "joint_inspection")
    today(inspector, "schedule-inspection_on")
    inspector.locator("[name=schedule-inspection_time]").first.check()
    inspector.locator("[name=schedule-inspection_place]").fill("雁园路 9201 号一层")
    inspector.locator("[name=schedule-second_officer]").fill("演示食品检查员乙")
    step(inspector, "约定勘验")
    inspector.goto(hall.prepared.path("/tasks/{restaurant}/joint_inspection"))
    today(inspector, "record_met-inspected_on")
    inspector.locator("[name=record_met-findings]").fill("与平面图一致，符合要求。")
    step(inspector, "记录：符合要求")
    inspector.goto(hall.prepared.path("/tasks/{restaurant}/joint_inspection"))
    expect(inspector.get_by_role("button", name="会签：通过", exact=True)).to_have_count(0)
    second = task(browser, hall, "food-inspector-two", "joint_inspection")
    step(second, "会签：通过")


def task(browser: Browser, hall: Site, who: str, item: str) -> Page:
    """The page of an item, opened by this officer."""
    page = hall.come_in(browser, who).new_page()
    page.goto(hall.prepared.path(f"/tasks/{{restaurant}}/{item}"))
    return page


def step(page: Page, words: str) -> None:
    """Take the step whose button says these words."""
    with page.expect_navigation():
        page.get_by_role("button", name=words, exact=True).first.click()
    expect(page.get_by_role("main")).not_to_contain_text("错误")


def today(page: Page, name: str) -> None:
    """Fill in the three boxes of a day with today's, unfolding the step if it is folded."""
    box = page.locator(f"[name={name}-year]")
    if not box.is_visible():
        page.locator("details[data-step]", has=box).locator("summary").first.click()
    day = now().astimezone(CIVIL_ZONE).date()
    for part, value in (("year", day.year), ("month", day.month), ("day", day.day)):
        page.locator(f"[name={name}-{part}]").fill(str(value))
