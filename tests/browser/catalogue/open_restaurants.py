"""Two restaurants for the pages of the second one-thing: one in the middle of its day, one open."""

from typing import TYPE_CHECKING

from services.door import PlaceToMend
from tests.fixtures import restaurants

if TYPE_CHECKING:
    from tests.browser.catalogue.prepared import Stage

ROOMS = PlaceToMend(path="kitchen.rooms", reason="平面图上有冷食专间，表里没有勾选")
SITE = {
    "inspection_on": "2027-03-01",
    "inspection_time": "morning",
    "inspection_place": "雁园路 1 号一层",
}
WHY = "招牌偏高，请与左右店铺对齐。"


def prepare_restaurants(stage: "Stage") -> None:
    """One restaurant in the middle of its day, and one that is open."""
    key = stage.keep("restaurant", restaurants.accepted(stage.world, 9101))
    stage.act("registrar", key, "approve", "licence_check")
    stage.act("food-inspector", key, "request_corrections", "food_licence", places=(ROOMS,))
    stage.act("fire", key, "decide_on_commitment", "fire_check")
    _inspect(stage, "restaurant", "schedule")

    done = stage.keep("restaurant_done", restaurants.accepted(stage.world, 9102))
    stage.act("registrar", done, "approve", "licence_check")
    stage.act("fire", done, "decide_on_commitment", "fire_check")
    stage.act("health", done, "approve", "health_certificates")
    stage.act("urban-management", done, "advise", "signboard", reason=WHY)
    _inspect(stage, "restaurant_done", "schedule", "record_met", "countersign")
    ready = {"proposal": "grant", "grounds": "符合法定条件"}
    stage.act("food-inspector", done, "prepare_decision", "food_licence", inputs=ready)
    stage.act("food-inspector-two", done, "approve", "food_licence")


def _inspect(stage: "Stage", name: str, *triggers: str) -> None:
    second = stage.person("food-inspector-two").name
    day = stage.world.at.date().isoformat()
    inputs = {
        "schedule": SITE | {"second_officer": second},
        "record_met": {"inspected_on": day, "findings": "与平面图一致，符合要求"},
    }
    for trigger in triggers:
        who = "food-inspector-two" if trigger == "countersign" else "food-inspector"
        stage.act(
            who,
            stage.prepared.cases[name],
            trigger,
            "joint_inspection",
            inputs=inputs.get(trigger, {}),
        )
