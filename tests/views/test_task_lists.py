"""Working along a filtered list: neighbours, the next one, several at once, and a fresh page."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.fixtures.world import DISTRICT, World
from tests.services.test_hand_overs import person
from tests.views.test_queue import Browser, page_of, rows
from tests.views.test_tasks import fields_of

POLL = {"X-Poll": "1"}


def open_links(html: str) -> list[str]:
    """Where the rows of a queue lead, with the list they belong to."""
    return [unescape(each) for each in re.findall(r'data-open href="([^"]+)"', html)]


def way(html: str, name: str) -> str | None:
    found = re.search(rf'href="([^"]+)"[^>]* data-way="{name}"', html)
    return unescape(found[1]) if found else None


def post_step(client: FlaskClient, url: str, trigger: str, **typed: str) -> Any:
    """Open a page with its list, and send the form of one step."""
    action, hidden = fields_of(client.get(url).text, trigger)
    return client.post(action, data=hidden | typed)


def test_previous_and_next_follow_the_filtered_list(browser_of: Browser, world: World) -> None:
    for number in range(4):
        world.submitted(suffix=number)
    world.accepted(suffix=9)
    registrar = browser_of("registrar")
    links = open_links(registrar.get("/queue?work=accept&sort=number&order=descending").text)

    page = registrar.get(links[1]).text
    assert "第 2 件，共 4 件" in page
    assert way(page, "previous") == links[0]
    assert way(page, "next") == links[2]
    assert way(page, "list") == "/queue?work=accept&sort=number&order=descending"
    assert way(registrar.get(links[3]).text, "next") is None


def test_deciding_and_taking_the_next_goes_on_in_the_list(
    browser_of: Browser, world: World
) -> None:
    keys = [world.submitted(suffix=number) for number in range(4)]
    browser_of("registrar-two").post(f"{page_of(keys[2], 'registration')}/claim")
    registrar = browser_of("registrar")
    links = open_links(registrar.get("/queue?work=accept").text)

    answer = post_step(registrar, links[1], "accept", then="next")
    assert answer.location.startswith(page_of(keys[3], "registration"))
    assert "list=work%3Daccept" in answer.location
    end = post_step(registrar, answer.location, "accept", then="next")
    assert end.location.startswith("/queue?work=accept")
    assert "这个列表后面没有可以领取的件了" in registrar.get(end.location).text


def test_a_decided_case_still_shows_the_way_on(browser_of: Browser, world: World) -> None:
    keys = [world.accepted(suffix=number) for number in range(3)]
    registrar = browser_of("registrar")
    links = open_links(registrar.get("/queue").text)
    late = {"approve-delay_code": "many_cases"}
    decided = post_step(registrar, links[1], "approve", **late).location

    page = registrar.get(decided).text
    assert "这一件已不在列表中，列表还有 2 件" in page
    assert (way(page, "previous") or "").startswith(page_of(keys[0], "registration"))
    assert (way(page, "next") or "").startswith(page_of(keys[2], "registration"))


def test_strange_lists_are_borne(browser_of: Browser, world: World) -> None:
    page = page_of(world.submitted(), "registration")
    registrar = browser_of("registrar")
    strange = [
        "%00",
        "due=never&size=-1",
        "x" * 5000,
        "&".join("a=b" for _ in range(99)),
        "text=%FF",
    ]

    for value in strange:
        for number in ("0", "-3", "9" * 40, "x"):
            answer = registrar.get(page, query_string={"list": value, "number": number})
            assert answer.status_code == 200, value[:40]


def test_several_are_handed_over_and_each_is_answered(browser_of: Browser, world: World) -> None:
    first, second = world.submitted(), world.submitted(suffix=2)
    registrar, receiver = browser_of("registrar"), browser_of("registrar-two")
    colleague = person(world, "registrar-two")
    receiver.post(f"{page_of(second, 'registration')}/claim")
    entries = [f"{key.district_code}/{key.case_id}/registration" for key in (first, second)]
    typed = {"entry": [*entries, f"{DISTRICT}/{uuid4()}/registration", "rubbish", "a/b/c"]}
    typed |= {"act": ["hand_over"], "command_id": [str(uuid4())]}

    wrong = registrar.post("/queue/selection", data=typed | {"reason": ["午休"]})
    assert wrong.status_code == 422
    assert 'id="selection-colleague-error"' in wrong.text
    assert "午休" in wrong.text
    typed |= {"colleague": [str(colleague.id)], "reason": ["请接着办 <b>这一件</b>"]}
    done = registrar.post("/queue/selection", data=typed)
    assert done.status_code == 200
    assert (done.text.count("已办</strong>"), done.text.count("没有办</strong>")) == (1, 1)
    assert "有 1 件已不在您的队列中" in done.text

    shown = receiver.get("/queue").text
    assert "转交给您的 1 件" in shown
    assert "演示登记员甲 转交给您：请接着办 &lt;b&gt;" in shown
    assert "演示登记员甲 转交给您" in receiver.get(page_of(first, "registration")).text


def test_nothing_ticked_is_a_sentence(browser_of: Browser) -> None:
    registrar = browser_of("registrar")
    for act in ("claim", "release", "hand_over", "explode", ""):
        answer = registrar.post("/queue/selection", data={"act": act})
        assert answer.status_code == 422
        assert "还没有勾选任何一件" in answer.text
    assert registrar.get("/queue/selection").location == "/queue"


def test_an_unchanged_list_is_not_sent_again(browser_of: Browser, world: World) -> None:
    key = world.submitted()
    registrar = browser_of("registrar")
    version = re.search(r'data-version="([^"]+)"', registrar.get("/queue").text)
    assert version
    asked = POLL | {"If-None-Match": unescape(version[1])}

    assert registrar.get("/queue", headers=asked).status_code == 304
    assert registrar.get("/queue?sort=title", headers=asked).status_code == 200
    browser_of("registrar-two").post(f"{page_of(key, 'registration')}/claim")
    changed = registrar.get("/queue", headers=asked)
    assert changed.status_code == 200
    assert rows(changed.text) == 1
    assert "<html" not in changed.text
    assert "演示登记员乙" in changed.text
    page = changed.headers["ETag"]
    assert registrar.get("/queue", headers=POLL | {"If-None-Match": page}).status_code == 304


def test_what_is_known_to_be_unchanged_reads_no_entry(
    browser_of: Browser, world: World, app: Flask
) -> None:
    world.submitted()
    registrar = browser_of("registrar")
    version = registrar.get("/queue", headers=POLL).headers["ETag"]
    asked = POLL | {"If-None-Match": version}
    with statements(app) as seen:
        assert registrar.get("/queue", headers=asked).status_code == 304
    assert not [each for each in seen if "queue_entries" in each]
    shown, *rest, until = version.strip('"').split("-")
    past = "-".join([shown, *rest, "1"])
    with statements(app) as seen:
        answer = registrar.get("/queue", headers=POLL | {"If-None-Match": f'"{past}"'})
    assert answer.status_code == 304
    assert answer.headers["ETag"].rpartition("-")[0] == version.rpartition("-")[0]
    assert [each for each in seen if "queue_entries" in each]
    for strange in ("x", f'"{shown}"', '"---"', f'"{past}é"', f'"{shown}-{until}"', "*"):
        answer = registrar.get("/queue", headers=POLL | {"If-None-Match": strange})
        assert answer.status_code in {200, 304}
    world.submitted(suffix=2)
    assert registrar.get("/queue", headers=asked).status_code == 200


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    seen: list[str] = []
    engine = app.extensions["database"].engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_opening_a_case_is_told_to_colleagues_and_stops_nobody(
    browser_of: Browser, world: World
) -> None:
    page = page_of(world.submitted(), "registration")
    one, two = browser_of("registrar"), browser_of("registrar-two")
    one.get(page)

    assert "演示登记员甲 正在看" in two.get("/queue").text
    assert "演示登记员甲 正在看" in two.get(page).text
    assert "正在看" in one.post(f"{page}/presence").get_json()["watchers"][0]
    assert two.post(f"{page}/claim", data={}).status_code == 303
    assert browser_of("tax").post(f"{page}/presence").status_code == 404


def test_single_keys_are_turned_off_and_on_again(browser_of: Browser) -> None:
    registrar = browser_of("registrar")
    assert 'data-keys="on"' in registrar.get("/queue").text

    registrar.post("/queue/keys", data={"single_keys": "off"})
    assert 'data-keys="off"' in registrar.get("/queue").text
    assert "现在是关掉的" in registrar.get("/queue/keys").text
    registrar.post("/queue/keys", data={"single_keys": "on"})
    assert 'data-keys="on"' in registrar.get("/queue").text
