"""A desk with an absence to come, a delegation in force, a policy, and somebody who keeps out."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from core.clock import CIVIL_ZONE
from services import absences, assignments, conflicts, delegations
from services.absences import NewAbsence
from services.assignments import Order, Policy, RuleLine
from services.conflicts import Declaration
from services.delegations import NewDelegation
from services.desks import Desk
from services.queue import TaskKey
from tests.fixtures.world import DISTRICT

if TYPE_CHECKING:
    from tests.browser.catalogue.prepared import Stage

DESK = Desk(district_code=DISTRICT, department_code="market_regulation")
CLERK, SECOND, HEAD = "registrar", "registrar-two", "registrar-head"


def prepare_persons(stage: "Stage") -> None:
    """After every other case, so that the policy gives out nothing that others look at."""
    assigned, own = stage.submitted("assigned_to_another"), stage.submitted("recused")
    head, second, clerk = map(stage.person, (HEAD, SECOND, CLERK))
    at, today = stage.world.tick(), stage.world.at.astimezone(CIVIL_ZONE).date()
    rule = RuleLine(when="company.trade_name == '星汉'", to=(second.id,))
    with stage.world.database.transaction() as session:
        order = Order(receiver_id=second.id, reason="请优先办理", command_id=uuid4())
        task = TaskKey(key=assigned, item_code="registration")
        assignments.assign(session, head, task, order, at)
        words = Declaration(command_id=uuid4(), reason="申请人是我的同学")
        conflicts.declare(session, clerk, TaskKey(key=own, item_code="registration"), words, at)
        absences.record(
            session,
            second,
            NewAbsence(
                person_id=second.id,
                first_on=today + timedelta(days=40),
                last_on=today + timedelta(days=44),
                deputy_id=clerk.id,
                command_id=uuid4(),
            ),
            at,
        )
        delegations.grant(
            session,
            head,
            DESK,
            NewDelegation(
                receiver_id=second.id,
                acts=("task:extend", "task:revoke"),
                first_on=today,
                last_on=today + timedelta(days=29),
                command_id=uuid4(),
            ),
            at,
        )
        assignments.publish(
            session, head, DESK, Policy(kind="rule", rules=(rule,), weights={"registration": 2}), at
        )
