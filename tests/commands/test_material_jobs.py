"""Jobs for files: those left unchecked are looked into, and nobody waits for ever."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from commands.jobs import materials
from core import inspection
from core.file_store import FileStore
from services import material_files
from services.cases import CaseKey
from services.material_files import Arrival, ToCheck
from tests.fixtures.papers import document
from tests.fixtures.world import World

PAPER = "address_paper"


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def left_unchecked(world: World, key: CaseKey, store: FileStore, content: bytes) -> ToCheck:
    """A file that its web process received and never looked into."""
    incoming = store.incoming(len(content))
    incoming.write(content)
    arrival = Arrival(
        material_code=PAPER,
        name="lease.pdf",
        size_bytes=len(content),
        content_hash=store.keep(incoming),
    )
    with world.database.transaction() as session:
        material_files.receive(session, world.applicant, key, arrival, world.tick())
    with world.database.transaction() as session:
        found = material_files.waiting(session, world.tick(2))
    digest = hashlib.sha256(content).digest()
    return next(each for each in found if each.content_hash == digest)


def states(world: World, key: CaseKey) -> list[Any]:
    rows = world.rows(
        "select state, refusal->>'code' as code from material_files "
        "where district_code = :district_code and case_id = :case_id order by received_at",
        key,
    )
    return [(row["state"], row["code"]) for row in rows]


def test_a_file_left_unchecked_is_looked_into_once(world: World, store: FileStore) -> None:
    key = world.draft()
    sound = left_unchecked(world, key, store, document(2))
    for _ in range(2):
        materials.conclude(world.database, store, sound)
    harmful = left_unchecked(world, key, store, b"%PDF-1.7 nothing")
    materials.conclude(world.database, store, harmful)

    assert states(world, key) == [("checked", None), ("refused", "damaged")]
    with world.database.transaction() as session:
        assert material_files.waiting(session, world.tick(5)) == []


def test_a_file_that_can_never_be_looked_into_is_refused_and_told(
    world: World, store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = world.draft()
    waiting = left_unchecked(world, key, store, document(2))
    monkeypatch.setattr(inspection, "WALL_SECONDS", 0.01)
    monkeypatch.setattr(materials, "now", lambda: world.at)
    materials.conclude(world.database, store, waiting)
    assert states(world, key) == [("received", None)]

    world.tick(10)
    materials.conclude(world.database, store, waiting)
    assert states(world, key) == [("refused", "unchecked")]
