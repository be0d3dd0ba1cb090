"""Valid requests of officers who hand over packages and receive them."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from core.clock import now
from core.errors import RuleViolatedError
from core.file_store import FileStore
from services import packages
from services.cases import CaseKey
from services.packages import Confirmation
from services.queue import TaskKey
from tests.fixtures.scene import REGISTRAR, Scene
from tests.fixtures.tampering import CHANGED_ANSWERS
from tests.fixtures.world import clerk_of
from tests.services.test_routing import add
from tests.views.valid_form import Valid

THERE, HERE = "620123", "620102-gx"
POSTING = {
    "carrier": "演示邮政",
    "tracking_number": "EX1",
    "posted_on-year": "2026",
    "posted_on-month": "1",
    "posted_on-day": "5",
}


def _page(key: CaseKey, item: str) -> str:
    return f"/packages/{key.district_code}/{key.case_id}/{item}/1"


def _routed(scene: Scene, **chosen: Any) -> None:
    """A route that may be there already."""
    with suppress(RuleViolatedError):
        add(scene.world, **chosen)


def _from_elsewhere(scene: Scene) -> Valid:
    """A package that has come to the bank's clerk of the demonstration."""
    _routed(scene, item_code="bank_appointment", accepting_codes=("620102",), deciding_code=HERE)
    key = scene.world.submitted(district_code="620102", **scene.another())
    scene.world.act(clerk_of("market_regulation", "620102"), key, "accept")
    return Valid("bank", _page(key, "bank_appointment"))


def _to_elsewhere(scene: Scene, item: str, **chosen: Any) -> CaseKey:
    """A case of which one part goes to Yuzhong, accepted by the registrar."""
    _routed(scene, item_code=item, **chosen)
    key = scene.submitted()
    scene.world.act(scene.actor(REGISTRAR), key, "accept")
    return key


def _posting(scene: Scene) -> Valid:
    key = _to_elsewhere(scene, "tax", way="collected", recognises_licences=False)
    return Valid(REGISTRAR, _page(key, "tax"), POSTING)


def _refused(scene: Scene) -> tuple[CaseKey, int]:
    """A package that the other side refused, and the event that says so."""
    key = _to_elsewhere(scene, "housing_fund")
    of_case = "where district_code = :district_code and case_id = :case_id"
    values = {"district_code": key.district_code, "case_id": key.case_id}
    store = FileStore(scene.app.extensions["settings"].data_folder / "files")
    confirmation = Confirmation(number=1, command_id=uuid4(), store=store)
    with scene.database.transaction() as session:
        session.execute(text(CHANGED_ANSWERS), values)
        task = TaskKey(key=key, item_code="housing_fund")
        receiver = clerk_of("housing_fund", THERE)
        assert not packages.receive(session, receiver, task, confirmation, scene.world.tick())
    refusal = f"select max(number) from events {of_case} and trigger = 'refuse_package'"  # noqa: S608
    return key, int(scene.world.value(refusal, key))


def _send(scene: Scene) -> Valid:
    key, _number = _refused(scene)
    return Valid(REGISTRAR, _page(key, "housing_fund"))


def _told(scene: Scene) -> Valid:
    """The registrar, who was told of a refused package."""
    key, number = _refused(scene)
    with scene.database.transaction() as session:
        packages.tell_sender(session, key.district_code, key.case_id, number, now())
    return Valid(REGISTRAR, "/packages")


PACKAGES: dict[str, Callable[[Scene], Valid]] = {
    "packages.mark_notices_read": _told,
    "packages.post": _posting,
    "packages.receive": _from_elsewhere,
    "packages.send": _send,
}
