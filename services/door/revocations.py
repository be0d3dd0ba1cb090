"""What a revocation undoes: results hold no more, and every posting is reversed by name."""

from typing import Any
from uuid import UUID

from models.base import new_id
from services.door.changes import EventDraft
from services.door.decision import Decision
from services.door.posting import post
from services.door.snapshot import TaskRow

_COPIED = (
    "item_code",
    "savings_code",
    "commodity",
    "amount",
    "payer",
    "fund_code",
    "tariff_code",
    "tariff_version",
    "maker_code",
)
"""What a counter-transfer has from the transfer that it reverses."""


def revoke_outputs(decision: Decision, event: EventDraft, task: TaskRow) -> None:
    """Note on every result of the item that it holds no more."""
    issued = decision.records.issued(task.item_code)
    for output in issued.values():
        if not output.is_revoked:
            event.wrote(
                "revoked_outputs",
                {"item_code": task.item_code, "output_code": output.output_code},
            )
    decision.promises.revoked_items.append(task.item_code)


def reverse_postings(decision: Decision, event: EventDraft, task: TaskRow, since: int = 0) -> None:
    """Write a counter-transfer for each transfer of the item: it names what it reverses.

    With ``since`` only for what was posted after the event of that number.

    The lines of one entry stay together: their counters share an entry of their own.
    """
    entries: dict[UUID, str] = {}
    for row in decision.records.posted(task.item_code):
        if row["event_number"] <= since:
            continue
        entry_id = entries.setdefault(row["entry_id"], str(new_id()))
        post(decision, event, _counter(row) | {"entry_id": entry_id})


def _counter(row: dict[str, Any]) -> dict[str, Any]:
    found = {name: row[name] for name in _COPIED if row[name] is not None}
    if row["seal_id"] is not None:
        found["seal_id"] = str(row["seal_id"])
    return found | {
        "debit_account": row["credit_account"],
        "credit_account": row["debit_account"],
        "reverses_event_number": row["event_number"],
        "reverses_line": row["line"],
    }
