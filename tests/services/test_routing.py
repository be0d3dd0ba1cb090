"""Routing data: dated rows that are ended and never changed, and what an edit would do."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from catalog.expressions import Facts
from core.errors import ConflictError, NotPermittedError, RuleViolatedError, TransitionRefusedError
from core.text import Text
from services import definitions, routing, routing_edits
from services.routing_checks import NewRoute
from services.routing_edits import Wording
from tests.fixtures.world import THING, World, actor
from workflows.permissions import Role

OPERATOR = actor(Role.ADMINISTRATOR, "operator")


def a_route(world: World, **chosen: Any) -> NewRoute:
    """The tax part of the zone's cases, decided in Yuzhong from now on."""
    values: dict[str, Any] = {
        "id": uuid4(),
        "mode_code": "in_the_city",
        "thing_code": THING,
        "item_code": "tax",
        "accepting_codes": ("620102-gx",),
        "partner": None,
        "condition": None,
        "condition_words": None,
        "deciding_code": "620123",
        "way": "online",
        "clock_from": "acceptance",
        "results_at": "accepting",
        "recognises_licences": True,
        "valid_from": world.at,
    }
    return NewRoute(**(values | chosen))


def add(world: World, **chosen: Any) -> UUID:
    """Record it."""
    with world.database.transaction() as session:
        return routing_edits.add(session, OPERATOR, a_route(world, **chosen), world.at)


def test_the_six_modes_are_marked_as_examples_until_an_operator_words_them(world: World) -> None:
    with world.database.transaction() as session:
        present = routing.modes(session)
        assert len(present) == 6
        assert all(mode.is_example for mode in present)
        first = present[0]
        wording = Wording(
            code=first.code,
            version=first.version,
            label=Text(zh="跨省办理", en="Across the border of the province"),
            description=first.description,
        )
        assert routing_edits.relabel(session, OPERATOR, wording, world.at) == 2
    with world.database.transaction() as session:
        assert routing.mode(session, first.code).label.zh == "跨省办理"
        assert not routing.mode(session, first.code).is_example
        kept = session.execute(
            text("select label ->> 'zh' from handling_modes where code = :code and version = 1"),
            {"code": first.code},
        ).scalar_one()
        assert kept == "跨省通办"
        with pytest.raises(ConflictError):
            routing_edits.relabel(session, OPERATOR, wording, world.at)


def test_the_database_itself_lets_nobody_change_a_route_or_a_wording(world: World) -> None:
    route_id = add(world)
    for statement in (
        "update routes set deciding_code = '620102'",
        "delete from routes",
        "update handling_modes set label = '{}'",
    ):
        with pytest.raises(ProgrammingError), world.database.transaction() as session:
            session.execute(text(statement))
    with world.database.transaction() as session:
        assert routing.course(session, route_id).deciding_code == "620123"


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"mode_code": "nowhere"}, "mode"),
    ({"thing_code": "nothing"}, "scope"),
    ({"item_code": "nothing"}, "scope"),
    ({"accepting_codes": ()}, "accepting"),
    ({"accepting_codes": ("620123",)}, "deciding"),
    ({"deciding_code": "110101"}, "deciding"),
    ({"way": "by_horse"}, "way"),
    ({"condition": "bank.nothing == 1"}, "condition"),
    ({"condition": 'bank.bank == "demonstration_bank_a"'}, "condition_words_zh"),
    ({"partner": Text(zh="西宁市", en="")}, "partner_en"),
)


def test_a_route_that_cannot_work_is_refused_beside_its_cause(world: World) -> None:
    for chosen, path in WRONG:
        with pytest.raises(RuleViolatedError) as refusal:
            add(world, **chosen)
        assert path in [problem.path for problem in refusal.value.problems]


def test_a_route_neither_begins_in_the_past_nor_stands_beside_one_like_it(world: World) -> None:
    add(world)
    for chosen in ({"valid_from": world.at - timedelta(minutes=1)}, {"deciding_code": "620102"}):
        with pytest.raises(RuleViolatedError):
            add(world, **chosen)


def test_only_operators_edit_and_pressing_twice_is_one_route(world: World) -> None:
    new = a_route(world)
    with world.database.transaction() as session:
        with pytest.raises(NotPermittedError):
            routing_edits.add(session, actor(Role.AUDITOR, "auditor"), new, world.at)
        first = routing_edits.add(session, OPERATOR, new, world.at)
        assert routing_edits.add(session, OPERATOR, new, world.at) == first


def test_the_end_of_a_route_is_told_once_and_lies_ahead(world: World) -> None:
    route_id = add(world)
    with world.database.transaction() as session:
        with pytest.raises(RuleViolatedError):
            routing_edits.end(session, OPERATOR, route_id, world.at - timedelta(days=1), world.at)
        routing_edits.end(session, OPERATOR, route_id, world.at + timedelta(days=1), world.at)
        with pytest.raises(ConflictError):
            routing_edits.end(session, OPERATOR, route_id, world.at + timedelta(days=2), world.at)


def test_an_edit_says_before_it_is_made_what_it_would_change_and_whom_it_reaches(
    world: World,
) -> None:
    world.submitted()
    with world.database.transaction() as session:
        course = routing_edits.read(session, a_route(world), world.at)
        prospect = routing_edits.prospect_of_new(session, course, world.at)
    [change] = prospect.changes
    assert change.before.en == "Lanzhou High-tech Zone (decided there)"
    assert change.after.en == "Yuzhong County"
    assert prospect.open_cases == 1


def test_an_item_that_is_not_on_a_partner_s_list_is_refused_with_the_reason(world: World) -> None:
    add(world, mode_code="in_the_region", partner=Text(zh="兰西城市群", en="Lanzhou and Xining"))
    with world.database.transaction() as session:
        thing = definitions.current(session, THING).thing
        found = routing.table(session, THING)
        office = found.office(thing.item("tax"), "620102-gx", Facts({}), world.at)
        assert office.district_code == "620123"
        with pytest.raises(TransitionRefusedError) as refusal:
            found.office(thing.item("housing_fund"), "620102-gx", Facts({}), world.at)
    assert refusal.value.sentence.zh == (
        "“住房公积金登记”不在“区域通办”的事项清单上，兰州高新技术产业开发区的窗口不能接收。"
        "清单上约定的办理地是兰西城市群。"
    )


def test_who_is_competent_comes_from_the_routing_data_alone(world: World) -> None:
    add(world)
    with world.database.transaction() as session:
        found = routing.table(session, THING)
    assert found.competent("tax", "620102-gx", world.at) == {"620102-gx", "620123"}
    assert found.competent("housing_fund", "620102-gx", world.at) == {"620102-gx"}
