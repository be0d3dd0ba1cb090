"""Bar charts, drawn on the server with pygal and shown as ``<img>`` beside the table they show.

A chart is a picture of its own address: no script, no address outside, no colour of its own (all
come from static/css). Bars of different series differ by pattern too and carry their value in
words, so that nothing depends on colour. Each chart exists by day and by night, wide and narrow;
templates/components/charts.html chooses among them without script.
"""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import pygal
from flask import Response, request
from pygal import PluginImportFixer
from pygal.style import Style

from views.pictures import CLOSED

# For plugins that nothing here has, pygal looks at every import of the process, in a way that
# Python 3.12 no longer knows and 3.11 warns of.
sys.meta_path[:] = [each for each in sys.meta_path if not isinstance(each, PluginImportFixer)]

LOOKS = ("day", "night", "narrow-day", "narrow-night")
"""What ``?look=`` of a chart's address may be; anything else is the first."""
STYLES = Path(__file__).parents[1] / "static" / "css"
FONTS = (
    '"Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "HarmonyOS Sans SC", '
    '"Microsoft YaHei", system-ui, sans-serif'
)
FONT_SIZE = 14
LATIN = 0.54
"""How wide a Latin letter is for its height, about."""
WIDE, NARROW = 500, 340
"""How wide a chart is drawn, in CSS pixels: as it stands beside its table, and on a phone."""
BAR_HEIGHT, GAP, MARGIN = 21, 13, 8
LEGEND_PLACE = re.compile(r"translate\([\d.]+,")
"""Pygal begins the legend where the bars begin; at the left there is room for its words."""
PATTERNS = ("", "M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4", "M4,4 h.1")
"""What is drawn over the bars of the first, second and third series."""
MOST_SERIES = len(PATTERNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One kind of bar: a value per category (None is no bar), perhaps with a range around each."""

    label: str
    values: tuple[int | None, ...]
    ranges: tuple[tuple[int, int] | None, ...] | None = None
    """Low and high of each value; drawn as a whisker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """Horizontal bars, the first category on top. At most three series."""

    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    written: Callable[[int], str]
    """How a value is written at the end of its bar."""


class WrittenBars(pygal.HorizontalBar):  # type: ignore[misc]
    """Bars with their value written behind the end, beyond the whisker if there is one."""

    def _tooltip_and_print_values(self, serie_node: Any, serie: Any, *place: Any) -> None:
        _parent, _index, written, metadata, x, y, width, height = place
        end = max(y, y + height)
        high = (metadata or {}).get("ci", {}).get("high")
        if high is not None:
            end = max(end, self.view.y(high))
        self.svg.node(
            serie_node["text_overlay"],
            "text",
            class_="value",
            x=end + FONT_SIZE / 2,
            y=x + width / 2 + FONT_SIZE * 0.36,
            attrib={"text-anchor": "start"},
        ).text = written


def chart_answer(chart: BarChart) -> Response:
    """The picture in the look that the address asks for."""
    look = request.args.get("look", LOOKS[0])
    answer = Response(draw(chart, look), mimetype="image/svg+xml")
    answer.headers["Content-Security-Policy"] = CLOSED
    return answer


def draw(chart: BarChart, look: str = LOOKS[0]) -> bytes:
    """The chart as an SVG document: one of ``LOOKS``."""
    night, narrow = look.endswith("night"), look.startswith("narrow")
    width = NARROW if narrow else WIDE
    colours = _colours(night)
    drawn = WrittenBars(**_shape(chart, width), style=_style(colours), css=_css(chart, colours))
    drawn.defs = [_pattern(index, colours) for index in range(1, MOST_SERIES)]
    drawn.title = None
    drawn.x_labels = [_cut(label, _label_room(width)) for label in reversed(chart.categories)]
    for series in chart.series:
        drawn.add(_cut(series.label, width - 40), _bars(series, chart.written))
    drawn.add_xml_filter(_bare)
    return bytes(drawn.render())


def _shape(chart: BarChart, width: int) -> dict[str, Any]:
    """Sizes: pygal takes every letter for a narrow one, so what Chinese needs more is a margin."""
    labels = [_cut(label, _label_room(width)) for label in chart.categories] or [""]
    wanted = max(map(_width, labels))
    taken = max(map(len, labels)) * 0.6 * FONT_SIZE
    rows = max(1, len(chart.categories)) * (BAR_HEIGHT * max(1, len(chart.series)) + GAP)
    ends = [end for series in chart.series for end in _ends(series)]
    least, most = min([0, *ends]), max([1, *ends])
    words = max(
        (
            _width(chart.written(value))
            for series in chart.series
            for value in series.values
            if value is not None
        ),
        default=0,
    )
    bars = max(width - wanted - words - 4 * FONT_SIZE, 40)
    return {
        "width": width,
        "height": rows + 40 + 22 * len(chart.series),
        "explicit_size": True,
        "margin": MARGIN,
        "margin_left": max(MARGIN, int(wanted - taken) + MARGIN),
        "range": (least, most + (most - least) * (words + 2 * FONT_SIZE) / bars),
        "print_values": True,
        "show_y_labels": True,
        "show_x_labels": False,
        "show_x_guides": False,
        "show_y_guides": False,
        "show_legend": len(chart.series) > 1,
        "legend_at_bottom": True,
        "legend_at_bottom_columns": 1,
        "legend_box_size": FONT_SIZE,
        "truncate_label": -1,
        "truncate_legend": -1,
        "rounded_bars": 2,
        "no_data_text": "—",
        "no_prefix": True,
        "js": (),
    }


def _ends(series: Series) -> list[int]:
    ranges = [end for each in series.ranges or () if each for end in each]
    return [value for value in series.values if value is not None] + ranges


def _bars(series: Series, written: Callable[[int], str]) -> list[dict[str, Any] | None]:
    """The values from the last to the first: pygal draws from the bottom up."""
    found: list[dict[str, Any] | None] = []
    ranges = series.ranges or (None,) * len(series.values)
    for value, around in zip(series.values, ranges, strict=True):
        if value is None:
            found.append(None)
            continue
        bar: dict[str, Any] = {"value": value, "formatter": written}
        if around is not None:
            bar["ci"] = {"low": around[0], "high": around[1]}
        found.append(bar)
    return found[::-1]


def _label_room(width: int) -> int:
    return width * 9 // 25


def _width(text: str) -> float:
    """About how wide a text is drawn: a Chinese character is a square."""
    return FONT_SIZE * sum(1 if east_asian_width(each) in "WF" else LATIN for each in text)


def _cut(text: str, room: float) -> str:
    """The text, shortened to the room there is; the table beside the chart has all of it."""
    if _width(text) <= room:
        return text
    kept = text
    while kept and _width(kept + "…") > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


@cache
def _colours(night: bool) -> dict[str, str]:
    """The colours of the style sheets by name: one place for them all."""
    sheets = ("colours.css", "dark.css") if night else ("colours.css",)
    text = "".join((STYLES / sheet).read_text(encoding="utf-8") for sheet in sheets)
    return dict(re.findall(r"--(app-[a-z-]+):\s*([^;]+);", text))


def _series_colours(colours: dict[str, str]) -> tuple[str, str, str]:
    first, second, third = (colours[f"app-chart-{order}"] for order in ("first", "second", "third"))
    return first, second, third


def _style(colours: dict[str, str]) -> Style:
    ink = colours["app-ink"]
    return Style(
        background="transparent",
        plot_background="transparent",
        foreground=ink,
        foreground_strong=ink,
        foreground_subtle=colours["app-line"],
        font_family=FONTS,
        label_font_size=FONT_SIZE,
        major_label_font_size=FONT_SIZE,
        value_font_size=FONT_SIZE,
        legend_font_size=FONT_SIZE,
        no_data_font_size=FONT_SIZE,
        opacity="1",
        stroke_opacity="1",
        stroke_width="1",
        transition="0s",
        colors=_series_colours(colours),
        value_colors=(ink,) * MOST_SERIES,
        ci_colors=(ink,) * MOST_SERIES,
    )


def _css(chart: BarChart, colours: dict[str, str]) -> tuple[str, ...]:
    """Shapes of pygal, a pattern over every series but the first, whiskers over pale bars."""
    rules = [
        f".color-{index} rect, rect.color-{index} {{ fill: url(#pattern-{index}); }}"
        for index in range(1, len(chart.series))
    ]
    rules += [
        f".color-{index} rect {{ fill-opacity: .45; }}"
        for index, series in enumerate(chart.series)
        if series.ranges
    ]
    rules.append(f".ci path {{ stroke: {colours['app-ink']}; stroke-width: 1.5; }}")
    return ("file://style.css", "file://graph.css", "inline:" + "\n".join(rules))


def _pattern(index: int, colours: dict[str, str]) -> str:
    return (
        f'<pattern xmlns="http://www.w3.org/2000/svg" id="pattern-{index}" width="8" height="8" '
        f'patternUnits="userSpaceOnUse"><rect width="8" height="8" '
        f'fill="{_series_colours(colours)[index]}"/><path d="{PATTERNS[index]}" fill="none" '
        f'stroke="{colours["app-chart-pattern"]}" stroke-width="{2 if index == 1 else 3}" '
        f'stroke-linecap="round"/></pattern>'
    )


def _bare(root: Any) -> Any:
    """The drawing alone: no script, no comment; what it says in words is the page's ``alt``."""
    for parent in list(root.iter()):
        for child in list(parent):
            if _is_extra(child):
                parent.remove(child)
        if parent.get("class") == "legends":
            parent.set(
                "transform", LEGEND_PLACE.sub(rf"translate({MARGIN},", parent.get("transform"))
            )
    return root


def _is_extra(node: Any) -> bool:
    if not isinstance(node.tag, str):
        return True
    name = node.tag.rpartition("}")[2]
    return name in {"script", "title", "desc"} or "tooltip-overlay" in node.get("class", "")
