"""Claiming the next case: with few and with many in the queue, and after many claims in a row."""

import json
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.claimer import Claimer
from benchmarks.engine import Engine
from benchmarks.growth import grow_queue
from benchmarks.server import Server
from benchmarks.settings import Sizes
from core.embedded_postgres import Urls
from core.settings import ROOT

CLAIMERS = 8
IN_A_ROUND = 40
WARM_UP = 40


def measure(server: Server, sizes: Sizes) -> dict[str, Any]:
    """Round by round in turn with each number waiting; then again after many claims at once."""
    queues = {count: _filled(server, count) for count in sizes.waiting}
    first = _rounds(queues, sizes.rounds)
    many = max(sizes.waiting)
    at_once = _claim_at_once(queues[many], sizes.claims // CLAIMERS)
    after = _rounds(queues, sizes.rounds)
    for count in queues:
        server.drop(f"waiting_{count}")
    return {
        "waiting": {str(count): _summary(times) for count, times in first.items()},
        "after_claims": _summary(after[many]),
        "beside_it": _summary(after[min(sizes.waiting)]),
        "claims": len(at_once),
        "claimers": CLAIMERS,
        "duplicates": len(at_once) - len(set(at_once)),
    }


def _filled(server: Server, count: int) -> Urls:
    urls = server.copy(f"waiting_{count}")
    engine = Engine(urls.app_url, urls.superuser_url)
    engine.submitted(0)
    engine.close()
    grow_queue(urls.superuser_url, count)
    return urls


def _rounds(queues: Mapping[int, Urls], rounds: int) -> dict[int, list[float]]:
    claimers = {count: Claimer(urls.app_url) for count, urls in queues.items()}
    times: dict[int, list[float]] = {count: [] for count in queues}
    for claimer in claimers.values():
        claimer.claim(WARM_UP)
    for _number in range(rounds):
        for count, claimer in claimers.items():
            times[count] += claimer.claim(IN_A_ROUND)[1]
    for claimer in claimers.values():
        claimer.close()
    return times


def _claim_at_once(urls: Urls, each: int) -> list[str]:
    command = [sys.executable, "-m", "benchmarks.claimer", urls.app_url, str(each)]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _number in range(CLAIMERS)
    ]
    return [case for process in running for case in json.loads(process.communicate()[0])["cases"]]


def _summary(times: Sequence[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        "median_ms": statistics.median(ordered),
        "p99_ms": ordered[int(len(ordered) * 0.99)],
        "claims": len(ordered),
    }
