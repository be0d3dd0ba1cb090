"""The working calendar that comes with the program: 2024 to 2026, as the State Council set it."""

import csv
from datetime import date, time
from functools import cache
from pathlib import Path

from core.text import Text
from workflows.calendar import WorkingCalendar

FILE = Path(__file__).parent / "data" / "working_days.csv"
FIRST_YEAR, LAST_YEAR = 2024, 2026
VERSION = "2024-2026.1"


@cache
def calendar() -> WorkingCalendar:
    """The calendar of the file, with office hours 9:00 to 18:00."""
    lines = FILE.read_text(encoding="utf-8").splitlines()[1:]
    return WorkingCalendar.from_rows(
        version=VERSION,
        years=(FIRST_YEAR, LAST_YEAR),
        hours=(time(9, 0), time(18, 0)),
        days=[
            (
                date.fromisoformat(row["day"]),
                row["is_working_day"] == "yes",
                Text(zh=row["name_zh"], en=row["name_en"]),
                row["source"],
            )
            for row in csv.DictReader(lines)
        ],
    )
