"""The six modes of handling: each row of the specification with its own test (domain 2)."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import RuleViolatedError
from core.text import Text
from services import case_lists, counter, people, routing, routing_edits
from tests.fixtures.world import THING, World, clerk_of
from tests.services.test_counter import PHONE, begin, fill_in, submit, visit, window_officer
from tests.services.test_routing import OPERATOR, a_route, add
from workflows.permissions import Actor

DISTRICTS = ("620102-gx", "620102", "620123")
ROUTED = ("tax", "housing_fund", "medical_insurance")


def test_in_every_mode_a_case_accepted_at_one_place_is_decided_at_another(world: World) -> None:
    with world.database.transaction() as session:
        codes = [mode.code for mode in routing.modes(session)]
    assert len(codes) == 6
    add(world, mode_code=codes[0], item_code=None)
    key = world.accepted()
    places = world.rows(
        "select distinct handling_district_code from tasks where state <> 'not_required'"
        " and district_code = :district_code and case_id = :case_id",
        key,
    )
    assert places == [{"handling_district_code": "620123"}]


def test_the_guide_is_the_same_text_at_every_window(client: FlaskClient) -> None:
    pages = {
        client.get(f"/guide/{THING}?district_code={code}").text.split("<main", 1)[1]
        for code in DISTRICTS
    }
    assert len(pages) == 1
    assert "希望的网点在榆中县的，也可以在兰州高新技术产业开发区、兰州市城关区提交" in pages.pop()


def test_one_receipt_number_and_one_exit_list_for_a_bundle_that_two_districts_decide(
    world: World,
) -> None:
    add(world)
    key = world.accepted()
    numbers = world.rows(
        "select distinct case_number from queue_entries where district_code = :district_code"
        " and case_id = :case_id and handling_district_code in ('620102-gx', '620123')",
        key,
    )
    assert len(numbers) == 1


def test_a_case_of_the_window_is_online_too_and_one_begun_online_is_the_same_at_the_window(
    world: World,
) -> None:
    officer = window_officer(world.database)
    key = begin(world, officer, visit())
    fill_in(world, officer, key)
    submit(world, officer, key)
    with world.database.transaction() as session:
        person = people.find(session, PHONE, world.at)
        visitor = Actor(id=person.id, name=person.name, grants=person.grants)
        [online] = case_lists.mine(session, visitor)
        [at_window] = counter.desk(session, officer, world.at)
    assert (online.key, online.number) == (at_window.key, at_window.number)
    assert online.is_at_window


def test_an_agent_s_act_is_signed_by_the_agent_and_carries_the_applicant_s_consent(
    world: World,
) -> None:
    officer = window_officer(world.database)
    key = begin(world, officer, visit(agent_name="李雷", agent_relation="配偶"))
    fill_in(world, officer, key)
    with pytest.raises(RuleViolatedError):
        submit(world, officer, key, is_confirmed=False)
    submit(world, officer, key)
    words = world.value(
        "select content -> 'inputs' as words from event_texts"
        " where district_code = :district_code and case_id = :case_id",
        key,
    )
    assert words["agent_signed"] is True
    assert words["applicant_consented"] is True
    assert words["agent_name"] == "李雷"


routes = st.lists(
    st.fixed_dictionaries(
        {
            "item_code": st.sampled_from((None, *ROUTED)),
            "accepting_codes": st.lists(
                st.sampled_from(DISTRICTS), min_size=1, max_size=2, unique=True
            ).map(tuple),
            "deciding_code": st.sampled_from(DISTRICTS),
            "condition": st.sampled_from((None, 'bank.bank == "demonstration_bank_a"')),
        }
    ),
    max_size=4,
)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(table=routes, home=st.sampled_from(DISTRICTS), data=st.data())
def test_whatever_the_routes_every_item_stands_in_exactly_one_office_s_queue(
    world: World, table: list[dict[str, Any]], home: str, data: st.DataObject
) -> None:
    with world.database.transaction() as session:
        open_ones = [
            course for course in routing.table(session, THING).courses if not course.valid_until
        ]
        for course in open_ones:
            routing_edits.end(
                session, OPERATOR, course.id, max(world.at, course.valid_from), world.at
            )
    for chosen in table:
        words = Text(zh="条件", en="condition") if chosen["condition"] else None
        with world.database.transaction() as session:
            try:
                new = a_route(world, condition_words=words, **chosen)
                routing_edits.add(session, OPERATOR, new, world.at)
            except RuleViolatedError:
                continue
    key = world.submitted(district_code=home, suffix=data.draw(st.integers(1, 10**6)))
    world.act(clerk_of("market_regulation", home), key, "accept")
    tasks = world.rows(
        "select item_code, handling_district_code, department_code from tasks"
        " where district_code = :district_code and case_id = :case_id"
        " and item_code in ('tax', 'housing_fund', 'medical_insurance')",
        key,
    )
    assert len(tasks) == len(ROUTED)
    with world.database.transaction() as session:
        courses = routing.table(session, THING).courses
    queued = world.rows(
        "select item_code, handling_district_code from queue_entries where district_code ="
        " :district_code and case_id = :case_id"
        " and handling_district_code in ('620102-gx', '620102', '620123')",
        key,
    )
    for task in tasks:
        entries = [row for row in queued if row["item_code"] == task["item_code"]]
        assert [entry["handling_district_code"] for entry in entries] == [
            task["handling_district_code"]
        ]
        meant = {
            course.deciding_code
            for course in courses
            if course.holds_at(world.at)
            and course.names(task["item_code"])
            and home in course.accepting_codes
        }
        assert task["handling_district_code"] in (meant or {home})
