"""The pages of returns and withdrawals: hostile posts, stale pages, what each side reads."""

import re
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from core.database import Database
from services import cases, demonstration
from services.cases import CaseKey
from services.door import PlaceToMend
from tests.fixtures.people import Browser
from tests.fixtures.world import World, applicants_world, clerk_of
from tests.views.test_cases import flat

APPLICANT = demonstration.ACCOUNTS[0].account
REGISTRAR = clerk_of("market_regulation")
DETAIL = PlaceToMend(path="address.detail", reason="缺房号", suggestion="写到房间号")
SHAREHOLDER = PlaceToMend(path="shareholders.0.name", reason="与证件不一致")
Typed = dict[str, Any]


@pytest.fixture
def client(browser_of: Browser) -> FlaskClient:
    """A browser in which the demonstration applicant is signed in."""
    return browser_of(APPLICANT)


@pytest.fixture
def world(client: FlaskClient, database: Database) -> World:
    """The world of services, with the person of ``client`` as its applicant."""
    return applicants_world(database)


def address(key: CaseKey, page: str = "") -> str:
    return f"/cases/{key.district_code}/{key.case_id}{page}"


def returned(world: World, *places: PlaceToMend, **inputs: str) -> CaseKey:
    key = world.submitted()
    world.act(REGISTRAR, key, "return", places=places or (DETAIL, SHAREHOLDER), inputs=inputs)
    return key


def typed(world: World, key: CaseKey) -> Typed:
    with world.database.transaction() as session:
        return dict(cases.draft(session, world.applicant, key).typed)


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


@pytest.mark.parametrize("page", ["", "/autosave"])
def test_posting_everything_changes_nothing_but_what_is_named(
    client: FlaskClient, world: World, page: str
) -> None:
    key = returned(world)
    before = typed(world, key)
    address_part = dict.fromkeys(before["address"], "改")
    lines = [{"name": "李四", "mobile": "1"}, {"name": "赵六"}, {"name": "多出来的"}]

    hostile: tuple[tuple[str, Any], ...] = (
        ("address", address_part),
        ("shareholders", lines),
        ("term", {}),
    )
    for section, posted in hostile:
        answer = client.post(
            address(key, f"/form/{section}{page}"),
            data=flat(section, posted) | {"add": "yes", "revision": "1", "writer": "a"},
            headers={"Accept": "application/json"},
        )
        assert answer.status_code < 500

    expected = dict(before)
    expected["address"] = before["address"] | {"detail": "改"}
    first, *others = before["shareholders"]
    expected["shareholders"] = [first | {"name": "李四"}, *others]
    assert typed(world, key) == expected


def test_only_named_questions_are_inputs_and_the_rest_says_that_it_is_settled(
    client: FlaskClient, world: World
) -> None:
    key = returned(world)

    page = client.get(address(key, "/form/shareholders")).text
    settled = client.get(address(key, "/form/term")).text

    assert re.findall(r'name="(shareholders-[^"]+)"', page) == ["shareholders-0-name"]
    assert "这一项已核对，不用改。" in page
    assert 'name="add"' not in page
    assert 'name="remove"' not in page
    assert not re.findall(r'name="term-', settled)
    assert "这一部分已核对，不用改，也不能改" in settled


def test_a_change_that_calls_for_another_answer_opens_it_with_the_reason(
    client: FlaskClient, world: World
) -> None:
    key = returned(world, PlaceToMend(path="address.right_of_use", reason="与合同不符"))
    changed = typed(world, key)["address"] | {"right_of_use": "rented"}
    changed.pop("lease_ends_on", None)

    answer = client.post(address(key, "/form/address"), data=flat("address", changed))

    assert answer.status_code == 422
    assert 'name="address-lease_ends_on-year"' in answer.text
    assert "因为别处有改动" in answer.text
    assert 'name="address-detail"' not in answer.text


def test_beside_the_last_day_it_says_that_no_clock_runs(client: FlaskClient, world: World) -> None:
    page = client.get(address(returned(world))).text
    assert "办理机关接着审核；在那以前不计时" in page


def test_after_the_last_day_it_says_so_and_can_still_be_sent(
    client: FlaskClient, world: World
) -> None:
    key = returned(world)
    world.rows(
        "update cases set resubmission_due_on = resubmission_due_on - 60"
        " where district_code = :district_code and id = :case_id returning 1",
        key,
    )

    page = client.get(address(key)).text
    assert "超期" in page
    assert "期限已过，但仍然可以改好提交" in page
    assert "怎么改：" in page
    command = hidden(client.get(address(key, "/check")).text)["command_id"]
    sent = client.post(address(key, "/check"), data={"command_id": command})
    assert sent.status_code == 303
    assert world.state(key) == "submitted"


def test_officers_take_a_request_back_and_nothing_typed_is_lost(
    client: FlaskClient, browser_of: Browser, world: World
) -> None:
    key = returned(world)
    mended = typed(world, key)["address"] | {"detail": "改了一半"}
    client.post(address(key, "/form/address"), data=flat("address", mended))
    registrar = browser_of("registrar")
    task = f"/tasks/{key.district_code}/{key.case_id}/registration"
    listed = registrar.get("/queue/returned").text
    assert task in listed

    page = registrar.get(task).text
    assert "等申请人修改，最迟" in page
    form = {
        "command_id": str(uuid4()),
        "expected_version": hidden(page)["expected_version"],
    }
    missing = registrar.post(f"{task}/revoke_return?of=case", data=form)
    assert missing.status_code == 422
    done = registrar.post(
        f"{task}/revoke_return?of=case", data=form | {"revoke_return-reason": "看错了"}
    )
    assert done.status_code == 303

    shown = client.get(address(key)).text
    assert "您改过、没有提交的内容" in shown
    assert "改了一半" in shown
    assert "改了一半" not in registrar.get(task).text
    assert (
        "已退回" not in registrar.get("/queue/returned").text
        or task not in registrar.get("/queue/returned").text
    )


def test_a_withdrawal_is_explained_confirmed_and_done_once(
    client: FlaskClient, world: World
) -> None:
    key = world.licensed()
    page = client.get(address(key, "/withdraw")).text
    assert "营业执照继续有效" in page
    form = {name: hidden(page)[name] for name in ("command_id", "standing")}

    unsure = client.post(address(key, "/withdraw"), data=form | {"reason": "改主意了"})
    assert unsure.status_code == 422
    assert "再勾选确认" in unsure.text
    assert "改主意了" in unsure.text

    world.act(clerk_of("tax"), key, "approve", "tax")
    stale = client.post(
        address(key, "/withdraw"), data=form | {"reason": "改主意了", "confirmed": "yes"}
    )
    assert stale.status_code == 409
    assert "有了新的进展" in stale.text
    assert "改主意了" in stale.text
    assert world.state(key) == "in_progress"

    form = {name: hidden(stale.text)[name] for name in ("command_id", "standing")}
    for _press in range(2):
        answer = client.post(address(key, "/withdraw"), data=form | {"confirmed": "yes"})
        assert answer.status_code == 303
    ended = client.get(address(key)).text
    assert "您已撤回" in ended
    assert "继续有效" in ended
    assert client.get(address(key, "/withdraw")).status_code == 303


@pytest.mark.parametrize("standing", ["", "-1", "x", "99999999999999999999", "１"])
def test_a_broken_page_withdraws_nothing(client: FlaskClient, world: World, standing: str) -> None:
    key = world.submitted()

    answer = client.post(
        address(key, "/withdraw"),
        data={"command_id": "x", "standing": standing, "confirmed": "yes"},
    )

    assert answer.status_code == 422
    assert world.state(key) == "submitted"


def test_one_part_is_given_up_and_no_other(client: FlaskClient, world: World) -> None:
    key = world.licensed()
    assert "不办这一项了" in client.get(address(key)).text
    page = client.get(address(key, "/parts/bank_appointment/withdraw")).text
    form = {name: hidden(page)[name] for name in ("command_id", "standing")}

    assert client.get(address(key, "/parts/tax/withdraw")).status_code == 303
    assert client.get(address(key, "/parts/nothing/withdraw")).status_code == 404
    refused = client.post(address(key, "/parts/tax/withdraw"), data=form | {"confirmed": "yes"})
    assert refused.status_code == 409
    done = client.post(
        address(key, "/parts/bank_appointment/withdraw"), data=form | {"confirmed": "yes"}
    )

    assert done.status_code == 303
    assert world.task_states(key)["bank_appointment"] == "withdrawn"
    assert world.state(key) == "in_progress"
    assert "您已撤回这一项" in client.get(address(key)).text


def test_a_refused_part_says_why_and_what_can_be_done(client: FlaskClient, world: World) -> None:
    key = world.licensed()
    world.act(clerk_of("bank"), key, "refuse", "bank_appointment", reason="网点停业")
    world.delivered(key)
    world.act(clerk_of("public_security"), key, "file", "seals")
    for department, item in (
        ("tax", "tax"),
        ("medical_insurance", "medical_insurance"),
        ("housing_fund", "housing_fund"),
    ):
        world.act(clerk_of(department), key, "approve", item)

    page = client.get(address(key)).text

    assert world.state(key) == "partly_completed"
    assert "其中 1 项没有办成" in page
    assert "网点停业" in page
    assert "另选一家银行" in page
