"""Cases per second of the engine, the floor and the peers, round by round in turn.

The rounds of one contender lie between those of the others, so that whatever else the machine
does hits all alike; what counts are the ratios.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.growth import grow
from benchmarks.plain_sql import save
from benchmarks.planning import plan
from benchmarks.server import Server
from benchmarks.settings import Sizes
from core.settings import ROOT

CONTENDERS: Mapping[str, str] = {
    "floor": "benchmarks.floor",
    "engine": "benchmarks.engine",
    "spiff": "benchmarks.peers.spiff",
    "viewflow": "benchmarks.peers.viewflow",
}
SHARE = {"viewflow": 0.25, "spiff": 0.5}
"""Of the slow ones' cases; they need no more for a rate."""
OURS = frozenset({"floor", "engine"})
"""They run in the environment of the service itself."""
WARM_UP = 20
Answer = Mapping[str, Any]


class Process:
    """A contender in a process of its own, see `benchmarks.contender`."""

    def __init__(self, name: str, python: Path, arguments: Sequence[str]) -> None:
        self.name = name
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 -- until `end`
        self._process = subprocess.Popen(
            [str(python), "-m", CONTENDERS[name], *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )

    def ask(self, command: str) -> Answer:
        """Send one line and wait for its answer. Raises RuntimeError with the process's words."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("a contender has pipes")
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        answer: Answer = json.loads(line) if line else {"error": "it ended"}
        if "error" in answer:
            self._errors.seek(0)
            raise RuntimeError(f"{self.name}: {answer['error']}\n{self._errors.read()[-2000:]}")
        return answer

    def end(self) -> None:
        """Let it end, and wait for that."""
        self._process.communicate()
        self._errors.close()


def measure(server: Server, sizes: Sizes, peers_python: Path, folder: Path) -> dict[str, Any]:
    """All contenders at all numbers of existing cases, in the same rounds."""
    model = server.copy("model")
    plan_file = folder / "plan"
    save(plan(model.app_url, model.superuser_url), plan_file)
    contenders: dict[tuple[int, str], Process] = {}
    have = 0
    try:
        for existing in sizes.existing:
            grow(model.superuser_url, existing - have)
            have = existing
            for name in CONTENDERS:
                urls = server.copy(_database(existing, name), "model")
                python = Path(sys.executable) if name in OURS else peers_python
                arguments = [urls.app_url, urls.superuser_url, str(plan_file)]
                contender = Process(name, python, arguments)
                contenders[existing, name] = contender
                contender.ask(f"run {WARM_UP}")
                contender.ask(f"grow {existing}")
        return _rounds(server, contenders, sizes)
    finally:
        for (existing, name), process in contenders.items():
            process.end()
            server.drop(_database(existing, name))
        server.drop("model")


def _database(existing: int, name: str) -> str:
    return f"{name}_{existing}"


def _rounds(
    server: Server, contenders: Mapping[tuple[int, str], Process], sizes: Sizes
) -> dict[str, Any]:
    answers: dict[tuple[int, str], list[Answer]] = {key: [] for key in contenders}
    backends = dict.fromkeys(contenders, 0.0)
    for number in range(sizes.rounds):
        in_turn = list(contenders) if number % 2 else list(contenders)[::-1]
        for key in in_turn:
            existing, name = key
            count = max(2, round(sizes.cases * SHARE.get(name, 1) / sizes.rounds))
            before = _backend_seconds(server, _database(existing, name))
            answers[key].append(contenders[key].ask(f"run {count}"))
            backends[key] += _backend_seconds(server, _database(existing, name)) - before
    return {
        str(existing): {
            name: _summary(answers[existing, name], backends[existing, name]) for name in CONTENDERS
        }
        for existing in sizes.existing
    }


def _summary(rounds: Sequence[Answer], backend_seconds: float) -> dict[str, Any]:
    rates = [each["cases"] / each["seconds"] for each in rounds]
    cases = sum(each["cases"] for each in rounds)
    return {
        "cases_per_second": statistics.median(rates),
        "rounds": rates,
        "client_ms_per_case": 1000 * sum(each["cpu_seconds"] for each in rounds) / cases,
        "server_ms_per_case": 1000 * backend_seconds / cases,
        "cases": cases,
        "peak_mebibytes": rounds[-1]["peak_kibibytes"] / 1024,
    }


def _backend_seconds(server: Server, database: str) -> float:
    """The processor time of all server processes of a database that live now."""
    with psycopg.connect(server.superuser_url("postgres")) as connection:
        rows = connection.execute(
            "select pid from pg_stat_activity where datname = %s", [database]
        ).fetchall()
    return sum(_scheduled(pid) for (pid,) in rows)


def _scheduled(pid: int) -> float:
    """Nanoseconds on a processor as Linux counts them; 0 elsewhere."""
    path = Path(f"/proc/{pid}/schedstat")
    return int(path.read_text().split()[0]) / 1e9 if path.exists() else 0.0
