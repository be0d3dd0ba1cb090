"""The file store: one content, one address; nothing half there, nothing removed that is needed."""

import hashlib
import os
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from core.file_store import FileStore

SOON = 10_000_000_000.0
"""A time of the file system that every file is older than."""


def arrive(store: FileStore, content: bytes, maximum_bytes: int = 1000) -> bytes:
    incoming = store.incoming(maximum_bytes)
    for at in range(0, len(content), 7):
        incoming.write(content[at : at + 7])
    return store.keep(incoming)


def left_over(store: FileStore, content: bytes) -> None:
    """A file whose process was killed before it was kept."""
    incoming = store.incoming(10)
    incoming.write(content)
    incoming.finish()


def everything(store: FileStore) -> set[str]:
    return {path.name for path in store.folder.rglob("*") if path.is_file() and path.name != "lock"}


@given(
    acts=some.lists(
        some.one_of(
            some.tuples(some.just("keep"), some.binary(min_size=1, max_size=3)),
            some.tuples(some.just("leave"), some.binary(min_size=1, max_size=3)),
            some.tuples(some.just("name"), some.binary(min_size=1, max_size=3)),
            some.tuples(some.just("sweep"), some.just(b"")),
        ),
        max_size=12,
    )
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_a_row_names_is_there_and_nothing_else_outlives_the_sweep(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, bytes]]
) -> None:
    store = FileStore(tmp_path_factory.mktemp("files"))
    named: set[bytes] = set()
    for act, content in acts:
        if act == "keep":
            arrive(store, content)
        elif act == "leave":
            left_over(store, content)
        elif act == "name":
            named.add(arrive(store, content))
        else:
            store.sweep(lambda hashes: named & set(hashes), SOON)
            assert everything(store) == {digest.hex() for digest in named}
        assert all(store.path(digest).exists() for digest in named)
    for digest in named:
        assert hashlib.sha256(store.path(digest).read_bytes()).digest() == digest


def test_files_and_folders_are_closed_to_others(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")
    digest = arrive(store, b"private")
    left_over(store, b"half")

    for path in [store.folder, *store.folder.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path
    assert store.path(digest).read_bytes() == b"private"


def test_too_much_is_counted_and_thrown_away(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    incoming = store.incoming(10)
    for _ in range(5):
        incoming.write(b"1234")

    assert incoming.is_too_large
    assert incoming.size_bytes == 20
    assert everything(store) == set()


def test_a_full_disk_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> int:
        raise OSError(28, "No space left on device")

    store = FileStore(tmp_path)
    incoming = store.incoming(10)
    monkeypatch.setattr(os, "open", full)
    incoming.write(b"1234")
    incoming.write(b"56")

    assert incoming.is_lost
    assert everything(store) == set()


def test_the_sweep_leaves_what_is_young_and_what_came_again(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    digest = arrive(store, b"again")
    os.utime(store.path(digest), (0, 0))
    asked = threading.Event()

    def nobody(_hashes: object) -> set[bytes]:
        """Between the question and the removal the same content comes once more."""
        asked.set()
        arrive(store, b"again")
        return set()

    assert store.sweep(nobody, time.time() - 3600) == 0
    assert asked.is_set()
    assert store.path(digest).exists()


def test_pictures_go_with_their_file(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    kept, gone = arrive(store, b"kept"), arrive(store, b"gone")
    for digest in (kept, gone):
        store.preview_path(digest, 1).write_bytes(b"picture")

    store.sweep(lambda hashes: {kept} & set(hashes), SOON)

    assert everything(store) == {kept.hex(), f"{kept.hex()}-1.jpg"}


def test_what_is_called_by_no_hash_does_not_stop_the_sweep(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    digest, unneeded = arrive(store, b"kept"), arrive(store, b"gone")
    half_drawn = store.preview_path(digest, 1).with_name(f".{digest.hex()}-1.jpg.7")
    half_drawn.write_bytes(b"half")
    note = store.path(unneeded).with_name("note.txt")
    note.write_bytes(b"somebody's")

    store.sweep(lambda hashes: {digest} & set(hashes), SOON)

    assert everything(store) == {digest.hex(), note.name}


def test_nothing_is_removed_while_files_are_held_and_files_may_come(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")
    needless = arrive(store, b"named by nobody any more")
    sweeper = threading.Thread(target=store.sweep, args=(lambda _hashes: (), SOON))
    with store.held():
        sweeper.start()
        sweeper.join(0.1)
        assert sweeper.is_alive()
        assert store.path(needless).exists()
        assert store.path(arrive(store, b"new")).exists()
    sweeper.join(5)
    assert not store.path(needless).exists()
