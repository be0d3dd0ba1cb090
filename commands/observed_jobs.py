"""How each job is told of: one line and one measure, with the id of the request it follows from."""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from procrastinate import JobContext
from procrastinate.worker import Worker

from core import logs, metrics

LOG = logging.getLogger("yichuang.job")
DONE, FAILED = "done", "failed"


async def observe(
    call_next: Callable[[], Awaitable[Any]], context: JobContext, _worker: Worker
) -> Any:
    """Run one attempt. Its arguments lose the id of the request before the body sees them."""
    job = context.job
    request_id = job.task_kwargs.pop(logs.REQUEST_ID, None)
    with logs.on_behalf_of(str(request_id) if request_id else None):
        begun_at = time.perf_counter()
        try:
            result = await call_next()
        except BaseException as error:
            _tell(context, FAILED, begun_at, error)
            raise
        _tell(context, DONE, begun_at)
        return result


def _tell(
    context: JobContext, outcome: str, begun_at: float, error: BaseException | None = None
) -> None:
    job, seconds = context.job, time.perf_counter() - begun_at
    metrics.job_done(job.task_name, outcome, seconds)
    logs.tell(
        LOG,
        logging.INFO if error is None else logging.WARNING,
        "job",
        job=job.task_name,
        job_id=job.id,
        attempt=job.attempts + 1,
        outcome=outcome,
        duration_ms=round(seconds * 1000, 1),
        case=logs.case_of(job.task_kwargs),
        error=type(error).__name__ if error else None,
    )
