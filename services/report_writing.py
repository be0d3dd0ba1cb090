"""A report becomes a file of one of three formats, row by row.

What the web answers at once is written here; workbooks are written by `report_files`, which only
the worker and the terminal know.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from core.text import Text
from services import report_csv, report_json, report_names, reports
from services.report_tables import ReportFile, ReportTable, Row

ENCODING = "utf-8"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What kind of file is wanted of a report."""

    format: FileFormat
    language: str
    table_code: str | None = None
    """The table of a CSV file; without one the report's first."""


@dataclass(slots=True)
class Counted:
    """A report that counts its rows while they are read.

    At the end of a ``with`` block rows that come straight from the database are let go, whether
    all of them were read or not.
    """

    source: ReportFile
    rows: int = field(default=0, init=False)
    report: ReportFile = field(init=False)

    def __post_init__(self) -> None:
        tables = tuple(self._counted(table) for table in self.source.tables)
        self.report = replace(self.source, tables=tables)

    def __enter__(self) -> "Counted":
        return self

    def __exit__(self, *_failure: object) -> None:
        for table in self.source.tables:
            if isinstance(table.rows, Generator):
                table.rows.close()

    def _counted(self, table: ReportTable) -> ReportTable:
        return replace(table, rows=self._through(table))

    def _through(self, table: ReportTable) -> Iterator[Row]:
        for row in table.rows:
            self.rows += 1
            yield row


def pieces(report: ReportFile, wanted: Wanted) -> Iterator[bytes]:
    """A CSV or JSON file, piece by piece. Raises `NotFoundError` for a table that is not there."""
    if wanted.format is FileFormat.CSV:
        table = reports.one_table(report, wanted.table_code)
        found = report_csv.lines(table, wanted.language)
    else:
        found = report_json.pieces(report)
    return (piece.encode(ENCODING) for piece in found)


def file_name(report: ReportFile, wanted: Wanted, language: str | None = None) -> str:
    """What the file is called, in the language that is wanted or in this one."""
    table = None
    if wanted.format is FileFormat.CSV:
        table = reports.one_table(report, wanted.table_code)
    return report_names.file_name(report, wanted.format, language or wanted.language, table)
