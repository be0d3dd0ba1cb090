"""Colours as events: each once, in the chain, with a person to answer, whoever was down."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from commands.jobs.recounts import recompute_limits
from core.database import Database
from core.errors import NotPermittedError
from services import colour_turns, staff_notices
from services.cases import CaseKey
from services.colour_turns import DueTurn
from services.history import verify_chain
from tests.fixtures.exits import FOOD, HEAD, Exits
from tests.fixtures.supervision import REGISTRATION, column, due_at, person, turn_all
from tests.fixtures.world import World, clerk_of
from workflows.colours import Colour
from workflows.permissions import Role

COLOURS_TO_TELL = """
select (args ->> 'event_number')::bigint as number from procrastinate.procrastinate_jobs
where task_name = 'tell_colour' and args ->> 'district_code' = :district_code
  and (args ->> 'case_id')::uuid = :case_id
"""


def colours(world: World, key: CaseKey, item_code: str = REGISTRATION) -> list[str]:
    """The changes in the chain, in their order."""
    rows = world.rows(
        "select trigger, item_code from events where district_code = :district_code"
        " and case_id = :case_id and trigger like 'turn_%' order by number",
        key,
    )
    return [row["trigger"] for row in rows if row["item_code"] == item_code]


def test_a_task_turns_blue_yellow_and_red_once_each_though_every_process_was_down(
    world: World, database: Database
) -> None:
    head = person(database, Role.HEAD, "market_regulation")
    supervisor = person(database, Role.SUPERVISOR)
    key = world.accepted()
    assert turn_all(database, world.at) == 0
    late = due_at(world, key) + timedelta(days=2)
    assert turn_all(database, late) == 3
    assert turn_all(database, late) == 0
    assert colours(world, key) == ["turn_blue", "turn_yellow", "turn_red"]
    assert column(world, key, "colour") == "red"
    assert column(world, key, "next_colour_at") is None
    body = world.rows(
        "select body from events where district_code = :district_code and case_id = :case_id"
        " and trigger = 'turn_red'",
        key,
    )[0]["body"]
    assert body["answerable"] == str(head.id)
    assert body["colour"]["from"] == "yellow"
    assert body["colour"]["since"] == due_at(world, key).isoformat()
    with database.transaction() as session:
        assert verify_chain(session, key.district_code, key.case_id).valid
        told = staff_notices.unread(session, head)
        assert [words.zh for words in told.counts] == ["1 件变红", "1 件变黄", "1 件变蓝"]
        of_supervisor = staff_notices.unread(session, supervisor)
        assert [words.zh for words in of_supervisor.counts] == ["1 件变红", "1 件变黄"]
        assert told.until is not None
        assert staff_notices.mark_read(session, head, told.until, late) == 3
        assert staff_notices.unread(session, head).total == 0


def test_several_workers_at_once_turn_each_colour_once(world: World, database: Database) -> None:
    keys = [world.accepted() for _ in range(3)]
    late = due_at(world, keys[-1]) + timedelta(hours=1)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: turn_all_patiently(database, late), range(4)))
    for key in keys:
        assert colours(world, key) == ["turn_blue", "turn_yellow", "turn_red"]


def turn_all_patiently(database: Database, at: datetime) -> None:
    """As the job: what another holds is left, and found again as long as it is due."""
    for _ in range(12):
        with database.transaction() as session:
            found = colour_turns.due_turns(session, at)
        for each in found:
            with database.transaction() as session:
                colour_turns.turn(session, each, at)


def test_who_holds_the_task_has_to_answer_for_its_colour(world: World, database: Database) -> None:
    key = world.accepted()
    world.at = due_at(world, key) - timedelta(minutes=1)
    clerk = clerk_of("market_regulation")
    world.act(clerk, key, "claim", REGISTRATION)
    turn_all(database, world.at + timedelta(minutes=10))
    body = world.rows(
        "select body from events where district_code = :district_code and case_id = :case_id"
        " and trigger = 'turn_red'",
        key,
    )[0]["body"]
    assert body["answerable"] == str(clerk.id)


def test_a_change_that_was_due_comes_before_the_decision_that_overtook_it(
    world: World, database: Database
) -> None:
    key = world.accepted()
    world.at = due_at(world, key) + timedelta(minutes=5)
    world.act(clerk_of("market_regulation"), key, "approve", REGISTRATION)
    assert colours(world, key) == ["turn_blue", "turn_yellow", "turn_red"]
    triggers = [
        row["trigger"]
        for row in world.rows(
            "select trigger from events where district_code = :district_code"
            " and case_id = :case_id and item_code = 'registration' order by number",
            key,
        )
    ]
    assert triggers[-5:] == [
        "turn_blue", "turn_yellow", "turn_red", "explain_delay", "approve",
    ]  # fmt: skip
    turn_all(database, world.at + timedelta(days=30))
    assert colours(world, key) == ["turn_blue", "turn_yellow", "turn_red"]


def test_an_open_page_is_not_out_of_date_because_a_colour_turned(
    world: World, database: Database
) -> None:
    key = world.accepted()
    version = column(world, key, "version")
    turn_all(database, due_at(world, key) - timedelta(seconds=1))
    assert colours(world, key) == ["turn_blue", "turn_yellow"]
    world.at = due_at(world, key) - timedelta(minutes=2)
    world.act(clerk_of("market_regulation"), key, "approve", REGISTRATION, expected_version=version)
    assert world.task_states(key)[REGISTRATION] == "approved"


def test_people_cannot_turn_colours_and_nothing_turns_before_its_time(
    world: World, database: Database
) -> None:
    key = world.accepted()
    with pytest.raises(NotPermittedError):
        world.act(clerk_of("market_regulation"), key, "turn_red", REGISTRATION)
    early = DueTurn(
        key=key,
        item_code=REGISTRATION,
        colour=Colour.BLUE,
        since=world.at + timedelta(days=1),
        event_count=99,
    )
    with database.transaction() as session:
        assert colour_turns.turn(session, early, world.at) is None
    assert colours(world, key) == []


def test_a_synthetic_case_turns_once_to_where_it_stands_and_tells_nobody(
    world: World, database: Database
) -> None:
    head = person(database, Role.HEAD, "market_regulation")
    key = world.draft()
    with database.transaction() as session:
        session.execute(
            text("update cases set origin = 'synthetic' where district_code = :place and id = :id"),
            {"place": key.district_code, "id": key.case_id},
        )
    world.submit(key)
    world.act(clerk_of("market_regulation"), key, "accept")
    late = due_at(world, key) + timedelta(days=2)
    # It was planned when the clock started, so that the first change is blue; then it is red.
    turn_all(database, late)
    assert colours(world, key) == ["turn_blue", "turn_red"]
    with database.transaction() as session:
        assert staff_notices.unread(session, head).total == 0


def test_nothing_turns_in_a_pause_and_an_extension_turns_a_clock_back(exits: Exits) -> None:
    key = exits.accepted("2026-09-18 10:00")
    exits.set("2026-09-22 11:00")
    told = {"cause": "appraisal", "expected_days": 4}
    exits.act(FOOD, key, "begin_special_procedure", "food", inputs=told)
    exits.set("2026-10-14 11:00")  # long after all of it would have been due
    turn_all(exits.database, exits.at)  # the others' clocks have gone on
    exits.act(FOOD, key, "end_special_procedure", "food", inputs={"outcome": "合格"})
    turn_all(exits.database, exits.at)
    assert colours(exits, key, "food") == []
    exits.set("2026-10-22 19:00")
    turn_all(exits.database, exits.at)
    assert colours(exits, key, "food") == ["turn_blue", "turn_yellow"]
    exits.act(HEAD, key, "extend", "food", reason="情况复杂，需要再核实。")
    turn_all(exits.database, exits.tick())
    assert colours(exits, key, "food")[2:] == ["turn_calm"]
    exits.set("2026-11-30 09:00")
    turn_all(exits.database, exits.at)
    assert colours(exits, key, "food")[3:] == ["turn_blue", "turn_yellow", "turn_red"]


def of_case(world: World, key: CaseKey, name: str) -> object:
    """A column of the case itself."""
    return world.value(
        f"select {name} from cases where district_code = :district_code and id = :case_id",  # noqa: S608  names of tests alone
        key,
    )


def test_a_case_that_waits_for_acceptance_turns_its_colours_and_presses_its_desk(
    exits: Exits,
) -> None:
    database = exits.database
    supervisor = person(database, Role.SUPERVISOR)
    of_tax = person(database, Role.SUPERVISOR, "tax")
    key = exits.sent("2026-09-18 10:00")
    ends = of_case(exits, key, "state_due_at")
    assert isinstance(ends, datetime)
    turn_all(database, ends)
    assert case_colours(exits, key) == ["turn_blue", "turn_yellow"]
    assert (
        exits.value(
            "select colour from queue_entries where handling_district_code = :district_code"
            " and district_code = :district_code and case_id = :case_id",
            key,
        )
        == "yellow"
    )
    # Nobody looked before it was taken as accepted: the red one is told all the same, first.
    late = ends + timedelta(minutes=1)
    exits.at = late
    assert exits.run_timers() > 0
    assert case_colours(exits, key) == ["turn_blue", "turn_yellow", "turn_red"]
    assert (of_case(exits, key, "state"), of_case(exits, key, "colour")) == ("in_progress", None)
    turn_all(database, late)
    assert case_colours(exits, key) == ["turn_blue", "turn_yellow", "turn_red"]
    kinds = told(exits, key)
    assert (supervisor.id, "yellow") in kinds
    assert (of_tax.id, "yellow") not in kinds
    with database.transaction() as session:
        assert verify_chain(session, key.district_code, key.case_id).valid
    assert exits.last(key, "turn_red")["body"]["colour"]["due_at"] == ends.isoformat()
    answerable = UUID(exits.last(key, "turn_blue")["body"]["answerable"])
    assert (answerable, "blue") in kinds


def test_a_colour_that_an_act_found_untold_is_told_of_all_the_same(
    world: World, database: Database
) -> None:
    supervisor = person(database, Role.SUPERVISOR)
    key = world.submitted()
    world.tick(20 * 24 * 60)
    world.act(clerk_of("market_regulation"), key, "accept")
    assert (supervisor.id, "red") not in told(world, key)
    for each in world.rows(COLOURS_TO_TELL, key) * 2:
        with database.transaction() as session:
            colour_turns.tell(session, key, each["number"], world.at)
    assert (supervisor.id, "red") in told(world, key)


def told(world: World, key: CaseKey) -> set[tuple[object, str]]:
    """Who was told of which colour of a case."""
    rows = world.rows(
        "select person_id, kind from staff_notices where district_code = :district_code"
        " and case_id = :case_id",
        key,
    )
    return {(row["person_id"], row["kind"]) for row in rows}


def case_colours(world: World, key: CaseKey) -> list[str]:
    """The changes of the case itself."""
    rows = world.rows(
        "select trigger from events where district_code = :district_code and case_id = :case_id"
        " and trigger like 'turn_%' and item_code is null order by number",
        key,
    )
    return [row["trigger"] for row in rows]


def test_what_ran_before_there_were_colours_gets_them_from_the_job(
    world: World, database: Database
) -> None:
    running, waiting = world.accepted(), world.submitted()
    planned = column(world, running, "next_colour_at"), of_case(world, waiting, "next_colour_at")
    assert all(planned)
    with database.transaction() as session:
        for table in ("tasks", "cases"):
            session.execute(
                text(
                    f"update {table} set next_colour = null, next_colour_at = null"  # noqa: S608
                    " where district_code = :place"
                ),
                {"place": running.district_code},
            )
    assert recompute_limits(database) > 1
    found = column(world, running, "next_colour_at"), of_case(world, waiting, "next_colour_at")
    assert found == planned
    assert recompute_limits(database) == 0
    with database.transaction() as session:
        assert verify_chain(session, running.district_code, running.case_id).valid
