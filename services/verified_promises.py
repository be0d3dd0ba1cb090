"""What the chain says of promised papers and marks of broken promises, beside their tables."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.door.commitments import LIFTED, REPAIRS
from services.door.tolerance import OVERDUE, SUPPLIED

Row = Mapping[str, Any]
PAPER = ("material_code", "event_number", "due_at", "supplied_at", "lapsed_at")
MARK = ("event_number", "item_code", "applicant_id", "marked_at", "repaired_at")
LIFT = ("marked_event_number", "event_number", "lifted_at")


def expected(
    events: Sequence[Row],
    papers: Iterable[Row],
    marks: tuple[Iterable[Row], Iterable[Row]],
    applicant_id: UUID,
) -> dict[str, tuple[Iterable[object], Iterable[object]]]:
    """Said and kept: each promised paper with its day and what became of it, and each mark.

    ``marks`` are the marks themselves and the rows against those that were lifted.
    """
    left, lifted = marks
    return {
        "promises": (_promised(events), [_values(row, PAPER) for row in papers]),
        "marks": (_marked(events, applicant_id), [_values(row, MARK) for row in left]),
        "lifted_marks": (_lifted(events), [_values(row, LIFT) for row in lifted]),
    }


def _values(row: Row, names: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(row[name] for name in names)


def _lifted(events: Sequence[Row]) -> list[tuple[object, ...]]:
    """Each row against a mark, of the reopening that set its revocation aside."""
    return [
        (row["marked_event_number"], event["number"], event["at"])
        for event in events
        for row in event["body"].get("rows", {}).get(LIFTED, ())
    ]


def _promised(events: Sequence[Row]) -> list[tuple[object, ...]]:
    """Each paper as the events leave it: promised at acceptance, brought once, overdue once."""
    papers: dict[str, list[object]] = {}
    for event in events:
        body = event["body"]
        for row in body.get("rows", {}).get("tolerated_papers", ()):
            papers[row["material_code"]] = [event["number"], _instant(row["due_at"]), None, None]
        for at, name in ((2, SUPPLIED), (3, OVERDUE)):
            for code in body.get(name, ()):
                if code in papers and papers[code][at] is None:
                    papers[code][at] = event["at"]
    return [(code, *paper) for code, paper in papers.items()]


def _instant(text: str) -> datetime | None:
    """An instant as the body writes it; None for what is none, which no row equals."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _marked(events: Sequence[Row], applicant_id: UUID) -> list[tuple[object, ...]]:
    """Each mark as the events leave it; a repair lifts all that its item left."""
    marks: list[list[object]] = []
    for event in events:
        body = event["body"]
        if REPAIRS in body:
            for mark in marks:
                if mark[1] == body[REPAIRS] and mark[4] is None:
                    mark[4] = event["at"]
        marks += [
            [event["number"], row["item_code"], applicant_id, event["at"], None]
            for row in body.get("rows", {}).get("credit_marks", ())
        ]
    return [tuple(mark) for mark in marks]
