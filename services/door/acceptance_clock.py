"""The clock of a case that waits for acceptance: its colours, and its line in the queue.

It is the state's own limit (five silent working days in licensing), else the promised limit of the
item whose office accepts; it runs from the day the papers came.
"""

from dataclasses import fields
from datetime import datetime
from typing import Any

from services.door.changes import Put
from services.door.clocks import answer_clock, state_limit
from services.door.colours import Timed, catch_up_case, plan_clock
from services.door.decision import Decision
from services.door.snapshot import TaskRow
from workflows.case import CaseState


def plan_acceptance(decision: Decision) -> None:
    """Note which colour a case that waits for acceptance turns to next, and when."""
    plan_clock(decision, acceptance_clock(decision))


def acceptance_clock(decision: Decision) -> Timed:
    """What the colours of the wait for acceptance depend on."""
    acceptor = decision.definition.acceptor
    own = state_limit(decision, None, decision.definition.case_engine.state(CaseState.SUBMITTED))
    return Timed(
        events=answer_clock(decision),
        limit=own or acceptor.promised_limit.limit,
        rules=acceptor.supervision or decision.definition.thing.supervision,
        ends_at=acceptance_due(decision)[0],
    )


def acceptance_due(decision: Decision) -> tuple[datetime | None, bool]:
    """By when the office should accept, and whether that day may still change."""
    promised = decision.due_of(decision.definition.acceptor, decision.column("submitted_at"))
    own = decision.column("state_due_at")
    return own or promised.at, promised.provisional and own is None


def catch_up_acceptance(decision: Decision) -> None:
    """Before an act on a case that waits: the changes that were due and that nobody has told."""
    if decision.case_state == CaseState.SUBMITTED:
        catch_up_case(decision, acceptance_clock(decision))


def forget_acceptance(decision: Decision) -> None:
    """Once it waits no more it presses nobody; the chain keeps what its colours were."""
    if decision.case_state == CaseState.SUBMITTED:
        for name in ("colour", "next_colour", "next_colour_at"):
            decision.changes.case[name] = None


def waiting_task(decision: Decision) -> TaskRow | None:
    """A case that waits for acceptance as supervision sees it: work of the accepting desk.

    None for any other case, and for any other item of the command.
    """
    acceptor = decision.definition.acceptor
    is_meant = decision.command.item_code == acceptor.code
    if decision.case_state != CaseState.SUBMITTED or not is_meant:
        return None
    return TaskRow(
        item_code=acceptor.code,
        department_code=acceptor.department,
        handling_district_code=decision.accepted_in,
        maker_code=None,
        state=decision.case_state,
    )


def recolour_entry(decision: Decision) -> None:
    """Bring the colour of the waiting case's entry up to date; all else of it stays as it is."""
    code = decision.definition.acceptor.code
    entry = decision.snapshot.entries.get(code)
    if entry is not None and "colour" in decision.changes.case:
        as_it_is: dict[str, Any] = {
            each.name: getattr(entry, each.name)
            for each in fields(Put)
            if hasattr(entry, each.name)
        }
        changed = {"state": decision.case_state, "colour": decision.column("colour")}
        decision.changes.puts[code] = Put(**as_it_is | changed)
