"""Hand-overs between window and phone: once, in time, and one place that writes."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from core.database import Database
from core.errors import (
    ConflictError,
    NotFoundError,
    TooManyAttemptsError,
    TransitionRefusedError,
)
from services import (
    brought_drafts,
    case_lists,
    cases,
    draft_hand_overs,
    draft_locks,
    hand_over_codes,
    loans,
)
from services.attempts import HAND_OVER_ADDRESS
from services.cases import CaseKey
from services.draft_hand_overs import Offer
from services.draft_locks import Side
from tests.fixtures.world import World
from tests.services.test_counter import (
    begin,
    fill_in,
    submit,
    visit,
    window_officer,
)
from workflows.permissions import Actor, Grant, Role

SECRET = "a secret"  # noqa: S105
TYPED: Mapping[str, Any] = {"company": {"trade_name": "河畔"}}


@pytest.fixture
def officer(database: Database) -> Actor:
    return window_officer(database)


@pytest.fixture
def key(world: World, officer: Actor) -> CaseKey:
    return begin(world, officer, visit())


def offered(world: World, actor: Actor, key: CaseKey) -> Offer:
    with world.database.transaction() as session:
        return draft_hand_overs.offer(session, actor, key, SECRET, world.tick())


def opened(world: World, offer: Offer, applicant: Actor | None = None) -> str | None:
    """The phone opens the link; the token for its cookie."""
    with world.database.transaction() as session:
        found = draft_hand_overs.look(session, offer.token, world.tick())
        assert found is not None
        return draft_hand_overs.accept_on_phone(session, found, applicant, world.at).grant


def phone_with(world: World, key: CaseKey, grant: str | None) -> Actor:
    with world.database.transaction() as session:
        lent = loans.loan(session, key.district_code, grant or "", world.at)
    assert lent is not None
    return Actor(id=lent[0], name="", grants=(lent[1],))


def save(world: World, actor: Actor, key: CaseKey) -> None:
    with world.database.transaction() as session:
        cases.save_sections(session, actor, key, TYPED, world.tick())


def side(world: World, key: CaseKey) -> Side:
    with world.database.transaction() as session:
        lock = draft_locks.lock_of(session, key)
    assert lock is not None
    return lock.side


def test_the_draft_goes_to_the_phone_and_back_and_one_side_writes(
    world: World, officer: Actor, key: CaseKey
) -> None:
    grant = opened(world, offered(world, officer, key))
    phone = phone_with(world, key, grant)

    save(world, phone, key)
    with pytest.raises(ConflictError):
        save(world, officer, key)
    with world.database.transaction() as session:
        draft_hand_overs.give_back(session, phone, key, world.tick())

    save(world, officer, key)
    with pytest.raises(ConflictError) as refusal:
        save(world, phone_with(world, key, grant), key)
    assert "窗口" in refusal.value.sentence.zh
    with world.database.transaction() as session, pytest.raises(ConflictError):
        cases.draft(session, phone_with(world, key, grant), key)


def test_the_window_takes_the_draft_back_whatever_the_phone_does(
    world: World, officer: Actor, key: CaseKey
) -> None:
    phone = phone_with(world, key, opened(world, offered(world, officer, key)))
    with world.database.transaction() as session:
        draft_hand_overs.take_back(session, officer, key, world.tick())
        draft_hand_overs.take_back(session, officer, key, world.tick())

    with pytest.raises(ConflictError):
        save(world, phone, key)
    with world.database.transaction() as session, pytest.raises(ConflictError):
        draft_hand_overs.give_back(session, phone, key, world.tick())
    assert side(world, key) is Side.WINDOW


def test_a_link_works_once_however_many_open_it_at_once(
    world: World, officer: Actor, key: CaseKey
) -> None:
    offer = offered(world, officer, key)

    def press(_: int) -> str | None:
        try:
            with world.database.transaction() as session:
                found = draft_hand_overs.look(session, offer.token, world.at)
                if found is None:
                    return None
                return draft_hand_overs.accept_on_phone(session, found, None, world.at).grant
        except NotFoundError:
            return None

    with ThreadPoolExecutor(max_workers=4) as pool:
        grants = [grant for grant in pool.map(press, range(4)) if grant]

    assert len(grants) == 1


@pytest.mark.parametrize("how", ["used", "expired", "revoked", "replaced"])
def test_a_link_that_is_over_opens_nothing(
    world: World, officer: Actor, key: CaseKey, how: str
) -> None:
    offer = offered(world, officer, key)
    if how == "used":
        opened(world, offer)
    elif how == "expired":
        world.at += draft_hand_overs.LASTS
    elif how == "revoked":
        with world.database.transaction() as session:
            draft_hand_overs.revoke(session, officer, key, world.tick())
    else:
        offered(world, officer, key)

    meter = draft_hand_overs.phone_meter("192.0.2.1", SECRET)
    with world.database.transaction() as session:
        assert draft_hand_overs.look(session, offer.token, world.tick()) is None
        assert draft_hand_overs.find_by_code(session, offer.code, SECRET, meter, world.at) is None


def test_a_loan_ends_by_itself_after_two_hours(world: World, officer: Actor, key: CaseKey) -> None:
    grant = opened(world, offered(world, officer, key))
    world.at += loans.LENT_FOR

    with pytest.raises(ConflictError):
        save(world, phone_with(world, key, grant), key)
    with world.database.transaction() as session, pytest.raises(ConflictError):
        cases.draft(session, phone_with(world, key, grant), key)


def test_a_lent_phone_may_write_in_its_draft_and_nothing_else(
    world: World, officer: Actor, key: CaseKey
) -> None:
    phone = phone_with(world, key, opened(world, offered(world, officer, key)))
    other = begin(world, officer, visit())
    fill_in(world, phone, key)

    with world.database.transaction() as session:
        command_id = cases.draft(session, phone, key).submission_id
        assert case_lists.mine(session, phone) == []
        for refused in (other, world.draft()):
            with pytest.raises(NotFoundError):
                cases.draft(session, phone, refused)
        with pytest.raises(NotFoundError):
            cases.submit(session, phone, key, command_id, world.tick())
        with pytest.raises(NotFoundError):
            draft_hand_overs.offer(session, phone, key, SECRET, world.tick())
        with pytest.raises(NotFoundError):
            draft_hand_overs.take_home(session, phone, key, world.tick())


def test_nothing_is_handed_over_after_the_submission(
    world: World, officer: Actor, key: CaseKey
) -> None:
    offer = offered(world, officer, key)
    fill_in(world, officer, key)
    submit(world, officer, key)

    with world.database.transaction() as session:
        found = draft_hand_overs.look(session, offer.token, world.tick())
        assert found is not None
        with pytest.raises(TransitionRefusedError):
            draft_hand_overs.accept_on_phone(session, found, None, world.at)
    with pytest.raises(TransitionRefusedError):
        offered(world, officer, key)


def test_the_window_does_not_submit_what_the_phone_has(
    world: World, officer: Actor, key: CaseKey
) -> None:
    fill_in(world, officer, key)
    opened(world, offered(world, officer, key))

    with pytest.raises(ConflictError):
        submit(world, officer, key)

    assert world.state(key) == "draft"


def test_a_draft_begun_online_is_taken_in_at_the_window_and_goes_home_again(
    world: World, officer: Actor
) -> None:
    world.applicant = brought_by(world)
    key = world.draft()
    offer = offered(world, world.applicant, key)
    meter = draft_hand_overs.officer_meter(officer, SECRET)

    typed = f" {hand_over_codes.shown_code(offer.code).lower()} "
    with world.database.transaction() as session:
        found = draft_hand_overs.find_by_code(session, typed, SECRET, meter, world.tick())
        assert found is not None
        taken = brought_drafts.receive(session, officer, found, "passport", world.at)

    assert taken == key
    save(world, officer, key)
    with pytest.raises(ConflictError):
        save(world, world.applicant, key)
    with world.database.transaction() as session:
        draft_hand_overs.take_home(session, world.applicant, key, world.tick())
    save(world, world.applicant, key)
    with pytest.raises(ConflictError):
        save(world, officer, key)
    with world.database.transaction() as session:
        draft_hand_overs.give_back(session, world.applicant, key, world.tick())
    save(world, officer, key)


def test_a_draft_is_taken_in_once_however_often_the_button_is_pressed(
    world: World, officer: Actor
) -> None:
    world.applicant = brought_by(world)
    key = world.draft()
    offer = offered(world, world.applicant, key)
    with world.database.transaction() as session:
        found = draft_hand_overs.look(session, offer.token, world.tick())
    assert found is not None

    for _ in range(2):
        with world.database.transaction() as session:
            taken = brought_drafts.receive(session, officer, found, "passport", world.tick())
            assert taken == key
    elsewhere = window_officer(world.database, "desk-two")
    with world.database.transaction() as session:
        for who, expected in ((officer, key), (elsewhere, None)):
            again = brought_drafts.received_before(session, who, offer.code, SECRET, world.at)
            assert again == expected


def test_a_window_of_another_district_cannot_take_a_draft_in(world: World) -> None:
    world.applicant = brought_by(world)
    key = world.draft()
    offer = offered(world, world.applicant, key)
    elsewhere = window_officer(world.database, "desk-two", "620123")

    with world.database.transaction() as session:
        found = draft_hand_overs.look(session, offer.token, world.tick())
        assert found is not None
        with pytest.raises(ConflictError):
            brought_drafts.receive(session, elsewhere, found, "passport", world.at)
        with pytest.raises(NotFoundError):
            cases.draft(session, elsewhere, key)


def test_a_draft_that_comes_to_the_window_by_code_leaves_the_lent_phone(
    world: World, officer: Actor, key: CaseKey
) -> None:
    grant = opened(world, offered(world, officer, key))
    owner = "select applicant_id from cases where district_code = :district_code and id = :case_id"
    applicant = Actor(id=world.value(owner, key), name="", grants=(Grant(role=Role.APPLICANT),))
    offer = offered(world, applicant, key)

    with world.database.transaction() as session:
        found = draft_hand_overs.look(session, offer.token, world.tick())
        assert found is not None
        brought_drafts.receive(session, officer, found, "passport", world.at)

    with world.database.transaction() as session, pytest.raises(ConflictError):
        cases.draft(session, phone_with(world, key, grant), key)


def test_who_came_too_late_is_told_the_day_if_it_was_another(
    world: World, officer: Actor, key: CaseKey
) -> None:
    opened(world, offered(world, officer, key))
    world.tick(24 * 60)

    with pytest.raises(ConflictError) as refused:
        save(world, officer, key)
    assert "09-18 10:" in refused.value.sentence.zh


def test_codes_are_for_one_direction(world: World, officer: Actor, key: CaseKey) -> None:
    world.applicant = brought_by(world)
    online = world.draft()
    to_phone, to_window = offered(world, officer, key), offered(world, world.applicant, online)

    with world.database.transaction() as session:
        found = draft_hand_overs.look(session, to_phone.token, world.tick())
        assert found is not None
        with pytest.raises(ConflictError):
            brought_drafts.receive(session, officer, found, "passport", world.at)
        other = draft_hand_overs.look(session, to_window.token, world.tick())
        assert other is not None
        with pytest.raises(ConflictError):
            draft_hand_overs.accept_on_phone(session, other, None, world.at)


def test_guessing_stops_at_the_limit_even_for_the_right_code(
    world: World, officer: Actor, key: CaseKey
) -> None:
    offer = offered(world, officer, key)
    meter = draft_hand_overs.phone_meter("192.0.2.1", SECRET)
    for number in range(HAND_OVER_ADDRESS.count):
        with world.database.transaction() as session:
            wrong = f"2222{number:04d}".replace("0", "Z").replace("1", "Y")
            assert draft_hand_overs.find_by_code(session, wrong, SECRET, meter, world.at) is None

    with world.database.transaction() as session, pytest.raises(TooManyAttemptsError):
        draft_hand_overs.find_by_code(session, offer.code, SECRET, meter, world.at)
    with world.database.transaction() as session:
        elsewhere = draft_hand_overs.phone_meter("192.0.2.2", SECRET)
        assert draft_hand_overs.find_by_code(session, offer.code, SECRET, elsewhere, world.at)


def test_right_codes_use_no_attempt_up(world: World, officer: Actor, key: CaseKey) -> None:
    offer = offered(world, officer, key)
    meter = draft_hand_overs.phone_meter("192.0.2.1", SECRET)

    for _ in range(HAND_OVER_ADDRESS.count + 1):
        with world.database.transaction() as session:
            assert draft_hand_overs.find_by_code(session, offer.code, SECRET, meter, world.at)


def test_old_hand_overs_are_forgotten(world: World, officer: Actor, key: CaseKey) -> None:
    offered(world, officer, key)

    with world.database.transaction() as session:
        assert draft_hand_overs.forget_old(session, world.at) == 0
        assert draft_hand_overs.forget_old(session, world.at + timedelta(days=3)) == 1


def brought_by(world: World) -> Actor:
    """An applicant who is in the database."""
    key = begin(world, window_officer(world.database, "desk-nine"), visit("13912345678"))
    applicant_id = world.value(
        "select applicant_id from cases where district_code = :district_code and id = :case_id", key
    )
    return Actor(id=applicant_id, name="王小明", grants=world.applicant.grants)
