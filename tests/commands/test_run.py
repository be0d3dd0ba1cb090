"""``make run``: starts everything, replaces what dies, leaves nothing behind however it ends."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from core.embedded_postgres import Urls
from core.settings import ROOT
from services import receipts
from tests.fixtures.services import Service, children_named, eventually, family, free_port, start


def is_gone(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"


@pytest.mark.long
def test_it_serves_and_a_kill_by_hand_of_a_web_worker_changes_nothing(service: Service) -> None:
    words = service.read_until("Ctrl-C stops everything")
    assert f"http://127.0.0.1:{service.port}" in words
    assert service.answers()
    web = children_named(service.process.pid, "commands.serve")
    workers = family(web[0]) - {web[0]}
    assert len(workers) >= 2
    os.kill(min(workers), signal.SIGKILL)
    for _ in range(10):
        assert eventually(service.answers)
    assert eventually(lambda: len(family(web[0]) - {web[0]}) == len(workers))


def test_a_polite_end_stops_everything_and_a_second_start_keeps_the_data(service: Service) -> None:
    service.read_until("Ctrl-C stops everything")
    everybody = service.everybody()
    service.process.send_signal(signal.SIGINT)
    output, _ = service.process.communicate(timeout=30)
    assert "Traceback" not in output
    assert service.process.returncode == 0
    assert eventually(lambda: all(is_gone(one) for one in everybody))
    again = start(service.folder, service.port, SYNTHETIC_CASES="2")
    words = again.read_until("Ctrl-C stops everything")
    assert "Making the tables" not in words
    assert again.read_until("synthetic cases follow")
    assert again.answers()
    again.process.terminate()
    again.process.communicate(timeout=30)


@pytest.mark.long
def test_a_killed_supervisor_takes_everything_with_it(service: Service) -> None:
    service.read_until("Ctrl-C stops everything")
    everybody = service.everybody()
    assert len(everybody) > 6
    service.process.kill()
    service.process.communicate()
    assert eventually(lambda: all(is_gone(one) for one in everybody))


def test_a_taken_port_is_told_in_words(service_folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        service = start(service_folder, int(taken.getsockname()[1]))
        output, _ = service.process.communicate(timeout=30)
    assert service.process.returncode == 1
    assert "PORT=8001 make run" in output
    assert "Traceback" not in output


def test_the_demonstration_does_not_open_to_the_network(service_folder: Path) -> None:
    service = start(service_folder, free_port(), HOST="0.0.0.0")  # noqa: S104
    output, _ = service.process.communicate(timeout=30)
    assert service.process.returncode == 1
    assert "127.0.0.1" in output


def key_folder(folder: Path) -> Path:
    """A private folder with a signing key, as production wants it."""
    keys = folder / "keys"
    keys.mkdir(mode=0o700)
    receipts.signer(keys, may_create=True)
    return keys


def test_production_does_not_start_without_a_signing_key(urls: Urls, tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o700)
    service = start(
        tmp_path,
        free_port(),
        "--production",
        SECRET_KEY="x" * 40,
        DATABASE_URL=urls.app_url,
        KEY_FOLDER=str(tmp_path / "keys"),
        TRUSTED_PROXY_COUNT="0",
        PUBLIC_URL="https://yichuang.example",
    )
    output, _ = service.process.communicate(timeout=30)
    assert service.process.returncode == 1
    assert "signing_key.pem" in output
    assert "Traceback" not in output


def test_production_names_what_is_missing_and_does_not_start(service_folder: Path) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "commands.run", "--production"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_FOLDER": str(service_folder)},
        check=False,
    )
    assert process.returncode == 1
    for name in ("SECRET_KEY", "DATABASE_URL", "KEY_FOLDER", "PUBLIC_URL", "TRUSTED_PROXY_COUNT"):
        assert name in process.stderr
    assert "Traceback" not in process.stderr


def test_production_starts_without_any_account_of_the_demonstration(
    urls: Urls, tmp_path: Path
) -> None:
    keys = key_folder(tmp_path)
    service = start(
        tmp_path,
        free_port(),
        "--production",
        SECRET_KEY="x" * 40,
        DATABASE_URL=urls.app_url,
        KEY_FOLDER=str(keys),
        TRUSTED_PROXY_COUNT="1",
        PUBLIC_URL="https://yichuang.example",
    )
    words = service.read_until("Ctrl-C stops everything")
    assert "demonstration" not in words
    assert service.answers("/readyz")
    service.process.terminate()
    service.process.communicate(timeout=30)
    assert service.process.returncode == 0


def test_production_does_not_start_on_tables_of_another_revision(
    empty_urls: Urls, tmp_path: Path
) -> None:
    keys = key_folder(tmp_path)
    service = start(
        tmp_path,
        free_port(),
        "--production",
        SECRET_KEY="x" * 40,
        DATABASE_URL=empty_urls.app_url,
        KEY_FOLDER=str(keys),
        TRUSTED_PROXY_COUNT="0",
        PUBLIC_URL="https://yichuang.example",
    )
    output, _ = service.process.communicate(timeout=30)
    assert service.process.returncode == 1
    assert "database migrate" in output
    assert "Traceback" not in output
