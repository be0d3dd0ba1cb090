"""Files under the hash of their content: written to disk and renamed before any row names them.

``incoming`` holds what is still arriving; ``ab/abcd…`` a file by its SHA-256; ``previews`` pictures
drawn from files. Nobody but the account that runs the service may read any of it. Several
processes share one folder; whoever removes and whoever adds take turns by a lock on ``lock``.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

FOLDER_MODE = 0o700
FILE_MODE = 0o600

Known = Callable[[Collection[bytes]], Collection[bytes]]
"""Tells which of some content hashes a row still names."""


@dataclass
class IncomingFile:
    """One file while it arrives; a stream to write to, and to read back from its beginning.

    What goes beyond ``maximum_bytes`` is counted and thrown away, so that the disk stays free and
    the sender still gets an answer in words.
    """

    path: Path
    maximum_bytes: int
    size_bytes: int = 0
    is_lost: bool = False
    """True if the disk could not take it."""
    _digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    _file: BinaryIO | None = None

    @property
    def is_too_large(self) -> bool:
        """True once more came than may be kept."""
        return self.size_bytes > self.maximum_bytes

    @property
    def content_hash(self) -> bytes:
        """SHA-256 of what came so far."""
        return self._digest.digest()

    def write(self, data: bytes) -> int:
        """Take the next bytes."""
        self.size_bytes += len(data)
        if self.is_too_large or self.is_lost:
            self.discard()
            return len(data)
        try:
            self._opened().write(data)
        except OSError:
            self.is_lost = True
            self.discard()
        self._digest.update(data)
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Parsers rewind what they have written; there is nothing to read back here."""
        del whence
        return offset

    def close(self) -> None:
        """Throw away what was not kept."""
        self.discard()

    def finish(self) -> None:
        """Bring every byte to the disk."""
        file = self._opened()
        file.flush()
        os.fsync(file.fileno())
        file.close()
        self._file = None

    def discard(self) -> None:
        """Forget the bytes."""
        file, self._file = self._file, None
        self.path.unlink(missing_ok=True)
        if file is not None:
            with suppress(OSError):  # a full disk is told of once, by `is_lost`
                file.close()

    def _opened(self) -> BinaryIO:
        if self._file is None:
            self._file = _open_private(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        return self._file


class FileStore:
    """The files of one installation, under ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def folder(self) -> Path:
        """Where everything lies."""
        return self._folder

    def incoming(self, maximum_bytes: int) -> IncomingFile:
        """A place for a file that is about to arrive. Nothing is written before its first byte."""
        folder = self._private_folder("incoming")
        return IncomingFile(path=folder / uuid4().hex, maximum_bytes=maximum_bytes)

    def keep(self, incoming: IncomingFile) -> bytes:
        """Put a file at its content's address, durably; gives the SHA-256.

        The same content comes to the same address: it is there once, as new as its last arrival.
        """
        incoming.finish()
        content_hash = incoming.content_hash
        path = self.path(content_hash)
        with self._turn(fcntl.LOCK_SH):
            self._private_folder(path.parent.name)
            incoming.path.replace(path)
        _sync_folder(path.parent)
        return content_hash

    def path(self, content_hash: bytes) -> Path:
        """Where the file with this SHA-256 lies, if it is there."""
        name = bytes(content_hash).hex()
        return self._folder / name[:2] / name

    def contents(self) -> Iterator[bytes]:
        """The content hashes of all files that are there."""
        for folder in self._content_folders():
            for path in self._files(folder.name):
                content_hash = _hash_in(path.name)
                if content_hash is not None:
                    yield content_hash

    @contextmanager
    def held(self) -> Iterator[None]:
        """While the block lasts no file is removed; files may come."""
        with self._turn(fcntl.LOCK_SH):
            yield

    def preview_path(self, content_hash: bytes, page: int) -> Path:
        """Where the picture of one page of a file lies, or will lie."""
        return self._private_folder("previews") / f"{bytes(content_hash).hex()}-{page}.jpg"

    def sweep(self, known: Known, older_than: float) -> int:
        """Remove what no row names and what never fully arrived, if it is older than that.

        ``older_than`` is a time of the file system in seconds. Gives the number of files removed.
        """
        removed = sum(self._remove(path, older_than) for path in self._files("incoming"))
        for folder in self._content_folders():
            paths = {
                content_hash: path
                for path in self._files(folder.name)
                if (content_hash := _hash_in(path.name))
            }
            old = {each: path for each, path in paths.items() if _is_older(path, older_than)}
            named = {bytes(each) for each in known(old.keys())} if old else set()
            removed += sum(
                self._remove(path, older_than) for each, path in old.items() if each not in named
            )
        for picture in self._files("previews"):
            content_hash = _hash_in(picture.name.partition("-")[0])
            if content_hash is None or not self.path(content_hash).exists():
                removed += self._remove(picture, older_than)
        return removed

    def _remove(self, path: Path, older_than: float) -> bool:
        """Remove a file unless it has come anew since it was looked at."""
        with self._turn(fcntl.LOCK_EX):
            if not _is_older(path, older_than):
                return False
            path.unlink(missing_ok=True)
        return True

    def _content_folders(self) -> Iterator[Path]:
        if self._folder.exists():
            yield from (path for path in sorted(self._folder.iterdir()) if len(path.name) == 2)  # noqa: PLR2004

    def _files(self, name: str) -> Iterator[Path]:
        folder = self._folder / name
        return iter(sorted(folder.iterdir()) if folder.is_dir() else ())

    def _private_folder(self, name: str) -> Path:
        self._make_folder()
        folder = self._folder / name
        folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
        return folder

    def _make_folder(self) -> None:
        """The folder itself closed to others; what is above it belongs to the installation."""
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        self._folder.mkdir(mode=FOLDER_MODE, exist_ok=True)

    @contextmanager
    def _turn(self, kind: int) -> Iterator[None]:
        self._make_folder()
        with _open_private(self._folder / "lock", os.O_WRONLY | os.O_CREAT) as lock:
            fcntl.flock(lock, kind)
            yield


def _open_private(path: Path, flags: int) -> BinaryIO:
    return os.fdopen(os.open(path, flags, FILE_MODE), "wb")


def _hash_in(name: str) -> bytes | None:
    """The content hash that a file is called by; None for one that is called otherwise."""
    try:
        return bytes.fromhex(name)
    except ValueError:
        return None


def _is_older(path: Path, than: float) -> bool:
    try:
        return path.stat().st_mtime < than
    except FileNotFoundError:
        return False


def _sync_folder(folder: Path) -> None:
    """A renamed file is only safe once its folder is on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
