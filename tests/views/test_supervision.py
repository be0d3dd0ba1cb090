"""The supervisor's pages: from the board to a card, its appeal and its judgement."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from core.clock import now
from services.cases import CaseKey
from tests.fixtures.page_forms import forms_of
from tests.fixtures.scene import REGISTRAR, Scene
from tests.fixtures.supervision import turn_all


def sent(client: FlaskClient, page: str, mark: str, **typed: str) -> tuple[int, str]:
    """Fill in and send the form to this address; status, and where it leads or what it says."""
    html = client.get(page).text
    form = next(each for each in forms_of(html) if each.action.endswith(mark))
    answer = client.post(form.action or page, data=dict(form.fields) | typed)
    return answer.status_code, answer.location or answer.text


@pytest.fixture
def late(scene: Scene) -> CaseKey:
    """A registration that is overdue, and told to be so."""
    scene.world.at = now() - timedelta(days=12)
    key = scene.accepted()
    turn_all(scene.database, now())
    return key


NEW_CARD = {"kind": "red", "reason_code": "past_statutory_limit", "reason": "请立即办理。"}


def test_a_card_is_refused_where_it_makes_no_sense(scene: Scene, late: CaseKey) -> None:
    supervisor = scene.browser("supervisor")
    task = f"/supervision/tasks/{late.district_code}/{late.case_id}/registration"
    board = supervisor.get("/supervision?band=red").text
    assert "建议发" in board
    assert task in board
    status, said = sent(supervisor, f"{task}/card", "/card", **NEW_CARD | {"reason_code": "none"})
    assert (status, "请立即办理。" in said) == (422, True)
    status, page = sent(supervisor, f"{task}/card", "/card", **NEW_CARD)
    assert status == 303
    assert sent(supervisor, f"{task}/card", "/card", **NEW_CARD)[0] == 409
    assert scene.browser("tax").get(page.removeprefix("/supervision")).status_code == 404


def test_from_a_card_to_its_judged_appeal(scene: Scene, late: CaseKey) -> None:
    supervisor, judge = scene.browser("supervisor"), scene.browser("supervisor-two")
    registrar = scene.browser(REGISTRAR)
    task = f"/supervision/tasks/{late.district_code}/{late.case_id}/registration"
    page = sent(supervisor, f"{task}/card", "/card", **NEW_CARD)[1]
    card = page.removeprefix("/supervision")
    assert "1 张督办牌待回复" in registrar.get("/queue").text
    words = {"appeal_card-reason": "申请人昨天才补齐材料。"}
    assert sent(registrar, card, "/appeal_card", **words)[0] == 303
    assert "另一位督办人员裁定" in supervisor.get(page).text
    assert "1 件申诉待裁定" in judge.get("/supervision").text
    again = registrar.post(f"{card}/appeal_card", data=words)
    assert (again.status_code, "申请人昨天才补齐材料。" in again.text) == (409, True)
    words = {"annul_card-reason": "申诉成立。"}
    assert supervisor.post(f"{page}/annul_card", data=words).status_code == 403
    assert sent(judge, page, "/annul_card", **words)[0] == 303
    assert "申诉成立。" in registrar.get(card).text


def test_a_filter_that_makes_no_sense_is_said_and_shows_the_rest(
    scene: Scene, late: CaseKey
) -> None:
    page = scene.browser("supervisor").get("/supervision?band=green&person=abc&page=99999999999")
    assert page.status_code == 422
    assert "green" in page.text
    assert str(late.case_id) in page.text


def test_a_supervisor_reads_the_file_and_can_do_nothing_in_it(scene: Scene, late: CaseKey) -> None:
    supervisor, task = (
        scene.browser("supervisor"),
        f"{late.district_code}/{late.case_id}/registration",
    )
    page = supervisor.get(f"/supervision/tasks/{task}").text
    assert "只能阅读" in page
    assert "红色超期" in page
    assert "<form" not in page[page.index("<main") : page.index("</main>")]
    assert supervisor.get(f"/tasks/{task}").status_code == 403
    assert supervisor.get("/queue").status_code == 403


def test_the_queue_shows_and_filters_colours(scene: Scene, late: CaseKey) -> None:
    registrar = scene.browser(REGISTRAR)
    assert "红色超期" in registrar.get("/queue?colour=red").text
    assert "没有符合条件的件" in registrar.get("/queue?colour=blue").text
    assert registrar.get("/queue?colour=pink").status_code == 422
    page = registrar.get("/queue").text
    assert str(late.case_id) in page
