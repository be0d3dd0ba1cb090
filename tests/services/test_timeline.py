"""T_core and T_applicant: measured from the timestamps of a case, or not measured at all."""

from datetime import timedelta
from uuid import uuid4

import pytest

from core.errors import NotFoundError
from services import timeline
from services.cases import CaseKey
from services.timeline import Timeline, in_words
from tests.fixtures.world import DISTRICT, World, clerk_of
from tests.services.test_door import finish


def timeline_of(world: World, key: CaseKey) -> Timeline:
    with world.database.transaction() as session:
        return timeline.timeline(session, key.district_code, key.case_id)


def test_a_finished_case_has_all_timestamps_in_order_and_both_times(world: World) -> None:
    key = world.licensed()
    finish(world, key)

    found = timeline_of(world, key)

    stamps = {stamp.code: stamp.at for stamp in found.stamps}
    instants = [stamps[code] for code in ("t0", "t1", "t3", "t4", "t6")]
    assert None not in instants
    assert instants == sorted(instants, key=lambda at: at or world.at)
    assert found.core.length is not None
    assert found.applicant.length == (stamps["t6"] or world.at) - (stamps["t0"] or world.at)
    assert found.core.length < found.applicant.length


def test_t_core_ends_with_the_last_core_item_and_the_seals_with_their_delivery(
    world: World,
) -> None:
    key = world.licensed()
    world.act(clerk_of("tax"), key, "approve", "tax")
    world.delivered(key)
    delivered_at = world.at
    world.tick(minutes=500)
    world.act(clerk_of("public_security"), key, "file", "seals")

    found = timeline_of(world, key)

    accepted_at = next(stamp.at for stamp in found.stamps if stamp.code == "t3")
    assert accepted_at is not None
    assert found.core.length == delivered_at - accepted_at
    assert found.applicant.length is None
    assert found.applicant.words.en == "Not finished yet, so not measured."


def test_the_definitions_stand_beside_the_times_and_name_the_core_items(world: World) -> None:
    found = timeline_of(world, world.accepted())

    assert "营业执照" in found.core.definition.zh
    assert "印章" in found.core.definition.zh
    assert "t0" in found.applicant.definition.en
    assert found.core.length is None


def test_a_refused_case_has_no_times_and_says_why(world: World) -> None:
    key = world.accepted()
    world.act(clerk_of("market_regulation"), key, "refuse", "registration", reason="住所不实")

    found = timeline_of(world, key)

    assert found.core.length is None
    assert "not granted" in found.core.words.en
    assert "not granted" in found.applicant.words.en


def test_an_unknown_case_is_not_found(world: World) -> None:
    with pytest.raises(NotFoundError):
        timeline_of(world, CaseKey(DISTRICT, uuid4()))


def test_lengths_read_well_in_both_languages() -> None:
    assert in_words(timedelta(minutes=25, seconds=3)).zh == "25 分 3 秒"
    assert in_words(timedelta(days=1, minutes=2)).en == "1 d 0 h 2 min 0 s"
    assert in_words(timedelta()).zh == "0 秒"
