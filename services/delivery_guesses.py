"""A brake on guessing delivery codes: six digits alone would not stop who is paid per delivery."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from services import attempts
from services.attempts import Limit
from services.queue import TaskKey
from services.task_steps import Step

FIELD: Final = "delivery_code"
"""The input of a step that must not be guessed."""
LIMIT: Final = Limit("delivery_code", 10, timedelta(hours=1))
"""Per order: at this pace a million codes take years."""


def reserve(
    session: Session, step: Step, task: TaskKey, secret: str, at: datetime
) -> tuple[UUID, ...]:
    """Count one try if ``step`` asks for a delivery code; give the ids back if it was right.

    Raises `TooManyAttemptsError` with the waiting time once the order has had too many.
    """
    if FIELD not in {field.code for field in step.inputs}:
        return ()
    order = f"{task.key.district_code}/{task.key.case_id}/{task.item_code}"
    return attempts.reserve(session, [attempts.meter(LIMIT, order, secret)], at)
