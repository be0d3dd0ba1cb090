"""Papers in a real browser: dropped, refused, removed, tried again, and read by a clerk."""

import base64
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page, Route, expect

from catalog import samples
from core.clock import now
from core.database import Database
from services import cases, demonstration, people
from services.cases import CaseKey, Opening
from tests.browser.people_at_work import sign_in, someone
from tests.fixtures.papers import document, picture
from tests.fixtures.world import DISTRICT, THING
from workflows.permissions import Actor

pytestmark = pytest.mark.browser

APPLICANT = demonstration.ACCOUNTS[0].account
DROP = """([zone, name, content]) => {
  const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type: "application/pdf" }));
  const options = { dataTransfer: data, bubbles: true, cancelable: true };
  for (const kind of ["dragenter", "dragover", "drop"])
    zone.dispatchEvent(new DragEvent(kind, options));
}"""


@pytest.fixture
def key(database: Database) -> CaseKey:
    """A draft of the demonstration applicant that needs two papers."""
    with database.transaction() as session:
        person = people.find(session, APPLICANT, now())
        applicant = Actor(id=person.id, name=person.name, grants=person.grants)
        typed = samples.with_papers(samples.business_start_up(on=now().date()))
        opening = Opening(thing_code=THING, district_code=DISTRICT, opened_at=now())
        key = cases.start(session, applicant, opening, now())
        cases.save_sections(session, applicant, key, typed, now())
    return key


def drop(page: Page, code: str, name: str, content: bytes) -> None:
    """Drop a file on the place of a paper."""
    zone = page.locator(f"#material-{code} .app-drop").element_handle()
    page.evaluate(DROP, [zone, name, base64.b64encode(content).decode()])


def test_papers_from_the_drop_to_the_clerks_desk(
    browser: Browser, live_url: str, key: CaseKey
) -> None:
    case = f"/cases/{key.district_code}/{key.case_id}"
    page = sign_in(someone(browser, live_url, width=390), APPLICANT)
    page.goto(f"{case}/materials")
    follow_a_file(page)
    meet_refusals(page)
    lose_the_line(page)
    context = browser.new_context(
        base_url=live_url,
        java_script_enabled=False,
        storage_state=page.context.storage_state(),
        locale="zh-CN",
    )
    do_without_script(context.new_page(), case)

    clerk = sign_in(someone(browser, live_url), "registrar")
    clerk.goto(f"/tasks/{key.district_code}/{key.case_id}/registration")
    third = clerk.get_by_role("img", name="租赁合同.pdf 第 3 页")
    third.scroll_into_view_if_needed()
    clerk.wait_for_function("image => image.naturalWidth > 0", arg=third.element_handle())


def follow_a_file(page: Page) -> None:
    """Drop a file, see it on its way, and see what it was found to be."""
    articles = page.locator("#material-own_articles")
    expect(articles.get_by_text("请上传", exact=True)).to_be_visible()
    held: list[Route] = []
    page.route(re.compile("own_articles$"), lambda route: held.append(route))
    drop(page, "own_articles", "章程.pdf", document(2))
    expect(articles.get_by_role("progressbar", name="章程.pdf")).to_be_visible()
    page.unroute_all()  # lets it go on
    expect(articles.get_by_text("已检查，可以使用")).to_be_visible()
    expect(articles.get_by_role("progressbar")).to_have_count(0)
    expect(articles.get_by_text("已收齐")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="检查通过")).to_have_count(1)
    assert len(held) == 1


def meet_refusals(page: Page) -> None:
    """One file that the server refuses, one that the page does; both are put away again."""
    articles = page.locator("#material-own_articles")
    drop(page, "own_articles", "假的.pdf", b"<html>not a document</html>")
    expect(articles.get_by_text("打开后发现它不是")).to_be_visible()
    expect(articles.get_by_text("有文件不能用")).to_be_visible()
    drop(page, "own_articles", "章程.docx", b"PK")
    expect(articles.get_by_text("这项材料收")).to_be_visible()
    assert Axe().run(page).violations_count == 0
    articles.get_by_role("button", name="知道了").click()
    articles.get_by_role("button", name="移除 假的.pdf").click()
    expect(articles.get_by_text("已收齐")).to_be_visible()


def lose_the_line(page: Page) -> None:
    """A file is sent again by itself when the line is back."""
    letter = page.locator("#material-letter_of_authority")
    page.context.set_offline(offline=True)
    drop(page, "letter_of_authority", "委托书.jpg", picture("JPEG", (600, 800)))
    expect(letter.get_by_text("网络断了")).to_be_visible()
    page.context.set_offline(offline=False)
    expect(letter.get_by_text("已检查，可以使用")).to_be_visible()


def do_without_script(page: Page, case: str) -> None:
    """The page's own form does the same; then the case is submitted."""
    page.goto(f"{case}/materials")
    place = page.locator("#material-address_paper")
    lease: FilePayload = {
        "name": "租赁合同.pdf",
        "mimeType": "application/pdf",
        "buffer": document(3),
    }
    place.locator("input[type=file]").first.set_input_files(lease)
    place.get_by_role("button", name="上传 住所使用证明").click()
    expect(page.locator("#material-address_paper").get_by_text("3 页")).to_be_visible()
    page.goto(f"{case}/check")
    page.get_by_role("button", name="确认并提交").click()
    expect(page.get_by_text("收到的材料")).to_be_visible()
