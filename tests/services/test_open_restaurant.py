"""The second one-thing, which came by YAML alone, through the services: good days and bad days."""

from itertools import count

import pytest

from catalog import demonstrations, register_numbers
from core.database import Database
from services import cases, corrections
from services.cases import CaseKey
from services.door import PlaceToMend
from tests.catalog.restaurant_examples import PREPACKED
from tests.catalog.rule_examples import Changes
from tests.catalog.test_business_start_up import changed
from tests.fixtures.exits import HEAD, WHY, Exits, checked, refused
from tests.fixtures.world import DISTRICT, actor, clerk_of
from workflows.permissions import Role

CODE = "open_restaurant"
FOOD, SECOND, FIRE, FIRE_TOO, SIGN, HEALTH = (
    clerk_of(department)
    for department in (
        "market_regulation",
        "market_regulation",
        "fire_rescue",
        "fire_rescue",
        "urban_management",
        "health",
    )
)
ROOMS = PlaceToMend(path="kitchen.rooms", reason="平面图上有冷食专间，表里没有勾选")
FOUND = {"inspected_on": "2026-09-21", "findings": "与平面图一致，符合要求"}

_suffixes = count(1)


class Restaurants(Exits):
    """Restaurants, sent on 18 September 2026 with the papers that their answers ask for."""

    def opened(self, changes: Changes, *papers: str) -> CaseKey:
        """A restaurant that was sent; ``changes`` are to what the demonstration types."""
        self.applicant = actor(Role.APPLICANT, "applicant")
        self.set("2026-09-18 09:50")
        typed = demonstrations.typed(CODE, on=self.at.date(), suffix=next(_suffixes))
        with self.database.transaction() as session:
            opening = cases.Opening(thing_code=CODE, district_code=DISTRICT, opened_at=self.tick())
            key = cases.start(session, self.applicant, opening, self.tick())
            cases.save_sections(session, self.applicant, key, changed(typed, changes), self.tick())
        for paper in papers:
            self.file(key, paper)
        self.set("2026-09-18 10:00")
        self.submit(key)
        return key

    def under_way(self, changes: Changes, *more: str) -> CaseKey:
        """A restaurant with all its papers, whose licence was found right."""
        key = self.opened({"later.rules_later": "no", **changes}, *PAPERS, *more)
        self.act(FOOD, key, "accept")
        self.act(SECOND, key, "approve", "licence_check")
        return key

    def arrange_visit(self, key: CaseKey) -> None:
        """Have the joint inspection arranged."""
        where = {"inspection_on": "2026-09-21", "inspection_time": "morning"}
        who = {"inspection_place": "雁园路 1 号一层", "second_officer": str(SECOND.id)}
        self.act(FOOD, key, "schedule", "joint_inspection", inputs=where | who)

    def visit(self, key: CaseKey) -> None:
        """Have the premises seen by two officers, and found right."""
        self.arrange_visit(key)
        self.act(FOOD, key, "record_met", "joint_inspection", inputs=FOUND)
        self.act(SECOND, key, "countersign", "joint_inspection")

    def correct_rooms(self, key: CaseKey) -> None:
        """Tick the room that was named, and send it."""
        with self.database.transaction() as session:
            form = cases.draft(session, self.applicant, key).typed
            typed = dict(form["kitchen"]) | {"rooms": ["cold_room", "cold_area"]}
            cases.save_sections(session, self.applicant, key, {"kitchen": typed}, self.tick())
        with self.database.transaction() as session:
            [asked] = corrections.standing(session, self.applicant, key, self.at)
            sent = (asked.item_code, asked.command_id)
            corrections.supply(session, self.applicant, key, sent, self.tick())

    def others_agree(self, key: CaseKey) -> None:
        """Have sign and health certificates found right."""
        self.act(SIGN, key, "approve", "signboard")
        self.act(HEALTH, key, "approve", "health_certificates")

    def number(self, key: CaseKey, output: str) -> str:
        """The number of an output."""
        rows = self.rows(
            "select output_code, number from outputs"
            " where district_code = :district_code and case_id = :case_id",
            key,
        )
        return str(next(row["number"] for row in rows if row["output_code"] == output))


@pytest.fixture
def restaurants(exits_database: Database) -> Restaurants:
    return Restaurants(exits_database)


PAPERS = ("floor_plan", "manager_certificate", "safety_rules", "sign_drawing")


def needed(states: dict[str, str]) -> dict[str, str]:
    return {code: state for code, state in states.items() if state != "not_required"}


def test_a_promised_paper_and_a_correction_hold_the_licence_until_both_are_here(
    restaurants: Restaurants,
) -> None:
    key = restaurants.opened({}, "floor_plan", "manager_certificate", "sign_drawing")
    assert "食品安全规章制度" in refused(restaurants, FOOD, key, "accept")
    restaurants.act(FOOD, key, "accept_with_tolerance")
    assert restaurants.last(key, "accept_with_tolerance")["body"]["awaited"] == ["safety_rules"]
    restaurants.act(SECOND, key, "approve", "licence_check")
    due_on = {"corrections_due_on": "2026-09-28"}
    restaurants.act(
        FOOD, key, "request_corrections", "food_licence", places=(ROOMS,), inputs=due_on
    )
    assert restaurants.due(key, "food_licence", "paused_at")
    restaurants.visit(key)
    restaurants.others_agree(key)
    restaurants.correct_rooms(key)
    assert not restaurants.due(key, "food_licence", "paused_at")
    restaurants.prepare(key, "food_licence", FOOD)
    assert "食品安全规章制度" in refused(restaurants, SECOND, key, "approve", "food_licence")
    restaurants.file(key, "safety_rules")
    restaurants.supply(key)
    refused(restaurants, FOOD, key, "approve", "food_licence")
    restaurants.act(SECOND, key, "approve", "food_licence")

    number = restaurants.number(key, "food_licence")
    assert number.startswith("JY2620199")
    assert register_numbers.is_right(number)
    assert {"tolerance_notice", "correction_notice", "inspection_record", "granting_decision"} < {
        *restaurants.documents(key)
    }
    checked(restaurants, key)


def test_a_restaurant_is_completed_and_its_commitment_verified_afterwards(
    restaurants: Restaurants,
) -> None:
    key = restaurants.under_way({})
    restaurants.act(FIRE, key, "decide_on_commitment", "fire_check")
    restaurants.visit(key)
    restaurants.others_agree(key)
    restaurants.prepare(key, "food_licence", FOOD)
    restaurants.act(SECOND, key, "approve", "food_licence")

    assert restaurants.state(key) == "completed"
    verified = {"verified_on": "2026-09-18", "findings": "与承诺一致"}
    restaurants.act(FIRE, key, "verify", "fire_check", inputs=verified)
    assert restaurants.state(key) == "completed"
    assert needed(restaurants.task_states(key)) == {
        "licence_check": "approved",
        "food_licence": "approved",
        "health_certificates": "approved",
        "joint_inspection": "passed",
        "fire_check": "verified",
        "signboard": "suited",
    }
    checked(restaurants, key)


def test_what_the_inspection_did_not_pass_cannot_be_licensed_and_the_rest_is_granted(
    restaurants: Restaurants,
) -> None:
    key = restaurants.under_way({"fire.by_commitment": "no"}, "fire_plan")
    restaurants.arrange_visit(key)
    unmet = {"inspected_on": "2026-09-21", "findings": "冷食与生食混放"}
    restaurants.act(FOOD, key, "record_unmet", "joint_inspection", inputs=unmet)
    restaurants.act(SECOND, key, "countersign", "joint_inspection", reason=WHY)
    restaurants.prepare(key, "food_licence", FOOD)
    refused(restaurants, SECOND, key, "approve", "food_licence")
    restaurants.act(SECOND, key, "refuse", "food_licence", reason=WHY)
    assert restaurants.task_states(key)["food_licence"] == "refused"
    restaurants.others_agree(key)

    inspected = FOUND | {"second_officer": str(FIRE_TOO.id)}
    restaurants.act(FIRE, key, "record_inspection", "fire_check", inputs=inspected)
    refused(restaurants, FIRE, key, "approve", "fire_check")
    restaurants.act(FIRE_TOO, key, "approve", "fire_check")

    assert restaurants.state(key) == "partly_completed"
    assert "refusing_decision" in restaurants.documents(key)
    checked(restaurants, key)


def test_a_promised_paper_that_does_not_come_ends_the_licence_alone(
    restaurants: Restaurants,
) -> None:
    key = restaurants.opened({}, "floor_plan", "manager_certificate", "sign_drawing")
    restaurants.act(FOOD, key, "accept_with_tolerance")
    restaurants.act(SECOND, key, "approve", "licence_check")
    restaurants.set("2026-09-30 18:01")  # eight working days after acceptance

    assert restaurants.run_timers() >= 1

    states = restaurants.task_states(key)
    assert states["food_licence"] == "withdrawn"
    assert states["fire_check"] == "promised"
    assert restaurants.state(key) == "in_progress"
    checked(restaurants, key)


def test_a_promised_paper_that_does_not_come_ends_a_part_that_has_not_begun(
    restaurants: Restaurants,
) -> None:
    """The licence is not looked at yet, so the food licence still waits on the last day."""
    papers = ("floor_plan", "safety_rules", "sign_drawing")
    promised: Changes = {"later.rules_later": "no", "later.certificate_later": "yes"}
    key = restaurants.opened(promised, *papers)
    restaurants.act(FOOD, key, "accept_with_tolerance")
    assert restaurants.task_states(key)["food_licence"] == "waiting"
    restaurants.set("2026-09-24 18:01")
    restaurants.run_timers()
    states = restaurants.task_states(key)
    assert (states["food_licence"], states["joint_inspection"]) == ("withdrawn", "waiting")
    assert restaurants.documents(key)[-1] == "termination_notice"
    restaurants.act(SECOND, key, "approve", "licence_check")
    assert restaurants.task_states(key)["food_licence"] == "withdrawn"
    checked(restaurants, key)


def test_a_shop_of_pre_packed_food_is_done_with_one_filing(restaurants: Restaurants) -> None:
    small: Changes = {**PREPACKED, "premises.area": "50", "sign.has_sign": "no"}
    key = restaurants.opened(small)
    restaurants.act(FOOD, key, "accept")
    restaurants.act(FOOD, key, "approve", "licence_check")
    restaurants.act(SECOND, key, "approve", "food_filing")

    assert restaurants.state(key) == "completed"
    assert needed(restaurants.task_states(key)) == {
        "licence_check": "approved",
        "food_filing": "approved",
    }
    assert restaurants.number(key, "filing_number").startswith("YB2620199")


def test_a_licence_that_does_not_agree_ends_everything_that_waits_for_it(
    restaurants: Restaurants,
) -> None:
    key = restaurants.opened(
        {"later.rules_later": "yes"}, "floor_plan", "manager_certificate", "sign_drawing"
    )
    restaurants.act(FOOD, key, "accept_with_tolerance")
    restaurants.act(SECOND, key, "refuse", "licence_check", reason=WHY)

    assert restaurants.state(key) == "refused"
    assert set(needed(restaurants.task_states(key)).values()) == {"refused", "cancelled"}
    checked(restaurants, key)


@pytest.mark.parametrize("is_checked", [False, True])
def test_a_restaurant_that_is_reopened_after_its_withdrawal_has_all_its_parts_again(
    restaurants: Restaurants, is_checked: bool
) -> None:
    if is_checked:
        key = restaurants.under_way({})
    else:
        key = restaurants.opened({"later.rules_later": "no"}, *PAPERS)
        restaurants.act(FOOD, key, "accept")
    before = restaurants.task_states(key)
    restaurants.act(restaurants.applicant, key, "ask_to_withdraw")
    restaurants.act(FOOD, key, "confirm_withdrawal")

    restaurants.act(HEAD, key, "reopen", reason=WHY)

    assert restaurants.state(key) == "in_progress"
    assert restaurants.task_states(key) == before
