"""One table of a report as CSV: RFC 4180, UTF-8 with a mark for spreadsheet programs.

Numbers stay numbers. Words that a spreadsheet program would take for a formula get an apostrophe
in front, which these programs show as plain text.
"""

import csv
from collections.abc import Callable, Iterator, Mapping

from services import report_cells
from services.report_cells import SECONDS_UNIT, heading, words
from services.report_tables import Column, ColumnKind, ReportTable, Value

MEDIA_TYPE = "text/csv"
BYTE_ORDER_MARK = "\ufeff"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What begins a formula, full-width forms included, or is stripped away before one."""


class _Line:
    """Takes one line from the csv module and hands it on."""

    text = ""

    def write(self, text: str) -> None:
        """Take the line."""
        self.text = text


def lines(table: ReportTable, locale: str) -> Iterator[str]:
    """The file line by line: however many rows there are, one is held at a time."""
    line = _Line()
    writer = csv.writer(line, lineterminator="\r\n")
    writer.writerow([harmless(_heading(column, locale)) for column in table.columns])
    yield BYTE_ORDER_MARK + line.text
    writers = [WRITERS.get(column.kind, _number) for column in table.columns]
    for row in table.rows:
        pairs = zip(writers, row, strict=True)
        writer.writerow(["" if value is None else write(value, locale) for write, value in pairs])
        yield line.text


def harmless(text: str) -> str:
    """``text`` as it is, or with an apostrophe if a spreadsheet program would calculate it."""
    return f"'{text}" if text.lstrip(" \u00a0\u3000").startswith(DANGEROUS) else text


def _heading(column: Column, locale: str) -> str:
    unit = SECONDS_UNIT.to(locale) if column.kind is ColumnKind.SECONDS else ""
    return heading(column, locale) + unit


def _text(value: Value, locale: str) -> str:
    return harmless(words(value, locale))


def _yuan(value: Value, _locale: str) -> str:
    return str(report_cells.yuan(value))


def _day(value: Value, _locale: str) -> str:
    return report_cells.day(value).isoformat()


def _instant(value: Value, _locale: str) -> str:
    return report_cells.beijing(value).isoformat(sep=" ")


def _number(value: Value, _locale: str) -> str:
    return str(report_cells.number(value))


WRITERS: Mapping[ColumnKind, Callable[[Value, str], str]] = {
    ColumnKind.TEXT: _text,
    ColumnKind.CODE: _text,
    ColumnKind.FEN: _yuan,
    ColumnKind.DAY: _day,
    ColumnKind.INSTANT: _instant,
}
"""How the cells of each kind are written; what is not here is a number."""
