"""Anything of a running service may be killed at any moment: the service goes on by itself."""

import os
import signal
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import pytest

from core.postgres_guardian import running_server
from core.postgres_home import find_home
from tests.fixtures.long_runs import LongRun
from tests.fixtures.services import Service, children_named, eventually, family

pytestmark = pytest.mark.long


@dataclass
class Visitors:
    """A few people who look at the first page all the time, and count what they get."""

    service: Service
    seen: Counter[bool] = field(default_factory=Counter)
    is_over: threading.Event = field(default_factory=threading.Event)

    def visit(self) -> None:
        while not self.is_over.is_set():
            self.seen[self.service.answers()] += 1
            time.sleep(0.02)


def victims(service: Service) -> dict[str, list[int]]:
    """The processes that may be killed, by what they do."""
    web = children_named(service.process.pid, "commands.serve")
    server = running_server(find_home(service.folder / "postgres").data)
    return {
        "web server": web,
        "web worker": sorted(family(web[0]) - set(web)) if web else [],
        "job worker": children_named(service.process.pid, "worker"),
        "database": [server.process_id] if server else [],
    }


def test_whatever_is_killed_the_service_comes_back(service: Service, long_run: LongRun) -> None:
    service.read_until("Ctrl-C stops everything")
    visitors = Visitors(service)
    threads = [threading.Thread(target=visitors.visit) for _ in range(4)]
    for thread in threads:
        thread.start()
    killed: Counter[str] = Counter()
    try:
        while long_run.goes_on():
            kind, processes = long_run.chance.choice(
                [(kind, found) for kind, found in victims(service).items() if found]
            )
            os.kill(long_run.chance.choice(processes), signal.SIGKILL)
            killed[kind] += 1
            time.sleep(long_run.chance.uniform(0.5, 12))
            assert eventually(lambda: service.answers("/readyz")), (
                f"SEED={long_run.seed}: dead after {killed}"
            )
    finally:
        visitors.is_over.set()
        for thread in threads:
            thread.join()
    assert service.process.poll() is None
    print(f"killed {dict(killed)}; visits {dict(visitors.seen)}")  # noqa: T201 -- the result
    assert visitors.seen[True] > visitors.seen[False]


def test_a_web_server_that_is_killed_before_it_is_old_comes_back_every_time(
    service: Service,
) -> None:
    service.read_until("Ctrl-C stops everything")
    for kill in range(8):
        assert eventually(lambda: bool(victims(service)["web server"])), f"gone after {kill} kills"
        for process in victims(service)["web server"]:
            os.kill(process, signal.SIGKILL)
        time.sleep(0.3 * kill)
        assert eventually(lambda: service.answers("/readyz")), f"dead after {kill + 1} kills"
    assert service.process.poll() is None
