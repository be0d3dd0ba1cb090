"""Each sees what their task needs: who manages, audits or governs reads no case of a desk."""

from uuid import uuid4

from sqlalchemy import text

from services import conflicts
from services.cases import CaseKey
from services.conflicts import Declaration
from services.queue import TaskKey
from tests.fixtures.scene import REGISTRAR, Scene
from tests.services.test_routing import add
from tests.views.test_persons import send
from tests.views.valid_persons import DESK, HEAD

DESK_PAGE = f"/desk/{DESK.code}"


def of_case(scene: Scene, key: CaseKey) -> tuple[str, str]:
    """Number and title of a case."""
    [row] = scene.world.rows(
        "select number, title from cases where district_code = :district_code and id = :case_id",
        key,
    )
    return str(row["number"]), str(row["title"])


def keep_out(scene: Scene, account: str, key: CaseKey) -> None:
    with scene.database.transaction() as session:
        words = Declaration(command_id=uuid4(), reason="申请人是亲属")
        task = TaskKey(key=key, item_code="registration")
        conflicts.declare(session, scene.actor(account), task, words, scene.world.tick())


def test_an_administrator_reads_numbers_of_a_desk_and_none_of_its_cases(scene: Scene) -> None:
    number, title = of_case(scene, scene.submitted())
    administrator, head = scene.browser("administrator"), scene.browser(HEAD)
    assert title in head.get(DESK_PAGE).text
    page = administrator.get(DESK_PAGE).text
    assert "共 1 件" in page
    assert number not in page + administrator.get("/desk").text
    assert title not in page
    policy = f"/assignment/{DESK.code}"
    for browser, is_shown in ((head, True), (administrator, False)):
        run = send(browser, policy, policy, {"kind": "load", "try": "yes"}).text
        assert "试算结果" in run
        assert (title in run) is is_shown
        assert (number in run) is is_shown


def test_who_keeps_out_reads_nothing_of_the_case_as_head_of_the_desk(scene: Scene) -> None:
    key, other = scene.submitted(), scene.submitted()
    keep_out(scene, HEAD, key)
    number, title = of_case(scene, key)
    head = scene.browser(HEAD)
    page = head.get(DESK_PAGE).text
    assert number not in page
    assert title not in page
    assert "其中 1 件您已申明回避" in page
    assert of_case(scene, other)[1] in page
    refused = head.get(f"/reassign/{key.district_code}/{key.case_id}/registration")
    assert refused.status_code == 403
    assert title not in refused.text


def test_who_keeps_out_reads_no_package_and_the_auditor_its_hashes_alone(scene: Scene) -> None:
    add(scene.world)
    key = scene.world.licensed(**scene.another())
    package = f"/packages/{key.district_code}/{key.case_id}/tax/1"
    [row] = scene.world.rows(
        "select encode(content_hash, 'hex') as hash from hand_over_packages"
        " where district_code = :district_code and case_id = :case_id",
        key,
    )
    registrar, auditor = scene.browser(REGISTRAR), scene.browser("auditor")
    assert str(key.case_id) in registrar.get("/packages").text
    record = auditor.get(f"/audit/cases/{key.district_code}/{key.case_id}")
    assert row["hash"] in record.text
    assert row["hash"] in auditor.get(record.request.path + "/record.json").text
    for account in ("auditor", "government", "administrator"):
        for page in (package, "/packages"):
            assert scene.browser(account).get(page).status_code == 403, (account, page)
    keep_out_of_registration(scene, key)
    assert str(key.case_id) not in registrar.get("/packages").text
    assert registrar.get(package).status_code == 403


def keep_out_of_registration(scene: Scene, key: CaseKey) -> None:
    """The registration is done; the conflict is noted beside it."""
    with scene.database.transaction() as session:
        session.execute(
            text(
                "insert into conflicts (district_code, case_id, person_id, item_code, event_number,"
                " declared_at) values (:district, :case, :person, 'registration', 1, :at)"
            ),
            {
                "district": key.district_code,
                "case": key.case_id,
                "person": scene.actor(REGISTRAR).id,
                "at": scene.world.at,
            },
        )


def test_papers_and_files_of_a_case_are_closed_to_auditor_and_government(scene: Scene) -> None:
    key = scene.accepted()
    case = f"{key.district_code}/{key.case_id}"
    pages = (f"/tasks/{case}/registration", f"/cases/{case}/documents/1", f"/cases/{case}")
    for account in ("auditor", "government", "administrator"):
        for page in pages:
            answer = scene.browser(account).get(page)
            assert answer.status_code in {403, 404}, (account, page)
            assert of_case(scene, key)[1] not in answer.text
