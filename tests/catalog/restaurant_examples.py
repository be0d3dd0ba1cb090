"""For every rule of the restaurant form: answers that keep it and answers that break it.

Both are changes to the answers of the demonstration, by path, as in `rule_examples`.
"""

from catalog import samples
from tests.catalog.rule_examples import A_DAY, Changes

FIRST, SECOND = (samples.resident_id(serial) for serial in (9000, 9001))
PREPACKED: Changes = {"food.operating": ["prepacked"], "food.main_format": "retail"}
MIXED: Changes = {"premises.property_use": "mixed", "premises.next_to_dwellings": False}
SMALL: Changes = {"premises.area": 50, "kitchen.kitchen_area": 10, "kitchen.dining_area": 30}


def person(resident_id: str, **changes: object) -> Changes:
    """A member of staff who touches ready-to-eat food."""
    return {
        "name": "赵星",
        "resident_id": resident_id,
        "duty": "cook",
        "handles_ready_food": True,
        "certificate_number": "演示 1 号",
        "certificate_valid_until": "2027-03-01",
        **changes,
    }


def tool(purpose: str) -> Changes:
    """A piece of equipment."""
    return {"name": "演示设备", "purpose": purpose, "count": 1}


EXAMPLES: dict[str, tuple[Changes, Changes]] = {
    "premises_in_district": ({}, {"premises.region": "620104"}),
    "lease_still_runs": (
        {"premises.lease_ends_on": "2026-09-19"},
        {"premises.lease_ends_on": A_DAY},
    ),
    "fumes_have_a_flue": (
        {"food.operating": ["drinks"], "premises.flue": "none_needed"},
        {"premises.flue": "none_needed"},
    ),
    "no_fumes_in_residential_buildings": (
        {
            "premises.property_use": "residential",
            "premises.flue": "none_needed",
            "food.operating": ["prepacked"],
        },
        {"premises.property_use": "residential"},
    ),
    "mixed_buildings_have_a_flue": (
        MIXED,
        {**MIXED, "premises.flue": "no_flue", "food.operating": ["drinks"]},
    ),
    "no_fumes_next_to_dwellings": (MIXED, {**MIXED, "premises.next_to_dwellings": True}),
    "format_fits_operating": (
        {"food.main_format": "retail", "food.operating": ["bulk", "prepacked"]},
        {"food.main_format": "retail"},
    ),
    "areas_fit_premises": (
        {"kitchen.kitchen_area": 60, "kitchen.dining_area": 100},
        {"kitchen.kitchen_area": 61, "kitchen.dining_area": 100},
    ),
    "seats_fit_dining_area": ({"food.seats": 100}, {"food.seats": 101}),
    "raw_food_has_its_room": (
        {"food.operating": ["raw_food"], "kitchen.rooms": ["raw_room"]},
        {"food.operating": ["raw_food"], "kitchen.rooms": ["cold_room"]},
    ),
    "cold_dishes_are_kept_apart": (
        {"kitchen.rooms": ["cold_room"]},
        {"kitchen.rooms": ["drinks_area"]},
    ),
    "cakes_have_their_room": (
        {
            "food.operating": ["pastry"],
            "food.cream_cakes": True,
            "kitchen.rooms": ["decorating_room"],
        },
        {"food.operating": ["pastry"], "food.cream_cakes": True},
    ),
    "food_is_cooled": (
        {"equipment": [tool("cooling"), tool("disinfection")]},
        {"equipment": [tool("disinfection")]},
    ),
    "dishes_are_disinfected": (
        {"kitchen.washing": "outside", "equipment": [tool("cooling")]},
        {"equipment": [tool("cooling")]},
    ),
    "manager_certificate_is_valid": (
        {"food_safety.certificate_valid_until": A_DAY},
        {"food_safety.certificate_valid_until": "2026-09-17"},
    ),
    "staff_stand_once": (
        {"staff": [person(FIRST), person(SECOND)]},
        {"staff": [person(FIRST), person(FIRST)]},
    ),
    "health_certificate_is_valid": (
        {"staff": [person(FIRST, certificate_valid_until="2027-09-18")]},
        {"staff": [person(FIRST, certificate_valid_until="2027-09-19")]},
    ),
    "somebody_prepares_food": (
        {"staff": [person(FIRST)]},
        {"staff": [person(FIRST, handles_ready_food=False)]},
    ),
    "sign_is_not_too_high": ({"sign.height": 150}, {"sign.height": 151}),
    "sign_leaves_the_way_free": ({"sign.clearance": 250}, {"sign.clearance": 249}),
    "sign_stays_on_own_front": ({"sign.width": 600}, {"sign.width": 601}),
    "sign_has_no_superlatives": ({}, {"sign.words": "兰州最佳面馆"}),
    "exits_are_enough": (
        {"premises.area": 120, "kitchen.dining_area": 70, "food.seats": 50, "fire.exits": 1},
        {"fire.exits": 1},
    ),
    "there_are_extinguishers": ({"fire.extinguishers": 1}, {"fire.extinguishers": 0}),
    "gas_has_its_alarm": ({"fire.gas_alarm": True}, {"fire.gas_alarm": False}),
    "drill_was_held": (
        {"fire.drill_on": "2025-09-18"},
        {"fire.drill_on": "2026-09-19"},
    ),
    "visit_is_soon": (
        {"visit.preferred_on": "2026-10-03"},
        {"visit.preferred_on": "2026-10-04"},
    ),
}
