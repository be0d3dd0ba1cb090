"""Why jobs failed, in words without personal data; which were given up, and which wait."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.orm import Session

from core.errors import DomainError
from core.logs import REQUEST_ID
from core.text import Text
from models.job_failure import JobFailure

MOST_SHOWN = 200
UNREACHABLE = "database_unreachable"
"""The code of `core.database.DatabaseUnreachableError`: no refusal of ours."""
DATABASE, BUSY, REFUSED, TABLES = "database", "busy", "refused_row", "tables"
RULE, FILES, MEMORY, UNKNOWN_NAME = "rule", "files", "memory", "unknown_name"
WORKER_LOST, PROGRAM, UNKNOWN = "worker_lost", "program", "unknown"

REASONS: dict[str, Text] = {
    DATABASE: Text(
        zh="数据库断开或者没有应答。恢复以后再做一次。",
        en="The database broke off or was silent. Once it is back, do it again.",
    ),
    BUSY: Text(
        zh="别的事务正占着同样的行。再做一次。",
        en="Other transactions held the same rows. Do it again.",
    ),
    REFUSED: Text(
        zh="数据库不接受要写的行：与已有的行或者规定的形式不符。请程序维护人员看日志。",
        en="The database refused a row that does not fit the others. Have the maintainers read"
        " the log.",
    ),
    TABLES: Text(
        zh="数据库的表与程序版本不符。请先运行迁移，再做一次。",
        en="The tables do not fit the program. Migrate first, then do it again.",
    ),
    RULE: Text(
        zh="业务规则不允许这样做。先看清办件的现状，多半可以丢弃。",
        en="A rule of the service forbids it. Look how things stand; it can probably be dropped.",
    ),
    FILES: Text(
        zh="读写文件失败。请检查磁盘空间和权限，再做一次。",
        en="A file could not be read or written. Check disk and rights, then do it again.",
    ),
    MEMORY: Text(zh="内存不够。", en="There was not enough memory."),
    UNKNOWN_NAME: Text(
        zh="没有一个进程认识这个任务。请把所有机器升级到同一版本，再做一次。",
        en="No worker knows this job. Bring every machine to the same version, then do it again.",
    ),
    WORKER_LOST: Text(
        zh="每次做到一半，进程就被杀死或者失去联系。请检查内存和机器。",
        en="Each time the worker was killed or lost on the way. Check memory and machine.",
    ),
    PROGRAM: Text(
        zh="程序出错。请程序维护人员按任务编号看日志，改好以后再做一次。",
        en="The program is at fault. Have the maintainers find the job's number in the log; once"
        " mended, do it again.",
    ),
    UNKNOWN: Text(zh="没有记下原因。", en="The reason was not kept."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedJob:
    """A job whose last attempt failed: given up, or to be tried again."""

    id: int
    name: str
    arguments: tuple[tuple[str, str], ...]
    """Ids and codes only, by name."""
    request_id: str | None
    """Under which the log tells of the request that it follows from."""
    attempts: int
    reason: Text
    error_class: str | None
    failed_at: datetime | None
    next_at: datetime | None
    """When it is tried again; None if it was given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedName:
    """The jobs of one name that failed."""

    name: str
    given_up: int
    retrying: int
    oldest_at: datetime | None
    """When the first of those given up failed."""


def reason_of(error: BaseException) -> str:
    """The code of what kind of failure an error is; never what it says, which may name people."""
    if isinstance(error, DomainError):
        return DATABASE if error.code == UNREACHABLE else RULE
    for kinds, code in _KINDS:
        if isinstance(error, kinds):
            return code
    return PROGRAM


_KINDS: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((OperationalError,), BUSY),
    ((IntegrityError, DataError), REFUSED),
    ((ProgrammingError,), TABLES),
    ((DBAPIError,), DATABASE),
    ((MemoryError,), MEMORY),
    ((OSError,), FILES),
)


def note(session: Session, job_id: int, reason_code: str, error_class: str, at: datetime) -> None:
    """Keep why the last attempt of a job failed, instead of why the one before did."""
    row = {"reason_code": reason_code, "error_class": error_class, "failed_at": at}
    session.execute(
        insert(JobFailure)
        .values(job_id=job_id, **row)
        .on_conflict_do_update(index_elements=[JobFailure.job_id], set_=row)
    )


def forget(session: Session, job_id: int) -> None:
    """A job that was done at last: its failures are no longer of interest."""
    session.execute(delete(JobFailure).where(JobFailure.job_id == job_id))


def forget_settled(session: Session) -> int:
    """Forget failures of jobs that are done, dropped or gone; how many. Again: none."""
    return len(session.execute(text(_FORGET_SETTLED)).all())


def names(session: Session) -> tuple[FailedName, ...]:
    """Every name with failed jobs, those with most given up first."""
    return tuple(
        FailedName(
            name=row.task_name,
            given_up=row.given_up,
            retrying=row.retrying,
            oldest_at=row.oldest_at,
        )
        for row in session.execute(text(_NAMES))
    )


def of_name(session: Session, name: str) -> tuple[FailedJob, ...]:
    """Up to `MOST_SHOWN` failed jobs of a name, those given up first and the oldest first."""
    rows = session.execute(text(_OF_NAME), {"name": name, "most": MOST_SHOWN})
    return tuple(_failed(row) for row in rows)


def _failed(row: Any) -> FailedJob:
    arguments: Mapping[str, Any] = row.args
    return FailedJob(
        id=row.id,
        name=row.task_name,
        arguments=tuple(
            (name, _plain(value)) for name, value in arguments.items() if name != REQUEST_ID
        ),
        request_id=arguments.get(REQUEST_ID),
        attempts=row.attempts,
        reason=REASONS.get(row.reason_code or UNKNOWN, REASONS[UNKNOWN]),
        error_class=row.error_class,
        failed_at=row.failed_at,
        next_at=row.scheduled_at if row.status == "todo" else None,
    )


def _plain(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(str(each) for each in value)
    return str(value)


_NAMES = """
SELECT jobs.task_name,
    count(*) FILTER (WHERE jobs.status = 'failed') AS given_up,
    count(*) FILTER (WHERE jobs.status = 'todo') AS retrying,
    min(failures.failed_at) FILTER (WHERE jobs.status = 'failed') AS oldest_at
FROM procrastinate.procrastinate_jobs AS jobs
LEFT JOIN job_failures AS failures ON failures.job_id = jobs.id
WHERE jobs.status = 'failed' OR (jobs.status = 'todo' AND jobs.attempts > 0)
GROUP BY jobs.task_name
ORDER BY given_up DESC, retrying DESC, jobs.task_name
"""

_OF_NAME = """
SELECT jobs.id, jobs.task_name, jobs.args, jobs.attempts, jobs.status::text AS status,
    jobs.scheduled_at, failures.reason_code, failures.error_class, failures.failed_at
FROM procrastinate.procrastinate_jobs AS jobs
LEFT JOIN job_failures AS failures ON failures.job_id = jobs.id
WHERE jobs.task_name = :name
    AND (jobs.status = 'failed' OR (jobs.status = 'todo' AND jobs.attempts > 0))
ORDER BY jobs.status = 'failed' DESC, jobs.id
LIMIT :most
"""

_FORGET_SETTLED = """
DELETE FROM job_failures AS failures
WHERE NOT EXISTS (
    SELECT FROM procrastinate.procrastinate_jobs AS jobs
    WHERE jobs.id = failures.job_id AND jobs.status IN ('todo', 'doing', 'failed')
)
RETURNING failures.job_id
"""
