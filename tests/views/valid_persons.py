"""Valid requests about persons: absences, delegations, policies, giving and keeping out."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import text

from core.clock import CIVIL_ZONE, now
from services import absences, delegations, demonstration
from services.absences import NewAbsence
from services.delegations import NewDelegation
from services.desks import Desk
from tests.fixtures.scene import REGISTRAR, Scene
from tests.views.valid_form import Valid, task_page

DESK = Desk(district_code=demonstration.DISTRICT, department_code="market_regulation")
HEAD, SECOND = "registrar-head", "registrar-two"


def day(name: str, after: int = 0) -> Mapping[str, str]:
    """A day in its three boxes, so many days after today."""
    when = now().astimezone(CIVIL_ZONE).date() + timedelta(days=after)
    return {
        f"{name}-year": str(when.year),
        f"{name}-month": str(when.month),
        f"{name}-day": str(when.day),
    }


def _nobody_away(scene: Scene) -> None:
    """Nobody is away, so that the next absence overlaps no other."""
    with scene.database.transaction() as session:
        session.execute(
            text("update absences set ended_at = :at where ended_at is null"), {"at": now()}
        )


def _absence(scene: Scene, page: str, account: str, typed: Mapping[str, str]) -> Valid:
    _nobody_away(scene)
    return Valid(account, page, {**day("first", 5), **day("last", 6), **typed})


def _of_another(scene: Scene) -> Valid:
    second = str(scene.actor(SECOND).id)
    return _absence(scene, f"/desk/{DESK.code}/absences", HEAD, {"person": second})


def _absent(scene: Scene) -> None:
    _nobody_away(scene)
    clerk, today = scene.actor(REGISTRAR), now().astimezone(CIVIL_ZONE).date()
    new = NewAbsence(
        person_id=clerk.id,
        first_on=today + timedelta(days=9),
        last_on=today + timedelta(days=9),
        deputy_id=None,
        command_id=uuid4(),
    )
    with scene.database.transaction() as session:
        absences.record(session, clerk, new, now())


def _ended(scene: Scene, page: str, account: str) -> Valid:
    _absent(scene)
    return Valid(account, page)


def _delegation(scene: Scene) -> Valid:
    typed = {**day("last", 3), "receiver": str(scene.actor(SECOND).id), "acts": "task:extend"}
    return Valid(HEAD, f"/delegations/{DESK.code}", typed)


def _delegated(scene: Scene) -> Valid:
    today = now().astimezone(CIVIL_ZONE).date()
    new = NewDelegation(
        receiver_id=scene.actor(SECOND).id,
        acts=("task:extend",),
        first_on=today,
        last_on=today,
        command_id=uuid4(),
    )
    with scene.database.transaction() as session:
        delegations.grant(session, scene.actor(HEAD), DESK, new, now())
    return Valid(HEAD, f"/delegations/{DESK.code}")


def _reassignment(scene: Scene) -> Valid:
    key = scene.accepted()
    page = f"/reassign/{key.district_code}/{key.case_id}/registration"
    _nobody_away(scene)
    return Valid(HEAD, page, {"colleague": str(scene.actor(SECOND).id), "reason": "请优先办理"})


def _recusal(scene: Scene) -> Valid:
    page = f"{task_page(scene.accepted())}/recuse"
    return Valid(REGISTRAR, page, {"reason": "申请人是我的同学"})


PERSONS: dict[str, Callable[[Scene], Valid]] = {
    "absences.record": lambda scene: _absence(scene, "/absences", REGISTRAR, {}),
    "absences.record_at_desk": _of_another,
    "absences.end": lambda scene: _ended(scene, "/absences", REGISTRAR),
    "absences.end_at_desk": lambda scene: _ended(scene, f"/desk/{DESK.code}/absences", HEAD),
    "delegations.grant": _delegation,
    "delegations.revoke": _delegated,
    "assignments.save_policy": lambda scene: Valid(
        HEAD, f"/assignment/{DESK.code}", {"kind": "pull", "kept": "24"}
    ),
    "assignments.give": _reassignment,
    "conflicts.declare": _recusal,
}
