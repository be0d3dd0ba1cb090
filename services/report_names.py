"""What a report's file is called: report, table, period, and whether it holds synthetic rows."""

import re
from collections.abc import Mapping

from core.clock import CIVIL_ZONE
from core.text import ENGLISH, Text
from services.file_names import cleaned
from services.report_tables import ReportFile, ReportTable

SYNTHETIC = Text(zh="合成", en="synthetic")
BETWEEN = Text(zh="{first}至{last}", en="{first}-to-{last}")
SINCE = Text(zh="{first}起", en="from-{first}")
UNTIL = Text(zh="至{last}", en="to-{last}")
AS_OF = Text(zh="截至{day}", en="as-of-{day}")
UNFIT = re.compile(r"[\\/:*?\"<>|\s]+")
"""What some system does not allow in a name, and spaces."""


def file_name(
    report: ReportFile, ending: str, locale: str, table: ReportTable | None = None
) -> str:
    """The name in the reader's language; with ``table`` the name of a file of one table."""
    parts = [
        report.title,
        *([table.title] if table and len(report.tables) > 1 else []),
        *_period(report.filters_document),
        AS_OF.format(day=report.as_of.astimezone(CIVIL_ZONE).date().isoformat()),
        *([SYNTHETIC] if report.holds_synthetic else []),
    ]
    stem = "-".join(UNFIT.sub("-", part.to(locale)).strip("-") for part in parts)
    if locale == ENGLISH:
        stem = stem.lower()
    return f"{cleaned(stem)}.{ending}"


def _period(asked: Mapping[str, object]) -> list[Text]:
    first, last = asked.get("from_on"), asked.get("to_on")
    if first and last:
        return [BETWEEN.format(first=first, last=last)]
    if first:
        return [SINCE.format(first=first)]
    return [UNTIL.format(last=last)] if last else []
