"""The history in words, and the chain recomputed: every tampering is found."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from core.errors import NotFoundError
from services import history
from services.cases import CaseKey
from services.door import PlaceToMend
from services.history import ChainReport, HistoryLine
from tests.fixtures.world import DISTRICT, World, clerk_of
from tests.services.test_door import finish
from tests.services.test_savings import as_owner

REGISTRAR = clerk_of("market_regulation")


def history_of(world: World, key: CaseKey) -> tuple[HistoryLine, ...]:
    with world.database.transaction() as session:
        return history.history(session, key.district_code, key.case_id)


def chain_of(world: World, key: CaseKey) -> ChainReport:
    with world.database.transaction() as session:
        return history.verify_chain(session, key.district_code, key.case_id)


def test_each_event_is_told_in_the_words_of_the_definition(world: World) -> None:
    key = world.accepted()

    first, second, *_ = history_of(world, key)

    assert (first.number, first.label.zh, first.item_title) == (1, "提交", None)
    assert first.to_label is not None
    assert first.to_label.zh == "待受理"
    assert second.label.en == "Accept"
    assert len(first.hash_short) == 12


def test_what_follows_by_itself_is_the_systems_doing(world: World) -> None:
    lines = history_of(world, world.licensed())

    automatic = [line for line in lines if line.is_automatic]
    assert automatic
    assert {line.actor_name.zh for line in automatic} == {"系统"}


def test_claim_and_hand_back_have_their_words_and_move_nothing(world: World) -> None:
    key = world.submitted()
    world.act(REGISTRAR, key, "claim", "registration")
    world.act(REGISTRAR, key, "hand_back", "registration")

    claimed, handed_back = history_of(world, key)[-2:]

    assert claimed.label.zh == "领取"
    assert handed_back.label.en == "Handed back"
    assert not claimed.moved
    assert claimed.from_label is not None
    assert claimed.from_label.zh == "待受理"


def test_a_return_shows_its_full_list_until_the_text_is_erased(
    world: World, owner_url: str
) -> None:
    key = world.submitted()
    places = (PlaceToMend(path="contacts.liaison_email", reason="邮箱打不开"),)
    world.act(REGISTRAR, key, "return", places=places)

    line = history_of(world, key)[-1]
    assert [(place.path, place.reason) for place in line.places] == [
        ("contacts.liaison_email", "邮箱打不开")
    ]
    assert "·" in line.places[0].label.zh or line.places[0].label.zh

    with as_owner(owner_url, "events") as session:
        session.execute(text("delete from event_texts"))
    erased = history_of(world, key)[-1]
    assert erased.is_erased
    assert erased.places == ()
    report = chain_of(world, key)
    assert report.valid
    assert report.erased_texts == 1


def test_a_whole_case_is_verified(world: World) -> None:
    key = world.licensed(staff=1)
    finish(world, key)

    report = chain_of(world, key)

    assert report.valid, report.findings
    assert report.event_count > 15
    assert report.head_hash == history_of(world, key)[-1].hash


def test_a_draft_has_no_chain_and_nothing_wrong(world: World) -> None:
    report = chain_of(world, world.draft())

    assert report.valid
    assert report.head_hash is None


def test_an_unknown_case_is_not_found(world: World) -> None:
    with pytest.raises(NotFoundError):
        chain_of(world, CaseKey(DISTRICT, uuid4()))


TAMPERINGS = {
    "events": [
        "update events set to_state = 'refused' where number = 2",
        "update events set at = at + interval '1 second' where number = 2",
        "update events set body = body || '{\"rows\": {}}' where number = 2",
        "update events set previous_hash = hash where number = 2",
    ],
    "transfers": [
        "update transfers set amount = amount + 1 where line = 1",
        "update transfers set maker_code = 'hehai' where line = 1",
        "update transfers set fund_code = 'first_seals_yuzhong' where commodity = 'CNY'",
        "update transfers set amount = 1000 where commodity = 'MINUTE'",
        "delete from transfers where line = 1",
    ],
}
UNGUARDED = (
    "update outputs set number = 'forged' where item_code = 'registration'",
    "update seals set status = 'filed'",
    "update seals set code = '6201020000000' where kind = 'official'",
    "update tasks set state = 'refused' where item_code = 'tax'",
    "update cases set state = 'completed'",
    "update cases set event_count = event_count + 1",
    "update cases set origin = 'imported'",
    "update case_answers set answers = answers || '{\"company\": {}}'",
    'update event_texts set content = \'{"reason": "别的"}\'',
)


@pytest.mark.parametrize(
    ("table", "statement"),
    [(table, each) for table, statements in TAMPERINGS.items() for each in statements]
    + [("events", each) for each in UNGUARDED],
)
def test_whatever_somebody_with_all_rights_changes_is_found(
    world: World, owner_url: str, table: str, statement: str
) -> None:
    key = world.licensed()
    world.delivered(key)
    assert chain_of(world, key).valid

    with as_owner(owner_url, table) as session:
        session.execute(text(statement))

    report = chain_of(world, key)
    assert not report.valid
    assert all(found.sentence.zh and found.sentence.en for found in report.findings)


def test_the_first_broken_event_is_named(world: World, owner_url: str) -> None:
    key = world.licensed()
    with as_owner(owner_url, "events") as session:
        session.execute(text("update events set reason_code = 'x' where number in (2, 3)"))

    assert chain_of(world, key).broken_at == 2
