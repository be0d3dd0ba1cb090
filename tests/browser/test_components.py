"""The components in a browser: for assistive technology, on a phone, with and without script."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from app import create_app
from tests.conftest import settings_for_tests
from tests.gallery.pages import bp

pytestmark = pytest.mark.browser

PAGES = ("roomy", "mistakes", "dense", "states")
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def gallery_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The gallery on a server of its own. Its pages need no database."""
    app = create_app(settings_for_tests(tmp_path_factory.mktemp("gallery")))
    app.register_blueprint(bp)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/gallery/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visitor(browser: Browser, gallery_url: str) -> Iterator[Page]:
    context = browser.new_context(base_url=gallery_url, locale="zh-CN")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_assistive_technology_finds_nothing_wrong(
    visitor: Page, name: str, size: dict[str, int]
) -> None:
    visitor.set_viewport_size({"width": size["width"], "height": size["height"]})
    visitor.goto(name)

    found = Axe().run(visitor)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1280, 1920])
def test_no_page_is_wider_than_its_screen(visitor: Page, name: str, width: int) -> None:
    visitor.set_viewport_size({"width": width, "height": 800})
    visitor.goto(name)

    assert visitor.evaluate("() => document.documentElement.scrollWidth") <= width


def test_by_night_in_very_large_text_on_a_small_phone_all_is_as_clean(
    browser: Browser, gallery_url: str
) -> None:
    context = browser.new_context(color_scheme="dark", viewport={"width": 320, "height": 640})
    context.add_cookies([{"name": "yichuang-text-size", "value": "largest", "url": gallery_url}])
    page = context.new_page()
    for name in PAGES:
        page.goto(f"{gallery_url}{name}")

        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320, name
        found = Axe().run(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    context.close()


def test_the_mistakes_take_the_focus_and_lead_to_their_fields(visitor: Page) -> None:
    visitor.goto("mistakes")

    expect(visitor.locator("[data-error-summary]")).to_be_focused()
    visitor.get_by_role("link", name="请检查股东类型。").click()
    expect(visitor.locator("#every-holder_kind-0")).to_be_focused()


def test_a_question_appears_when_its_condition_is_met(visitor: Page) -> None:
    visitor.goto("roomy")
    question = visitor.get_by_label("统一社会信用代码")

    expect(question).to_be_hidden()
    visitor.get_by_label("单位").check()
    expect(question).to_be_visible()
    visitor.get_by_label("自然人").check()
    expect(question).to_be_hidden()


def test_without_script_every_question_is_there(browser: Browser, gallery_url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{gallery_url}roomy")

    expect(page.get_by_label("统一社会信用代码")).to_be_visible()
    expect(page.get_by_text("选择“单位”时填写。")).to_be_visible()
    context.close()


def test_a_long_list_is_filtered_and_keeps_what_is_ticked(visitor: Page) -> None:
    visitor.goto("roomy")
    visitor.get_by_label("软件开发第 3 项", exact=True).check()
    visitor.get_by_label("输入文字或代码筛选").fill("第 12 项")

    expect(visitor.get_by_label("软件开发第 12 项")).to_be_visible()
    expect(visitor.get_by_label("软件开发第 3 项", exact=True)).to_be_visible()
    expect(visitor.get_by_label("软件开发第 5 项", exact=True)).to_be_hidden()
    visitor.get_by_label("输入文字或代码筛选").fill("不存在的条目")
    expect(visitor.get_by_text("没有符合的条目")).to_be_visible()


def test_an_impatient_visitor_sends_a_form_once(visitor: Page) -> None:
    visitor.goto("roomy")
    posts: list[str] = []
    visitor.on(
        "request", lambda request: posts.append(request.url) if request.method == "POST" else None
    )
    visitor.route("**/", lambda route: None)  # the answer never comes

    visitor.get_by_role("button", name="保存并继续").last.click(click_count=3, no_wait_after=True)
    visitor.wait_for_timeout(300)
    assert len(posts) == 1


def test_a_slow_answer_is_announced_in_words(visitor: Page) -> None:
    visitor.goto("roomy")
    visitor.evaluate(
        """() => {
          const form = document.querySelector("main form[method=post]");
          form.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
        }"""
    )

    expect(visitor.get_by_text("正在处理，请稍候…")).to_be_visible()


def test_a_certificate_prints_without_the_frame(visitor: Page, tmp_path: Path) -> None:
    visitor.goto("roomy")
    visitor.emulate_media(media="print")

    expect(visitor.locator(".app-header")).to_be_hidden()
    expect(visitor.locator(".app-certificate")).to_be_visible()
    assert visitor.pdf(path=tmp_path / "page.pdf").startswith(b"%PDF")
