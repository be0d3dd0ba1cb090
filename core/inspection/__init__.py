"""Looking into files of strangers, in a process that may do little and for a short time only.

A hostile file can use up nothing but its own process: memory, processor time, open files and
written bytes are bounded there, and it knows neither the database nor any key.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from core.settings import ROOT

WALL_SECONDS = 30.0
PATIENCE_SECONDS = 10.0
AT_ONCE = 2
"""Inspections of one process at the same time: each may use half a gigabyte."""
PROGRAM: tuple[str, ...] = ("-m", "core.inspection.child")
SOUND = "sound"
TOO_HEAVY = "too_heavy"

_places = threading.BoundedSemaphore(AT_ONCE)


class UndecidedError(Exception):
    """The machine was too busy to look into the file; nothing is said of the file itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a file is. ``code`` is `SOUND` or names what speaks against it."""

    code: str
    media_type: str | None = None
    page_count: int | None = None


def inspect(path: Path, maximum_pages: int) -> Verdict:
    """Open the file and say what it is. Raises `UndecidedError`."""
    answer = run_bounded(["inspect", str(path), str(maximum_pages)])
    if answer is None:
        return Verdict(code=TOO_HEAVY)
    try:
        found = json.loads(answer)
        return Verdict(
            code=str(found["code"]),
            media_type=found.get("media_type"),
            page_count=found.get("page_count"),
        )
    except (ValueError, KeyError):
        return Verdict(code=TOO_HEAVY)


def draw(path: Path, page: int, picture: Path) -> bool:
    """Draw one page of a sound file as a JPEG at ``picture``; False if that cannot be done.

    Raises `UndecidedError`.
    """
    fresh = picture.with_name(f".{picture.name}.{uuid4().hex}")
    try:
        if run_bounded(["draw", str(path), str(page), str(fresh)]) is None or not fresh.exists():
            return False
        fresh.replace(picture)
        return True
    finally:
        fresh.unlink(missing_ok=True)


def run_bounded(arguments: list[str]) -> bytes | None:
    """What the bounded process printed; None if it came to grief. Raises `UndecidedError`."""
    command = [sys.executable, *PROGRAM, *arguments]
    with _place():
        try:
            done = subprocess.run(  # noqa: S603 -- our own program
                command,
                cwd=ROOT,
                env={"PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=WALL_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise UndecidedError from error
    return done.stdout if done.returncode == 0 else None


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=PATIENCE_SECONDS):
        raise UndecidedError
    try:
        yield
    finally:
        _places.release()
