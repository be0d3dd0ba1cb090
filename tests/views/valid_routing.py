"""Valid requests of operators who edit the routing data."""

from collections.abc import Callable

from core.text import Text
from tests.fixtures.scene import Scene
from tests.services.test_routing import add
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


def _end(scene: Scene) -> Valid:
    """A route of its own: an end is settled once."""
    area = scene.another()["suffix"]
    route_id = add(
        scene.world,
        condition=f'bank.branch_area == "{area}"',
        condition_words=Text(zh=f"网点 {area}", en=f"branch {area}"),
    )
    return Valid(ADMINISTRATOR, f"/routing/routes/{route_id}/end")


def _add(scene: Scene) -> Valid:
    """A route that no other is like."""
    area = scene.another()["suffix"]
    typed = {
        "condition": f'bank.branch_area == "{area}"',
        "condition_words_zh": f"网点 {area}",
        "condition_words_en": f"branch {area}",
    }
    return Valid(ADMINISTRATOR, "/routing/routes/new", ROUTE | typed)


ROUTING: dict[str, Callable[[Scene], Valid]] = {
    "routing.add": _add,
    "routing.end": _end,
    "routing.relabel": lambda _scene: Valid(
        ADMINISTRATOR, "/routing/modes/across_provinces", WORDING
    ),
}
