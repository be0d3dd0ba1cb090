"""Limits that are met before the end: the seals are promised until they are handed over."""

from datetime import datetime
from uuid import UUID

from core.clock import CIVIL_ZONE
from models.case import Case
from services import task_clocks, verification
from services.case_keys import CaseKey
from services.progress import progress
from tests.fixtures.world import World, clerk_of
from workflows.clocks import ClockEventKind

POLICE = clerk_of("public_security")
TASK = (
    "select * from tasks where district_code = :district_code and case_id = :case_id"
    " and item_code = 'seals'"
)
ENTRY = (
    "select due_at from queue_entries where handling_district_code = :district_code"
    " and district_code = :district_code and case_id = :case_id and item_code = 'seals'"
)


def beijing(at: datetime) -> str:
    return at.astimezone(CIVIL_ZONE).strftime("%m-%d %H:%M")


def handed_over(world: World, minutes: int) -> CaseKey:
    """A case whose seals are handed over so many minutes after the licence."""
    key = world.licensed()
    world.tick(minutes - 3)
    world.delivered(key)
    return key


def test_what_the_police_do_after_the_delivery_no_longer_counts_for_the_maker(
    world: World,
) -> None:
    key = handed_over(world, 30)
    [before] = world.rows(TASK, key)
    world.tick(24 * 60)
    world.act(POLICE, key, "file", "seals")
    [task] = world.rows(TASK, key)

    assert task["due_at"] == before["due_at"]
    assert task["limits_met_at"] == before["limits_met_at"] <= task["due_at"] < task["ended_at"]


def test_the_filing_has_a_limit_of_its_own_in_the_queue_and_on_the_applicants_page(
    world: World,
) -> None:
    key = world.licensed()
    assert beijing(world.value(ENTRY, key)) == "09-18 11:06"  # an hour after the licence
    world.delivered(key)

    assert beijing(world.value(ENTRY, key)) == "09-20 18:00"  # a Sunday that is worked
    with world.database.transaction() as session:
        parts = progress(session, world.applicant, *_pair(key), world.at).parts
    due_at = next(part.due_at for part in parts if part.item_code == "seals")
    assert due_at is not None
    assert beijing(due_at) == "09-20 18:00"


def test_a_filing_that_is_sent_back_starts_no_clock_of_the_item_again(world: World) -> None:
    key = handed_over(world, 30)
    world.act(POLICE, key, "send_back", "seals", reason="印模不清")
    world.act(world.maker, key, "refile", "seals")

    with world.database.transaction() as session:
        case = session.get_one(Case, _pair(key))
        clock = task_clocks.read(session, case)["seals"]
        assert verification.verify_chain(session, *_pair(key)).valid
    assert [event.kind for event in clock.events] == [ClockEventKind.START, ClockEventKind.STOP]
    assert clock.promised is not None
    assert clock.promised.due.at == world.rows(TASK, key)[0]["due_at"]


def _pair(key: CaseKey) -> tuple[str, UUID]:
    return key.district_code, key.case_id
