"""What the chain says of cards and of reasons for being overdue, beside what the tables keep."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workflows.process import EXPLAIN_DELAY

Row = Mapping[str, Any]


def expected(
    events: Sequence[Row], cards: Iterable[Row], delays: Iterable[Row]
) -> dict[str, tuple[Iterable[object], Iterable[object]]]:
    """Said and kept, by table: cards as their last step left them, and every reason given."""
    last = {
        row["id"]: row for event in events for row in event["body"].get("rows", {}).get("cards", ())
    }
    given = [event for event in events if event["trigger"] == EXPLAIN_DELAY]
    return {
        "cards": (
            [(row["id"], row["kind"], row["to"]) for row in last.values()],
            [(str(row["id"]), row["kind"], row["state"]) for row in cards],
        ),
        "delays": (
            [(event["number"], event["item_code"], event["reason_code"]) for event in given],
            [(row["event_number"], row["item_code"], row["reason_code"]) for row in delays],
        ),
    }
