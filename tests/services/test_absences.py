"""Absences: who records them for whom, and who stands in."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from core.errors import NotFoundError, RuleViolatedError
from services import absences
from services.absences import NewAbsence
from tests.fixtures.officers import REGISTRATION, absent, new_officer, officer, today
from tests.fixtures.world import World
from workflows.permissions import Actor


def test_people_record_their_own_and_heads_supervisors_and_administrators_others(
    world: World,
) -> None:
    clerk, deputy = officer(world, "registrar"), officer(world, "registrar-two")
    for number, account in enumerate(("registrar-head", "supervisor", "administrator")):
        other = new_officer(world, f"登记员{number}")
        absent(world, other, by=officer(world, account))
    absent(world, clerk, deputy=deputy, days=3)

    with world.database.transaction() as session:
        away = absences.away(session, [clerk.id, deputy.id], world.at)
        assert set(away) == {clerk.id}
        assert away[clerk.id].deputy_id == deputy.id
        assert away[clerk.id].last_on == today(world) + timedelta(days=2)
        [line] = absences.of_person(session, clerk.id, world.at)
        assert line in absences.of_desk(session, REGISTRATION, world.at)
        assert (line.deputy_name, line.is_now) == (deputy.name, True)
        world.tick(minutes=3 * 24 * 60)
        assert absences.away(session, [clerk.id], world.at) == {}


def refused(world: World, actor: Actor, **changes: object) -> set[str]:
    """At which fields an absence is refused."""
    new = NewAbsence(
        person_id=actor.id,
        first_on=today(world),
        last_on=today(world),
        deputy_id=None,
        command_id=uuid4(),
    )
    with world.database.transaction() as session:
        try:
            absences.record(session, actor, replace(new, **changes), world.at)  # type: ignore[arg-type]
        except RuleViolatedError as error:
            return {problem.path for problem in error.problems}
    return set()


def test_each_mistake_is_a_sentence_at_its_field(world: World) -> None:
    clerk, day = officer(world, "registrar"), timedelta(days=1)
    assert refused(world, clerk, person_id=officer(world, "registrar-two").id) == {"person"}
    assert refused(world, officer(world, "registrar-head"), person_id=None) == {"person"}
    head = officer(world, "registrar-head")
    assert refused(world, head, person_id=officer(world, "tax").id) == {"person"}
    assert refused(world, officer(world, "auditor")) == {"person"}
    assert refused(world, clerk, deputy_id=clerk.id) == {"deputy"}
    assert refused(world, clerk, deputy_id=officer(world, "tax").id) == {"deputy"}
    assert refused(world, clerk, last_on=today(world) - day) == {"last"}
    assert refused(world, clerk, first_on=today(world) + day) == {"last"}
    assert refused(world, clerk, last_on=today(world) + 366 * day) == {"last"}
    absent(world, clerk, days=2)
    assert refused(world, clerk, last_on=today(world) + 5 * day) == {"first"}
    assert refused(world, officer(world, "registrar-two"), deputy_id=clerk.id) == {"deputy"}


def test_who_is_back_early_ends_it_and_one_press_records_one(world: World) -> None:
    clerk = officer(world, "registrar")
    new = NewAbsence(
        person_id=clerk.id,
        first_on=today(world),
        last_on=today(world) + timedelta(days=9),
        deputy_id=None,
        command_id=uuid4(),
    )
    with world.database.transaction() as session:
        first = absences.record(session, clerk, new, world.at)
        assert absences.record(session, clerk, new, world.at) == first
        for stranger in (officer(world, "registrar-two"), officer(world, "police")):
            with pytest.raises(NotFoundError):
                absences.end(session, stranger, first, world.at)
        absences.end(session, clerk, first, world.at)
        absences.end(session, clerk, first, world.tick())
        assert absences.away(session, [clerk.id], world.at) == {}
        [line] = absences.of_person(session, clerk.id, world.at)
    assert not line.can_be_ended
