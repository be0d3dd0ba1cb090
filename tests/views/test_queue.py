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


def rows(html: str) -> int:
    """How many entries a queue page lists."""
    return html.count("data-row=")


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


def test_the_queue_counts_each_kind_of_work_and_filters_by_it(
    browser_of: Browser, world: World
) -> None:
    world.submitted()
    world.accepted(suffix=2)
    registrar, tax = browser_of("registrar"), browser_of("tax")
    everything = registrar.get("/queue").text

    assert rows(everything) == 2
    assert "共 2 件" in everything
    assert "其中超期 2 件" in everything
    assert rows(registrar.get("/queue?work=accept").text) == 1
    assert rows(registrar.get("/queue?work=prepare").text) == 0
    assert "没有符合条件的件" in registrar.get("/queue?work=prepare").text
    assert rows(tax.get("/queue?work=prepare&due=none&claimed=free").text) == 1


def test_a_filter_stays_in_the_address_and_in_every_link(browser_of: Browser, world: World) -> None:
    world.submitted()
    page = browser_of("registrar").get("/queue?due=late&sort=title&order=descending&size=25").text

    assert '<option value="late" selected>' in page
    assert '<option value="title" selected>' in page
    assert '<option value="descending" selected>' in page
    assert "list=due%3Dlate%26sort%3Dtitle%26order%3Ddescending%26size%3D25&amp;number=1" in page


def test_text_finds_a_number_or_a_name_and_signs_are_only_signs(
    browser_of: Browser, world: World
) -> None:
    world.submitted()
    registrar = browser_of("registrar")

    assert rows(registrar.get("/queue", query_string={"text": "星河"}).text) == 1
    assert rows(registrar.get("/queue", query_string={"text": "620102-gx-"}).text) == 1
    for typed in ("%", "_", "\\", "没有这个", "' or 1=1 --"):
        answer = registrar.get("/queue", query_string={"text": typed})
        assert (answer.status_code, rows(answer.text)) == (200, 0), typed


def test_a_value_that_makes_no_sense_has_its_sentence_and_the_rest_works(
    browser_of: Browser, world: World
) -> None:
    world.submitted()
    world.accepted(suffix=2)
    registrar = browser_of("registrar")
    answer = registrar.get("/queue?work=accept&due=yesterday&sort=%00&item=<b>&text=" + "长" * 81)

    assert answer.status_code == 422
    assert rows(answer.text) == 1
    for name in ("due", "sort", "item", "text"):
        assert f'href="#filter-{name}"' in answer.text
        assert f'id="filter-{name}-error"' in answer.text
    assert "没有“yesterday”这个选项" in answer.text
    assert "长" * 81 in answer.text


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
    assert rows(registrar.get("/queue?claimed=mine").text) == 1


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


def test_an_entry_is_given_back_with_a_reason_that_its_history_shows(
    browser_of: Browser, world: World
) -> None:
    page = page_of(world.submitted(), "registration")
    registrar, colleague = browser_of("registrar"), browser_of("registrar-two")
    for reason in ("等申请人来电", ""):
        registrar.post(f"{page}/claim", data={})
        assert "写明原因再放回" in registrar.get("/queue").text
        sent = {"command_id": hidden(registrar.get(page).text, f"{page}/hand-back")}
        for _twice in range(2):
            given = registrar.post(f"{page}/hand-back", data={**sent, "reason": reason})
            assert given.location == "/queue"

    seen = colleague.get(page).text
    assert seen.count("等申请人来电") == 1
    assert seen.count("放回队列</p>") == 2
    assert "写明原因再放回" not in seen


def test_a_reason_that_is_too_long_comes_back_and_nothing_is_given_back(
    browser_of: Browser, world: World
) -> None:
    page = page_of(world.submitted(), "registration")
    registrar, long = browser_of("registrar"), "长" * 501
    registrar.post(f"{page}/claim", data={})
    answer = registrar.post(f"{page}/hand-back", data={"reason": long})

    assert answer.status_code == 422
    assert f'value="{long}"' in answer.text
    assert 'href="#release-reason"' in answer.text
    assert "您领取的" in registrar.get(page).text


def test_where_nothing_can_be_ticked_there_is_no_bar_for_it(
    browser_of: Browser, world: World
) -> None:
    registrar = browser_of("registrar")
    bar = re.compile(r'<div class="app-selection"[^>]*>')

    assert "hidden" in bar.findall(registrar.get("/queue").text)[0]
    world.submitted()
    assert "hidden" not in bar.findall(registrar.get("/queue").text)[0]
    assert "hidden" in bar.findall(registrar.get("/queue?work=prepare").text)[0]


def test_what_the_page_itself_sent_is_not_shown_as_typed(browser_of: Browser, world: World) -> None:
    page = page_of(world.submitted(), "registration")
    browser_of("registrar").post(f"{page}/claim", data={})
    colleague = browser_of("registrar-two")
    carried = {"list": "sort=title", "number": "12", "then": "next"}
    claimed = colleague.post(f"{page}/claim", data=carried)
    given = colleague.post(f"{page}/hand-back", data={**carried, "reason": "等申请人来电"})

    assert (claimed.status_code, given.status_code) == (409, 409)
    assert "您刚才填写的内容" not in claimed.text
    assert re.findall(r'class="app-typed">(.*?)<', given.text) == ["等申请人来电"]


def test_a_hostile_page_number_is_a_first_page(browser_of: Browser) -> None:
    registrar = browser_of("registrar")

    for page in ("0", "-1", "x", "9" * 30, "999999", "²"):
        assert registrar.get("/queue", query_string={"page": page}).status_code == 200


def test_applicants_and_auditors_have_no_queue(browser_of: Browser) -> None:
    for account in ("applicant@yichuang.example", "auditor", "administrator"):
        assert browser_of(account).get("/queue").status_code == 403
