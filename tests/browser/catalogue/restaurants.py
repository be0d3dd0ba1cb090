"""The second one-thing in its stages: what its applicant and each of its officers see."""

from tests.browser.catalogue.states import State, alike

APPLICANT = "applicant@yichuang.example"
PARTS = {
    "food_licence": "food-inspector",
    "joint_inspection": "food-inspector-two",
    "fire_check": "fire",
    "signboard": "urban-management",
    "health_certificates": "health",
}
"""The items of a restaurant, and who looks at each."""

STATES = (
    State(name="guide-restaurant", path="/guide/open_restaurant"),
    State(name="start-restaurant", path="/guide/open_restaurant/start", who=APPLICANT),
    State(name="restaurant-under-way", path="/cases/{restaurant}", who=APPLICANT),
    State(name="restaurant-done", path="/cases/{restaurant_done}", who=APPLICANT),
    State(
        name="restaurant-licence",
        path="/cases/{restaurant_done}/outputs/food_licence/food_licence",
        who=APPLICANT,
    ),
    *(
        State(
            name=f"restaurant-{item.replace('_', '-')}",
            path=f"/tasks/{{restaurant}}/{item}",
            who=who,
        )
        for item, who in PARTS.items()
    ),
    alike(
        State(
            name="restaurant-corrections",
            path="/cases/{restaurant}/parts/food_licence/corrections",
            who=APPLICANT,
        )
    ),
)
