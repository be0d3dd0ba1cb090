"""What the chain says of numbered papers, beside what their table keeps."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def expected(
    events: Sequence[Row], documents: Iterable[Row]
) -> dict[str, tuple[Iterable[object], Iterable[object]]]:
    """Said and kept: the event, item, kind and number of each paper."""
    return {
        "documents": (
            [
                (event["number"], event["item_code"], row["kind"], row["number"])
                for event in events
                for row in event["body"].get("rows", {}).get("documents", ())
            ],
            [
                (row["event_number"], row["item_code"], row["kind"], row["number"])
                for row in documents
            ],
        )
    }
