"""How colours, cards and what officers were told came about."""

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from core.clock import now
from services import cards, delays, door, people
from services.card_lists import CardKey
from services.cards import CardStep, Issue
from services.delays import Explanation
from services.people import NewPerson
from services.queue import TaskKey
from tests.fixtures.supervision import turn_all
from workflows.permissions import Grant, Role

if TYPE_CHECKING:
    from tests.browser.catalogue.prepared import Stage

SUPERVISOR, JUDGE, ELSEWHERE = "supervisor", "supervisor-two", "supervisor-new"
CASE = "licensed_late"


def prepare_supervision(stage: "Stage") -> None:
    """What is late turns red; one card waits, one was appealed against, one is settled."""
    with stage.world.database.transaction() as session:
        grant = Grant(role=Role.SUPERVISOR, district_code="620123")
        new = NewPerson(account=ELSEWHERE, name="冯督查", grants=(grant,))
        people.create(session, new, now())
    turn_all(stage.world.database, now())
    _issue(stage, "card_issued", "tax")
    _issue(stage, "card_appealed", "housing_fund")
    _step(stage, "card_appealed", "housing-fund", "appeal_card")
    _issue(stage, "card_settled", "medical_insurance")
    _step(stage, "card_settled", "medical-insurance", "accept_card")
    with stage.world.database.transaction() as session:
        task = TaskKey(key=stage.prepared.cases[CASE], item_code="medical_insurance")
        delay = door.Delay(reason_code="other", words="经办人员借调，现已补充人员。")
        given = Explanation(command_id=uuid4(), delay=delay)
        delays.explain(session, stage.person("medical-insurance"), task, given, now())


def _issue(stage: "Stage", name: str, item: str) -> None:
    key = stage.prepared.cases[CASE]
    card = Issue(
        command_id=uuid4(),
        kind="yellow",
        reason_code="past_promised_limit",
        words="这一项超过承诺时限没有办结。请说明原因，并尽快办结。",
    )
    with stage.world.database.transaction() as session:
        task = TaskKey(key=key, item_code=item)
        made = cards.issue(session, stage.person(SUPERVISOR), task, card, now())
    stage.prepared.names[name] = f"{key.district_code}/{key.case_id}/{made.card_id}"
    stage.prepared.names[f"{name}_id"] = str(made.card_id)


def _step(stage: "Stage", name: str, account: str, trigger: str) -> None:
    key = CardKey(key=stage.prepared.cases[CASE], card_id=UUID(stage.prepared.names[f"{name}_id"]))
    step = CardStep(trigger=trigger, command_id=uuid4(), words="申请人补交的材料昨天才收到。")
    with stage.world.database.transaction() as session:
        cards.take_step(session, stage.person(account), key, step, now())
