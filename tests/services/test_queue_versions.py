"""Stamps of queues: another one after every change of the queue, and the same after none."""

from datetime import datetime, timedelta

from core.database import Database
from services import queue_lists, queue_versions
from services.queue_filters import QueueFilter
from tests.fixtures.supervision import REGISTRATION, due_at, turn_all
from tests.fixtures.world import World, clerk_of
from workflows.clocks import due_words, words_change_at
from workflows.permissions import Actor

REGISTRAR, COLLEAGUE, TAX = (
    clerk_of(department) for department in ("market_regulation", "market_regulation", "tax")
)


def seen(database: Database, who: Actor, at: datetime) -> tuple[str, str]:
    """The stamp of somebody's queues, and all that stands in them."""
    with database.transaction() as session:
        stamp = queue_versions.stamp(session, who, at)
        return str(stamp), repr(queue_lists.lines(session, who, QueueFilter(), at))


def test_a_stamp_changes_with_the_queue_and_not_with_others(
    world: World, database: Database
) -> None:
    key = world.submitted()
    acts = (
        lambda: world.act(COLLEAGUE, key, "claim", REGISTRATION),
        lambda: world.act(COLLEAGUE, key, "hand_back", REGISTRATION),
        lambda: world.act(REGISTRAR, key, "accept"),
        lambda: turn_all(database, due_at(world, key) - timedelta(seconds=1)),
        lambda: world.act(REGISTRAR, key, "approve", REGISTRATION),
        lambda: world.submitted(suffix=2),
    )
    changed = []
    for act in acts:
        world.tick()
        before = {who: seen(database, who, world.at) for who in (REGISTRAR, TAX)}
        act()
        for who, (stamp, lines) in before.items():
            new_stamp, new_lines = seen(database, who, world.at)
            if new_lines != lines:
                assert new_stamp != stamp
            changed.append(new_stamp != stamp)
    of_registrar, of_tax = changed[::2], changed[1::2]
    assert all(of_registrar)
    assert of_tax == [False, False, True, False, True, False]


def test_a_stamp_changes_for_whoever_declares_a_conflict(world: World, database: Database) -> None:
    key = world.accepted()
    stamp, lines = seen(database, REGISTRAR, world.at)

    world.act(REGISTRAR, key, "recuse", REGISTRATION, reason="申请人是亲属")

    new_stamp, new_lines = seen(database, REGISTRAR, world.at)
    assert new_lines != lines
    assert new_stamp != stamp


def test_a_page_is_good_until_a_lease_ends_or_something_is_late(
    world: World, database: Database
) -> None:
    key = world.accepted()
    world.act(COLLEAGUE, key, "claim", REGISTRATION)
    ends = world.rows(
        "select claim_expires_at from queue_entries where handling_district_code = :district_code"
        " and district_code = :district_code and case_id = :case_id and claimed_by is not null",
        key,
    )[0]["claim_expires_at"]
    late = due_at(world, key)
    with database.transaction() as session:
        for instant in (ends, late):
            shortly = instant - timedelta(seconds=20)
            assert queue_versions.good_until(session, REGISTRAR, shortly) <= instant
        calm = late - timedelta(minutes=4)
        assert calm < queue_versions.good_until(session, REGISTRAR, calm)


def test_words_about_an_end_stay_until_they_change() -> None:
    at = datetime.fromisoformat("2026-09-18T10:00:00+08:00")
    for seconds in (1, 59, 61, 3599, 3601, 7201, 86399, 86401, 900_000):
        for ends in (at + timedelta(seconds=seconds), at - timedelta(seconds=seconds)):
            change = words_change_at(ends, at)
            just_before = change - timedelta(milliseconds=1)
            assert due_words(ends, just_before) == due_words(ends, at)
            after = change + timedelta(seconds=1)
            assert due_words(ends, after)[0] != due_words(ends, at)[0]
