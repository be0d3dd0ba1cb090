"""Commitments (告知承诺): chosen by the applicant, never forced, barred by an unrepaired record."""

from services.door.changes import EventDraft
from services.door.decision import Decision
from services.door.snapshot import TaskRow
from workflows.process import Transition

COMMITMENT = "commitment"
"""In the body of an item's release: whether the commitment that was chosen could be made."""
REPAIRS = "repairs"
"""In the body of a repair: the item whose marks it lifts."""
TAKEN, BARRED = "taken", "barred"


def releases(
    decision: Decision, task: TaskRow, rows: tuple[Transition, ...]
) -> tuple[tuple[Transition, ...], str | None]:
    """The rows by which an item may start, and what became of a commitment that was chosen."""
    if not any(row.by_commitment for row in rows):
        return rows, None
    if not is_chosen(decision, task):
        return tuple(row for row in rows if not row.by_commitment), None
    if decision.records.is_marked(decision.case["applicant_id"]):
        return tuple(row for row in rows if not row.by_commitment), BARRED
    first = sorted(rows, key=lambda row: not row.by_commitment)
    return tuple(first), TAKEN


def is_chosen(decision: Decision, task: TaskRow) -> bool:
    """True if the applicant chose the commitment for an item that offers one."""
    commitment = decision.definition.thing.item(task.item_code).commitment
    if commitment is None:
        return False
    section, name = commitment.chosen_by.split(".")
    return decision.answers().get(section, {}).get(name) is True


def mark_credit(decision: Decision, event: EventDraft, task: TaskRow) -> None:
    """Leave a mark on the applicant, who may not promise again until it is repaired."""
    decision.promises.marked_item = task.item_code
    event.wrote("credit_marks", {"item_code": task.item_code})


def repair_credit(decision: Decision, event: EventDraft, task: TaskRow) -> None:
    """Lift the marks that this item left."""
    decision.promises.repaired_item = task.item_code
    event.body[REPAIRS] = task.item_code
