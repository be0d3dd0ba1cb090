"""Valid requests of operators who edit the routing data."""

from collections.abc import Callable

from services import routing_examples
from tests.fixtures.scene import Scene
from tests.views.valid_form import ADMINISTRATOR, Valid

ROUTE = {
    "mode": "in_the_city",
    "scope": "business_start_up/tax",
    "accepting": "620102",
    "deciding": "620123",
    "way": "online",
    "clock_from": "acceptance",
    "results_at": "accepting",
    "recognises_licences": "yes",
    "confirmed": "yes",
}
WORDING = {
    "label_zh": "跨省办理",
    "label_en": "Across provinces",
    "description_zh": "在一个省提交，由另一个省办理。",
    "description_en": "Handed in in one province, decided in another.",
}


def _end(_scene: Scene) -> Valid:
    route_id = routing_examples.ROUTES[0]["id"]
    return Valid(ADMINISTRATOR, f"/routing/routes/{route_id}/end")


ROUTING: dict[str, Callable[[Scene], Valid]] = {
    "routing.add": lambda _scene: Valid(ADMINISTRATOR, "/routing/routes/new", ROUTE),
    "routing.end": _end,
    "routing.relabel": lambda _scene: Valid(
        ADMINISTRATOR, "/routing/modes/across_provinces", WORDING
    ),
}
