"""The pages of persons: absences, delegations, the policy of a desk, giving and keeping out."""

from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.cases import CaseKey
from tests.fixtures.page_forms import forms_of
from tests.fixtures.scene import Scene
from tests.views.valid_form import task_page
from tests.views.valid_persons import DESK, day

HEAD, CLERK, SECOND = "registrar-head", "registrar", "registrar-two"
DESK_PAGE = f"/desk/{DESK.code}"


def send(client: FlaskClient, page: str, action: str, typed: Mapping[str, Any]) -> TestResponse:
    """Fill in the form of ``page`` that posts to ``action``; where it leads."""
    html = client.get(page).text
    form = next(each for each in forms_of(html) if each.action.endswith(action))
    fields: dict[str, Any] = dict(form.fields) | dict(typed)
    return client.post(form.action, data=fields, follow_redirects=True)


def reassign_page(key: CaseKey) -> str:
    return f"/reassign/{key.district_code}/{key.case_id}/registration"


def test_an_absence_is_recorded_shown_to_colleagues_and_ended(scene: Scene) -> None:
    clerk, second, key = scene.browser(CLERK), scene.browser(SECOND), scene.accepted()
    answer = send(clerk, "/absences", "/absences", day("last", 3))
    assert answer.status_code == 200
    assert "已登记离岗" in answer.text
    assert "离岗中" in answer.text
    name = scene.actor(CLERK).name
    assert f"{name}（离岗至" in second.get(task_page(key)).text
    assert "离岗至" in scene.browser(HEAD).get(DESK_PAGE).text

    again = send(clerk, "/absences", "/absences", day("last", 3))
    assert again.status_code == 422
    assert "已经登记了离岗" in again.text
    assert "已结束离岗" in send(clerk, "/absences", "/end", {}).text
    assert f"{name}（离岗至" not in second.get(task_page(key)).text


def test_days_that_are_none_keep_what_was_typed(scene: Scene) -> None:
    typed = {"first-month": "13", "last-day": "昨天"}
    answer = send(scene.browser(HEAD), f"{DESK_PAGE}/absences", "/absences", typed)
    assert answer.status_code == 422
    assert 'value="13"' in answer.text
    assert 'value="昨天"' in answer.text


def test_the_head_delegates_the_clerk_sees_it_and_it_ends_at_once(scene: Scene) -> None:
    head, clerk, key = scene.browser(HEAD), scene.browser(CLERK), scene.accepted()
    page = f"/delegations/{DESK.code}"
    assert clerk.get(reassign_page(key)).status_code == 403
    typed = {"receiver": str(scene.actor(CLERK).id), "acts": ["task:assign"], **day("last", 5)}
    assert "已授权" in send(head, page, page, typed).text
    assert "指派办理人" in clerk.get("/absences").text
    assert clerk.get(reassign_page(key)).status_code == 200
    assert clerk.get(page).status_code == 403
    assert clerk.get(DESK_PAGE).status_code == 403
    assert "已收回授权" in send(head, page, "/revoke", {}).text
    assert clerk.get(reassign_page(key)).status_code == 403

    long = typed | dict(day("last", 200))
    answer = send(head, page, page, long)
    assert answer.status_code == 422
    assert "最长 90 天" in answer.text


def test_a_policy_is_tried_saved_and_never_overwritten_unseen(scene: Scene) -> None:
    key, head = scene.submitted(), scene.browser(HEAD)
    page = f"/assignment/{DESK.code}"
    administrator = scene.browser("administrator")
    stale = {"kind": "turn", "version": "0"}
    tried = send(head, page, page, {"kind": "load", "try": "yes"})
    assert "试算结果（没有改动任何件）" in tried.text
    assert scene.world.value(
        "select count(*) from queue_entries where handling_district_code = :district_code"
        " and case_id = :case_id and assigned_to is null",
        key,
    )
    wrong = send(head, page, page, {"kind": "rule", "rule-1": "company.x ==", "kept": "半天"})
    assert wrong.status_code == 422
    assert 'value="company.x =="' in wrong.text
    assert 'value="半天"' in wrong.text
    assert "第 1 版" in send(head, page, page, {"kind": "load"}).text
    late = send(administrator, page, page, stale)
    assert late.status_code == 409
    assert scene.actor(HEAD).name in late.text
    assert head.get(f"{page}?item=tax").status_code == 404


def test_what_is_assigned_stands_first_and_colleagues_leave_it_alone(scene: Scene) -> None:
    key, head = scene.accepted(), scene.browser(HEAD)
    page = reassign_page(key)
    nobody = send(head, page, page, {"reason": ""})
    assert nobody.status_code == 422
    assert "请写明为什么指派" in nobody.text
    to = {"colleague": str(scene.actor(SECOND).id), "reason": "请优先办理"}
    assert f"指派给 {scene.actor(SECOND).name}" in send(head, page, page, to).text

    mine = scene.browser(SECOND).get("/queue").text
    assert "分给您的，还没有领取" in mine
    other = scene.browser(CLERK).get(task_page(key)).text
    assert f"分给了 {scene.actor(SECOND).name}" in other
    assert "step-approve" not in other
    claim = scene.browser(CLERK).post(f"{task_page(key)}/claim")
    assert claim.status_code == 409
    assert scene.actor(SECOND).name in claim.text
    assert "step-approve" in scene.browser(SECOND).get(task_page(key)).text


def test_who_keeps_out_finds_the_case_nowhere(scene: Scene) -> None:
    key, clerk = scene.accepted(), scene.browser(CLERK)
    page = f"{task_page(key)}/recuse"
    silent = send(clerk, page, "/recuse", {"reason": " "})
    assert silent.status_code == 422
    assert "请写明回避的理由" in silent.text
    assert "已申明回避" in send(clerk, page, "/recuse", {"reason": "同学"}).text
    assert clerk.get(task_page(key)).status_code == 403
    assert clerk.get(page).status_code == 403
    assert str(key.case_id) not in clerk.get("/queue").text
    second = scene.browser(SECOND).get(task_page(key)).text
    assert "申明回避" in second
    assert "同学" not in second
