"""Reads numbers as people type them: sums of money, percentages, whole numbers, dates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.text import Text

FIRST_YEAR = 1900
LAST_YEAR = 2200

_GROUPED = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)"
_MONEY = re.compile(rf"^[¥￥]?\s*({_GROUPED}(?:\.[0-9]+)?)\s*([万亿]?)元?$")
_PERCENT = re.compile(r"^([0-9]{1,5}(?:\.[0-9]+)?)\s*%?$")
_WHOLE = re.compile(rf"^{_GROUPED}$")
_DATE = re.compile(r"^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?$")
_MULTIPLES = {"": 1, "万": 10_000, "亿": 100_000_000}
_MOST_CHARACTERS = 30
_LARGEST = 10**17
"""More than any sum or number of a form, and less than what the rules can count with."""
_YEAR_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What was typed is no answer; ``sentence`` says what to do, for the person who typed it."""

    sentence: Text


def money(typed: str) -> int | Unreadable:
    """The fen in ``typed`` yuan: ``500,000.00``, ``¥ 50万`` and ``50 万元`` are the same sum."""
    match = _MONEY.match(typed)
    if match is None or len(typed) > _MOST_CHARACTERS:
        return Unreadable(
            Text(
                zh="请用数字填写金额，例如 500000 或 500,000.00。",
                en="Write the sum in digits, for example 500000 or 500,000.00.",
            )
        )
    fen = Decimal(match.group(1).replace(",", "")) * _MULTIPLES[match.group(2)] * 100
    if fen != int(fen):
        return Unreadable(
            Text(zh="金额最多到分（两位小数）。", en="A sum has at most two decimal places.")
        )
    return int(fen) if fen <= _LARGEST else _too_large()


def percent(typed: str) -> int | Unreadable:
    """Hundredths of a percent: ``5``, ``5%`` and ``5.00`` are 500."""
    match = _PERCENT.match(typed)
    if match is None or len(typed) > _MOST_CHARACTERS:
        return Unreadable(
            Text(
                zh="请用数字填写百分比，例如 5 或 5.5。",
                en="Write the percentage in digits, for example 5 or 5.5.",
            )
        )
    hundredths = Decimal(match.group(1)) * 100
    if hundredths != int(hundredths):
        return Unreadable(
            Text(zh="百分比最多两位小数。", en="A percentage has at most two decimal places.")
        )
    return int(hundredths)


def whole(typed: str) -> int | Unreadable:
    """The whole number that was typed, not negative."""
    if not _WHOLE.match(typed) or len(typed) > _MOST_CHARACTERS:
        return Unreadable(
            Text(zh="请用数字填写一个整数，例如 3。", en="Write a whole number in digits, like 3.")
        )
    value = int(typed.replace(",", ""))
    return value if value <= _LARGEST else _too_large()


def day(typed: str | Mapping[object, object]) -> str | Unreadable | None:
    """``YYYY-MM-DD`` of a date typed as one text or as year, month and day; None if empty."""
    if isinstance(typed, str):
        if not typed:
            return None
        match = _DATE.match(typed)
        parts = list(match.groups()) if match else ["?", "", ""]
    else:
        parts = [_part(typed.get(name)) for name in ("year", "month", "day")]
        if not any(parts):
            return None
    if not all(part.isascii() and part.isdigit() and len(part) <= _YEAR_DIGITS for part in parts):
        return Unreadable(
            Text(
                zh="请填全年、月、日，例如 2026 年 3 月 27 日。",
                en="Give year, month and day in digits, for example 2026 3 27.",
            )
        )
    return _calendar_day(*(int(part) for part in parts))


def yuan(fen: int) -> str:
    """A sum for people: ``500,000.00``."""
    return f"{Decimal(fen) / 100:,.2f}"


def hundredths(value: int) -> str:
    """A percentage for people, without needless zeros: ``5``, ``5.25``."""
    return f"{Decimal(value) / 100:f}".rstrip("0").rstrip(".") if value % 100 else str(value // 100)


def _too_large() -> Unreadable:
    return Unreadable(Text(zh="数字太大，请核对。", en="The number is too large; please check it."))


def _calendar_day(year: int, month: int, number: int) -> str | Unreadable:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Unreadable(
            Text(
                zh="请核对年份，应是四位数，例如 2026。",
                en="Check the year; it has four digits, for example 2026.",
            )
        )
    try:
        return date(year, month, number).isoformat()
    except ValueError:
        return Unreadable(
            Text(
                zh="日历上没有这一天，请核对月和日。",
                en="There is no such day in the calendar; check month and day.",
            )
        )


def _part(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
