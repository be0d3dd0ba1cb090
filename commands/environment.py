"""Makes ``.venv`` and fills it with exactly what the lock file names. Standard library only.

``python3 -m commands.environment requirements.txt`` is quick when nothing has changed: the hash
of the lock that was installed last is kept inside the environment.
"""

from __future__ import annotations  # so that an older Python gets to the sentence below

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
OLDEST_PYTHON = (3, 11)


def main(lock_names: list[str]) -> None:
    """Install the locks into ``.venv``, with progress, unless they are there already."""
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(
            "需要 Python 3.11 或更新的版本，例如：make run PYTHON=python3.12\n"
            "Python 3.11 or newer is needed, for example: make run PYTHON=python3.12"
        )
    if not PYTHON.exists():
        _say("创建 .venv / Creating .venv")
        _make_environment()
    for lock_name in lock_names:
        lock = ROOT / lock_name
        wanted = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()
        stamp = ENVIRONMENT / f"installed-{lock_name}"
        if not stamp.exists() or stamp.read_text(encoding="ascii") != wanted:
            _install(lock)
            stamp.write_text(wanted, encoding="ascii")


def _make_environment() -> None:
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=False)
    if made.returncode != 0:
        sys.exit(
            "无法创建 .venv；在 Debian 或 Ubuntu 上请先安装 python3-venv。 / "
            "Cannot make .venv; on Debian or Ubuntu install python3-venv first."
        )


def _install(lock: Path) -> None:
    total = sum("==" in line for line in lock.read_text(encoding="utf-8").splitlines())
    _say(f"安装 {lock.name} 中的 {total} 个软件包 / Installing {total} packages of {lock.name}")
    command = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--progress-bar", "off"]
    command += ["--disable-pip-version-check", "--no-input", "-r", str(lock)]
    output: list[str] = []
    seen = 0
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        for line in pip.stdout or ():
            output.append(line)
            seen += line.startswith(("Collecting ", "Requirement already"))
            if line.startswith("Collecting "):
                _say(f"  {seen}/{total} {line.split()[1]}", end=_line_end())
            elif line.startswith("Installing collected"):
                _say(f"  {total}/{total} 写入 .venv / writing into .venv")
    if pip.returncode != 0:
        sys.exit("".join(output[-25:]) + "\n安装失败 / The installation failed.")


def _line_end() -> str:
    """On a terminal the counter overwrites itself; in a log each step is a line."""
    return "\x1b[K\r" if sys.stdout.isatty() else "\n"


def _say(line: str, end: str = "\n") -> None:
    sys.stdout.write(line + end)
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
