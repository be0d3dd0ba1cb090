"""Several services on one database, as on several machines: they share all work and lose none."""

import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from commands.database import migrate
from core.embedded_postgres import EmbeddedPostgres, Urls
from core.settings import ROOT
from tests.fixtures.folders import database_folder
from tests.fixtures.services import (
    Service,
    children_named,
    eventually,
    family,
    free_port,
    start,
)

pytestmark = pytest.mark.long

TOKEN = "a token of the tests"  # noqa: S105 -- known to all
SECRET = "the same on every machine, and secret"  # noqa: S105 -- likewise
WALKS = 3
HOME = 'yichuang_request_seconds_count{method="GET",route="home.index",status="200"}'
UNDONE = "select count(*) from procrastinate.procrastinate_jobs where status in ('todo', 'doing')"
DOUBLED = (
    "select count(*) from (select command_id from events where command_id is not null"
    " group by command_id having count(*) > 1) as doubled"
)


@dataclass
class Machines:
    """Two services with folders for files in common, and the addresses of their database."""

    services: list[Service]
    urls: Urls

    def walk(self, service: Service) -> subprocess.Popen[str]:
        """Begin to open a company by the pages of one service."""
        command = ["-m", "flask", "--app", "app", "demo", "walk", "--base-url"]
        return subprocess.Popen(
            [sys.executable, *command, f"http://127.0.0.1:{service.port}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": self.urls.app_url},
        )

    def ask(self, statement: str) -> int:
        with psycopg.connect(self.urls.superuser_url) as connection:
            row = connection.execute(statement.encode()).fetchone()
        assert row is not None
        return int(row[0])


def get(service: Service, path: str, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def counted(service: Service, name: str) -> float:
    _status, words = get(service, "/metrics", Authorization=f"Bearer {TOKEN}")
    found = re.search(rf"^{re.escape(name)} (\S+)$", words, re.MULTILINE)
    return float(found[1]) if found else 0.0


@pytest.fixture
def machines() -> Iterator[Machines]:
    with database_folder() as folder, ExitStack() as ends:
        server = EmbeddedPostgres(folder / "postgres")
        urls = server.start()
        ends.callback(server.stop)
        migrate(urls.owner_url)
        files = folder / "files-of-all"
        files.mkdir()
        services = [_begin(files, urls) for _number in range(2)]
        for service in services:
            ends.callback(_end, service)
        for service in services:
            service.read_until("Ctrl-C stops everything")
        yield Machines(services, urls)


def _begin(folder: Path, urls: Urls) -> Service:
    return start(
        folder,
        free_port(),
        DATABASE_URL=urls.app_url,
        OWNER_DATABASE_URL=urls.owner_url,
        SECRET_KEY=SECRET,
        METRICS_TOKEN=TOKEN,
        WEB_WORKERS="2",
    )


def _end(service: Service) -> None:
    service.process.terminate()
    service.process.communicate(timeout=60)


def test_two_services_share_one_database(machines: Machines) -> None:
    first, second = machines.services
    walks = [machines.walk(machines.services[number % 2]) for number in range(WALKS)]
    for walk in walks:
        words, _ = walk.communicate(timeout=300)
        assert walk.returncode == 0, words
    assert eventually(lambda: counted(first, "yichuang_workers") == 2)

    worker = children_named(first.process.pid, "worker")[0]
    os.kill(worker, signal.SIGKILL)
    words, _ = machines.walk(first).communicate(timeout=300)
    assert "Completed" in words, words
    assert eventually(lambda: machines.ask(UNDONE) == 0), "the other worker does the jobs of both"
    assert machines.ask(DOUBLED) == 0
    assert machines.ask("select count(*) from cases where state = 'completed'") == WALKS + 1
    assert second.answers("/readyz")


def test_the_counts_of_all_web_processes_are_told_together(machines: Machines) -> None:
    service = machines.services[0]
    before = counted(service, HOME)
    for _number in range(40):
        assert get(service, "/")[0] == 200
    assert counted(service, HOME) == before + 40, "whichever process answered"

    web = children_named(service.process.pid, "commands.serve")[0]
    victim = max(family(web) - {web})
    os.kill(victim, signal.SIGKILL)
    assert eventually(lambda: service.answers("/readyz"))
    assert counted(service, HOME) >= before + 40, "what an ended process counted is kept"
    assert counted(service, 'yichuang_pool_connections_most{database="primary"}') <= 16
