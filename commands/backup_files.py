"""How a backup lies on a disk: a folder, or one file with the same in it (tar)."""

import hashlib
import io
import os
import re
import tarfile
from abc import ABC, abstractmethod
from pathlib import Path
from typing import IO

from core.errors import DomainError
from core.text import Text

MANIFEST, DATABASE, FILES = "manifest.json", "yichuang.dump", "files"
FILE_NAME = re.compile(r"files/([0-9a-f]{2})/(\1[0-9a-f]{62})")
ENDING = ".tar"
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
PIECE = 1024 * 1024


class BackupError(DomainError):
    """There is no such backup, or it is not whole, or something is in its way."""

    code = "backup"


def file_name(content_hash: bytes) -> str:
    """Where a file lies in a backup."""
    name = content_hash.hex()
    return f"{FILES}/{name[:2]}/{name}"


class Hashed(io.RawIOBase):
    """A stream that is hashed while it is read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.digest.update(data)
        return data


class Target(ABC):
    """A backup that is being written: under another name until it is whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.unfinished = path.with_name(f"{path.name}.unfinished")

    @abstractmethod
    def add(self, name: str, source: Path) -> bytes:
        """Put a file in; gives the SHA-256 of what was put."""

    @abstractmethod
    def finish(self) -> None:
        """Bring all to the disk and give it its name."""

    def write(self, name: str, content: bytes, folder: Path) -> None:
        """Put a file with this content in."""
        path = folder / "content"
        path.write_bytes(content)
        self.add(name, path)


class FolderTarget(Target):
    """A backup as a folder."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.unfinished.mkdir(mode=PRIVATE_FOLDER, parents=True)

    def add(self, name: str, source: Path) -> bytes:
        place = self.unfinished / name
        place.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        with source.open("rb") as stream, _private(place) as file:
            hashed = Hashed(stream)
            while data := hashed.read(PIECE):
                file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return hashed.digest.digest()

    def finish(self) -> None:
        self.unfinished.rename(self.path)
        _sync(self.path.parent)


class TarTarget(Target):
    """A backup as one file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.unfinished.parent.mkdir(parents=True, exist_ok=True)
        self._file = _private(self.unfinished)
        self._tar = tarfile.open(fileobj=self._file, mode="w")  # noqa: SIM115 -- closed by finish

    def add(self, name: str, source: Path) -> bytes:
        with source.open("rb") as stream:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = os.fstat(stream.fileno()).st_size, PRIVATE_FILE
            hashed = Hashed(stream)
            self._tar.addfile(entry, hashed)
        return hashed.digest.digest()

    def finish(self) -> None:
        self._tar.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self.unfinished.rename(self.path)
        _sync(self.path.parent)


class Source(ABC):
    """A backup that is read."""

    @abstractmethod
    def names(self) -> list[str]:
        """What is in it."""

    @abstractmethod
    def open(self, name: str) -> IO[bytes]:
        """A file of it. Raises `KeyError` or `OSError` if there is none."""

    @abstractmethod
    def close(self) -> None:
        """Nothing more is read."""


class FolderSource(Source):
    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        found = (path for path in self._path.rglob("*") if path.is_file())
        return sorted(str(path.relative_to(self._path)) for path in found)

    def open(self, name: str) -> IO[bytes]:
        return (self._path / name).open("rb")

    def close(self) -> None:
        pass  # each file is closed by who reads it


class TarSource(Source):
    def __init__(self, path: Path) -> None:
        self._tar = tarfile.open(path)  # noqa: SIM115 -- open as long as the command runs

    def names(self) -> list[str]:
        return sorted(entry.name for entry in self._tar.getmembers() if entry.isfile())

    def open(self, name: str) -> IO[bytes]:
        file = self._tar.extractfile(name)
        if file is None:
            raise KeyError(name)
        return file

    def close(self) -> None:
        self._tar.close()


def new_target(path: Path) -> Target:
    """Where a backup is written to. Raises `BackupError` if something is there already."""
    kind = TarTarget if path.name.endswith(ENDING) else FolderTarget
    unfinished = path.with_name(f"{path.name}.unfinished")
    for taken in (path, unfinished):
        if taken.exists() and not _is_empty_folder(taken):
            raise BackupError(
                Text(
                    zh=f"“{taken}”已经存在，备份不覆盖任何东西。",
                    en=f"“{taken}” is there already; a backup overwrites nothing.",
                ),
                advice=Text(
                    zh="请换一个名字，例如带上日期；没有做完的旧备份（.unfinished）可以删除。",
                    en="Take another name, with the date for example. What an earlier backup left "
                    "unfinished may be deleted.",
                ),
            )
        if taken.exists():
            taken.rmdir()
    return kind(path)


def source_at(path: Path) -> Source:
    """The backup at ``path``. Raises `BackupError` if there is none, or it is not whole."""
    try:
        source: Source = FolderSource(path) if path.is_dir() else TarSource(path)
    except (OSError, tarfile.TarError) as error:
        raise _not_whole(path) from error
    try:
        source.open(MANIFEST).close()
    except (OSError, KeyError, tarfile.TarError) as error:
        source.close()
        raise _not_whole(path) from error
    return source


def _not_whole(path: Path) -> BackupError:
    return BackupError(
        Text(
            zh=f"“{path}”不是完整的备份：里面没有 {MANIFEST}。",
            en=f"“{path}” is no whole backup: there is no {MANIFEST} in it.",
        )
    )


def _private(path: Path) -> IO[bytes]:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    return os.fdopen(os.open(path, flags, PRIVATE_FILE), "wb")


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
