"""``make run``: starts everything, replaces what dies, leaves nothing behind however it ends."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.postgres_guardian import running_server
from core.postgres_home import find_home
from core.settings import ROOT


@dataclass
class Service:
    """A running ``commands.run`` with data and a port of its own."""

    folder: Path
    port: int
    process: subprocess.Popen[str]

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status < 500
        except OSError:
            return False
        finally:
            connection.close()

    def read_until(self, words: str) -> str:
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if words in line:
                return "".join(lines)
        raise AssertionError("".join(lines))

    def everybody(self) -> set[int]:
        """The process ids of all that it started, their children included."""
        found = _family(self.process.pid)
        return found - {self.process.pid}

    def database_runs(self) -> bool:
        return running_server(find_home(self.folder / "postgres").data) is not None


def start(folder: Path, port: int, **environ: str) -> Service:
    process = subprocess.Popen(
        [sys.executable, "-m", "commands.run"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        env={**os.environ, "DATA_FOLDER": str(folder), "PORT": str(port), **environ},
    )
    return Service(folder, port, process)


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def eventually(is_so: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.1)
    return is_so()


def is_gone(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="yichuang-tests-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def service(folder: Path) -> Iterator[Service]:
    service = start(folder, free_port())
    yield service
    service.process.kill()
    service.process.wait()
    if service.process.stdout is not None:
        service.process.stdout.close()
    assert eventually(lambda: not service.database_runs())


def test_it_serves_and_a_kill_by_hand_of_a_web_worker_changes_nothing(service: Service) -> None:
    words = service.read_until("Ctrl-C stops everything")
    assert f"http://127.0.0.1:{service.port}" in words
    assert service.answers()
    web = _children_named(service.process.pid, "commands.serve")
    workers = _family(web[0]) - {web[0]}
    assert len(workers) >= 2
    os.kill(min(workers), signal.SIGKILL)
    for _ in range(10):
        assert eventually(service.answers)
    assert eventually(lambda: len(_family(web[0]) - {web[0]}) == len(workers))


def test_a_polite_end_stops_everything_and_a_second_start_keeps_the_data(service: Service) -> None:
    service.read_until("Ctrl-C stops everything")
    everybody = service.everybody()
    service.process.send_signal(signal.SIGINT)
    output, _ = service.process.communicate(timeout=30)
    assert "Traceback" not in output
    assert service.process.returncode == 0
    assert eventually(lambda: all(is_gone(one) for one in everybody))
    again = start(service.folder, service.port)
    words = again.read_until("Ctrl-C stops everything")
    assert "Making the tables" not in words
    again.process.terminate()
    again.process.communicate(timeout=30)


def test_a_killed_supervisor_takes_everything_with_it(service: Service) -> None:
    service.read_until("Ctrl-C stops everything")
    everybody = service.everybody()
    assert len(everybody) > 6
    service.process.kill()
    service.process.communicate()
    assert eventually(lambda: all(is_gone(one) for one in everybody))


def test_a_taken_port_is_told_in_words(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        service = start(folder, int(taken.getsockname()[1]))
        output, _ = service.process.communicate(timeout=30)
    assert service.process.returncode == 1
    assert "PORT=8001 make run" in output
    assert "Traceback" not in output


def test_the_demonstration_does_not_open_to_the_network(folder: Path) -> None:
    service = start(folder, free_port(), HOST="0.0.0.0")  # noqa: S104
    output, _ = service.process.communicate(timeout=30)
    assert service.process.returncode == 1
    assert "127.0.0.1" in output


def test_production_names_what_is_missing_and_does_not_start(folder: Path) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "commands.run", "--production"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_FOLDER": str(folder)},
        check=False,
    )
    assert process.returncode == 1
    for name in ("SECRET_KEY", "DATABASE_URL", "KEY_FOLDER", "TRUSTED_PROXY_COUNT"):
        assert name in process.stderr
    assert "Traceback" not in process.stderr


def _family(process_id: int) -> set[int]:
    found = {process_id}
    for child in _children(process_id):
        found |= _family(child)
    return found


def _children(process_id: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{process_id}/task").glob("*/children"):
        found += [int(child) for child in task.read_text().split()]
    return found


def _children_named(process_id: int, words: str) -> list[int]:
    return [
        child
        for child in _children(process_id)
        if words in Path(f"/proc/{child}/cmdline").read_text()
    ]
