"""Periods of a report: calendar months, quarters and years, the one before, and quick choices."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.clock import MONTHS
from core.text import Text
from services.ledger_scope import Filters

MONTHS_OF_QUARTER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickPeriod:
    """A period that is often asked for. No days: all of it."""

    code: str
    label: Text
    from_on: date | None = None
    to_on: date | None = None


def quick_periods(today: date) -> tuple[QuickPeriod, ...]:
    """What is often asked for on ``today``; a period that still runs ends with it."""
    month = today.replace(day=1)
    quarter = month.replace(month=today.month - (today.month - 1) % MONTHS_OF_QUARTER)
    return (
        QuickPeriod(
            code="this_month", label=Text(zh="本月", en="This month"), from_on=month, to_on=today
        ),
        QuickPeriod(
            code="last_month",
            label=Text(zh="上月", en="Last month"),
            from_on=_months_later(month, -1),
            to_on=month - timedelta(days=1),
        ),
        QuickPeriod(
            code="this_quarter",
            label=Text(zh="本季", en="This quarter"),
            from_on=quarter,
            to_on=today,
        ),
        QuickPeriod(
            code="this_year",
            label=Text(zh="今年", en="This year"),
            from_on=month.replace(month=1),
            to_on=today,
        ),
        QuickPeriod(
            code="last_12_months",
            label=Text(zh="近 12 个月", en="Last 12 months"),
            from_on=_year_before(today),
            to_on=today,
        ),
        QuickPeriod(code="all", label=Text(zh="全部", en="All")),
    )


def before(filters: Filters) -> Filters | None:
    """The same filters for the period before, of the same length; None without both days.

    Whole calendar months are compared with as many months before; anything else with as many days.
    """
    first, last = filters.from_on, filters.to_on
    if first is None or last is None or last < first:
        return None
    end = first - timedelta(days=1)
    months = _whole_months(first, last)
    try:
        start = _months_later(first, -months) if months else end - (last - first)
    except (ValueError, OverflowError):
        return None
    return replace(filters, from_on=start, to_on=end)


def days_of(key: str) -> tuple[date, date]:
    """The first and the last day of a period written 2026, 2026-Q3 or 2026-09."""
    year, _, part = key.partition("-")
    if not part:
        first, months = date(int(year), 1, 1), 12
    elif part.startswith("Q"):
        month = (int(part[1:]) - 1) * MONTHS_OF_QUARTER + 1
        first, months = date(int(year), month, 1), MONTHS_OF_QUARTER
    else:
        first, months = date(int(year), int(part), 1), 1
    return first, _months_later(first, months) - timedelta(days=1)


def period_label(key: str) -> Text:
    """The words for a period written 2026, 2026-Q3 or 2026-09."""
    year, _, part = key.partition("-")
    if not part:
        return Text(zh=f"{year}年", en=year)
    if part.startswith("Q"):
        return Text(zh=f"{year}年第{part[1:]}季度", en=f"{year}, quarter {part[1:]}")
    return Text(zh=f"{year}年{int(part)}月", en=f"{MONTHS[int(part) - 1]} {year}")


def _whole_months(first: date, last: date) -> int:
    """How many calendar months the period is, or 0 if it is not a whole number of them."""
    following = last + timedelta(days=1)
    if first.day != 1 or following.day != 1:
        return 0
    return (following.year - first.year) * 12 + following.month - first.month


def _months_later(first: date, months: int) -> date:
    """The first day of the month so many months later."""
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _year_before(today: date) -> date:
    """The day after the same day a year ago, so that both ends make twelve months."""
    following = today + timedelta(days=1)
    day = min(following.day, 28) if following.month == 2 else following.day  # noqa: PLR2004 -- a leap day
    return following.replace(year=following.year - 1, day=day)
