"""The routing data of a demonstration, recorded as an operator would have recorded it."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from catalog import registry
from catalog.example_routing import ExampleRoute, examples
from models.routing import Route
from services import routing
from services.routing import Mode, both


def load(session: Session, at: datetime) -> int:
    """Record the modes and routes that are not there yet; how many were new."""
    modes = [
        Mode(
            code=mode.code,
            version=1,
            label=mode.label,
            description=mode.description,
            is_example=True,
            is_closed_list=mode.is_closed_list,
            recorded_at=at,
        )
        for mode in examples().modes
    ]
    return routing.record_modes(session, modes) + _record_routes(session, at)


def _record_routes(session: Session, at: datetime) -> int:
    known = registry.catalogue()
    rows = [
        _row(route) | {"valid_from": at, "recorded_at": at}
        for route in examples().routes
        if route.thing in known.things and {*route.accepting} <= set(known.districts)
    ]
    if not rows:
        return 0
    made = session.execute(insert(Route).on_conflict_do_nothing().returning(Route.id), rows)
    return len(made.all())


def _row(route: ExampleRoute) -> dict[str, Any]:
    return {
        "id": route.id,
        "mode_code": route.mode,
        "thing_code": route.thing,
        "item_code": route.item,
        "accepting_codes": list(route.accepting),
        "partner": None,
        "condition": route.condition,
        "condition_words": both(route.condition_words) if route.condition_words else None,
        "deciding_code": route.deciding,
        "way": route.way,
        "clock_from": route.clock_from,
        "results_at": route.results_at,
        "recognises_licences": route.recognises_licences,
    }
