"""The day on which the law judges a form: that of its application, once it was accepted."""

from datetime import date, datetime

from core.clock import CIVIL_ZONE


def form_day(accepted_at: datetime | None, submitted_at: datetime | None, at: datetime) -> date:
    """The civil day that rules of the form call today.

    Before acceptance it is the day of ``at``. What is mended or brought afterwards belongs to the
    application as it was made: a day that lay ahead then need not lie ahead for ever.
    """
    judged_at = submitted_at if accepted_at is not None and submitted_at is not None else at
    return judged_at.astimezone(CIVIL_ZONE).date()
