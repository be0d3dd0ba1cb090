"""Valid requests at the window, between window and phone, and with papers."""

import re
from collections.abc import Callable
from functools import cache
from html import unescape
from io import BytesIO

import pikepdf
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services import cases
from tests.fixtures.scene import APPLICANT, Scene
from tests.views.valid_form import WINDOW, Valid, case_page, press

START = "/counter/start/business_start_up"
PAPER = "own_articles"
CHECKED = {"document_kind": "resident_id_card", "is_checked": "yes"}


def _visitor(scene: Scene) -> dict[str, str]:
    account = f"137{scene.another()['suffix']:08d}"
    return {"name": "李雷", "account": account, **CHECKED, "consent": "yes"}


def _taken_in(scene: Scene, **visitor: str) -> str:
    """The page of a case that a window officer has just begun for a visitor."""
    typed = _visitor(scene) | visitor
    answer = press(scene.app, scene.browser(WINDOW), START, "counter.start", **typed)
    assert answer.status_code == 303, answer.text
    return answer.location


def _at_counter(page: str, more: str) -> str:
    return page.replace("/cases/", "/counter/") + more


def _offered(scene: Scene) -> tuple[str, TestResponse]:
    """A case whose code the window shows, and the page with it."""
    page = _taken_in(scene)
    browser = scene.browser(WINDOW)
    answer = press(scene.app, browser, page, "draft_hand_overs.to_phone")
    assert answer.status_code == 303, answer.text
    return page, browser.get(answer.location)


def _code(page: TestResponse) -> str:
    found = re.search(r'class="app-big-code">([^<]+)<', page.text)
    assert found, page.text
    return unescape(found[1])


def _link(page: TestResponse) -> str:
    found = re.search(r"/continue/[\w-]+", page.text)
    assert found, page.text
    return found[0]


def _lent(scene: Scene) -> tuple[str, FlaskClient]:
    """A case that is being filled in on a phone, and the phone."""
    page, shown = _offered(scene)
    phone = scene.browser(None)
    answer = press(scene.app, phone, _link(shown), "continuations.link")
    assert answer.status_code == 303, answer.text
    return page, phone


def _to_window(scene: Scene) -> str:
    """The page with the code of a draft that its applicant brings to the window."""
    page = case_page(scene.draft())
    browser = scene.browser(APPLICANT)
    answer = press(scene.app, browser, page, "draft_hand_overs.to_window")
    assert answer.status_code == 303, answer.text
    return answer.location


def _receive(scene: Scene) -> Valid:
    code = _code(scene.browser(APPLICANT).get(_to_window(scene)))
    return Valid(WINDOW, "/counter/receive", {"code": code, **CHECKED})


def _give_back(scene: Scene) -> Valid:
    page, phone = _lent(scene)
    return Valid(None, page, client=phone)


def _take_home(scene: Scene) -> Valid:
    page = _taken_in(scene, account=APPLICANT, name="演示申请人")
    return Valid(APPLICANT, page)


@cache
def _pdf() -> bytes:
    """A sound document of one empty page."""
    document, content = pikepdf.new(), BytesIO()
    document.add_blank_page()
    document.save(content)
    return content.getvalue()


def _papers(scene: Scene) -> str:
    """The page of papers of a company with articles of its own."""
    key = scene.draft()
    with scene.database.transaction() as session:
        typed = {"term": {"term_kind": "unlimited", "articles": "own"}}
        cases.save_sections(session, scene.world.applicant, key, typed, scene.world.tick())
    return case_page(key, "/materials")


def _upload(scene: Scene) -> Valid:
    return Valid(APPLICANT, _papers(scene), step="", files={"files": (_pdf(), "章程.pdf")})


def _uploaded(scene: Scene) -> Valid:
    """The page of papers with a file: it can be removed or replaced."""
    page, files = _papers(scene), {"files": (_pdf(), "章程.pdf")}
    data = {"files": (BytesIO(_pdf()), "章程.pdf")}
    answer = scene.browser(APPLICANT).post(f"{page}/{PAPER}", data=data)
    assert answer.status_code in {303, 422}, answer.text
    return Valid(APPLICANT, page, files=files)


VISITS: dict[str, Callable[[Scene], Valid]] = {
    "continuations.index": lambda scene: Valid(
        None, "/continue", {"code": _code(_offered(scene)[1])}
    ),
    "continuations.link": lambda scene: Valid(None, _link(_offered(scene)[1])),
    "counter.invite": lambda scene: Valid(WINDOW, _at_counter(_taken_in(scene), "/slip")),
    "counter.revoke_link": lambda scene: Valid(WINDOW, _at_counter(_taken_in(scene), "/slip")),
    "counter.search": lambda scene: Valid(WINDOW, "/counter", {"searched": "13700000000"}),
    "counter.start": lambda scene: Valid(WINDOW, START, _visitor(scene)),
    "draft_hand_overs.cancel": lambda scene: Valid(
        WINDOW, _at_counter(_offered(scene)[0], "/hand-over")
    ),
    "draft_hand_overs.give_back": _give_back,
    "draft_hand_overs.receive": _receive,
    "draft_hand_overs.take_back": lambda scene: Valid(WINDOW, _lent(scene)[0]),
    "draft_hand_overs.take_home": _take_home,
    "draft_hand_overs.to_phone": lambda scene: Valid(WINDOW, _taken_in(scene)),
    "draft_hand_overs.to_window": lambda scene: Valid(APPLICANT, case_page(scene.draft())),
    "draft_hand_overs.withdraw_code": lambda scene: Valid(APPLICANT, _to_window(scene)),
    "materials.add": _upload,
    "materials.remove": _uploaded,
    "materials.replace": _uploaded,
}
"""By endpoint: the part of `tests.views.valid_requests.VALID` that needs two people or a file."""
