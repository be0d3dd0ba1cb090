"""The supervisor keeps what should live alive, and lets go what has an end of its own."""

import os
import sys
import time
from pathlib import Path

import pytest

from commands import supervisor as supervisors
from commands.supervisor import MOST_QUICK_ENDS, ChildFailedError, Supervisor


@pytest.mark.parametrize(("status", "is_told"), [(0, False), (3, True)])
def test_a_process_that_ends_by_itself_is_let_go_and_the_others_go_on(
    status: int, is_told: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor = Supervisor(dict(os.environ))
    supervisor.start("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"])
    supervisor.start_once("errand", [sys.executable, "-c", f"raise SystemExit({status})"])
    try:
        deadline = time.monotonic() + 20
        while len(supervisor.names()) > 1 and time.monotonic() < deadline:
            supervisor.look()
            time.sleep(0.01)
        assert supervisor.names() == ["sleeper"]
    finally:
        supervisor.stop()
    assert ("“errand”没有做完" in capsys.readouterr().err) is is_told


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisors, "RESTART_SECONDS", 0.0)


def _look_for_lives(
    supervisor: Supervisor, lives: Path, life: str, *, has_worked: bool = False
) -> None:
    """Look until a child that ends with ``life`` has been started once too often."""
    begin = f"open({str(lives)!r}, 'a').write('.');"
    supervisor.start("child", [sys.executable, "-S", "-c", begin + life])
    if has_worked:
        supervisor.note_life("child")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        supervisor.look()
        if lives.exists() and len(lives.read_text()) > MOST_QUICK_ENDS:
            return
        time.sleep(0.01)


@pytest.mark.usefixtures("at_once")
def test_a_process_that_is_killed_again_and_again_is_started_every_time(tmp_path: Path) -> None:
    supervisor = Supervisor(dict(os.environ))
    killed = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    try:
        _look_for_lives(supervisor, tmp_path / "lives", killed)
    finally:
        supervisor.stop()
    assert len((tmp_path / "lives").read_text()) > MOST_QUICK_ENDS


@pytest.mark.usefixtures("at_once")
def test_a_process_that_cannot_start_is_given_up_in_words(tmp_path: Path) -> None:
    supervisor = Supervisor(dict(os.environ))
    try:
        with pytest.raises(ChildFailedError, match="The child process ends as soon as it starts"):
            _look_for_lives(supervisor, tmp_path / "lives", "raise SystemExit(3)")
    finally:
        supervisor.stop()
    assert len((tmp_path / "lives").read_text()) == MOST_QUICK_ENDS


@pytest.mark.usefixtures("at_once")
def test_a_process_that_has_worked_is_started_again_however_it_ends(tmp_path: Path) -> None:
    supervisor, lives = Supervisor(dict(os.environ)), tmp_path / "lives"
    first = f"import os, time; time.sleep(os.path.getsize({str(lives)!r}) < 2 and 0.3)"
    try:
        _look_for_lives(supervisor, lives, f"{first}; raise SystemExit(3)", has_worked=True)
    finally:
        supervisor.stop()
    assert len(lives.read_text()) > MOST_QUICK_ENDS
