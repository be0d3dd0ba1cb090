"""The queue in a browser: by keyboard alone, two clerks at once, and a line that is cut."""

import re
import threading
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from core.clock import now
from core.database import Database
from tests.browser.people_at_work import sign_in, someone
from tests.fixtures.world import World

pytestmark = pytest.mark.browser

REFRESH = "() => document.dispatchEvent(new Event('visibilitychange'))"


def apart(act: Callable[[], object]) -> None:
    """Do something with the database: the browser's loop must not be in the way."""
    thread = threading.Thread(target=act)
    thread.start()
    thread.join()


def filled(database: Database, cases: int) -> World:
    """Cases that wait to be accepted, sent a moment ago."""
    world = World(database, at=now())
    apart(lambda: [world.submitted(suffix=number) for number in range(cases)])
    return world


def focused(page: Page) -> str:
    """The words of whatever has the focus."""
    return str(page.evaluate("() => document.activeElement.textContent.trim()"))


def expect_accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def complaints(page: Page) -> list[str]:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


def numbers(page: Page) -> list[str]:
    return page.locator("[data-row] [data-open]").all_inner_texts()


def test_a_clerk_works_the_queue_by_keyboard_alone(
    page: Page, live_url: str, database: Database
) -> None:
    filled(database, 3)
    sign_in(page, "registrar")
    page.goto("/queue")
    order = numbers(page)
    expect_accessible(page)

    goes_through_rows(page, order)
    reads_the_sheet(page, order)
    types_without_setting_anything_off(page)
    keeps_still_behind_a_dialog_and_while_characters_are_composed(page, order)
    page.locator(f"[data-open]:text-is('{order[1]}')").focus()
    goes_along_the_list(page)
    decides_with_a_usual_reason(page)
    page.keyboard.press("g")
    page.keyboard.press("q")
    expect(page.locator("[data-row]")).to_have_count(2)
    turns_single_keys_off(page)


def goes_through_rows(page: Page, order: list[str]) -> None:
    for key in ("j", "j", "ArrowDown"):
        page.keyboard.press(key)
    assert focused(page) == order[2]
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator("[data-selected]")).to_have_text("已勾选 1 件")


def reads_the_sheet(page: Page, order: list[str]) -> None:
    page.keyboard.press("?")
    expect(page.locator("#keys-sheet")).to_be_visible()
    expect_accessible(page)
    page.keyboard.press("n")
    page.keyboard.press("Escape")
    expect(page.locator("#keys-sheet")).to_be_hidden()
    assert focused(page) == order[1]


def types_without_setting_anything_off(page: Page) -> None:
    page.keyboard.press("f")
    page.keyboard.type("j n x ?")
    expect(page.locator("#filter-text")).to_have_value("j n x ?")
    expect(page.locator("[data-selected]")).to_have_text("已勾选 1 件")
    page.locator("#filter-text").fill("")


def keeps_still_behind_a_dialog_and_while_characters_are_composed(
    page: Page, order: list[str]
) -> None:
    page.locator("[data-open]").first.focus()
    page.evaluate("() => document.querySelector('#session-trouble').showModal()")
    page.keyboard.press("n")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")  # whatever it means elsewhere, no dialog is open any more
    page.evaluate(
        "() => document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'j', keyCode: 229, bubbles: true}))"
    )
    assert focused(page) == order[0]


def goes_along_the_list(page: Page) -> None:
    for key, place in (("Enter", 2), ("]", 3), ("[", 2)):
        page.keyboard.press(key)
        expect(page.locator(".app-way__place")).to_have_text(f"第 {place} 件，共 3 件")
        page.wait_for_load_state()
    page.keyboard.press("c")
    expect(page.locator("[data-claim-until]")).to_contain_text("还有")
    page.wait_for_load_state()
    expect_accessible(page)


def decides_with_a_usual_reason(page: Page) -> None:
    page.keyboard.press("2")
    reason = page.locator("#decline-reason")
    page.locator("#decline-reason_code").select_option("not_ours")
    expect(reason).to_have_value(re.compile("不属于本机关职权范围"))
    reason.press("End")
    reason.type(" 请到城关区。")
    expect(page.locator("#step-decline [data-draft-status]")).to_contain_text("草稿已存")
    page.reload()
    expect(reason).to_have_value(re.compile("请到城关区"))
    reason.focus()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("不予受理")
    expect(page.get_by_role("main")).to_contain_text("第三十二条第一款第（二）项")
    page.wait_for_load_state()


def turns_single_keys_off(page: Page) -> None:
    page.wait_for_load_state()
    page.keyboard.press("?")
    with page.expect_response("**/queue/keys"):
        page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("[data-open]:focus")).to_have_count(0)
    page.reload()
    page.keyboard.press("j")
    expect(page.locator("[data-open]:focus")).to_have_count(0)


def test_the_list_keeps_itself_fresh_and_disturbs_nobody(
    browser: Browser, live_url: str, database: Database
) -> None:
    world = filled(database, 12)
    one = sign_in(someone(browser, live_url), "registrar")
    two = sign_in(someone(browser, live_url), "registrar-two")
    errors = complaints(one)
    one.goto("/queue")
    order = numbers(one)
    here = busy_in_the_middle(one)
    top = here.bounding_box() or {"y": 0}

    two.goto("/queue")
    two.locator("[data-open]").first.click()
    expect(two.locator("#task-head")).to_be_visible()
    apart(lambda: world.submitted(suffix=50))
    one.evaluate(REFRESH)
    expect(one.locator("#queue-news")).to_have_text("有 1 件新到。")
    expect(one.locator("[data-row]")).to_have_count(13)
    expect(one.locator("[data-row]").first).to_contain_text("演示登记员乙 正在看")
    assert numbers(one)[:12] == order
    expect_undisturbed(one)
    assert abs((here.bounding_box() or top)["y"] - top["y"]) < 2

    accepts_by_keyboard(two)
    one.evaluate(REFRESH)
    expect(one.locator("[data-row]").first).to_contain_text("审查中")
    writes_why_it_is_given_back(one, order[8])
    loses_the_line(one)
    assert (focused(one), errors) == (order[8], [])


def busy_in_the_middle(page: Page) -> Locator:
    """Ticked, typed, scrolled and with the focus on a row; that row."""
    for _ in range(4):
        page.keyboard.press("k")
    page.keyboard.press("x")
    page.locator("#hand-over summary").click()
    page.locator("#selection-reason").fill("还没写完")
    here = page.locator("[data-row]").nth(8).locator("[data-open]")
    here.focus()
    return here


def expect_undisturbed(page: Page) -> None:
    """Ticks, words and scroll are where they were left."""
    expect(page.locator("[data-selected]")).to_have_text("已勾选 1 件")
    expect(page.locator("#selection-reason")).to_have_value("还没写完")
    assert page.evaluate("() => window.scrollY") > 0


def writes_why_it_is_given_back(page: Page, number: str) -> None:
    """What is being written in a row stays while the list changes around it."""
    row = page.locator("[data-row]", has_text=number)
    task = f"/tasks/{row.get_attribute('data-row')}"
    page.evaluate(
        """task => fetch(`${task}/claim`, {method: "POST", headers: {"X-CSRFToken":
        document.querySelector("[name=csrf_token]").value}})""",
        task,
    )
    page.evaluate(REFRESH)
    row.get_by_text("写明原因再放回").click()
    reason = row.locator("[name=reason]")
    reason.fill("等申请人")
    page.evaluate(
        """task => fetch(`${task}/claim`, {method: "POST", headers: {"X-CSRFToken":
        document.querySelector("[name=csrf_token]").value}})""",
        task,
    )
    with page.expect_response("**/queue"):
        page.evaluate(REFRESH)
    expect(reason).to_have_value("等申请人")
    expect_accessible(page)
    reason.press("Escape")
    row.locator("[data-open]").focus()


def accepts_by_keyboard(page: Page) -> None:
    page.wait_for_load_state()
    page.keyboard.press("c")
    expect(page.locator("[data-claim-until]")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_be_visible()


def loses_the_line(page: Page) -> None:
    """The line is cut and comes back; then the session ends. The list stays where it was."""
    news = page.locator("#queue-news")
    page.context.set_offline(True)
    page.evaluate(REFRESH)
    expect(news).to_contain_text("连接中断")
    page.context.set_offline(False)
    expect(news).to_contain_text("连接已恢复")
    page.context.clear_cookies()
    page.evaluate(REFRESH)
    expect(news).to_contain_text("登录已到期")
    expect(page.locator("[data-row]")).to_have_count(13)
