"""The spread of a length of time over many: how many, the middle, nine in ten, the longest."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, func

MIDDLE, NINE_IN_TEN = 0.5, 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Percentiles are discrete: each is a time that occurred. All None if nothing was measured."""

    n: int
    p50: timedelta | None
    p90: timedelta | None
    longest: timedelta | None


NOTHING = Spread(n=0, p50=None, p90=None, longest=None)


def spread_columns(name: str, span: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    """The four columns under ``name`` for the spans of a group; empty ones do not count."""
    ranked = [func.percentile_disc(part).within_group(span) for part in (MIDDLE, NINE_IN_TEN)]
    found = (func.count(span), *ranked, func.max(span))
    labels = ("n", "p50", "p90", "longest")
    return tuple(each.label(f"{name}_{label}") for each, label in zip(found, labels, strict=True))


def spread_of(row: RowMapping, name: str) -> Spread:
    """The spread under ``name`` in a row with these columns."""
    return Spread(
        n=row[f"{name}_n"],
        p50=row[f"{name}_p50"],
        p90=row[f"{name}_p90"],
        longest=row[f"{name}_longest"],
    )
