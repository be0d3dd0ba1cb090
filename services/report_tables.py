"""A report as tables, before anybody decides whether it becomes a page, CSV, XLSX or JSON.

Each report's own module fills these; the writers (`report_csv`, `report_json`, `report_xlsx`) read
them. Amounts stay whole fen and instants stay instants: how they are shown is the writer's affair.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from core.text import Text

ORIGIN = "origin"
"""The column that says of each row whether its cases are real; every table has it."""


class ColumnKind(StrEnum):
    """What the values of a column are, and so how each writer puts them down."""

    TEXT = "text"
    """Words: `str`, `Text` or `Labelled`."""
    CODE = "code"
    """A code, number or id that nobody calculates with: `str` or `UUID`."""
    COUNT = "count"
    """How many: `int`."""
    FEN = "fen"
    """Money in whole fen: `int`. Files for people show yuan with two decimals."""
    QUANTITY = "quantity"
    """Minutes, trips, pages: `int` or `Decimal`."""
    DAY = "day"
    """A Beijing day: `date`."""
    INSTANT = "instant"
    """An aware `datetime`; shown in Beijing time."""
    SECONDS = "seconds"
    """A length of time in seconds: `int`, `float` or `Decimal`."""
    SHARE = "share"
    """A part of a whole from 0 to 1: `Fraction`, `Decimal` or `float`. Shown as a percentage."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value with a stable code and its words: machines read the one, people the other."""

    code: str
    label: Text


Value = str | int | float | Decimal | Fraction | date | datetime | UUID | Text | Labelled | None
"""One cell; None is an empty one."""
Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. The label names no unit: the writers add 元 and the like."""

    code: str
    """Stable: the key in JSON."""
    label: Text
    kind: ColumnKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTable:
    """One table. ``rows`` that come straight from the database can be read once only."""

    code: str
    """Stable and short: the key in JSON, the name in addresses."""
    title: Text
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is told beside the tables: a filter, a definition, a parameter."""

    code: str
    label: Text
    text: Text


@dataclass(frozen=True, slots=True)
class Checksum:
    """The SHA-256 (hexadecimal) of the rows that something rests on, and how many they are."""

    code: str
    label: Text
    sha256: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFile:
    """A whole report: what was asked, what the figures mean, and its tables."""

    code: str
    """As the registry of reports knows it: ``savings``, ``entries``, ``times``, ``rates``."""
    title: Text
    as_of: datetime
    filters_document: Mapping[str, object]
    """What was asked for, for machines."""
    filters: tuple[Fact, ...] = ()
    """The same in words."""
    notes: tuple[Fact, ...] = ()
    """What each figure means and how it is counted."""
    parameters: tuple[Fact, ...] = ()
    """What figures were reckoned with: prices, baselines, versions, with source and date."""
    checksums: tuple[Checksum, ...] = ()
    tables: tuple[ReportTable, ...]
    holds_synthetic: bool
    """True if any row rests on synthetic cases: then file name and first page say so."""

    def table(self, code: str) -> ReportTable | None:
        """The table called ``code``, if there is one."""
        return next((table for table in self.tables if table.code == code), None)
