"""What an address of the savings pages says: its filters, and the addresses that narrow them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for

from core.errors import Problem
from core.text import Text
from services.ledger_scope import Choices, Filters, read_filters
from services.periods import quick_periods
from services.savings_dimensions import TITLES, Dimension, days
from views.localisation import wording

NAMES = ("from", "to", "district", "maker", "origin", "thing", "item", "fund")
"""What an address may narrow the ledger by."""
NO_DIMENSION = Text(
    zh="没有这种分列方式，请从下面选一种。",
    en="There is no such break-down. Choose one below.",
)


@dataclass(frozen=True, slots=True)
class Link:
    """A choice that is one click away, and whether it is made already."""

    text: str
    href: str
    is_current: bool


def typed() -> dict[str, str]:
    """The filters of this address, as typed, without spaces around them."""
    given = {name: request.args.get(name, "").strip() for name in NAMES}
    return {name: value for name, value in given.items() if value}


def asked(offered: Choices) -> tuple[Filters, tuple[Problem, ...]]:
    """The filters of this address as they are understood, and what could not be."""
    return read_filters(typed(), offered.makers)


def dimension() -> tuple[Dimension, tuple[Problem, ...]]:
    """The break-down that this address asks for; by month if it does not say."""
    code = request.args.get("by") or Dimension.MONTH.value
    if code not in set(Dimension):
        return Dimension.MONTH, (Problem("by", NO_DIMENSION),)
    return Dimension(code), ()


def dimension_links(chosen: Dimension) -> list[Link]:
    """Every break-down, with the filters of this address."""
    return [
        Link(
            wording(TITLES[each]),
            _address("savings.index", by=each.value) + "#parts",
            each is chosen,
        )
        for each in Dimension
    ]


def period_links(today: date, endpoint: str = "savings.index") -> list[Link]:
    """Periods that are often asked for, with the other filters of this address."""
    given = typed()
    links = []
    for period in quick_periods(today):
        ends = {"from": _written(period.from_on), "to": _written(period.to_on)}
        links.append(
            Link(
                wording(period.label),
                _address(endpoint, **ends),
                all((given.get(name) or None) == end for name, end in ends.items()),
            )
        )
    return links


def chart_address(kind: str, origin: str, look: str) -> str:
    """The picture of one origin's chart in one look."""
    return _address("savings.chart_picture", kind=kind, origin=origin, look=look)


def rows_address(figure: str, origin: str) -> str:
    """The canonical lines behind one figure of one origin."""
    return _address("savings.rows_text", figure=figure, origin=origin, by=None)


def page_address(page: int) -> str:
    """Another page of the entries."""
    return _address("savings.entry_list", page=page)


def entries_address(origin: str | None = None, **part: str) -> str:
    """The entries behind one figure: this page's own filters, narrowed.

    ``part`` is one part of a break-down, as ``month="2026-09"``; a period narrows the days to
    those that lie within both.
    """
    values: dict[str, Any] = {"by": None, "origin": origin or typed().get("origin")}
    for name, code in part.items():
        within = days(Dimension(name), code)
        if within is None:
            values[name] = code
        else:
            first, last = (day.isoformat() for day in within)
            values["from"] = max(first, typed().get("from", ""))
            values["to"] = min(last, typed().get("to") or last)
    return _address("savings.entry_list", **values)


def _address(endpoint: str, **changed: Any) -> str:
    """An address with the filters and the break-down of this one, but for what is changed."""
    kept: Mapping[str, Any] = {"by": request.args.get("by") or None, **typed()}
    return url_for(endpoint, **{**kept, **changed})


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None
