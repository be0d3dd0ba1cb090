"""Charts: pictures without script or outside address, with each value in words."""

import re
from xml.etree import ElementTree as ET

import pytest
from flask import Flask

from views.charts import LOOKS, BarChart, Series, chart_answer, draw

MONEY = BarChart(
    title="按月",
    categories=("2026年9月", "2026年10月"),
    series=(
        Series(label="申请人少付的现金", values=(39_000, 78_000)),
        Series(label="公共财政支出", values=(24_000, None)),
    ),
    written=lambda fen: f"¥{fen // 100:,}.{fen % 100:02d}",
)


def words(svg: bytes) -> list[str]:
    return [text for text in ET.fromstring(svg).itertext() if text.strip()]  # noqa: S314 -- ours


@pytest.mark.parametrize("look", LOOKS)
def test_every_value_category_and_series_is_written(look: str) -> None:
    found = words(draw(MONEY, look))

    assert {"2026年9月", "2026年10月", "¥390.00", "¥780.00", "¥240.00"} <= set(found)
    assert {"申请人少付的现金", "公共财政支出"} <= set(found)


def test_nothing_in_it_runs_or_comes_from_elsewhere() -> None:
    drawn = draw(MONEY).decode()

    addresses = set(re.findall(r"https?://[a-z0-9./]+", drawn))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "<script" not in drawn
    assert "<!--" not in drawn
    assert "style=" not in drawn


def test_series_differ_by_pattern_and_a_range_is_a_whisker() -> None:
    burden = BarChart(
        title="估算",
        categories=("登记",),
        series=(Series(label="中位", values=(50,), ranges=((20, 90),)),),
        written=str,
    )

    assert "url(#pattern-1)" in draw(MONEY).decode()
    assert 'class="ci"' in draw(burden).decode()
    assert "50" in words(draw(burden))


@pytest.mark.parametrize("values", [(), (0,), (-500,), (10**15,), (None,)])
def test_any_values_can_be_drawn(values: tuple[int | None, ...]) -> None:
    chart = BarChart(
        title="t",
        categories=tuple("一个名字长得放不下的事项，还要再长一点，<b>&" for _ in values),
        series=(Series(label="甲", values=values), Series(label="乙", values=values)),
        written=str,
    )
    for look in LOOKS:
        assert "No data" not in words(draw(chart, look))


def test_the_answer_is_a_picture_that_can_do_nothing(app: Flask) -> None:
    with app.test_request_context("/?look=../../etc"):
        answer = chart_answer(MONEY)

    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.get_data() == draw(MONEY, "day")
