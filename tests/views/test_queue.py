"""The queue page: what waits, the next one, claiming and giving back."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from services.cases import CaseKey
from tests.fixtures.world import World

Browser = Callable[[str], FlaskClient]


def page_of(key: CaseKey, item: str) -> str:
    """The address of one item's part of a case."""
    return f"/tasks/{key.district_code}/{key.case_id}/{item}"


def hidden(html: str, action: str) -> str:
    """The command id of the form with this action."""
    form = html[html.index(f'action="{action}"') :]
    found = re.search(r'name="command_id" value="([0-9a-f-]{36})"', form)
    assert found
    return found[1]


def test_an_empty_queue_says_so(browser_of: Browser) -> None:
    answer = browser_of("tax").get("/queue")

    assert answer.status_code == 200
    assert "队列是空的" in answer.text
    assert "税务局" in answer.text


def test_the_queue_has_a_section_for_each_kind_of_work(browser_of: Browser, world: World) -> None:
    world.submitted()
    world.accepted(suffix=2)
    registrar = browser_of("registrar").get("/queue").text
    tax = browser_of("tax").get("/queue").text

    assert "待受理" in registrar
    assert "待办理" in registrar
    assert "可以预审" not in registrar
    assert "可以预审" in tax
    assert "待办 2 件" in registrar
    assert "超期" in registrar


def test_a_department_sees_its_own_queue_and_a_maker_its_own_orders(
    browser_of: Browser, world: World
) -> None:
    world.licensed()

    assert "兰州星河" in browser_of("maker-jincheng").get("/queue").text
    assert "兰州星河" not in browser_of("maker-hehai").get("/queue").text
    assert "兰州星河" not in browser_of("police").get("/queue").text


def test_next_takes_what_is_due_first_and_opens_it(browser_of: Browser, world: World) -> None:
    first = world.submitted()
    world.submitted(suffix=2)
    registrar = browser_of("registrar")
    command_id = hidden(registrar.get("/queue").text, "/queue/next")

    answer = registrar.post("/queue/next", data={"command_id": command_id})
    again = registrar.post("/queue/next", data={"command_id": command_id})

    assert answer.status_code == 303
    assert answer.location == again.location == page_of(first, "registration")
    assert "我领取的" in registrar.get("/queue").text


def test_next_of_an_empty_queue_comes_back_with_a_word(browser_of: Browser) -> None:
    registrar = browser_of("registrar")
    answer = registrar.post("/queue/next", data={"command_id": "not an id"}, follow_redirects=True)

    assert answer.status_code == 200
    assert "没有等待办理的件" in answer.text


def test_two_clerks_get_two_cases(browser_of: Browser, world: World) -> None:
    world.submitted()
    world.submitted(suffix=2)
    first = browser_of("registrar").post("/queue/next", data={})
    second = browser_of("registrar-two").post("/queue/next", data={})

    assert first.location != second.location


def test_what_is_claimed_shows_who_has_it_and_can_be_given_back(
    browser_of: Browser, world: World
) -> None:
    page = page_of(world.submitted(), "registration")
    registrar, colleague = browser_of("registrar"), browser_of("registrar-two")
    command_id = hidden(registrar.get("/queue").text, f"{page}/claim")

    assert registrar.post(f"{page}/claim", data={"command_id": command_id}).location == page
    seen = colleague.get("/queue").text
    assert "演示登记员甲" in seen
    assert f'action="{page}/claim"' not in seen
    command_id = hidden(registrar.get("/queue").text, f"{page}/hand-back")
    given = registrar.post(f"{page}/hand-back", data={"command_id": command_id})
    assert given.location == "/queue"
    assert f'action="{page}/claim"' in colleague.get("/queue").text


def test_a_hostile_page_number_is_a_first_page(browser_of: Browser) -> None:
    registrar = browser_of("registrar")

    for page in ("0", "-1", "x", "9" * 30, "999999", "²"):
        assert registrar.get("/queue", query_string={"page": page}).status_code == 200


def test_applicants_and_auditors_have_no_queue(browser_of: Browser) -> None:
    for account in ("applicant@yichuang.example", "auditor", "administrator"):
        assert browser_of(account).get("/queue").status_code == 403
