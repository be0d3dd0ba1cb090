"""What the chain says of repairs, beside what the table keeps."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.door.repairs import REPAIR

Row = Mapping[str, Any]


def expected(
    events: Sequence[Row], repairs: Iterable[Row]
) -> dict[str, tuple[Iterable[object], Iterable[object]]]:
    """Said and kept: every repair that was asked for, and what became of it by which event."""
    settled = {
        event["body"][REPAIR]["request"]: (event["body"][REPAIR]["state"], event["number"])
        for event in events
        if REPAIR in event["body"]
    }
    said = []
    for event in events:
        number = event["number"]
        for row in event["body"].get("rows", {}).get("repairs", ()):
            at_once = (row["state"], number if row["state"] == "carried_out" else None)
            asked = (number, row["verb"], event["item_code"], row.get("to_state"))
            said.append((*asked, *settled.get(number, at_once)))
    kept = [
        (
            row["event_number"],
            row["verb"],
            row["item_code"],
            row["to_state"],
            row["state"],
            row["settled_event_number"],
        )
        for row in repairs
    ]
    return {"repairs": (said, kept)}
