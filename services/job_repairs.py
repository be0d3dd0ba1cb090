"""What operators do about jobs that were given up: have them done again, or drop them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import NotPermittedError, Problem, RuleViolatedError
from core.text import Text
from models.base import new_id
from models.job_failure import JobRepair
from models.person import Person
from workflows.permissions import Actor, Permission

MOST_REASON = 500
MOST_AT_ONCE = 10_000
LONGEST_LIST = 50
MOST_DIGITS = 18

NOT_YOURS = Text(zh="您没有修复后台任务的权限。", en="You may not repair background jobs.")
NO_REASON = Text(zh="请写明理由，会记入记录。", en="Give the reason; it is kept on record.")
REASON_TOO_LONG = Text(
    zh="请把理由控制在 500 字以内。", en="Keep the reason within 500 characters."
)
NOTHING_CHOSEN = Text(
    zh="请勾选要处理的任务，或者选择全部。",
    en="Tick the jobs that you mean, or choose all of them.",
)


class Act(StrEnum):
    """What is done about a job."""

    AGAIN = "again"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What an operator decided about failed jobs of one name."""

    name: str
    act: Act
    job_ids: frozenset[int] | None
    """Which of them; None for all that have failed."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """One act on one job, as the record tells it."""

    job_id: int
    act: Act
    reason: str
    name: str | None
    """Whose act it was."""
    repaired_at: datetime
    attempts: int


def repair(session: Session, actor: Actor, wanted: Repair, at: datetime) -> int:
    """Do it, and record each job with who, when and why; how many there were.

    Those that are not given up any more, since somebody was faster, are passed over. A job that
    would wait beside another of its kind is dropped, because the other does all that it would.
    Raises `NotPermittedError` and `RuleViolatedError`.
    """
    if not actor.has(Permission.OPERATIONS_REPAIR):
        raise NotPermittedError(NOT_YOURS)
    _check(wanted)
    found = session.execute(
        text(_FAILED),
        {
            "name": wanted.name,
            "every": wanted.job_ids is None,
            "ids": sorted(wanted.job_ids or ()),
            "most": MOST_AT_ONCE,
        },
    ).all()
    if not found:
        return 0
    ids = [row.id for row in found]
    if wanted.act is Act.AGAIN:
        _have_done_again(session, ids, at)
    session.execute(text(_DROP), {"ids": ids})
    session.execute(insert(JobRepair), [_record(actor, wanted, row, at) for row in found])
    return len(found)


def _have_done_again(session: Session, ids: list[int], at: datetime) -> None:
    try:
        with session.begin_nested():
            session.execute(text(_AGAIN), {"ids": ids, "at": at})
    except IntegrityError:  # the clock enqueued another of its kind just then: now it is seen
        session.execute(text(_AGAIN), {"ids": ids, "at": at})


def record(session: Session, name: str) -> tuple[Repaired, ...]:
    """What was done about jobs of a name, the newest first."""
    rows = session.execute(
        select(JobRepair, Person.name)
        .outerjoin(Person, Person.id == JobRepair.person_id)
        .where(JobRepair.task_name == name)
        .order_by(JobRepair.repaired_at.desc(), JobRepair.job_id)
        .limit(LONGEST_LIST)
    )
    return tuple(
        Repaired(
            job_id=row.job_id,
            act=Act(row.act),
            reason=row.reason,
            name=name,
            repaired_at=row.repaired_at,
            attempts=row.attempts,
        )
        for row, name in rows
    )


def _check(wanted: Repair) -> None:
    problems = []
    if wanted.job_ids is not None and not wanted.job_ids:
        problems.append(Problem("jobs", NOTHING_CHOSEN))
    if not wanted.reason.strip():
        problems.append(Problem("reason", NO_REASON))
    elif len(wanted.reason) > MOST_REASON:
        problems.append(Problem("reason", REASON_TOO_LONG))
    if problems:
        raise RuleViolatedError(tuple(problems))


def _record(actor: Actor, wanted: Repair, row: Any, at: datetime) -> dict[str, object]:
    return {
        "id": new_id(),
        "job_id": row.id,
        "task_name": wanted.name,
        "act": wanted.act.value,
        "reason": wanted.reason.strip(),
        "person_id": actor.id,
        "repaired_at": at,
        "reason_code": row.reason_code,
        "attempts": row.attempts,
    }


# Jobs with a queueing lock are those that come again by themselves: only one of a kind may wait.
_FAILED = """
SELECT jobs.id, jobs.attempts, failures.reason_code
FROM procrastinate.procrastinate_jobs AS jobs
LEFT JOIN job_failures AS failures ON failures.job_id = jobs.id
WHERE jobs.task_name = :name AND jobs.status = 'failed' AND (:every OR jobs.id = ANY(:ids))
ORDER BY jobs.id
LIMIT :most
FOR UPDATE OF jobs
"""

_AGAIN = """
UPDATE procrastinate.procrastinate_jobs AS jobs
SET status = 'todo', attempts = 0, scheduled_at = :at
WHERE jobs.id = ANY(:ids) AND (
    jobs.queueing_lock IS NULL
    OR (
        jobs.id = (
            SELECT max(alike.id) FROM procrastinate.procrastinate_jobs AS alike
            WHERE alike.id = ANY(:ids) AND alike.queueing_lock = jobs.queueing_lock
        )
        AND NOT EXISTS (
            SELECT FROM procrastinate.procrastinate_jobs AS waiting
            WHERE waiting.queueing_lock = jobs.queueing_lock AND waiting.status = 'todo'
        )
    )
)
"""

_DROP = """
UPDATE procrastinate.procrastinate_jobs SET status = 'cancelled'
WHERE id = ANY(:ids) AND status = 'failed'
"""


def is_name(session: Session, name: str) -> bool:
    """Whether jobs of this name have failed, or were repaired: whether it has a page."""
    return bool(session.execute(text(_IS_NAME), {"name": name}).scalar_one())


_IS_NAME = """
SELECT EXISTS (
    SELECT FROM procrastinate.procrastinate_jobs
    WHERE task_name = :name
        AND (status = 'failed' OR (status = 'todo' AND attempts > 0))
) OR EXISTS (SELECT FROM job_repairs WHERE task_name = :name)
"""


def chosen(ids: Collection[str]) -> frozenset[int]:
    """The numbers among what was ticked; anything else is nobody's job."""
    return frozenset(
        int(each) for each in ids if each.isascii() and each.isdigit() and len(each) <= MOST_DIGITS
    )
