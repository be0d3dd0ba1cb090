"""Commitments (告知承诺): chosen by the applicant, never forced, barred by an unrepaired record."""

from core.errors import TransitionRefusedError
from core.text import Text
from services.door.changes import EventDraft
from services.door.decision import Decision
from services.door.records import CaseRecords
from services.door.snapshot import TaskRow
from workflows.process import Transition

COMMITMENT = "commitment"
"""In the body of an item's release: whether the commitment that was chosen could be made."""
REPAIRS = "repairs"
"""In the body of a repair: the item whose marks it lifts."""
LIFTED = "lifted_credit_marks"
"""Among the rows of a reopening: the marks that count no more."""
NOTHING_TO_REPAIR = Text(
    zh="这一项没有留下需要修复的信用记录。", en="This part left no record that is to be repaired."
)
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
    """Repair the marks that this item left.

    Raises `TransitionRefusedError` if it left none that is not repaired yet.
    """
    if not needs_repair(decision.records, task.item_code):
        raise TransitionRefusedError(NOTHING_TO_REPAIR)
    decision.promises.repaired_item = task.item_code
    event.body[REPAIRS] = task.item_code


def needs_repair(records: CaseRecords, item_code: str) -> bool:
    """True if an item left a mark that still counts against its applicant."""
    return not all(records.marks(item_code).values())


def lift_credit(decision: Decision, event: EventDraft, task: TaskRow) -> None:
    """The revocation is set aside, so the marks that it left never should have counted.

    Each gets a row against it; what was marked and repaired before can still be read.
    """
    for number in decision.records.marks(task.item_code):
        decision.promises.lifted_marks.append(number)
        event.wrote(LIFTED, {"item_code": task.item_code, "marked_event_number": number})
