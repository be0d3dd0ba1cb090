"""What the chain says of who prepared a decision and who keeps out, beside what the tables keep."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.definitions import Definition
from workflows.engine import Engine
from workflows.permissions import ENGINE_ACTOR

Row = Mapping[str, Any]


def expected(
    events: Sequence[Row],
    definition: Definition,
    preparations: Iterable[Row],
    conflicts: Iterable[Row],
) -> dict[str, tuple[Iterable[object], Iterable[object]]]:
    """Said and kept: every hand that prepared, with the decision after it, and every conflict."""
    return {
        "preparations": (
            _prepared(events, definition),
            [
                (
                    row["event_number"],
                    row["item_code"],
                    str(row["person_id"]),
                    row["trigger"],
                    row["prepared_at"],
                    row["decided_event_number"],
                )
                for row in preparations
            ],
        ),
        "conflicts": (
            [
                (event["number"], event["item_code"], row["person_id"], event["at"])
                for event in events
                for row in event["body"].get("rows", {}).get("conflicts", ())
            ],
            [
                (
                    row["event_number"],
                    row["item_code"],
                    str(row["person_id"]),
                    row["declared_at"],
                )
                for row in conflicts
            ],
        ),
    }


def _prepared(events: Sequence[Row], definition: Definition) -> list[tuple[object, ...]]:
    """Each hand as the events leave it; a decision takes up all that stood before it."""
    hands: list[list[object]] = []
    for event in events:
        if _decides(event, definition):
            for hand in hands:
                if hand[1] == (event["item_code"] or "") and hand[5] is None:
                    hand[5] = event["number"]
        hands += [
            [
                event["number"],
                row["item_code"],
                row["person_id"],
                event["trigger"],
                event["at"],
                None,
            ]
            for row in event["body"].get("rows", {}).get("preparations", ())
        ]
    return [tuple(hand) for hand in hands]


def _decides(event: Row, definition: Definition) -> bool:
    """True for the step of a person that takes up what others prepared."""
    engine = _engine(definition, event["item_code"])
    if engine is None or event["actor_id"] == ENGINE_ACTOR.id:
        return False
    row = engine.row(str(event["from_state"]), event["trigger"])
    return row is not None and row.decides(engine.state(row.destination))


def _engine(definition: Definition, item_code: str | None) -> Engine | None:
    """The machine of an item; None for an item that the definition does not have."""
    if item_code is None:
        return definition.case_engine
    items = {item.code: item for item in definition.thing.items}
    return definition.engine_of(items[item_code]) if item_code in items else None
