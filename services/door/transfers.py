"""Where tasks go: at acceptance by the routing data, later by the act of an officer (转办)."""

from catalog.routing import Office
from core.errors import Problem, RuleViolatedError
from core.text import Text
from models.routing import ClockFrom
from services.door.changes import EventDraft
from services.door.clocks import hold_clock, restart_clock
from services.door.decision import Decision
from services.door.packages import Errand, hand_over
from services.door.snapshot import TaskRow

TARGET_INPUT = "target_district"
"""What an officer types for a transfer: the district whose office takes over."""
NOT_COMPETENT = Text(
    zh="只能转给路由数据中有权办理这一事项的其他区域。请重新选择。",
    en="It can go only to another district that the routing data name for this item. Choose again.",
)


def route_task(decision: Decision, event: EventDraft, task: TaskRow, office: Office) -> None:
    """Put a new task where its office is, and hand over what that office needs."""
    course = office.course
    here = decision.accepted_in
    if course is None or office.district_code == here:
        return
    errand = Errand(
        from_district=here,
        from_department=decision.definition.acceptor.department,
        to_district=office.district_code,
        course=course,
    )
    hand_over(decision, event, task.item_code, errand)
    if course.clock_from is ClockFrom.RECEIPT:
        hold_clock(decision, task.item_code)


def transfer(decision: Decision, event: EventDraft, task: TaskRow) -> None:
    """Give a task to the same department of another district; who was asked first answers for it.

    The time that is used stays used, unless the step says that it counts anew.
    Raises `RuleViolatedError` for a district that the routing data do not name for the item.
    """
    here = task.handling_district_code
    target = _target(decision, task.item_code, here)
    _note(event, here, target)
    task.handling_district_code, task.assigned_to = target, None
    errand = Errand(from_district=here, from_department=task.department_code, to_district=target)
    hand_over(decision, event, task.item_code, errand)
    engine = decision.engine(decision.definition.thing.item(task.item_code))
    row = engine.row(str(event.from_state), event.trigger)
    if row is not None and row.restarts_clock:
        restart_clock(decision, event, task)


def transfer_case(decision: Decision, event: EventDraft) -> None:
    """Let the department of another district accept the case. Raises as `transfer`."""
    acceptor = decision.definition.acceptor
    here = decision.accepted_in
    target = _target(decision, acceptor.code, here)
    _note(event, here, target)
    decision.changes.case["handling_district_code"] = target
    errand = Errand(from_district=here, from_department=acceptor.department, to_district=target)
    hand_over(decision, event, acceptor.code, errand)


def _target(decision: Decision, item_code: str, here: str) -> str:
    named = str(decision.command.inputs.get(TARGET_INPUT, ""))
    competent = decision.routes().competent(item_code, decision.district_code, decision.at)
    if named not in competent - {here}:
        raise RuleViolatedError((Problem(TARGET_INPUT, NOT_COMPETENT),))
    return named


def _note(event: EventDraft, here: str, target: str) -> None:
    event.body["transfer"] = {"from": here, "to": target}
