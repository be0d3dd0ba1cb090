"""After a calendar was published: every open limit is counted again, both dates are kept."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from catalog import working_days
from commands.jobs.recounts import recompute_limits
from core.clock import CIVIL_ZONE
from core.database import Database
from core.districts import across_districts
from core.errors import NotFoundError
from core.text import Text
from models.case import Case
from models.event import Event
from services import calendars, recounts, task_clocks
from services.cases import CaseKey
from services.history import history, verify_chain
from tests.fixtures.world import DISTRICT, World, clerk_of
from workflows.calendar import CalendarEntry, Slot, WorkingCalendar
from workflows.process import RECOMPUTE_LIMIT

REGISTRAR = clerk_of("market_regulation")
LAST_DAY = datetime(2026, 12, 31, 2, 0, tzinfo=UTC)
NEW_YEAR = CalendarEntry(date(2027, 1, 1), False, Text(zh="元旦", en="New Year's Day"), "2027")
HOURS = (Slot(time(9), time(12)), Slot(time(13, 30), time(17, 30)))


def with_next_year() -> WorkingCalendar:
    """The nation's calendar with the holidays of 2027."""
    known = working_days.calendar()
    return replace(known, version="2024-2027.2", last_year=2027, days=(*known.days, NEW_YEAR))


def with_hours(office: str) -> WorkingCalendar:
    """An office's own: closed over noon, and from half past five."""
    return replace(working_days.calendar(), office=office, version="2024-2026.1", week=(HOURS,) * 7)


def publish(database: Database, *published: WorkingCalendar) -> None:
    with database.transaction() as session:
        for calendar in published:
            assert calendars.publish(session, calendar, LAST_DAY)


def civil(at: datetime) -> str:
    return at.astimezone(CIVIL_ZONE).strftime("%Y-%m-%d %H:%M")


def stored(world: World, key: CaseKey) -> dict[str, Any]:
    """The registration's dates, and those of its queue entry."""
    [row] = world.rows(
        "select t.due_at, t.due_provisional, t.statutory_due_at, t.statutory_provisional,"
        " t.first_due_at, t.version, t.calendar_hash, q.due_at as queued_until from tasks t"
        " left join queue_entries q on q.handling_district_code = t.handling_district_code"
        " and q.district_code = t.district_code and q.case_id = t.case_id"
        " and q.item_code = t.item_code where t.district_code = :district_code"
        " and t.case_id = :case_id and t.item_code = 'registration'",
        key,
    )
    return {name: civil(at) if isinstance(at, datetime) else at for name, at in row.items()}


def test_a_provisional_date_becomes_firm_and_the_first_one_is_kept(world: World) -> None:
    world.at = LAST_DAY
    key = world.accepted()
    before = stored(world, key)
    assert (before["due_at"], before["due_provisional"]) == ("2027-01-01 18:00", True)

    publish(world.database, with_next_year())
    recompute_limits(world.database)

    after = stored(world, key)
    assert (after["due_at"], after["statutory_due_at"]) == ("2027-01-04 18:00", "2027-01-06 18:00")
    assert not after["due_provisional"] | after["statutory_provisional"]
    assert after["queued_until"] == after["due_at"]
    kept = (before["due_at"], before["version"])
    assert (after["first_due_at"], after["version"]) == kept
    assert bytes(after["calendar_hash"]) == with_next_year().content_hash()
    with world.database.snapshot() as session:
        event = session.scalars(
            select(Event).where(
                Event.district_code == key.district_code,
                Event.case_id == key.case_id,
                Event.trigger == RECOMPUTE_LIMIT,
            )
        ).one()
        assert event.body["recount"]["due_at"] == [
            "2027-01-01T10:00:00+00:00",
            "2027-01-04T10:00:00+00:00",
        ]
        assert event.body["recount"]["calendar"] == [
            bytes(before["calendar_hash"]).hex(),
            with_next_year().content_hash().hex(),
        ]
        assert event.calendar_hash == with_next_year().content_hash()
        case = session.get_one(Case, (key.district_code, key.case_id))
        clock = task_clocks.read(session, case)["registration"]
        assert [civil(each.due.at) for each in (clock.promised,) if each] == [after["due_at"]]
        assert not verify_chain(session, key.district_code, key.case_id).findings
        line = history(session, key.district_code, key.case_id)[-1]
    assert line.label.en == "Counted again"
    assert [note.en for note in line.notes] == [
        "promised: due on 2027-01-04 18:00 instead of 2027-01-01 18:00",
        "by law: due on 2027-01-06 18:00 instead of 2027-01-05 18:00",
    ]


def test_what_waits_for_acceptance_follows_and_keeps_its_claim(world: World) -> None:
    world.at = LAST_DAY
    key = world.submitted()
    world.act(REGISTRAR, key, "claim", "registration")
    publish(world.database, with_next_year())

    assert recompute_limits(world.database) == 1

    [entry] = world.rows(
        "select due_at, due_provisional, claimed_by from queue_entries where"
        " handling_district_code = :district_code and district_code = :district_code"
        " and case_id = :case_id",
        key,
    )
    assert (civil(entry["due_at"]), entry["due_provisional"]) == ("2027-01-04 18:00", False)
    assert entry["claimed_by"] == REGISTRAR.id
    world.act(REGISTRAR, key, "accept")


def test_each_counts_by_its_own_office_and_a_killed_run_is_taken_up(world: World) -> None:
    keys = [world.accepted(suffix=number) for number in range(3)]
    elsewhere = world.draft(district_code="620102")
    world.submit(elsewhere)
    publish(
        world.database,
        with_hours("620102-gx/tax"),
        with_hours(DISTRICT),
        replace(with_hours("620102-gx/market_regulation"), version="b"),
    )
    with world.database.transaction() as session:
        assert not calendars.publish(session, with_hours(DISTRICT), LAST_DAY)
        found = recounts.stale_tasks(session)
        assert recounts.recount(session, found[0], world.tick()) is not None
    with world.database.transaction() as session:  # the same once more
        again = recounts.recount(session, found[0], world.tick())
        assert again is not None
        assert again.repeated

    assert recompute_limits(world.database) == len(found) - 1
    assert recompute_limits(world.database) == 0

    for key in keys:
        after = stored(world, key)
        assert after["due_at"].endswith("17:30")
        assert after["first_due_at"].endswith("18:00")
        office = replace(with_hours("620102-gx/market_regulation"), version="b")
        assert bytes(after["calendar_hash"]) == office.content_hash()
    with world.database.snapshot() as session:
        count = session.scalar(
            select(func.count())
            .select_from(Event)
            .prefix_with(across_districts("test of all cases"))
            .where(Event.trigger == RECOMPUTE_LIMIT)
        )
    assert count == len(found)


def test_nobody_but_the_engine_counts_again(world: World) -> None:
    key = world.accepted()
    publish(world.database, with_hours(DISTRICT))
    for who in (REGISTRAR, world.applicant):
        for item_code in ("registration", None):
            with pytest.raises(NotFoundError):
                world.act(who, key, RECOMPUTE_LIMIT, item_code, command_id=uuid4())


def test_what_was_counted_before_calendars_were_noted_is_counted_once_more(world: World) -> None:
    key = world.accepted()
    told = stored(world, key)["due_at"]
    with world.database.transaction() as session:
        session.execute(
            text(
                "update tasks set calendar_hash = null, statutory_due_at = null,"
                " first_due_at = null where district_code = :district_code and case_id = :case_id"
            ),
            {"district_code": key.district_code, "case_id": key.case_id},
        )
    assert recompute_limits(world.database) == 1
    after = stored(world, key)
    assert (after["due_at"], after["first_due_at"]) == (told, told)
    assert after["statutory_due_at"] is not None
    assert recompute_limits(world.database) == 0


def test_work_that_is_left_after_the_promise_follows_and_gets_no_colour(world: World) -> None:
    key = world.licensed()
    world.delivered(key)
    publish(world.database, with_hours(DISTRICT))
    recompute_limits(world.database)
    [seals] = world.rows(
        "select t.state_due_at, t.next_colour, t.colour, q.due_at, q.due_provisional from tasks t"
        " join queue_entries q on q.handling_district_code = t.handling_district_code"
        " and q.district_code = t.district_code and q.case_id = t.case_id"
        " and q.item_code = t.item_code where t.district_code = :district_code"
        " and t.case_id = :case_id and t.item_code = 'seals'",
        key,
    )
    assert civil(seals["state_due_at"]).endswith("17:30")
    assert seals["due_at"] == seals["state_due_at"]
    assert (seals["colour"], seals["next_colour"]) == (None, None)
