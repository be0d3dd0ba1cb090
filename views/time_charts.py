"""The charts of the times page: how T_core is spread, and its course over the months."""

from collections.abc import Callable
from datetime import timedelta

from flask_babel import gettext as _

from services.times import Bar, OriginTimes, TimesReport
from views.charts import BarChart, Series
from views.localisation import number, percent, span, wording

MINUTES_OF_AN_HOUR = 60
MOST_MONTHS = 18
"""More would be too many bars for one look; the table beside has them all."""


def distribution(times: OriginTimes) -> BarChart:
    """Cases by their T_core; a line between the bars stands at 25 minutes."""
    before = [bar for bar in times.distribution if bar.is_within]
    after = [bar for bar in times.distribution if not bar.is_within]
    line = _("── 25 分钟线 ──")
    return BarChart(
        title=_("核心用时的分布"),
        categories=(*map(bar_label, before), line, *map(bar_label, after)),
        series=(
            Series(
                label=_("25 分钟以内"),
                values=(*(bar.count for bar in before), *(None,) * (len(after) + 1)),
            ),
            Series(
                label=_("超过 25 分钟"),
                values=(*(None,) * (len(before) + 1), *(bar.count for bar in after)),
            ),
        ),
        written=lambda count: str(number(count)),
    )


def months(times: OriginTimes) -> BarChart:
    """Half and nine in ten of the cases of each month: T_core no longer than this."""
    shown = [row for row in times.by_month if row.core.n][-MOST_MONTHS:]
    return BarChart(
        title=_("各月的核心用时"),
        categories=tuple(wording(row.label) for row in shown),
        series=(
            Series(label="P50", values=tuple(_whole(row.core.p50) for row in shown)),
            Series(label="P90", values=tuple(_whole(row.core.p90) for row in shown)),
        ),
        written=lambda seconds: span(timedelta(seconds=seconds)),
    )


CHARTS: dict[str, Callable[[OriginTimes], BarChart]] = {
    "distribution": distribution,
    "months": months,
}


def bar_label(bar: Bar) -> str:
    """The stretch of a bar: 20–25 分钟, 2–4 小时."""
    if bar.up_to_minutes is None:
        return str(_("超过 %(span)s", span=_hours_or_minutes(bar.over_minutes)))
    if bar.over_minutes == 0:
        return str(_("不超过 %(span)s", span=_hours_or_minutes(bar.up_to_minutes)))
    if bar.over_minutes >= MINUTES_OF_AN_HOUR:
        over, up_to = (
            minutes // MINUTES_OF_AN_HOUR for minutes in (bar.over_minutes, bar.up_to_minutes)
        )
        return str(_("%(over)s–%(up_to)s 小时", over=over, up_to=up_to))
    return str(_("%(over)s–%(up_to)s 分钟", over=bar.over_minutes, up_to=bar.up_to_minutes))


def alternatives(report: TimesReport) -> dict[tuple[str, str], str]:
    """What each chart shows in one sentence, by its name and the origin of its cases."""
    found: dict[tuple[str, str], str] = {}
    for each in report.origins:
        total = each.total
        found["distribution", each.origin.value] = _(
            "核心用时的分布：量得到的 %(n)s 件中，%(within)s 件在 25 分钟以内，占 %(share)s。",
            n=number(total.core.n),
            within=number(total.core_within),
            share=percent(total.of_measured.share),
        )
        found["months", each.origin.value] = _(
            "各月核心用时的 P50 和 P90。全部月份合计：P50 为 %(p50)s，P90 为 %(p90)s。",
            p50=span(total.core.p50),
            p90=span(total.core.p90),
        )
    return found


def _hours_or_minutes(minutes: int) -> str:
    if minutes >= MINUTES_OF_AN_HOUR:
        return str(_("%(n)s 小时", n=minutes // MINUTES_OF_AN_HOUR))
    return str(_("%(n)s 分钟", n=minutes))


def _whole(length: timedelta | None) -> int | None:
    return round(length.total_seconds()) if length is not None else None
