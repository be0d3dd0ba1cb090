"""The charts of the savings report: money of two kinds as bars, burden with its range."""

from collections.abc import Callable, Sequence

from flask_babel import gettext as _

from core.errors import NotFoundError
from core.text import Text
from services.savings import DEFINITIONS, Row
from views.charts import BarChart, Series
from views.localisation import wording, yuan

MONEY, BURDEN = "money", "burden"
MOST_PARTS = 24
"""A chart shows so many parts; its table has them all."""
NO_CHART = Text(zh="没有这张图。", en="There is no such chart.")


def money_rows(rows: Sequence[Row]) -> list[Row]:
    """The rows in which money was posted."""
    return [row for row in rows if row.n]


def burden_rows(rows: Sequence[Row]) -> list[Row]:
    """The rows in which burden was posted."""
    return [row for row in rows if row.burden_n]


def chart(kind: str, rows: Sequence[Row]) -> BarChart:
    """The chart of one origin's rows. Raises `NotFoundError` for a kind that does not exist."""
    drawn: dict[str, Callable[[Sequence[Row]], BarChart]] = {MONEY: _money, BURDEN: _burden}
    if kind not in drawn:
        raise NotFoundError(NO_CHART)
    return drawn[kind](rows)


def _money(rows: Sequence[Row]) -> BarChart:
    shown = money_rows(rows)[:MOST_PARTS]
    return BarChart(
        title=_("现金与公共支出"),
        categories=tuple(wording(row.label) for row in shown),
        series=(
            Series(
                label=wording(DEFINITIONS["cash_avoided"][0]),
                values=tuple(row.cash_avoided_fen for row in shown),
            ),
            Series(
                label=wording(DEFINITIONS["public_cost"][0]),
                values=tuple(row.public_cost_fen for row in shown),
            ),
        ),
        written=yuan,
    )


def _burden(rows: Sequence[Row]) -> BarChart:
    shown = burden_rows(rows)[:MOST_PARTS]
    return BarChart(
        title=wording(DEFINITIONS["burden"][0]),
        categories=tuple(wording(row.label) for row in shown),
        series=(
            Series(
                label=_("估算（中），须线为低到高"),
                values=tuple(row.estimate.central_fen for row in shown),
                ranges=tuple((row.estimate.low_fen, row.estimate.high_fen) for row in shown),
            ),
        ),
        written=yuan,
    )
