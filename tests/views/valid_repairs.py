"""Valid requests about repairs: asked for by an operator, answered by a head."""

from collections.abc import Callable
from uuid import uuid4

from core.clock import now
from services import repairs
from tests.fixtures.scene import Scene
from tests.views.valid_form import Valid
from workflows.repairs import Verb

OPERATOR, HEAD = "operator", "registrar-head"


def waiting_request(scene: Scene) -> str:
    """The address of a request to skip the registration of a fresh case."""
    key = scene.accepted()
    wish = repairs.Wish(
        verb=Verb.SKIP,
        command_id=uuid4(),
        item_code="registration",
        version=None,
        reason_code="outside_party",
        words="登记系统长期无法连接。",
    )
    with scene.database.transaction() as session:
        moved = repairs.ask(session, scene.actor(OPERATOR), key, wish, now())
    return f"/repair-requests/{key.district_code}/{key.case_id}/{moved.event_number}"


def _asking(scene: Scene) -> Valid:
    key = scene.accepted()
    page = f"/operations/repairs/{key.district_code}/{key.case_id}/cancel"
    return Valid(OPERATOR, page, {"reason_code": "duplicate", "reason": "与另一件重复。"})


REPAIRS: dict[str, Callable[[Scene], Valid]] = {
    "repairs.ask": _asking,
    "repairs.answer": lambda scene: Valid(HEAD, waiting_request(scene), {"answer": "decline"}),
}
