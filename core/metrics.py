"""What the processes count, for Prometheus. Labels are codes of the program, never of a person.

The web server has several processes. Where ``PROMETHEUS_MULTIPROC_DIR`` names a folder before this
module is read, each writes its own files there and whoever is asked adds them all up, those of
processes that have ended too: a counter never falls when a process is replaced.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
AFTER_COMMIT = "counted after the commit"

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0)
JOB_SECONDS = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0)

_requests = Histogram(
    "yichuang_request_seconds",
    "Time until the answer to a request was made, by route",
    ("route", "method", "status"),
    buckets=SECONDS,
)
_errors = Counter("yichuang_errors", "Refusals and failures, by their code", ("kind",))
_transitions = Counter(
    "yichuang_transitions",
    "Events written, and commands that were refused, by process, trigger and outcome",
    ("process", "trigger", "outcome"),
)
_jobs = Histogram(
    "yichuang_job_seconds",
    "Time that jobs took, by name and outcome",
    ("job", "outcome"),
    buckets=JOB_SECONDS,
)
_pool_used = Gauge(
    "yichuang_pool_connections_used",
    "Connections to the database in use",
    ("database",),
    multiprocess_mode="livesum",
)
_pool_size = Gauge(
    "yichuang_pool_connections_most",
    "Connections to the database that the pools may hold",
    ("database",),
    multiprocess_mode="livesum",
)


def request_answered(route: str, method: str, status: int, seconds: float) -> None:
    """One request and how long it took."""
    _requests.labels(route, method, str(status)).observe(seconds)


def error_told(kind: str) -> None:
    """One refusal or failure that somebody was told of."""
    _errors.labels(kind).inc()


def job_done(job: str, outcome: str, seconds: float) -> None:
    """One attempt at a job."""
    _jobs.labels(job, outcome).observe(seconds)


def transition_refused(process: str, trigger: str, outcome: str) -> None:
    """One command that was refused; nothing of it is written."""
    _transitions.labels(process, trigger, outcome).inc()


def transitions_made(session: Session, made: Sequence[tuple[str, str, str]]) -> None:
    """Process, trigger and outcome of what was written, counted once it is committed."""
    waiting: list[Callable[[], None]] = session.info.setdefault(AFTER_COMMIT, [])
    waiting += [_transitions.labels(*each).inc for each in made]


def committed(session: Session) -> None:
    """Count what waited for the commit of this session."""
    for count in session.info.pop(AFTER_COMMIT, ()):
        count()


def pool_is(database: str, used: int, most: int) -> None:
    """How many of its connections a pool has lent out."""
    _pool_used.labels(database).set(used)
    _pool_size.labels(database).set(most)


def exposition(collector: Collector) -> bytes:
    """All that is counted, in Prometheus' own words, with what ``collector`` finds now."""
    folder = os.environ.get(FOLDER_VARIABLE)
    registry = CollectorRegistry()
    registry.register(collector)
    if folder is None:
        return generate_latest(REGISTRY) + generate_latest(registry)
    _forget_the_dead(Path(folder))
    MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def _forget_the_dead(folder: Path) -> None:
    """What a process had lent out ends with it; what it counted stays."""
    for path in folder.glob("gauge_live*_*.db"):
        process_id = int(path.stem.rpartition("_")[2])
        try:
            os.kill(process_id, 0)
        except ProcessLookupError:
            with suppress(FileNotFoundError):  # another process was asked too
                mark_process_dead(process_id, path=str(folder))  # type: ignore[no-untyped-call]
        except PermissionError:
            continue
