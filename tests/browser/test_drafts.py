"""What is typed stays, whatever happens to the line, the session, the server or the page."""

import re
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import text

from core.database import Database
from services.demonstration import PASSWORD
from tests.browser.people_at_work import sign_in, someone
from tests.fixtures.browser import running
from tests.fixtures.complaints import complaints

pytestmark = pytest.mark.browser

APPLICANT = "applicant@yichuang.example"
SAVED = re.compile("^已保存")
PLACE = "[name=address-detail]"


def begin_draft(page: Page) -> str:
    """A new draft; the address of its page about the premises."""
    page.goto("/guide/business_start_up/start")
    page.locator('[name=district_code][value="620102-gx"]').check(force=True)
    page.get_by_role("main").get_by_role("button", name="开始填写").click()
    page.wait_for_url(re.compile("/cases/"))
    return f"{page.url}/form/address"


def status(page: Page) -> Locator:
    return page.locator("[data-save-status]")


def alarm(page: Page) -> Locator:
    return page.locator("[data-save-alert]")


def rest(database: Database, minutes: int) -> None:
    """Let every session have rested for ``minutes``."""
    with database.transaction() as session:
        session.execute(
            text("update sign_in_sessions set seen_at = seen_at - make_interval(mins => :minutes)"),
            {"minutes": minutes},
        )


def sign_in_again(page: Page, password: str = PASSWORD) -> None:
    dialog = page.get_by_role("dialog", name="请重新登录")
    expect(dialog).to_be_visible()
    dialog.get_by_label("密码").fill(password)
    dialog.get_by_role("button", name="登录", exact=True).click()


def answers(url: str) -> bool:
    try:
        urllib.request.urlopen(f"{url}/healthz", timeout=2).close()  # noqa: S310 -- our own address
    except urllib.error.URLError:
        return False
    return True


def forgive(*words: str) -> None:
    """What this test did to the browser on purpose is no complaint."""
    complaints[:] = [said for said in complaints if not any(word in said for word in words)]


@pytest.mark.long
def test_typed_text_outlives_a_lost_line_a_closed_page_a_restart_and_another_device(
    browser: Browser,
    live_url: str,
    web_server: subprocess.Popen[bytes],
    service_environment: dict[str, str],
) -> None:
    page = sign_in(someone(browser, live_url), APPLICANT)
    page.goto(begin_draft(page))
    with_characters_composed_and_an_answer_that_is_not_ours(page)
    page = with_a_lost_line_and_a_closed_page(page)
    web_server.terminate()
    web_server.wait()
    page.locator(PLACE).fill("雁南路 20 号")
    expect(alarm(page)).to_contain_text("没有保存")
    with running([sys.executable, "-m", "commands.serve"], service_environment) as again:
        deadline = time.monotonic() + 30
        while not answers(live_url):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        page.get_by_role("button", name="再试一次").click()
        expect(status(page)).to_have_text(SAVED)
        with_two_devices(page, sign_in(someone(browser, live_url, width=390), APPLICANT))
        page.context.close()
        again.terminate()
    forgive("ERR_CONNECTION_REFUSED")


def with_characters_composed_and_an_answer_that_is_not_ours(page: Page) -> None:
    """Half a word is not sent; a page of the network's own in place of an answer saves nothing."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if saves(request.url) else None)
    keyboard = page.context.new_cdp_session(page)
    page.locator(PLACE).focus()
    half = {"text": "yannan", "selectionStart": 6, "selectionEnd": 6}
    keyboard.send("Input.imeSetComposition", half)
    page.wait_for_timeout(1300)
    assert sent == []
    keyboard.send("Input.insertText", {"text": "雁南"})
    expect(status(page)).to_have_text(SAVED)
    page.route(saves, lambda route: route.fulfill(body="<html>Sign in to the network</html>"))
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    page.locator(PLACE).fill("雁南路 17 号")
    expect(alarm(page)).to_contain_text("网络断了")
    expect(alarm(page)).to_contain_text("请不要关闭")
    page.unroute_all()
    page.get_by_role("button", name="再试一次").click()
    expect(status(page)).to_have_text(SAVED)
    page.reload()
    expect(page.locator(PLACE)).to_have_value("雁南路 17 号")


def saves(url: str) -> bool:
    return url.endswith("/autosave")


def with_a_lost_line_and_a_closed_page(page: Page) -> Page:
    """What could not be sent is back when the page is opened again; the new page."""
    form = page.url
    page.locator(PLACE).fill("雁南路 18 号")
    expect(status(page)).to_have_text(SAVED)
    page.context.set_offline(True)
    page.locator(PLACE).fill("雁南路 18 号 5 楼")
    expect(alarm(page)).to_contain_text("网络断了")
    page.get_by_role("button", name="保存并继续").last.click()  # does not leave the page
    expect(page.locator(PLACE)).to_have_value("雁南路 18 号 5 楼")
    crash(page)
    page = page.context.new_page()
    page.context.set_offline(False)
    page.goto(form)
    expect(page.get_by_text("已经放回")).to_be_visible()
    expect(page.locator(PLACE)).to_have_value("雁南路 18 号 5 楼")
    expect(status(page)).to_have_text(SAVED)
    assert page.evaluate("() => localStorage.length") == 0
    page.get_by_role("button", name="撤销，用已保存的内容").click()
    expect(page.locator(PLACE)).to_have_value("雁南路 18 号")
    expect(status(page)).to_have_text(SAVED)
    return page


def crash(page: Page) -> None:
    """Close it without its last word."""
    page.evaluate("() => { window.fetch = () => new Promise(() => {}); }")
    page.close()


def with_two_devices(page: Page, phone: Page) -> None:
    """Both type in one section; the one that comes second is told and decides."""
    phone.goto(page.url)
    expect(phone.locator(PLACE)).to_have_value("雁南路 20 号")
    phone.locator(PLACE).fill("手机上填的")
    expect(status(phone)).to_have_text(SAVED)
    page.locator(PLACE).fill("电脑上填的")
    expect(alarm(page)).to_contain_text("别的设备")
    assert Axe().run(page).violations_count == 0
    page.get_by_role("button", name="用我这里的内容").click()
    expect(status(page)).to_have_text(SAVED)
    phone.reload()
    expect(phone.locator(PLACE)).to_have_value("电脑上填的")
    phone.context.close()


def test_a_session_that_ends_loses_nothing_and_warns_before(
    browser: Browser, live_url: str, database: Database
) -> None:
    page = sign_in(someone(browser, live_url), APPLICANT)
    page.goto(begin_draft(page))
    signed_in_again_in_place(page, database)
    warned_and_gone_on(page, database)
    another_person_sends_nothing(page)
    page.context.close()
    carried_along(sign_in(someone(browser, live_url), "registrar"), database)
    forgive("400 (Bad Request)")


def signed_in_again_in_place(page: Page, database: Database) -> None:
    """The dialog, a wrong password, the right one; what was typed is saved by itself."""
    rest(database, 24 * 60)
    page.locator(PLACE).fill("雁南路 18 号")
    sign_in_again(page, "wrong horse")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("不正确")
    assert Axe().run(page).violations_count == 0
    sign_in_again(page)
    expect(status(page)).to_have_text(SAVED)
    expect(page.locator(PLACE)).to_be_focused()


def warned_and_gone_on(page: Page, database: Database) -> None:
    """Two windows warn; going on in one closes the warning of the other."""
    windows = [page.context.new_page() for _number in range(2)]
    for window in windows:
        window.clock.install()
        window.goto("/account")
    rest(database, 116)
    for window in windows:
        window.clock.fast_forward("01:56:30")
        warning = window.get_by_role("dialog", name="登录快要结束了")
        expect(warning).to_be_visible()
        expect(warning).to_contain_text(re.compile(r"[34] 分"))
    assert Axe().run(windows[0]).violations_count == 0
    windows[0].get_by_role("button", name="继续使用").click()
    for window in windows:
        expect(window.get_by_role("dialog")).to_be_hidden()
    rest(database, 24 * 60)
    windows[0].clock.fast_forward("00:00:20")
    windows[0].locator("[name=name]").fill("李雷")
    windows[0].get_by_role("button", name="保存", exact=True).click()
    sign_in_again(windows[0])
    expect(windows[0].get_by_role("main")).to_contain_text("已保存")
    for window in windows:
        window.close()


def another_person_sends_nothing(page: Page) -> None:
    """Somebody else signs in in another window of the same browser."""
    other = page.context.new_page()
    other.goto("/account")
    other.get_by_role("banner").get_by_role("button", name="退出").click()
    page.get_by_role("button", name="先不登录").click()
    sign_in(other, "registrar")
    page.locator(PLACE).fill("雁南路 18 号，甲")
    expect(alarm(page)).to_contain_text("另一个账号")


def carried_along(page: Page, database: Database) -> None:
    """A form that was sent after its session ended, without a script's help."""
    page.goto("/account")
    rest(database, 24 * 60)
    page.locator("[name=name]").fill("王小明")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("请重新登录")
    assert Axe().run(page).violations_count == 0
    main = page.get_by_role("main")
    main.locator("[name=account]").fill("registrar")
    main.locator("[name=password]").fill(PASSWORD)
    main.get_by_role("button", name="登录").click()
    main.get_by_role("button", name="再提交一次").click()
    expect(main).to_contain_text("已保存")
    expect(page.get_by_role("banner")).to_contain_text("王小明")
    page.context.close()
