"""Hand-over packages at the door: made with what leads elsewhere, confirmed before anybody decides.

The event that makes a package holds its hash; the receiving side's event holds the hash that it
computed itself. So the chain says what was handed over, and that both sides mean the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from catalog.routing import Course
from core.errors import (
    ConflictError,
    NotFoundError,
    NotPermittedError,
    Problem,
    RuleViolatedError,
    TransitionRefusedError,
)
from core.text import Text
from models.hand_over_package import PackageState
from models.routing import ClockFrom, ResultsAt, Way
from services.door import package_content
from services.door.changes import EventDraft
from services.door.clocks import release_clock
from services.door.decision import Decision
from services.door.package_rows import PackageRow
from services.door.persons import NOT_YOURS, check_conflict
from services.door.snapshot import NO_CASE, TaskRow
from services.routing import district_name
from workflows.permissions import ENGINE_ACTOR, Permission, Place, may
from workflows.process import (
    POST_PACKAGE,
    RECEIVE_PACKAGE,
    REFUSE_PACKAGE,
    SEND_PACKAGE,
    Transition,
)

TELL_SENDER = "tell_sender"
"""The job that tells who sent a package that it was refused."""
NOT_AN_OFFICE = frozenset({Permission.CASE_APPLY, Permission.SEAL_MAKE, Permission.SEAL_DELIVER})
"""Steps that decide nothing in the office to which a package goes."""

NOT_RECEIVED = Text(
    zh="{place}移交的办件包还没有确认收到，不能办理。请先打开移交包，核对后确认。",
    en="The package from {place} is not confirmed yet, so nothing can be decided. Open it, check "
    "it and confirm the receipt first.",
)
NOTHING_TO_DO = Text(
    zh="这个移交包现在不能这样处理，可能已由他人处理。请刷新后再看。",
    en="This cannot be done to the package now; somebody else may have settled it. Reload first.",
)
ARRIVAL_MISSING = Text(
    zh="请填写纸质材料收到的日期。", en="Enter the day on which the papers arrived."
)
ARRIVED_TOO_EARLY = Text(
    zh="收到的日期不能早于寄出的日期，也不能晚于今天。",
    en="The papers cannot arrive before they were posted, nor later than today.",
)
CARRIER_MISSING = Text(zh="请填写承运单位。", en="Enter the carrier.")
NUMBER_MISSING = Text(zh="请填写邮件单号。", en="Enter the tracking number.")
POSTED_MISSING = Text(
    zh="请填写寄出的日期，不能晚于今天。", en="Enter the day of posting, today at the latest."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """From which office to which district, by which route; None for a transfer."""

    from_district: str
    from_department: str
    to_district: str
    course: Course | None = None


def hand_over(decision: Decision, event: EventDraft, item_code: str, errand: Errand) -> None:
    """Make the package of an item, or of the whole case before it has tasks; confirm it here.

    What A confirms is the hash in the event that its officer's own act writes.
    """
    course = errand.course
    content = _content(decision, item_code, errand)
    number = max((row.number for row in _earlier(decision, item_code)), default=0) + 1
    row: dict[str, Any] = {
        "item_code": item_code,
        "number": number,
        "from_district_code": errand.from_district,
        "from_department_code": errand.from_department,
        "to_district_code": errand.to_district,
        "to_department_code": decision.definition.thing.item(item_code).department,
        "route_id": str(course.id) if course else None,
        "way": content["way"],
        "clock_from": content["clock_from"],
        "results_at": content["results_at"],
        "needs_post": content["needs_post"],
        "content": content,
        "content_hash": package_content.digest(content).hex(),
        "sent_at": decision.at,
        "sent_by": decision.actor.id,
        "state": PackageState.SENT.value,
    }
    event.wrote(
        "packages",
        {name: row[name] for name in ("item_code", "number", "to_district_code", "content_hash")}
        | {"responsible": str(decision.actor.id)},
    )
    decision.changes.new_packages.append(row | {"event": event})


def check_received(decision: Decision, item_code: str, row: Transition) -> None:
    """Raises `TransitionRefusedError` for an office's step on what it has not confirmed."""
    package = decision.snapshot.packages.get(item_code)
    if package is None or package.state == PackageState.RECEIVED:
        return
    if decision.actor.id == ENGINE_ACTOR.id or row.permission in NOT_AN_OFFICE:
        return
    raise TransitionRefusedError(
        NOT_RECEIVED.format(place=district_name(package.from_district_code))
    )


def act_on_package(decision: Decision, draft: Callable[[Decision, str, str], EventDraft]) -> None:
    """Confirm the receipt of a package, record its posting, or make it anew after a refusal.

    Raises `NotFoundError` for everybody but the two offices, `NotPermittedError`, `ConflictError`
    if it stands otherwise by now, and `RuleViolatedError` beside what was typed.
    """
    package = decision.snapshot.packages.get(str(decision.command.item_code))
    if package is None:
        raise NotFoundError(NO_CASE)
    _ACTS[decision.command.trigger](decision, draft, package)


def _receive(
    decision: Decision, draft: Callable[[Decision, str, str], EventDraft], package: PackageRow
) -> None:
    _check(decision, package.to_place, (Permission.TASK_REVIEW,), PackageState.SENT, package)
    arrived_on = _arrival(decision, package)
    found = str(decision.command.inputs["found_hash"])
    expected = str(decision.command.inputs["chained_hash"])
    is_same = found == expected == package.content_hash
    event = decision.record(_event(decision, draft, package))
    event.text = {"inputs": {"arrived_on": arrived_on.isoformat()}} if arrived_on else None
    event.trigger = RECEIVE_PACKAGE if is_same else REFUSE_PACKAGE
    state = PackageState.RECEIVED if is_same else PackageState.REFUSED
    event.wrote("packages", _settled(package, state, found))
    _change(
        decision,
        package,
        state=state.value,
        settled_at=decision.at,
        settled_by=decision.actor.id,
        found_hash=found,
        arrived_on=arrived_on if is_same else None,
    )
    if is_same:
        _start_waiting_clock(decision, event, package)
    else:
        decision.changes.jobs.append((TELL_SENDER, _whereabouts(decision, event)))


def _settled(package: PackageRow, state: PackageState, found_hash: str) -> dict[str, Any]:
    """What the chain keeps of a receipt: both hashes, and who answered for it until now."""
    return {
        "item_code": package.item_code,
        "number": package.number,
        "state": state.value,
        "content_hash": package.content_hash,
        "found_hash": found_hash,
        "sent_by": str(package.sent_by),
    }


def _whereabouts(decision: Decision, event: EventDraft) -> dict[str, Any]:
    return {
        "district_code": decision.district_code,
        "case_id": str(decision.case_id),
        "event_number": decision.event_number(event),
    }


def _post(
    decision: Decision, draft: Callable[[Decision, str, str], EventDraft], package: PackageRow
) -> None:
    _check_sender(decision, package, PackageState.SENT)
    if not package.needs_post:
        raise ConflictError(NOTHING_TO_DO)
    typed = decision.command.inputs
    carrier, number = str(typed.get("carrier", "")), str(typed.get("tracking_number", ""))
    posted_on = _day(typed.get("posted_on"))
    problems = []
    if not carrier:
        problems.append(Problem("carrier", CARRIER_MISSING))
    if not number:
        problems.append(Problem("tracking_number", NUMBER_MISSING))
    if posted_on is None or posted_on > decision.today:
        problems.append(Problem("posted_on", POSTED_MISSING))
    if problems:
        raise RuleViolatedError(tuple(problems))
    decision.record(_event(decision, draft, package))
    _change(decision, package, carrier=carrier, tracking_number=number, posted_on=posted_on)


def _send_again(
    decision: Decision, draft: Callable[[Decision, str, str], EventDraft], package: PackageRow
) -> None:
    _check_sender(decision, package, PackageState.REFUSED)
    event = decision.record(_event(decision, draft, package))
    table = decision.routes()
    course = next((each for each in table.courses if each.id == package.route_id), None)
    errand = Errand(
        from_district=package.from_district_code,
        from_department=package.from_department_code,
        to_district=package.to_district_code,
        course=course,
    )
    hand_over(decision, event, package.item_code, errand)


_ACTS = {RECEIVE_PACKAGE: _receive, POST_PACKAGE: _post, SEND_PACKAGE: _send_again}


def _content(decision: Decision, item_code: str, errand: Errand) -> dict[str, Any]:
    thing, course = decision.definition.thing, errand.course
    sent = decision.sent()
    if sent is None:
        raise TransitionRefusedError(NOTHING_TO_DO)
    seen_by = item_code if item_code in decision.tasks else None
    return {
        "form": package_content.FORM,
        "district_code": decision.district_code,
        "case_id": str(decision.case_id),
        "case_number": decision.case_number,
        "definition_hash": decision.definition.hash.hex(),
        "item_code": item_code,
        "whole_case": seen_by is None,
        "from": {"district": errand.from_district, "department": errand.from_department},
        "to": {"district": errand.to_district, "department": thing.item(item_code).department},
        "route": str(course.id) if course else None,
        "way": (course.way if course else Way.ONLINE).value,
        "clock_from": (course.clock_from if course else ClockFrom.ACCEPTANCE).value,
        "results_at": (course.results_at if course else ResultsAt.ACCEPTING).value,
        "needs_post": bool(course and course.needs_post),
        "head": {
            "number": int(decision.case["event_count"]),
            "hash": bytes(decision.case["head_hash"]).hex(),
        },
        "submission": sent.event_number,
        "answers": package_content.answers_part(thing, seen_by, sent),
        "materials": package_content.materials_part(thing, seen_by, sent.materials),
    }


def _earlier(decision: Decision, item_code: str) -> list[PackageRow]:
    package = decision.snapshot.packages.get(item_code)
    return [package] if package else []


def _event(
    decision: Decision, draft: Callable[[Decision, str, str], EventDraft], package: PackageRow
) -> EventDraft:
    task = decision.tasks.get(package.item_code)
    state = task.state if task else decision.case_state
    return draft(decision, state, state)


def _check_sender(decision: Decision, package: PackageRow, state: PackageState) -> None:
    permissions = (Permission.CASE_ACCEPT, Permission.TASK_TRANSFER)
    _check(decision, package.from_place, permissions, state, package)


def _check(
    decision: Decision,
    office: tuple[str, str],
    permissions: tuple[Permission, ...],
    state: PackageState,
    package: PackageRow,
) -> None:
    """The right of an office's officer to act on a package that stands like this."""
    place = _place(decision, office)
    if not any(may(decision.actor, each, place, decision.at) for each in permissions):
        is_known = any(
            may(decision.actor, Permission.TASK_CLAIM, _place(decision, other), decision.at)
            for other in (package.from_place, package.to_place)
        )
        raise NotPermittedError(NOT_YOURS) if is_known else NotFoundError(NO_CASE)
    check_conflict(decision, decision.actor.id)
    if package.state != state or _is_of_another(decision, package):
        raise ConflictError(NOTHING_TO_DO)


def _is_of_another(decision: Decision, package: PackageRow) -> bool:
    """True for a page that was drawn from an earlier package of the same part."""
    return decision.command.inputs.get("number", package.number) != package.number


def _place(decision: Decision, office: tuple[str, str]) -> Place:
    return Place(
        applicant_id=decision.case["applicant_id"],
        district_code=office[0],
        department_code=office[1],
    )


def _arrival(decision: Decision, package: PackageRow) -> date | None:
    if not package.needs_post:
        return None
    day = _day(decision.command.inputs.get("arrived_on"))
    if day is None:
        raise RuleViolatedError((Problem("arrived_on", ARRIVAL_MISSING),))
    if day > decision.today or (package.posted_on and day < package.posted_on):
        raise RuleViolatedError((Problem("arrived_on", ARRIVED_TOO_EARLY),))
    return day


def _day(typed: object) -> date | None:
    try:
        return date.fromisoformat(str(typed))
    except ValueError:
        return None


def _change(decision: Decision, package: PackageRow, **columns: Any) -> None:
    decision.changes.changed_packages.append(
        {"item_code": package.item_code, "number": package.number, **package.kept, **columns}
    )


def _start_waiting_clock(decision: Decision, event: EventDraft, package: PackageRow) -> None:
    task: TaskRow | None = decision.tasks.get(package.item_code)
    if task is not None and package.clock_from == ClockFrom.RECEIPT:
        release_clock(decision, event, task)
