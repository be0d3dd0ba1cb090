"""A report becomes a file of one of three formats: the same for the web, the worker, a terminal.

Workbooks are written by another module, which only the worker and the terminal know.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from core.text import Text
from services import report_csv, report_json
from services.report_tables import ReportFile, ReportTable, Row


class FileFormat(StrEnum):
    """What kind of file."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


FORMATS = {
    FileFormat.XLSX: Text(zh="Excel 工作簿（XLSX）", en="Excel workbook (XLSX)"),
    FileFormat.CSV: Text(zh="CSV 表格", en="CSV table"),
    FileFormat.JSON: Text(zh="JSON 数据", en="JSON data"),
}
MEDIA_TYPES = {
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.CSV: report_csv.MEDIA_TYPE,
    FileFormat.JSON: report_json.MEDIA_TYPE,
}


@dataclass
class Counter:
    """How many rows went by."""

    rows: int = 0

    def through(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The same rows, counted."""
        for row in rows:
            self.rows += 1
            yield row


def counted(report: ReportFile, counter: Counter) -> ReportFile:
    """The same report; ``counter`` knows how many rows were read from it."""
    tables = tuple(_counted(table, counter) for table in report.tables)
    return replace(report, tables=tables)


def _counted(table: ReportTable, counter: Counter) -> ReportTable:
    return replace(table, rows=counter.through(iter(table.rows)))
