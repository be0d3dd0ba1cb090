"""Requests for more time for a whole case: read and answered by the head of the government."""

from tests.fixtures import restaurants
from tests.fixtures.scene import Scene

ADDRESS = "/extensions"


def test_a_request_is_listed_read_answered_and_gone(scene: Scene) -> None:
    empty = scene.browser("government").get(ADDRESS).text
    assert "没有等待批复的延期请示" in empty
    key = restaurants.asking_for_time(scene.world, 77)
    page = f"{ADDRESS}/{key.district_code}/{key.case_id}"

    assert page in scene.browser("government").get(ADDRESS).text
    shown = scene.browser("government").get(page).text
    assert "消防和城管意见不一" in shown
    assert "第四十二条第二款" in shown

    nothing = scene.browser("government").post(page, data={})
    assert nothing.status_code == 422
    assert "请选择同意还是不同意" in nothing.text
    typed = {
        "command_id": "01a20fb4-117e-706a-9a44-6500975b2e72",
        "version": _version(shown),
        "decision": "agree",
        "reason": "情况属实。",
    }
    stale = scene.browser("government").post(page, data=typed | {"version": "1"})
    assert stale.status_code == 409
    assert "情况属实。" in stale.text
    for _press in (1, 2):
        assert scene.browser("government").post(page, data=typed).status_code == 303
    assert scene.browser("government").get(page).status_code == 409
    assert page not in scene.browser("government").get(ADDRESS).text
    rows = scene.world.rows(
        "select kind from documents where district_code = :district_code and case_id = :case_id"
        " and kind = 'extension_notice'",
        key,
    )
    assert len(rows) == 1


def test_the_second_of_two_answers_is_told_of_the_first(scene: Scene) -> None:
    key = restaurants.asking_for_time(scene.world, 79)
    page = f"{ADDRESS}/{key.district_code}/{key.case_id}"
    typed = {"version": _version(scene.browser("government").get(page).text), "reason": "可以。"}
    first = {"command_id": "01a20fb4-117e-706a-9a44-6500975b2e73", "decision": "agree"}
    second = {"command_id": "01a20fb4-117e-706a-9a44-6500975b2e74", "decision": "decline"}

    assert scene.browser("government").post(page, data=typed | first).status_code == 303
    late = scene.browser("government").post(page, data=typed | second)
    assert late.status_code == 409
    again = restaurants.asking_for_time(scene.world, 80)
    other = f"{ADDRESS}/{again.district_code}/{again.case_id}"
    stale = typed | second | {"version": "1"}
    assert "请示延长整件的期限" in scene.browser("government").post(other, data=stale).text


def test_nobody_else_reads_or_answers_it(scene: Scene) -> None:
    key = restaurants.asking_for_time(scene.world, 78)
    page = f"{ADDRESS}/{key.district_code}/{key.case_id}"

    for account in ("registrar", "registrar-head", "supervisor"):
        assert scene.browser(account).get(page).status_code == 403
    elsewhere = page.replace(key.district_code, "620123")
    assert scene.browser("government").get(elsewhere).status_code == 404


def _version(page: str) -> str:
    return page.split('name="version" value="')[1].split('"')[0]
