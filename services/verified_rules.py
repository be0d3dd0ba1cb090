"""What the chain says of decisions by rule, beside what the table keeps."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.door.automatic_decisions import OVERTURNS

Row = Mapping[str, Any]


def expected(
    events: Sequence[Row], assessments: Iterable[Row]
) -> dict[str, tuple[Iterable[object], Iterable[object]]]:
    """Said and kept: every assessment with its outcome, and the event that overturned it."""
    overturned = {
        event["body"][OVERTURNS]["assessment"]: event["number"]
        for event in events
        if OVERTURNS in event["body"]
    }
    return {
        "assessments": (
            [
                (
                    event["number"],
                    row["item_code"],
                    row["rule_code"],
                    row["rule_version"],
                    row["outcome"],
                    overturned.get(event["number"]),
                )
                for event in events
                for row in event["body"].get("rows", {}).get("assessments", ())
            ],
            [
                (
                    row["event_number"],
                    row["item_code"],
                    row["rule_code"],
                    row["rule_version"],
                    row["outcome"],
                    row["overturned_event_number"],
                )
                for row in assessments
            ],
        )
    }
