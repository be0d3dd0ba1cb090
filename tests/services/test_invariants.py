"""What must always hold: it does in a busy world, and each check finds a planted breach."""

import pytest
from sqlalchemy import text

from commands.invariant_sweep import results, watch
from core.database import migration_engine
from services import invariants
from services.invariants import BY_CODE
from tests.fixtures.world import World, clerk_of

REGISTRAR = clerk_of("market_regulation")


def breached(world: World, *codes: str) -> dict[str, int]:
    """How many breaches each check finds, of those that find any."""
    found = results(world.database, codes or list(BY_CODE), world.at)
    return {each.invariant.code: len(each.breaches) for each in found if not each.holds}


def everything(world: World) -> None:
    """Cases in many states: drafts, submitted, returned, refused, delivered, withdrawn."""
    world.draft()
    world.submitted(suffix=2)
    done = world.licensed(suffix=3)
    world.delivered(done)
    refused = world.accepted(suffix=4)
    world.act(REGISTRAR, refused, "refuse", "registration", reason="名称不当")
    gone = world.submitted(suffix=5)
    world.act(world.applicant, gone, "withdraw", reason="不办了")


def test_a_busy_world_breaks_nothing(world: World) -> None:
    everything(world)

    assert breached(world) == {}


PLANTED = {
    "known_states": "update tasks set state = 'nowhere' where item_code = 'tax'",
    "nothing_stuck": "delete from queue_entries",
    "decided_once": "update tasks set state = 'approved' where item_code = 'tax'",
    "case_states": "update cases set state = 'completed' where state = 'in_progress'",
    "queues": "update queue_entries set handler_code = 'department:bank' where item_code = 'tax'",
    "heads": "update cases set event_count = event_count + 1 where event_count > 0",
    "chains": "update cases set channel = 'window' where event_count > 0",
    "limits_fired": "update tasks set timer_at = '2020-01-01' where item_code = 'tax'",
    "promises_kept_or_lapsed": "insert into tolerated_papers (district_code, case_id,"
    " material_code, event_number, due_at) select district_code, id, 'own_articles', 1,"
    " '2020-01-01' from cases where state = 'in_progress'",
    "ledger": "update seals set status = 'delivered', delivered_at = now()",
}
"""By check, what somebody with all rights does to the database behind the service's back."""


@pytest.mark.parametrize("code", BY_CODE)
def test_a_planted_breach_is_found(world: World, owner_url: str, code: str) -> None:
    world.submitted()
    world.licensed(suffix=2)
    assert breached(world, code) == {}

    with migration_engine(owner_url).begin() as connection:
        connection.execute(text(PLANTED[code]))

    assert breached(world, code)


@pytest.mark.parametrize(
    ("code", "statement"),
    [
        ("queues", "update queue_entries set is_preparation = not is_preparation"),
        ("queues", "update queue_entries set state = 'nowhere'"),
        ("decided_once", "update tasks set ended_at = '2026-09-18' where ended_at is null"),
    ],
)
def test_what_hides_work_from_its_officers_is_found(
    world: World, owner_url: str, code: str, statement: str
) -> None:
    world.licensed()

    with migration_engine(owner_url).begin() as connection:
        connection.execute(text(statement))

    assert breached(world, code)


MOVED_AWAY = "update queue_entries set handling_district_code = '620123' where item_code = 'tax'"


def test_an_entry_too_many_is_as_wrong_as_one_too_few(world: World, owner_url: str) -> None:
    world.licensed()
    with migration_engine(owner_url).begin() as connection:
        connection.execute(
            text(
                "update queue_entries set handling_district_code = '620123' where item_code = 'tax'"
            )
        )

    assert breached(world, "queues") == {"queues": 2}


def test_runs_are_kept_and_the_newest_is_shown(world: World, owner_url: str) -> None:
    world.licensed()
    assert watch(world.database, world.at, None) == 0
    with migration_engine(owner_url).begin() as connection:
        connection.execute(text(PLANTED["queues"]))

    assert watch(world.database, world.at, None) > 0

    with world.database.transaction() as session:
        runs = {run.invariant.code: run for run in invariants.last_runs(session)}
    assert set(runs) == set(BY_CODE)
    assert runs["queues"].breach_count == 2
    assert runs["queues"].breaches[0].case_number
    assert runs["heads"].breach_count == 0


def test_the_recent_check_looks_at_what_moved_of_late_alone(world: World) -> None:
    world.submitted()
    since = world.tick(60)
    [before] = results(world.database, ["heads"], world.at, since)
    world.submitted(suffix=2)

    [after] = results(world.database, ["heads"], world.at, since)

    assert (before.looked_at, after.looked_at) == (0, 1)
