"""What operators look at: queues, jobs and workers as numbers, never a case and never a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from catalog import registry
from core.districts import across_districts
from core.text import Text
from models.task import QueueEntry

REASON = "how much waits, for operators"
MAKERS = "makers"
MAKERS_LABEL = Text(zh="刻章企业", en="Seal makers")
SILENT = timedelta(seconds=60)
"""A worker that was not heard of for so long is gone; its jobs are given back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDepth:
    """What waits for one department, wherever it is handled."""

    code: str
    label: Text
    count: int
    late: int
    """Of these, so many are past their limit."""
    oldest_at: datetime

    def oldest_age(self, at: datetime) -> timedelta:
        """How long the oldest has waited."""
        return max(at - self.oldest_at, timedelta(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLine:
    """The jobs of one name that are not done."""

    name: str
    waiting: int
    """Due, and not begun."""
    later: int
    """To be done, or tried again, at a later instant."""
    running: int
    failed: int
    """Given up after every attempt."""
    oldest_at: datetime | None
    """Since when the oldest of those that wait is due."""

    def lag(self, at: datetime) -> timedelta:
        """How long the oldest has been due."""
        return max(at - self.oldest_at, timedelta(0)) if self.oldest_at else timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerLine:
    """One worker process, on whichever machine."""

    id: int
    seen_at: datetime
    running: int

    def is_alive(self, at: datetime) -> bool:
        """Whether it was heard of lately."""
        return at - self.seen_at <= SILENT


def queues(session: Session, at: datetime) -> tuple[QueueDepth, ...]:
    """What waits for each department in all districts, the longest queue first.

    Makers are one line: whose orders wait is theirs to know.
    """
    rows = session.execute(
        select(
            QueueEntry.handler_code,
            func.count().label("waiting"),
            func.count().filter(QueueEntry.due_at < at).label("late"),
            func.min(QueueEntry.waiting_since).label("oldest_at"),
        )
        .prefix_with(across_districts(REASON))
        .group_by(QueueEntry.handler_code)
    ).all()
    found: dict[str, QueueDepth] = {}
    for row in rows:
        code, label = _department(row.handler_code)
        before = found.get(code)
        found[code] = QueueDepth(
            code=code,
            label=label,
            count=row.waiting + (before.count if before else 0),
            late=row.late + (before.late if before else 0),
            oldest_at=min(row.oldest_at, before.oldest_at) if before else row.oldest_at,
        )
    return tuple(sorted(found.values(), key=lambda depth: (-depth.count, depth.code)))


def jobs(session: Session, at: datetime) -> tuple[JobLine, ...]:
    """The jobs that wait, run or failed, by name; those that were done are not counted."""
    rows = session.execute(text(_JOBS), {"at": at}).all()
    return tuple(
        JobLine(
            name=row.task_name,
            waiting=row.waiting,
            later=row.later,
            running=row.running,
            failed=row.failed,
            oldest_at=min(filter(None, (row.enqueued_at, row.scheduled_at)), default=None),
        )
        for row in rows
    )


def workers(session: Session) -> tuple[WorkerLine, ...]:
    """The workers that the database knows, those heard of last first."""
    rows = session.execute(text(_WORKERS)).all()
    return tuple(
        WorkerLine(id=row.id, seen_at=row.last_heartbeat, running=row.running) for row in rows
    )


def _department(handler_code: str) -> tuple[str, Text]:
    """What a handler is counted under, and its name."""
    kind, _, code = handler_code.partition(":")
    if kind == "maker":
        return MAKERS, MAKERS_LABEL
    known = registry.catalogue().departments.get(code)
    return code, known.name if known else Text(zh=code, en=code)


# When a job without an instant of its own was enqueued stands in its first event. Of many that
# wait, the one with the lowest number is asked about, so that a long queue costs no more.
_JOBS = """
SELECT counted.*, (
    SELECT min(events.at) FROM procrastinate.procrastinate_events AS events
    WHERE events.job_id = counted.first_id AND events.type = 'deferred'
) AS enqueued_at
FROM (
    SELECT task_name,
        count(*) FILTER (
            WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= :at)
        ) AS waiting,
        count(*) FILTER (WHERE status = 'todo' AND scheduled_at > :at) AS later,
        count(*) FILTER (WHERE status = 'doing') AS running,
        count(*) FILTER (WHERE status = 'failed') AS failed,
        min(id) FILTER (WHERE status = 'todo' AND scheduled_at IS NULL) AS first_id,
        min(scheduled_at) FILTER (WHERE status = 'todo' AND scheduled_at <= :at) AS scheduled_at
    FROM procrastinate.procrastinate_jobs
    WHERE status IN ('todo', 'doing', 'failed')
    GROUP BY task_name
) AS counted
ORDER BY failed DESC, waiting DESC, task_name
"""

_WORKERS = """
SELECT workers.id, workers.last_heartbeat, count(jobs.id) AS running
FROM procrastinate.procrastinate_workers AS workers
LEFT JOIN procrastinate.procrastinate_jobs AS jobs
    ON jobs.worker_id = workers.id AND jobs.status = 'doing'
GROUP BY workers.id, workers.last_heartbeat
ORDER BY workers.last_heartbeat DESC, workers.id
"""
