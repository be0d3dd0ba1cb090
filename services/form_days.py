"""The day on which the law judges a form: that of its application, once it was accepted."""

from datetime import date, datetime

from core.clock import CIVIL_ZONE


def form_day(accepted_at: datetime | None, submitted_at: datetime | None, at: datetime) -> date:
    """The civil day that rules of the form call today.

    Before acceptance it is the day of ``at``. What is mended or brought afterwards belongs to the
    application as it was made: a day that lay ahead then need not lie ahead for ever.
    """
    return form_instant(accepted_at, submitted_at, at).astimezone(CIVIL_ZONE).date()


def form_instant(
    accepted_at: datetime | None, submitted_at: datetime | None, at: datetime
) -> datetime:
    """The instant in that day at which a form is judged: that of its last submission, or now."""
    return submitted_at if accepted_at is not None and submitted_at is not None else at
