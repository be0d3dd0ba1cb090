"""Presence and drafts of decisions: what is told to colleagues, and what is never told."""

from datetime import timedelta

import pytest

from core.errors import NotFoundError, RuleViolatedError
from services import decision_drafts, presences, sweeping
from services.decision_drafts import MOST_CHARACTERS
from tests.fixtures.world import World, clerk_of
from tests.services.test_hand_overs import person, registration

TYPED = {"decline-reason": ["还差一份承诺书"], "place-0-path": ["company.name"]}
STEP = "case.decline"


def test_colleagues_see_who_has_it_open_and_for_how_long_it_counts(world: World) -> None:
    one, two = person(world, "registrar"), person(world, "registrar-two")
    task = registration(world.submitted())
    seen_at = world.tick()
    with world.database.transaction() as session:
        presences.note(session, one, task, seen_at)
        presences.note(session, one, task, seen_at - timedelta(minutes=5))

        def told(minutes: float) -> list[str]:
            at = seen_at + timedelta(minutes=minutes)
            found = presences.others(session, two, {task}, at)
            return [watcher.words(at).zh for watcher in found.get(task, ())]

        assert told(0) == ["演示登记员甲 正在看"]
        assert told(2.5) == ["演示登记员甲 2 分钟前打开过"]
        assert told(10) == []
        assert presences.others(session, one, {task}, seen_at) == {}
        assert presences.others(session, clerk_of("tax", "620123"), {task}, seen_at) == {}


def test_nobody_is_noted_at_a_case_that_is_not_theirs(world: World) -> None:
    task = registration(world.submitted())

    with world.database.transaction() as session, pytest.raises(NotFoundError):
        presences.note(session, clerk_of("tax"), task, world.at)


def test_a_draft_comes_back_to_its_writer_and_to_nobody_else(world: World) -> None:
    one, two = person(world, "registrar"), person(world, "registrar-two")
    task = registration(world.submitted())
    with world.database.transaction() as session:
        assert decision_drafts.keep(session, one, (task, STEP), TYPED, world.tick())
        mine = decision_drafts.kept(session, one, task, world.at)
        assert (mine[STEP].typed, mine[STEP].saved_at) == (TYPED, world.at)
        assert decision_drafts.kept(session, two, task, world.at) == {}
        assert decision_drafts.kept(session, clerk_of("tax"), task, world.at) == {}

        decision_drafts.discard(session, two, task, STEP, world.at)
        assert STEP in decision_drafts.kept(session, one, task, world.at)
        decision_drafts.discard(session, one, task, STEP, world.at)
        assert decision_drafts.kept(session, one, task, world.at) == {}


def test_an_emptied_form_keeps_no_draft_and_a_flood_is_refused(world: World) -> None:
    one, task = person(world, "registrar"), registration(world.submitted())
    with world.database.transaction() as session:
        decision_drafts.keep(session, one, (task, STEP), TYPED, world.at)
        assert not decision_drafts.keep(session, one, (task, STEP), {"x": [" "]}, world.at)
        assert decision_drafts.kept(session, one, task, world.at) == {}
        flood = {"x": ["长" * (MOST_CHARACTERS + 1)]}
        with pytest.raises(RuleViolatedError):
            decision_drafts.keep(session, one, (task, STEP), flood, world.at)
        with pytest.raises(NotFoundError):
            decision_drafts.keep(session, clerk_of("tax"), (task, STEP), TYPED, world.at)


def test_what_is_out_of_reach_is_swept(world: World) -> None:
    one = person(world, "registrar")
    waiting, decided = registration(world.submitted()), registration(world.accepted(suffix=2))
    with world.database.transaction() as session:
        for task in (waiting, decided):
            decision_drafts.keep(session, one, (task, STEP), TYPED, world.at)
        presences.note(session, one, waiting, world.at)
    world.act(one, decided.key, "approve", "registration")
    with world.database.transaction() as session:
        sweeping.sweep(session, world.at)
        assert STEP in decision_drafts.kept(session, one, waiting, world.at)
        assert decision_drafts.kept(session, one, decided, world.at) == {}
        sweeping.sweep(session, world.tick(minutes=30))
    left = "select count(*) from presences where handling_district_code = :district_code"
    assert world.value(left + " and case_id = :case_id", waiting.key) == 0
