"""Looking into files: what is refused, what is let through, and what a hostile file can reach."""

import threading
from pathlib import Path

import pytest
from PIL import Image

from core import inspection
from core.inspection import Verdict, contents, draw, inspect
from tests.fixtures.papers import HOSTILE, PDF, SOUND, document, picture


@pytest.mark.parametrize("name", HOSTILE)
def test_harmful_and_useless_files_are_named_for_what_they_are(tmp_path: Path, name: str) -> None:
    code, content = HOSTILE[name]
    path = tmp_path / "file"
    path.write_bytes(content)

    assert contents.look_into(path, 5)["code"] == code


@pytest.mark.parametrize("name", SOUND)
def test_sound_files_are_let_through_whatever_they_are_called(tmp_path: Path, name: str) -> None:
    kind, content = SOUND[name]
    path = tmp_path / name
    path.write_bytes(content)

    found = contents.look_into(path, 5)

    assert (found["code"], found["media_type"]) == ("sound", kind)


def test_a_file_is_opened_in_a_process_that_knows_nothing_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "known to the service alone")
    path = tmp_path / "file"
    path.write_bytes(document(2))

    assert inspect(path, 5) == Verdict(code="sound", media_type=PDF, page_count=2)
    probe = "import os, resource; print('SECRET_KEY' in os.environ)"
    monkeypatch.setattr(inspection, "PROGRAM", ("-c", probe))
    assert inspection.run_bounded([]) == b"False\n"


def test_a_file_that_brings_its_process_down_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(document())
    monkeypatch.setattr(inspection, "PROGRAM", ("-c", "import os; os.abort()"))

    assert inspect(path, 5).code == "too_heavy"


def test_nothing_is_said_of_a_file_while_the_machine_is_too_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(document())
    monkeypatch.setattr(inspection, "WALL_SECONDS", 0.05)
    with pytest.raises(inspection.UndecidedError):
        inspect(path, 5)
    monkeypatch.setattr(inspection, "PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr(inspection, "_places", threading.BoundedSemaphore(1))
    with inspection._place(), pytest.raises(inspection.UndecidedError):  # noqa: SLF001
        inspect(path, 5)


def test_pages_are_drawn_as_pictures_of_our_own(tmp_path: Path) -> None:
    paper, photo = tmp_path / "paper", tmp_path / "photo"
    paper.write_bytes(document(2))
    photo.write_bytes(picture("JPEG", (3000, 2000), comment=b"<script>"))

    assert draw(paper, 2, tmp_path / "2.jpg")
    assert draw(photo, 1, tmp_path / "photo.jpg")
    assert not draw(paper, 3, tmp_path / "3.jpg")

    with Image.open(tmp_path / "2.jpg") as page:
        assert page.width == 1240
    assert b"<script>" not in (tmp_path / "photo.jpg").read_bytes()
    assert (tmp_path / "2.jpg").stat().st_mode & 0o077 == 0
    assert not list(tmp_path.glob(".*"))


def test_a_picture_that_was_not_finished_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = "import pathlib, sys, time; pathlib.Path(sys.argv[4]).touch(); time.sleep(9)"
    monkeypatch.setattr(inspection, "PROGRAM", ("-c", slow))
    monkeypatch.setattr(inspection, "WALL_SECONDS", 0.5)

    with pytest.raises(inspection.UndecidedError):
        draw(tmp_path / "paper", 1, tmp_path / "1.jpg")

    assert list(tmp_path.iterdir()) == []
