"""Pages and posts over HTTP as ratios of a bare Flask view on the same server, and its memory."""

import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks import requests
from benchmarks.engine import APPLICANT, Engine
from benchmarks.requests import Rate
from benchmarks.server import Server
from benchmarks.settings import Sizes
from core.embedded_postgres import Urls
from core.settings import ROOT
from services.cases import CaseKey
from services.demonstration import PASSWORD

GOALS = {
    "queue data": 0.35,
    "claim": 0.15,
    "approve": 0.15,
    "40-field submission": 0.10,
    "form page": 0.12,
}
POLL = "X-Poll"
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_VERSION = """
select version from tasks where district_code = %s and case_id = %s and item_code = 'tax'
"""
START_SECONDS = 60
MIXED = 1000
Headers = Mapping[str, str]


class Site:
    """A web server of one worker, and who is signed in at it."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process, self.port = process, port

    def sign_in(self, account: str) -> Headers:
        """The cookie of a session."""
        status, headers, page = requests.ask(self.port, requests.get("/sign-in"))
        cookie = _cookie(headers)
        values = [("csrf_token", _found(_TOKEN, page)), ("account", account)]
        request = requests.post("/sign-in", {"Cookie": cookie}, [*values, ("password", PASSWORD)])
        status, headers, page = requests.ask(self.port, request)
        if status != 303:  # noqa: PLR2004 -- HTTP's own number
            raise RuntimeError(f"{account} could not sign in: {status}")
        return {"Cookie": _cookie(headers) or cookie}

    def token(self, who: Headers, path: str) -> str:
        """What the forms of a page send with them."""
        return _found(_TOKEN, requests.ask(self.port, requests.get(path, who))[2])

    def private_mebibytes(self) -> float:
        """Memory of the worker that it shares with nobody."""
        return max(_private_bytes(pid) for pid in _children(self._process.pid)) / 2**20


def measure(server: Server, sizes: Sizes, folder: Path) -> dict[str, Any]:
    """Every kind in each round between two rounds of the bare view."""
    urls = server.copy("web")
    engine = Engine(urls.app_url, urls.superuser_url)
    with (
        _serving("benchmarks.bare_server", urls, folder) as bare,
        _serving("commands.serve", urls, folder) as site,
    ):
        rates, hellos = _rounds(site, bare, engine, sizes)
        poll = _polls(site)
        memory = _memory(site, engine)
    engine.close()
    server.drop("web")
    hello = statistics.median(hellos)
    return {
        "bare_per_second": hello,
        "kinds": {
            kind: {
                "per_second": statistics.median(found),
                "ratio": statistics.median(found) / hello,
                "goal": GOALS[kind],
            }
            for kind, found in rates.items()
        },
        "unchanged_poll_ms": poll,
        "private_mebibytes": memory,
    }


def _rounds(
    site: Site, bare: Site, engine: Engine, sizes: Sizes
) -> tuple[dict[str, list[float]], list[float]]:
    kinds = _kinds(site, engine)
    rates: dict[str, list[float]] = {kind: [] for kind in kinds}
    hello = [requests.get("/")] * (5 * sizes.requests)
    requests.send(bare.port, hello[:100])
    hellos = []
    for number in range(sizes.rounds + 1):
        for kind, prepared in kinds.items():
            found = requests.send(site.port, prepared(sizes.requests))
            _check(kind, found)
            hellos.append(requests.send(bare.port, hello).per_second)
            if number > 0:  # the first round warms everything up
                rates[kind].append(found.per_second)
    return rates, hellos


def _kinds(site: Site, engine: Engine) -> dict[str, Callable[[int], list[bytes]]]:
    """For each kind, so many requests that each do it once; cases are made beforehand."""
    registrar, tax, applicant = (
        Visitor(engine, headers, site.token(headers, page))
        for headers, page in (
            (site.sign_in("registrar"), "/queue"),
            (site.sign_in("tax"), "/queue"),
            (site.sign_in(APPLICANT), "/"),
        )
    )
    return {
        "queue data": registrar.polls,
        "claim": registrar.claims,
        "approve": tax.approvals,
        "40-field submission": applicant.submissions,
        "form page": applicant.form_pages,
    }


@dataclass(frozen=True)
class Visitor:
    """Somebody who is signed in, and the requests that their pages send."""

    engine: Engine
    headers: Mapping[str, str]
    token: str

    def polls(self, count: int) -> list[bytes]:
        """The data of the queue, without what the page knows already."""
        return [requests.get("/queue", {**self.headers, POLL: "1"})] * count

    def form_pages(self, count: int) -> list[bytes]:
        """The first page of a draft's form."""
        page = f"{_case(self.engine.drafted(1))}/form/company"
        return [requests.get(page, self.headers)] * count

    def claims(self, count: int) -> list[bytes]:
        """One for each of so many cases that wait for their acceptance."""
        keys = [self.engine.submitted(number) for number in range(count)]
        return [
            self._post(f"{_task(key)}/registration/claim", ("command_id", str(uuid4())))
            for key in keys
        ]

    def approvals(self, count: int) -> list[bytes]:
        """One for each of so many cases that wait for the tax office."""
        keys = [self.engine.licensed(number) for number in range(count)]
        return [
            self._post(
                f"{_task(key)}/tax/approve",
                ("command_id", str(uuid4())),
                ("expected_version", str(self.engine.read(_VERSION, key))),
            )
            for key in keys
        ]

    def submissions(self, count: int) -> list[bytes]:
        """One for each of so many drafts that are complete."""
        keys = [self.engine.drafted(number) for number in range(count)]
        return [
            self._post(f"{_case(key)}/check", ("command_id", str(self.engine.submission_id(key))))
            for key in keys
        ]

    def _post(self, page: str, *fields: tuple[str, str]) -> bytes:
        return requests.post(page, self.headers, [("csrf_token", self.token), *fields])


def _polls(site: Site) -> dict[str, float]:
    """Milliseconds of a queue's poll that has nothing new."""
    registrar = {**site.sign_in("registrar"), POLL: "1"}
    _status, headers, _body = requests.ask(site.port, requests.get("/queue", registrar))
    request = requests.get("/queue", {**registrar, "If-None-Match": headers["etag"][0]})
    status, _headers, _body = requests.ask(site.port, request)
    times = sorted(requests.milliseconds(site.port, request, 200))
    return {
        "status": status,
        "median_ms": statistics.median(times),
        "p99_ms": times[int(len(times) * 0.99)],
    }


def _memory(site: Site, engine: Engine) -> dict[str, float]:
    """Private memory of the worker after a thousand mixed requests, and after as many more."""
    kinds = _kinds(site, engine)
    found = {}
    for after in (MIXED, 2 * MIXED):
        for prepared in kinds.values():
            requests.send(site.port, prepared(MIXED // len(kinds)))
        found[str(after)] = site.private_mebibytes()
    return found


@contextmanager
def _serving(module: str, urls: Urls, folder: Path) -> Iterator[Site]:
    """A server of one worker on a free port of this machine, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "DATABASE_URL": urls.app_url,
        "DATA_FOLDER": str(folder / "data"),
        "PORT": str(port),
        "WEB_WORKERS": "1",
        "YICHUANG_PARENT": str(os.getpid()),
    }
    with (folder / f"{module}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", module], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            _wait(port)
            yield Site(process, port)
        finally:
            process.terminate()
            process.wait(30)


def _wait(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            requests.ask(port, requests.get("/healthz"))
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")


def _check(kind: str, found: Rate) -> None:
    if not found.statuses <= {200, 303}:
        raise RuntimeError(f"{kind}: answered {sorted(found.statuses)}")


def _task(key: CaseKey) -> str:
    return f"/tasks/{key.district_code}/{key.case_id}"


def _case(key: CaseKey) -> str:
    return f"/cases/{key.district_code}/{key.case_id}"


def _cookie(headers: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(line.partition(";")[0] for line in headers.get("set-cookie", ()))


def _found(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    if found is None:
        raise RuntimeError(f"the page has no {pattern.pattern}")
    return found[1]


def _children(pid: int) -> list[int]:
    paths = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in paths for child in path.read_text().split()]


def _private_bytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
