"""A whole report as a workbook: a first sheet that explains it, then one sheet a table.

Written by the worker alone (design 7). Words are always words, never formulas or links; amounts
are yuan with two decimals, days and instants real dates in Beijing time. The same report gives
the same bytes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from core.text import Text
from services import report_cells, report_cover
from services.report_cells import heading, words
from services.report_cover import Line
from services.report_tables import Column, ColumnKind, ReportFile, ReportTable, Row, Value

ROWS_A_SHEET = 1_000_000
"""A sheet holds 1,048,576 rows; a longer table goes on on the next."""
LONGEST_CELL = 32_767
LONGEST_SHEET_NAME = 31
NARROWEST, WIDEST = 8, 60
SECONDS_A_DAY = 86_400
UNFIT = re.compile(r"[\[\]:*?/\\']")
STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
COVER = Text(zh="说明", en="About")
HEAD_COLOUR, SYNTHETIC_COLOUR = "#12564F", "#B45309"
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
NUMBER_FORMATS = {
    ColumnKind.TEXT: "@",
    ColumnKind.CODE: "@",
    ColumnKind.COUNT: "#,##0",
    ColumnKind.FEN: "#,##0.00",
    ColumnKind.QUANTITY: "#,##0.##",
    ColumnKind.DAY: "yyyy-mm-dd",
    ColumnKind.INSTANT: "yyyy-mm-dd hh:mm:ss",
    ColumnKind.SECONDS: "[h]:mm:ss",
    ColumnKind.SHARE: "0.0%",
}
WIDTHS = {ColumnKind.DAY: 12, ColumnKind.INSTANT: 20}


@dataclass
class _Sheet:
    """A sheet while it is filled, and how wide its columns must be."""

    page: Worksheet
    columns: tuple[Column, ...]
    widths: list[int] = field(default_factory=list)

    def widen(self, place: int, width: int) -> None:
        self.widths[place] = max(self.widths[place], min(width, WIDEST))


def write(report: ReportFile, path: Path, locale: str) -> None:
    """Write the workbook to ``path``."""
    with Workbook(str(path), OPTIONS) as book:
        book.set_properties(
            {"title": report.title.to(locale), "created": report_cells.beijing(report.as_of)}
        )
        writer = _Writer(book, report, locale)
        writer.cover()
        for table in report.tables:
            writer.table(table)


class _Writer:
    """One workbook while it is written."""

    def __init__(self, book: Workbook, report: ReportFile, locale: str) -> None:
        self._book, self._report, self._locale = book, report, locale
        self._names: set[str] = set()
        self._formats = {
            kind: book.add_format({"num_format": form, "valign": "top"})
            for kind, form in NUMBER_FORMATS.items()
        }
        self._whole = book.add_format({"num_format": "#,##0", "valign": "top"})
        self._head = book.add_format(
            {"bold": True, "font_color": "#FFFFFF", "bg_color": HEAD_COLOUR, "text_wrap": True}
        )
        self._styles = {
            "title": book.add_format({"bold": True, "font_size": 16}),
            "heading": book.add_format({"bold": True, "font_size": 12, "bottom": 1}),
            "warning": book.add_format(
                {"bold": True, "font_color": "#FFFFFF", "bg_color": SYNTHETIC_COLOUR}
            ),
            "line": book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
        }

    def cover(self) -> None:
        """The first sheet: what this is, what was asked, what each figure means."""
        page = self._page(COVER.to(self._locale))
        page.set_column(0, 0, 26)
        page.set_column(1, 1, 96)
        for number, line in enumerate(report_cover.lines(self._report)):
            self._cover_line(page, number, line)

    def _cover_line(self, page: Worksheet, number: int, line: Line) -> None:
        style = self._styles[line.style]
        page.write_string(number, 0, _fit(line.label.to(self._locale)), style)
        if line.text is not None:
            page.write_string(number, 1, _fit(line.text.to(self._locale)), style)

    def table(self, table: ReportTable) -> None:
        """One table on a sheet, or on several if it is longer than a sheet."""
        title, rows = table.title.to(self._locale), iter(table.rows)
        self._fill(self._sheet(title, table), islice(rows, ROWS_A_SHEET))
        while (first := next(rows, None)) is not None:
            part = chain((first,), islice(rows, ROWS_A_SHEET - 1))
            self._fill(self._sheet(title, table), part)

    def _sheet(self, title: str, table: ReportTable) -> _Sheet:
        page = self._page(title)
        page.freeze_panes(1, 0)
        sheet = _Sheet(page, table.columns, [NARROWEST] * len(table.columns))
        for place, column in enumerate(table.columns):
            text = heading(column, self._locale)
            page.write_string(0, place, _fit(text), self._head)
            sheet.widen(place, max(_width(text) + 4, WIDTHS.get(column.kind, 0)))
        return sheet

    def _fill(self, sheet: _Sheet, rows: Iterator[Row]) -> None:
        number = 0
        for number, row in enumerate(rows, 1):
            for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
                if value is not None:
                    width = self._cell(sheet.page, (number, place), column.kind, value)
                    sheet.widen(place, width + 2)
        for place, width in enumerate(sheet.widths):
            sheet.page.set_column(place, place, width)
        sheet.page.autofilter(0, 0, number, len(sheet.columns) - 1)

    def _cell(self, page: Worksheet, place: tuple[int, int], kind: ColumnKind, value: Value) -> int:
        """Write one cell; how wide it is."""
        style = self._formats[kind]
        if kind in {ColumnKind.TEXT, ColumnKind.CODE}:
            text = _fit(words(value, self._locale))
            page.write_string(*place, text, style)
            return _width(text)
        if kind is ColumnKind.DAY:
            page.write_datetime(*place, report_cells.day(value), style)
            return WIDTHS[kind]
        if kind is ColumnKind.INSTANT:
            page.write_datetime(*place, report_cells.beijing(value), style)
            return WIDTHS[kind]
        return self._number(page, place, kind, value)

    def _number(
        self, page: Worksheet, place: tuple[int, int], kind: ColumnKind, value: Value
    ) -> int:
        style = self._formats[kind]
        if kind is ColumnKind.FEN:
            amount = report_cells.yuan(value)
            page.write_number(*place, amount, style)
            return len(f"{amount:,}")
        found = report_cells.number(value)
        if kind is ColumnKind.SECONDS:
            page.write_number(*place, found / SECONDS_A_DAY, style)
            return len("000:00:00")
        if kind is ColumnKind.QUANTITY and found == int(found):
            style = self._whole
        page.write_number(*place, found, style)
        return len(f"{found:,}") if kind is not ColumnKind.SHARE else NARROWEST

    def _page(self, title: str) -> Worksheet:
        page = self._book.add_worksheet(self._name(title))
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        if self._report.holds_synthetic:
            page.set_tab_color(SYNTHETIC_COLOUR)
            page.set_header(f"&C{report_cover.SYNTHETIC.to(self._locale)}")
        page.set_footer("&C&P / &N")
        return page

    def _name(self, title: str) -> str:
        """A name for a sheet that no other has, in signs that spreadsheet programs allow."""
        plain = UNFIT.sub(" ", title).strip() or COVER.to(self._locale)
        for number in range(1, 1000):
            ending = f" ({number})" if number > 1 else ""
            name = plain[: LONGEST_SHEET_NAME - len(ending)] + ending
            if name.lower() not in self._names:
                break
        self._names.add(name.lower())
        return name


def _fit(text: str) -> str:
    """What a cell can hold: no signs that steer a terminal, and not more than there is room."""
    plain = STEERING.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return plain if len(plain) <= LONGEST_CELL else f"{plain[: LONGEST_CELL - 1]}…"


def _width(text: str) -> int:
    """How many columns of digits the longest line of a text takes: Chinese signs take two."""
    lines = text.splitlines() or [""]
    return max(sum(1 if sign.isascii() else 2 for sign in line) for line in lines)
