"""What is read from the database when Prometheus asks: queues, jobs, workers."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from core.errors import DomainError
from services import operations

KEPT_SECONDS = 10.0
"""So long one reading serves all who ask: a long queue costs a fifth of a second to count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaFacts:
    """What is told of the replica for reports."""

    is_used: bool
    lag_seconds: float | None


class OperationCollector(Collector):
    """Reads the figures within a session of ``opened``, at the instant that ``clock`` gives.

    If the database does not answer, the gauge ``yichuang_database_up`` says so and nothing else is
    told: a queue that cannot be read is not empty.
    """

    def __init__(
        self,
        opened: Callable[[], AbstractContextManager[Session]],
        clock: Callable[[], datetime],
        replica: Callable[[], ReplicaFacts | None] = lambda: None,
    ) -> None:
        self._opened = opened
        self._clock = clock
        self._replica = replica
        self._turn = Lock()
        self._read_at = -KEPT_SECONDS
        self._read: tuple[Metric, ...] = ()

    def forget(self) -> None:
        """Read anew when asked next."""
        with self._turn:
            self._read_at = -KEPT_SECONDS

    def describe(self) -> Iterable[Metric]:
        """Nothing is read at registration."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """The figures as of now, or of some seconds ago."""
        with self._turn:
            if monotonic() - self._read_at >= KEPT_SECONDS:
                self._read = tuple(self._asked())
                self._read_at = monotonic()
            yield from self._read

    def _asked(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("yichuang_database_up", "Whether the database answered")
        try:
            with self._opened() as session:
                found = families(session, self._clock())
            found += _of_replica(self._replica())
        except DomainError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield from found


def families(session: Session, at: datetime) -> list[Metric]:
    """Queue depth and age by department, jobs by name and state, workers that were heard of."""
    return [*_queues(session, at), *_jobs(session, at), _workers(session, at)]


def _of_replica(facts: ReplicaFacts | None) -> list[Metric]:
    """Nothing if reports have no replica."""
    if facts is None:
        return []
    used = _gauge("yichuang_reports_replica_used", "Whether the replica answers reports")
    used.add_metric([], int(facts.is_used))
    lag = _gauge("yichuang_reports_replica_lag_seconds", "How far behind it is, if that is known")
    if facts.lag_seconds is not None:
        lag.add_metric([], facts.lag_seconds)
    return [used, lag]


def _queues(session: Session, at: datetime) -> list[Metric]:
    depth = _gauge("yichuang_queue_depth", "Entries that wait, by department", "department")
    late = _gauge("yichuang_queue_late", "Of these, past their limit", "department")
    age = _gauge("yichuang_queue_oldest_age_seconds", "Age of the oldest entry", "department")
    for queue in operations.queues(session, at):
        depth.add_metric([queue.code], queue.count)
        late.add_metric([queue.code], queue.late)
        age.add_metric([queue.code], queue.oldest_age(at).total_seconds())
    return [depth, late, age]


def _jobs(session: Session, at: datetime) -> list[Metric]:
    count = _gauge("yichuang_jobs", "Jobs that are not done, by name and state", "job", "state")
    lag = _gauge("yichuang_jobs_oldest_due_seconds", "Since when the oldest job is due", "job")
    for job in operations.jobs(session, at):
        states = {"due": job.waiting, "later": job.later, "running": job.running}
        for state, number in (states | {"dead": job.failed}).items():
            count.add_metric([job.name, state], number)
        lag.add_metric([job.name], job.lag(at).total_seconds())
    return [count, lag]


def _workers(session: Session, at: datetime) -> Metric:
    alive = sum(worker.is_alive(at) for worker in operations.workers(session))
    family = _gauge("yichuang_workers", "Workers that were heard of within a minute")
    family.add_metric([], alive)
    return family


def _gauge(name: str, meaning: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, meaning, labels=labels)
