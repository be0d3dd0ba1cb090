"""The embedded PostgreSQL: begun once, found again, ended with its last user."""

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from core.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError
from core.postgres_guardian import running_server
from core.postgres_home import SHARED_FOLDER, find_home
from core.settings import ROOT
from tests.fixtures.folders import database_folder

HOLD = """
import sys, time
from pathlib import Path
from core.embedded_postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
print(server.start().app_url, flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the account which runs PostgreSQL can find, unlike pytest's own."""
    with database_folder() as folder:
        yield folder / "postgres"
        assert running_server(find_home(folder / "postgres").data) is None


def hold(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """Another program that uses the server of ``folder``."""
    program = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert program.stdout is not None
    return program, program.stdout.readline().strip()


def end(program: subprocess.Popen[str], number: signal.Signals) -> None:
    program.send_signal(number)
    program.communicate()


def eventually(is_so: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 15
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.05)
    return is_so()


def test_a_second_start_keeps_the_data(folder: Path) -> None:
    server = EmbeddedPostgres(folder, durable=False)
    with psycopg.connect(server.start().owner_url) as owner:
        owner.execute("CREATE TABLE kept (id int)")
    server.stop()
    assert not server.is_running()
    with psycopg.connect(server.start().owner_url) as owner:
        owner.execute("SELECT * FROM kept")
    server.stop()


def test_it_listens_on_a_private_socket_and_no_network(folder: Path) -> None:
    server = EmbeddedPostgres(folder, durable=False)
    with psycopg.connect(server.start().app_url) as connection:
        place = Path(connection.info.host)
        settings = connection.execute(
            "SELECT current_setting('listen_addresses'), current_setting('data_directory_mode')"
        ).fetchone()
    assert settings == ("", "0700")
    assert place.stat().st_mode & 0o777 == 0o700
    assert len(str(place)) < 60
    server.stop()
    assert not place.exists()


def test_the_server_ends_with_its_last_user_however_that_ends(folder: Path) -> None:
    first, first_url = hold(folder)
    second, second_url = hold(folder)
    assert first_url == second_url
    end(first, signal.SIGTERM)
    time.sleep(0.5)
    psycopg.connect(second_url).close()
    end(second, signal.SIGKILL)
    assert eventually(lambda: not EmbeddedPostgres(folder).is_running())


def test_a_server_left_by_a_killed_guardian_is_found_and_used_again(folder: Path) -> None:
    program, url = hold(folder)
    guardian = next(int(line) for line in _children(program.pid))
    os.kill(guardian, signal.SIGKILL)
    end(program, signal.SIGKILL)
    left = running_server(find_home(folder).data)
    assert left is not None, "without its guardian it goes on"
    server = EmbeddedPostgres(folder, durable=False)
    assert server.start().app_url == url
    server.stop()
    assert eventually(lambda: not server.is_running())


def test_a_killed_server_comes_back_at_the_same_address(folder: Path) -> None:
    server = EmbeddedPostgres(folder, durable=False)
    url = server.start().app_url
    running = running_server(find_home(folder).data)
    assert running is not None
    os.kill(running.process_id, signal.SIGKILL)

    def answers() -> bool:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            return False
        return True

    time.sleep(0.2)
    assert eventually(answers)
    server.stop()


def test_programs_that_start_at_once_share_one_server(folder: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        held = list(pool.map(lambda _: hold(folder), range(4)))
    assert len({url for _, url in held}) == 1
    for program, _ in held:
        end(program, signal.SIGKILL)
    assert eventually(lambda: not EmbeddedPostgres(folder).is_running())


def test_data_of_another_major_version_are_refused_with_the_way_out(folder: Path) -> None:
    server = EmbeddedPostgres(folder, durable=False)
    server.start()
    server.stop()
    version = find_home(folder).data / "PG_VERSION"
    version.write_text("14\n")
    with pytest.raises(EmbeddedPostgresError) as refusal:
        server.start()
    assert "PostgreSQL 14" in refusal.value.sentence.zh
    assert refusal.value.advice is not None
    assert "pg_dump" in refusal.value.advice.en
    server.stop()


def test_a_server_that_cannot_start_says_why(folder: Path) -> None:
    server = EmbeddedPostgres(folder, durable=False)
    server.start()
    server.stop()
    (find_home(folder).data / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(EmbeddedPostgresError, match="no_such_setting"):
        server.start()
    server.stop()


def test_no_existing_folder_is_opened_up(folder: Path) -> None:
    closed = folder.parent / "closed"
    closed.mkdir(mode=0o700)
    server = EmbeddedPostgres(closed / "postgres", durable=False)
    with psycopg.connect(server.start().app_url) as connection:
        connection.execute("SELECT 1")
    server.stop()
    assert closed.stat().st_mode & 0o777 == 0o700
    place = find_home(closed / "postgres").data.parent
    if place.parent == SHARED_FOLDER:
        shutil.rmtree(place)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs it as another account")
def test_root_copies_what_the_account_of_the_server_cannot_reach(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = folder.parent / "closed"
    closed.mkdir(mode=0o700)
    for part in Path(sysconfig.get_path("purelib")).glob("embedded_postgres*"):
        shutil.copytree(part, closed / part.name, symlinks=True)
    monkeypatch.setattr("core.postgres_home.SHARED_FOLDER", folder.parent / "shared")
    monkeypatch.setattr("core.postgres_home.sysconfig.get_path", lambda _name: str(closed))
    server = EmbeddedPostgres(closed / "postgres", durable=False)
    with psycopg.connect(server.start().app_url) as connection:
        connection.execute("SELECT 1")
    server.stop()
    assert closed.stat().st_mode & 0o777 == 0o700
    assert len(list((folder.parent / "shared").iterdir())) == 2


def _children(process_id: int) -> list[str]:
    return Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()
