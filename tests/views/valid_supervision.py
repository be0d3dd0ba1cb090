"""Valid requests of supervision: reasons for delays, reassignment, cards, and what was told."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from core.clock import now
from models.supervision import StaffNoticeKind
from services import cards, staff_notices
from services.card_lists import CardKey
from services.cards import CardStep, Issue
from services.queue import TaskKey
from services.staff_notices import Told
from tests.fixtures.scene import REGISTRAR, Scene
from tests.views.valid_form import Valid, task_page

SUPERVISOR, JUDGE = "supervisor", "supervisor-two"


def _overdue(scene: Scene) -> Valid:
    """The page that asks why something is overdue that was accepted a month ago."""
    scene.world.at = now() - timedelta(days=30)
    page = f"{task_page(scene.accepted())}/delay"
    return Valid(REGISTRAR, page, {"delay_code": "many_cases"})


def _new_card(scene: Scene) -> Valid:
    typed = {
        "kind": "yellow",
        "reason_code": "past_promised_limit",
        "reason": "超过承诺时限，请说明。",
    }
    return Valid(SUPERVISOR, f"/supervision{task_page(scene.accepted())}/card", typed)


def _issued(scene: Scene) -> CardKey:
    card = Issue(
        command_id=uuid4(), kind="yellow", reason_code="past_promised_limit", words="请说明。"
    )
    task = TaskKey(key=scene.accepted(), item_code="registration")
    with scene.database.transaction() as session:
        return cards.issue(session, scene.actor(SUPERVISOR), task, card, now())


def _page(card: CardKey) -> str:
    return f"/cards/{card.key.district_code}/{card.key.case_id}/{card.card_id}"


def _answer(scene: Scene) -> Valid:
    typed = {"accept_card-reason": "材料较多，已加班办理。"}
    return Valid(REGISTRAR, _page(_issued(scene)), typed, step="form-accept_card")


def _judgement(scene: Scene) -> Valid:
    card = _issued(scene)
    step = CardStep(trigger="appeal_card", command_id=uuid4(), words="申请人补正较晚。")
    with scene.database.transaction() as session:
        cards.take_step(session, scene.actor(REGISTRAR), card, step, now())
    typed = {"uphold_card-reason": "理由不成立。"}
    return Valid(JUDGE, f"/supervision{_page(card)}", typed, step="form-uphold_card")


def _told(scene: Scene, account: str, page: str) -> Valid:
    told = Told(
        key=scene.accepted(),
        event_number=1,
        item_code="registration",
        kind=StaffNoticeKind.YELLOW,
    )
    with scene.database.transaction() as session:
        staff_notices.tell(session, told, {scene.actor(account).id}, now())
    return Valid(account, page)


SUPERVISION: dict[str, Callable[[Scene], Valid]] = {
    "cards.answer": _answer,
    "delays.explain": _overdue,
    "staff_notices.of_board": lambda scene: _told(scene, SUPERVISOR, "/supervision"),
    "staff_notices.of_queue": lambda scene: _told(scene, REGISTRAR, "/queue"),
    "supervision_cards.issue": _new_card,
    "supervision_cards.judge": _judgement,
}
