"""The one clock. The edge reads it once per transaction and passes the instant on as ``at``."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

CIVIL_ZONE = ZoneInfo("Asia/Shanghai")
"""Legal days and office hours are those of Beijing time, wherever the server stands."""

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""As English pages write them."""


def now() -> datetime:
    """The present instant in UTC, with microseconds."""
    return datetime.now(UTC)
