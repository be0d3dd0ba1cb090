"""The receipt: what was received, and a promise that anybody can check."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.errors import NotFoundError, SettingsError
from services.cases import CaseKey
from services.door import PlaceToMend
from services.receipts import KEY_FILE, Receipt, Signer, key_id, receipt, signer, verify
from tests.fixtures.world import World, actor, clerk_of
from workflows.permissions import Role


def of(world: World, key: CaseKey, signing: Signer) -> Receipt:
    with world.database.transaction() as session:
        return receipt(session, world.applicant, key, signing)


def test_the_promise_names_the_event_and_its_signature_holds(world: World, tmp_path: Path) -> None:
    key = world.draft()
    moved = world.submit(key)

    found = of(world, key, signer(tmp_path, may_create=True))

    assert found.case_number == moved.case_number
    assert found.event_hash == moved.event_hash.hex()
    promise = found.promise
    assert promise.document["hash"] == found.event_hash
    assert verify(promise.document, promise.signature, promise.public_key)


def test_a_changed_promise_or_another_key_does_not_hold(world: World, tmp_path: Path) -> None:
    key = world.submitted()
    promise = of(world, key, signer(tmp_path, may_create=True)).promise
    (tmp_path / "other").mkdir()
    other = of(world, key, signer(tmp_path / "other", may_create=True)).promise

    assert not verify(
        {**promise.document, "event_number": 2}, promise.signature, promise.public_key
    )
    assert not verify(promise.document, promise.signature, other.public_key)
    assert not verify(promise.document, "no base64", promise.public_key)
    assert promise.key_id != other.key_id


def test_the_same_receipt_is_made_again_whenever_it_is_opened(world: World, tmp_path: Path) -> None:
    key = world.submitted()
    first = of(world, key, signer(tmp_path, may_create=True))
    signer.cache_clear()

    assert of(world, key, signer(tmp_path, may_create=False)) == first


def test_after_a_return_the_receipt_is_of_the_last_submission(world: World, tmp_path: Path) -> None:
    key = world.submitted()
    first = of(world, key, signer(tmp_path, may_create=True))
    places = (PlaceToMend(path="address.detail", reason="门牌号"),)
    world.act(clerk_of("market_regulation"), key, "return", places=places)
    world.submit(key)

    second = of(world, key, signer(tmp_path, may_create=True))

    assert second.is_resubmission
    assert second.case_number == first.case_number
    assert second.event_number > first.event_number


def test_drafts_and_neighbours_cases_have_no_receipt(world: World, tmp_path: Path) -> None:
    signing = signer(tmp_path, may_create=True)
    with pytest.raises(NotFoundError):
        of(world, world.draft(), signing)
    key = world.submitted()
    world.applicant = actor(Role.APPLICANT, "neighbour")
    with pytest.raises(NotFoundError):
        of(world, key, signing)


def test_the_key_is_private_and_made_in_demonstrations_alone(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        signer(tmp_path, may_create=False)
    assert KEY_FILE in refused.value.sentence.zh

    signer(tmp_path, may_create=True)

    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_processes_that_start_at_once_sign_with_one_key(tmp_path: Path) -> None:
    make = signer.__wrapped__

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _n: make(tmp_path, may_create=True).key_id, range(8)))

    assert len(keys) == 1


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_text("no key", encoding="ascii")

    with pytest.raises(SettingsError):
        signer(tmp_path, may_create=True)


def test_a_key_is_called_by_its_own_hash() -> None:
    assert key_id(bytes(32)) == "66687aadf862bd77"
