"""The environment: made once, filled from the lock, left alone while the lock stays the same."""

import shutil
import subprocess
import sys
from pathlib import Path

from core.settings import ROOT


def install(checkout: Path, lock: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "commands.environment", lock],
        capture_output=True,
        text=True,
        cwd=checkout,
        check=False,
    )


def test_it_installs_once_and_again_when_the_lock_changes(tmp_path: Path) -> None:
    (tmp_path / "commands").mkdir()
    for name in ("__init__.py", "environment.py"):
        shutil.copy(ROOT / "commands" / name, tmp_path / "commands" / name)
    lock = tmp_path / "lock.txt"
    lock.write_text("# nothing yet\n")
    first = install(tmp_path, "lock.txt")
    assert first.returncode == 0, first.stdout + first.stderr
    assert "Creating .venv" in first.stdout
    assert (tmp_path / ".venv" / "bin" / "python").exists()
    assert install(tmp_path, "lock.txt").stdout == ""
    lock.write_text("no-such-package==1.0 --hash=sha256:" + "0" * 64 + "\n--no-index\n")
    wrong = install(tmp_path, "lock.txt")
    assert wrong.returncode == 1
    assert "The installation failed" in wrong.stderr
    assert "Traceback" not in wrong.stderr
