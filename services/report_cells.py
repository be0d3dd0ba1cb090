"""What the writers of report files share: headings with their unit, words, and money as yuan."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from core.clock import CIVIL_ZONE
from core.text import Text
from services.report_tables import Column, ColumnKind, Labelled, Value

UNITS = {
    ColumnKind.FEN: Text(zh="（元）", en=" (yuan)"),
    ColumnKind.INSTANT: Text(zh="（北京时间）", en=" (Beijing time)"),
}
SECONDS_UNIT = Text(zh="（秒）", en=" (seconds)")
"""Of files that have no lengths of time of their own."""
CENT = Decimal("0.01")
Number = int | float | Decimal


def heading(column: Column, locale: str) -> str:
    """The heading of a column with the unit in which files for people show it."""
    unit = UNITS.get(column.kind)
    return column.label.to(locale) + (unit.to(locale) if unit else "")


def words(value: Value, locale: str) -> str:
    """A cell of words or codes in the reader's language; an empty one is the empty text."""
    if isinstance(value, Text):
        return value.to(locale)
    if isinstance(value, Labelled):
        return value.label.to(locale)
    return "" if value is None else str(value)


def number(value: Value) -> Number:
    """A cell that is calculated with; a fraction as near as can be.

    Raises `TypeError` for anything else.
    """
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return value
    raise TypeError(f"not a number: {type(value).__name__}")


def yuan(value: Value) -> Decimal:
    """Whole fen as yuan with exactly two decimals. Raises `TypeError` for anything but `int`."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"not whole fen: {type(value).__name__}")
    return (Decimal(value) / 100).quantize(CENT)


def day(value: Value) -> date:
    """A cell that is a day. Raises `TypeError` for anything else."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise TypeError(f"not a day: {type(value).__name__}")


def beijing(value: Value) -> datetime:
    """An instant as a clock in Beijing shows it, to the second. Raises `TypeError` otherwise."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(CIVIL_ZONE).replace(tzinfo=None, microsecond=0)
    raise TypeError(f"not an instant: {type(value).__name__}")


def machine(value: Value) -> object:
    """A cell of words or codes for a machine: both languages, and the code if there is one."""
    if isinstance(value, Text):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, Labelled):
        return {"code": value.code, "zh": value.label.zh, "en": value.label.en}
    return str(value) if isinstance(value, UUID) else value
