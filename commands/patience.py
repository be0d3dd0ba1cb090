"""How often every job is tried, and how long is waited in between: one policy for all."""

import random
from datetime import timedelta

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from core.clock import now

ATTEMPTS = 9
FACTOR = 4
LONGEST_WAIT = timedelta(hours=12)
LONGEST_OF_PERIODIC = timedelta(minutes=1)
SPREAD = 0.2


class Patience(BaseRetryStrategy):
    """Try ``attempts`` times: after 4 s, 16 s, 64 s and so on, up to twelve hours.

    A restart of the database takes seconds, a repair hours: nine attempts reach over a night. Waits
    differ by a fifth, so that a thousand jobs that failed together do not come back together.
    A job that comes again by itself waits a minute at most, since none of its kind is enqueued
    while it waits.
    """

    def __init__(self, attempts: int = ATTEMPTS) -> None:
        self.attempts = attempts

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; None after the last attempt, whatever went wrong."""
        del exception
        if job.attempts + 1 >= self.attempts:
            return None
        return RetryDecision(retry_at=now() + self.wait(job))

    def wait(self, job: Job) -> timedelta:
        """How long to wait after this attempt."""
        longest = LONGEST_OF_PERIODIC if job.queueing_lock else LONGEST_WAIT
        seconds = min(float(FACTOR ** (job.attempts + 1)), longest.total_seconds())
        return timedelta(seconds=seconds * random.uniform(1 - SPREAD, 1))  # noqa: S311


PATIENCE = Patience()
