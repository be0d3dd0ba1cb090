"""The pages of hand-over packages, as the officers of both districts use them."""

import re

from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from core.clock import now
from models.base import new_id
from models.person import Person, PersonGrant
from services import packages, sign_in
from services.cases import CaseKey
from tests.fixtures.page_forms import forms_of
from tests.fixtures.scene import APPLICANT, REGISTRAR, Scene
from tests.fixtures.tampering import CHANGED_ANSWERS
from tests.services.test_routing import add
from workflows.permissions import Role

THERE = "620123"


def clerk_there(scene: Scene, department: str = "tax") -> FlaskClient:
    """The browser of a clerk in Yuzhong."""
    at, person_id = now(), new_id()
    with scene.database.transaction() as session:
        account = f"{department}-there"
        session.add(
            Person(
                id=person_id,
                account=account,
                name="榆中办理员",
                password_hash=None,
                locale="zh",
                is_demonstration=True,
                created_at=at,
                disabled_at=None,
            )
        )
        session.add(
            PersonGrant(
                id=new_id(),
                person_id=person_id,
                role=Role.CLERK.value,
                district_code=THERE,
                department_code=department,
                valid_from=scene.world.at,
            )
        )
        session.flush()
        token = sign_in.open_session(session, person_id, at)
    client = scene.app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return client


def press(client: FlaskClient, page: str, ending: str, **typed: str) -> TestResponse:
    """Send the form of the page whose address ends like this."""
    html = client.get(page).text
    form = next(each for each in forms_of(html) if (each.action or "").endswith(ending))
    return client.post(form.action, data=dict(form.fields) | typed)


def licensed(scene: Scene) -> CaseKey:
    return scene.world.licensed(**scene.another())


def test_the_receiving_officer_confirms_and_then_decides(scene: Scene) -> None:
    add(scene.world)
    key = licensed(scene)
    here, there = scene.browser(REGISTRAR), clerk_there(scene)
    page = f"/packages/{key.district_code}/{key.case_id}/tax/1"
    task = f"/tasks/{key.district_code}/{key.case_id}/tax"

    assert "待确认收到" in here.get("/packages").text
    assert "核对并确认收到" not in here.get(page).text
    assert "还没有确认收到，确认以后才能办理" in there.get(task).text
    answer = press(there, page, "/receive")
    assert answer.status_code == 303
    shown = there.get(page).text
    hashes = re.findall(r"\b[0-9a-f]{64}\b", shown)
    assert hashes[0] == hashes[1]
    assert "两边已确认" in there.get(task).text
    assert scene.browser("bank").get(page).status_code == 404
    assert there.post(f"{page}/receive", data={}).status_code in {400, 409}


def test_a_refused_package_is_told_to_its_sender_and_sent_again(scene: Scene) -> None:
    add(scene.world)
    key = scene.submitted()
    scene.world.act(scene.actor(REGISTRAR), key, "accept")
    there = clerk_there(scene)
    page = f"/packages/{key.district_code}/{key.case_id}/tax/1"
    with scene.database.transaction() as session:
        session.execute(
            text(CHANGED_ANSWERS),
            {"district_code": key.district_code, "case_id": key.case_id},
        )
    press(there, page, "/receive")
    assert "我们没有收下" in there.get(page).text
    assert "请查明原因后重新移交" not in there.get(page).text
    here = scene.browser(REGISTRAR)
    assert "对方没有收下" in here.get(page).text
    refusal = scene.world.value(
        "select max(number) from events where district_code = :district_code"
        " and case_id = :case_id and trigger = 'refuse_package'",
        key,
    )
    for _again in (1, 2):
        with scene.database.transaction() as session:
            packages.tell_sender(session, key.district_code, key.case_id, int(refusal), now())
    for told in ("/queue", "/packages"):
        assert "1 个移交包被退回" in here.get(told).text
    assert "移交包" not in scene.browser(APPLICANT).get("/cases").text
    assert press(here, "/packages", "/packages/notices").status_code == 303
    assert "1 个移交包被退回" not in here.get("/packages").text


def test_papers_are_posted_by_one_side_and_arrive_at_the_other(scene: Scene) -> None:
    add(scene.world, way="collected", recognises_licences=False)
    key = licensed(scene)
    here, there = scene.browser(REGISTRAR), clerk_there(scene)
    page = f"/packages/{key.district_code}/{key.case_id}/tax/1"

    wrong = press(here, page, "/posting")
    assert wrong.status_code == 422
    assert "请填写邮件单号" in wrong.text
    wrong = press(there, page, "/receive")
    assert wrong.status_code == 422
    assert "请填写纸质材料收到的日期" in wrong.text
