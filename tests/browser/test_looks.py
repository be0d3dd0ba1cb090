"""The public pages as people see them: by night, in large text, on paper, without script."""

from pathlib import Path

import pikepdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

pytestmark = pytest.mark.browser

GUIDE = "/guide/business_start_up"
PAGES = ("/", "/find?q=离婚", GUIDE, "/accessibility")
MOST_SHEETS = 6


def test_a_reader_chooses_night_and_large_text_without_script(
    browser: Browser, live_url: str, tmp_path: Path
) -> None:
    kept = tmp_path / "choice.json"
    context = browser.new_context(
        base_url=live_url, locale="zh-CN", java_script_enabled=False, viewport=size(320)
    )
    page = context.new_page()
    page.goto(GUIDE)
    for choice in ("深色", "特大"):
        page.get_by_text("显示", exact=True).click()
        page.get_by_role("link", name=choice).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("data-text-size", "largest")
    expect(page.get_by_role("heading", level=1)).to_have_text("企业开办一件事")
    context.storage_state(path=kept)
    context.close()

    context = browser.new_context(base_url=live_url, locale="zh-CN", storage_state=kept)
    page = context.new_page()
    for path in PAGES:
        fits_and_is_clean(page, path)
    prints_as_a_leaflet(page, tmp_path / "guide.pdf")
    context.close()


def fits_and_is_clean(page: Page, path: str) -> None:
    for width in (320, 768, 1920):
        page.set_viewport_size(size(width))
        page.goto(path)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, path
    found = Axe().run(page)
    assert found.violations_count == 0, f"{path}: {found.generate_report()}"


def prints_as_a_leaflet(page: Page, paper: Path) -> None:
    """The guide on A4: by day although night was chosen, without the frame, on few sheets."""
    page.goto(GUIDE)
    page.emulate_media(media="print")
    for hidden in (".app-header", ".app-footer", ".app-contents", ".app-start-bar"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.get_by_text("办事指南，第")).to_be_visible()
    assert page.evaluate("() => getComputedStyle(document.documentElement).colorScheme") == "light"
    page.pdf(path=paper, prefer_css_page_size=True)
    with pikepdf.open(paper) as sheets:
        assert 1 < len(sheets.pages) <= MOST_SHEETS


def size(width: int) -> ViewportSize:
    return {"width": width, "height": 800}
