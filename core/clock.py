"""The one clock. The edge reads it once per transaction and passes the instant on as ``at``."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

CIVIL_ZONE = ZoneInfo("Asia/Shanghai")
"""Legal days and office hours are those of Beijing time, wherever the server stands."""


def now() -> datetime:
    """The present instant in UTC, with microseconds."""
    return datetime.now(UTC)
