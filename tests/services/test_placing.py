"""Routes that change between the sending and the acceptance: nobody is stuck, nothing is silent."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.database import Database
from core.embedded_postgres import EmbeddedPostgres
from core.text import Text
from services import history, routing, routing_edits
from services.cases import CaseKey
from services.routing_checks import NewRoute
from tests.fixtures.exits import FOOD, Exits, checked, publish_example
from tests.fixtures.world import DISTRICT
from tests.services.test_routing import OPERATOR
from tests.services.test_transfers import transfer

THERE = "620123"
PARTNER = Text(zh="兰西城市群", en="Lanzhou and Xining")


_mondays = iter(("2026-10-12", "2026-10-26", "2026-11-09", "2026-11-23", "2026-12-07"))


class Offices(Exits):
    """Cases of the example, each test with a fortnight and routes of its own."""

    monday: date

    def hand_in(self) -> CaseKey:
        """A case that is sent on the Monday."""
        return self.sent(f"{self.monday} 10:00")

    def wait(self) -> None:
        """Let five working days pass without anybody acting."""
        self.set(f"{self.monday + timedelta(days=7)} 18:01")
        self.run_timers()


@pytest.fixture(scope="module")
def example_database(server: EmbeddedPostgres, template: str) -> Iterator[Database]:
    """The example in a database whose routes nobody else needs."""
    database = Database(server.create_database("placing", template).app_url)
    publish_example(database)
    yield database
    database.dispose()


@pytest.fixture
def offices(example_database: Database) -> Iterator[Offices]:
    """A Monday morning before any route; those of the test end with it."""
    found = Offices(example_database)
    found.monday = date.fromisoformat(next(_mondays))
    found.set(f"{found.monday} 08:30")
    yield found
    with example_database.transaction() as session:
        for course in routing.table(session, "exits_example").courses:
            if course.valid_until is None:
                routing_edits.end(session, OPERATOR, course.id, found.at, found.at)


def add(offices: Offices, **chosen: Any) -> UUID:
    """Record a route of the example, by a closed list unless told otherwise."""
    values: dict[str, Any] = {
        "id": uuid4(),
        "mode_code": "in_the_region",
        "thing_code": "exits_example",
        "item_code": None,
        "accepting_codes": (DISTRICT,),
        "partner": PARTNER,
        "condition": None,
        "condition_words": None,
        "deciding_code": THERE,
        "way": "online",
        "clock_from": "acceptance",
        "results_at": "accepting",
        "recognises_licences": True,
        "valid_from": offices.at,
    }
    with offices.database.transaction() as session:
        return routing_edits.add(session, OPERATOR, NewRoute(**(values | chosen)), offices.at)


def end(offices: Offices, route_id: UUID) -> None:
    """Let a route end in an hour."""
    ends_at = offices.at + timedelta(hours=1)
    with offices.database.transaction() as session:
        routing_edits.end(session, OPERATOR, route_id, ends_at, offices.at)
    offices.at = ends_at


def places(offices: Offices, key: CaseKey) -> dict[str, str]:
    """Where each part is decided that is needed."""
    rows = offices.rows(
        "select item_code, handling_district_code as place from tasks where state <> 'not_required'"
        " and district_code = :district_code and case_id = :case_id",
        key,
    )
    return {row["item_code"]: row["place"] for row in rows}


def notes(offices: Offices, key: CaseKey, trigger: str) -> list[str]:
    """What the history says of an act."""
    with offices.database.transaction() as session:
        lines = history.history(session, key.district_code, key.case_id)
    return [note.zh for line in lines if line.trigger == trigger for note in line.notes]


def test_what_the_law_accepts_goes_by_the_routes_of_the_day_its_papers_arrived(
    offices: Offices,
) -> None:
    every_item = add(offices)
    add(offices, item_code="food")  # once the other has ended, a list without the other items
    key = offices.hand_in()
    end(offices, every_item)
    offices.wait()
    assert offices.state(key) == "in_progress"
    assert places(offices, key) == {"food": THERE, "fire": THERE, "visit": THERE}
    trace = offices.last(key, "deem_accepted")["body"]["rerouted"]
    assert {each["item_code"]: each["rule"] for each in trace} == {
        "fire": "as_sent",
        "visit": "as_sent",
    }
    said = notes(offices, key, "deem_accepted")
    assert "“消防安全检查”的通办路由在提交以后变了，仍按提交时的路由，由榆中县办理" in said
    checked(offices, key)


def test_an_officer_accepts_by_the_routes_of_that_day_and_the_difference_is_told(
    offices: Offices,
) -> None:
    route_id = add(offices, mode_code="in_the_city", partner=None, item_code="fire")
    key = offices.hand_in()
    end(offices, route_id)
    offices.act(FOOD, key, "accept")
    assert set(places(offices, key).values()) == {DISTRICT}
    [trace] = offices.last(key, "accept")["body"]["rerouted"]
    assert trace == {
        "item_code": "fire",
        "rule": "as_accepted",
        "sent_for": THERE,
        "decided_in": DISTRICT,
    }
    assert any("提交时应由榆中县办理，现在由" in note for note in notes(offices, key, "accept"))


def test_an_officer_is_not_stuck_with_what_was_on_the_list_when_it_was_sent(
    offices: Offices,
) -> None:
    every_item = add(offices)
    add(offices, item_code="food")
    key = offices.hand_in()
    end(offices, every_item)
    offices.act(FOOD, key, "accept")
    assert places(offices, key) == {"food": THERE, "fire": THERE, "visit": THERE}
    assert len(offices.last(key, "accept")["body"]["rerouted"]) == 2
    checked(offices, key)


def test_where_the_new_office_may_not_take_it_in_the_first_one_keeps_it(offices: Offices) -> None:
    never = {"condition": "1 == 2", "condition_words": Text(zh="从不", en="never")}
    add(offices, mode_code="in_the_city", partner=None, item_code="food", **never)
    add(offices, accepting_codes=(THERE,), item_code="food", deciding_code="620102")
    key = offices.hand_in()
    transfer(offices, FOOD, key, None)
    offices.wait()
    assert places(offices, key) == {"food": "620102", "fire": DISTRICT, "visit": DISTRICT}
    assert len(offices.last(key, "deem_accepted")["body"]["rerouted"]) == 2
    checked(offices, key)


def test_without_a_change_nothing_is_said(offices: Offices) -> None:
    add(offices)
    key = offices.hand_in()
    offices.act(FOOD, key, "accept")
    assert "rerouted" not in offices.last(key, "accept")["body"]
