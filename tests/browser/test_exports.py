"""Files from the background in a browser: the page changes by itself, and nobody is disturbed."""

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser, expect

from core.clock import now
from services import people, report_exports
from services.report_exports import Drawn, Request, Written
from services.report_writing import FileFormat, Wanted
from tests.fixtures.site import Site
from workflows.permissions import Actor

pytestmark = pytest.mark.browser

REFRESH = "() => document.dispatchEvent(new Event('visibilitychange'))"


def apart(act: Callable[[], object]) -> None:
    """Do something with the database: the browser's loop must not be in the way."""
    thread = threading.Thread(target=act)
    thread.start()
    thread.join()


def asked(site: Site, name: str) -> UUID:
    """A file that waits to be written, asked for by the auditor."""
    with site.prepared.database.transaction() as session:
        line = people.find(session, name, now())
        return report_exports.ask(
            session,
            Actor(id=line.id, name=line.name, grants=line.grants),
            Request(
                command_id=uuid4(),
                report_code="rates",
                typed={},
                wanted=Wanted(format=FileFormat.XLSX, language="zh"),
            ),
            now(),
        )


def finished(site: Site, export_id: UUID) -> None:
    drawn = Drawn(row_count=8, file_name="网办率.xlsx", holds_synthetic=False, reach=None)
    written = Written(drawn=drawn, content_hash=export_id.bytes * 2, size_bytes=9_000)
    with site.prepared.database.transaction() as session:
        report_exports.finish(session, export_id, written, now() + timedelta(seconds=1))


def test_a_file_that_is_done_appears_by_itself_and_the_focus_stays(
    browser: Browser, site: Site
) -> None:
    made: list[UUID] = []
    apart(lambda: made.append(asked(site, "auditor")))
    page = site.come_in(browser, "auditor").new_page()
    page.goto("/exports")
    row = page.locator(f"[data-part='{made[0]}']")
    expect(row).to_contain_text("正在生成")
    expect(page.get_by_text("刷新本页")).to_be_hidden()
    row.locator("th a").focus()

    apart(lambda: finished(site, made[0]))
    page.evaluate(REFRESH)

    expect(row).to_contain_text("可以下载")
    expect(row.locator("th a")).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="文件已生成")).to_be_visible()
    page.context.close()


def test_without_script_a_link_asks_again(browser: Browser, site: Site) -> None:
    made: list[UUID] = []
    apart(lambda: made.append(asked(site, "auditor")))
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    site.speak(context, "auditor", "zh")
    page = context.new_page()
    page.goto(f"/exports/{made[0]}")
    expect(page.locator("main")).to_contain_text("正在后台生成")
    apart(lambda: finished(site, made[0]))

    page.get_by_role("link", name="刷新本页").click()

    expect(page.get_by_role("button", name="下载文件")).to_be_visible()
    context.close()
