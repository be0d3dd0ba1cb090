"""A report written to a path, workbooks included: for the worker and the terminal alone."""

from pathlib import Path

from services import report_writing, report_xlsx
from services.report_tables import ReportFile
from services.report_writing import Counted, FileFormat, Wanted


def write(report: ReportFile, wanted: Wanted, path: Path) -> int:
    """Write the file; the number of rows in it. Raises `NotFoundError` for an unknown table."""
    with Counted(report) as counted:
        if wanted.format is FileFormat.XLSX:
            report_xlsx.write(counted.report, path, wanted.language)
        else:
            with path.open("wb") as file:
                for piece in report_writing.pieces(counted.report, wanted):
                    file.write(piece)
    return counted.rows
