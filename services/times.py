"""How long cases took: by origin, month, district, channel, one-thing and outcome.

Every case that was sent is counted, whatever became of it; those without a time are shown with
the reason. Nothing here asks for one case after the other: the database groups and ranks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    Interval,
    RowMapping,
    and_,
    cast,
    func,
    not_,
    select,
    text,
    tuple_,
)
from sqlalchemy.orm import Session

from core.text import Text
from models.case import Channel, Origin
from services.case_measures import ENDED, Measures, Missing, Outcome, measures, seconds, versions
from services.case_scope import CHANNELS, CaseFilters, thing_titles
from services.delay_figures import DelayFigures, delay_figures
from services.item_times import ItemFigures, ItemTables, item_figures
from services.ledger_words import ORIGIN_TAGS, ORIGINS
from services.rates import Rate
from services.savings_dimensions import district_label
from services.time_spread import NOTHING, Spread, spread_columns, spread_of
from services.time_words import OUTCOMES, core_words

GOAL = timedelta(minutes=25)
EDGES_MINUTES = (5, 10, 15, 20, 25, 30, 45, 60, 120, 240, 480, 1440)
"""Upper ends of the bars of the distribution, each included; the last bar has none."""
GROUPED = ("month", "district_code", "channel", "thing_code", "outcome", "bar")
COUNTS = (
    "sent",
    "ended",
    "drafts",
    "core_within",
    "core_within_ended",
    "applicant_within",
    "on_time",
    "late",
)
MORE_MEMORY = text("SET LOCAL work_mem = '32MB'")
"""For this transaction: 100,000 cases are sorted in memory."""
UNGROUPED = {"id", "number", "title", "definition_hash", "version", "submitted_at"}
NO_LABEL = Text(zh="", en="")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFigures:
    """The figures of one group of cases of one origin."""

    origin: Origin
    origin_label: Text
    key: str
    label: Text
    sent: int
    ended: int
    drafts: int
    core: Spread
    core_within: int
    """Of those with a T_core: no longer than 25 minutes."""
    core_within_ended: int
    """The same, of cases that have ended too."""
    applicant: Spread
    applicant_within: int
    acceptance: Spread
    on_time: int
    late: int
    core_missing: Mapping[Missing, int]
    applicant_missing: Mapping[Missing, int]

    @property
    def of_measured(self) -> Rate:
        """Within 25 minutes, of the cases that have a T_core."""
        return Rate(self.core_within, self.core.n)

    @property
    def of_ended(self) -> Rate:
        """Within 25 minutes, of the cases that have ended."""
        return Rate(self.core_within_ended, self.ended)

    @property
    def of_sent(self) -> Rate:
        """Within 25 minutes, of all cases that were sent."""
        return Rate(self.core_within, self.sent)

    @property
    def applicant_of_measured(self) -> Rate:
        """T_applicant within 25 minutes, of the cases that have one."""
        return Rate(self.applicant_within, self.applicant.n)

    @property
    def applicant_of_sent(self) -> Rate:
        """T_applicant within 25 minutes, of all cases that were sent."""
        return Rate(self.applicant_within, self.sent)

    @property
    def promise(self) -> Rate:
        """Cases that kept the promise, of those in which it was kept or broken."""
        return Rate(self.on_time, self.on_time + self.late)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeFigures:
    """How many cases of one origin came to one outcome, and how long it took until then."""

    origin: Origin
    origin_label: Text
    outcome: Outcome
    label: Text
    has_ended: bool
    to_end: Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of the distribution: cases above ``over_minutes``, up to ``up_to_minutes``."""

    over_minutes: int
    up_to_minutes: int | None
    count: int

    @property
    def is_within(self) -> bool:
        """Whether it lies within the 25 minutes."""
        return self.up_to_minutes is not None and timedelta(minutes=self.up_to_minutes) <= GOAL


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginTimes:
    """All case figures of one origin; they are never mixed with those of another."""

    origin: Origin
    label: Text
    tag: Text
    total: CaseFigures
    outcomes: tuple[OutcomeFigures, ...]
    distribution: tuple[Bar, ...]
    by_month: tuple[CaseFigures, ...]
    by_district: tuple[CaseFigures, ...]
    by_channel: tuple[CaseFigures, ...]
    by_thing: tuple[CaseFigures, ...]
    by_item: tuple[ItemFigures, ...]
    by_department: tuple[ItemFigures, ...]
    delays: tuple[DelayFigures, ...] = ()
    """Why things were late, as their officers said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesReport:
    """The whole report."""

    filters: CaseFilters
    as_of: datetime
    core_definitions: tuple[tuple[Text, Text], ...]
    """One-thing and its T_core with the names of the core items."""
    origins: tuple[OriginTimes, ...]
    """Cases handled here first, even if there are none yet."""


def times(
    session: Session, filters: CaseFilters, at: datetime, *, with_items: bool = True
) -> TimesReport:
    """Every figure of the times page for the cases that ``filters`` mean, as they are at ``at``.

    Without items and departments it costs half: what a chart needs.
    """
    session.execute(MORE_MEMORY)
    asked = measures(session, filters, at)
    groups = _groups(session, asked)
    items = item_figures(session, asked, filters, at) if with_items else ItemTables()
    given = delay_figures(session, filters) if with_items else ()
    found = {row["origin"] for row in groups}
    shown = [
        origin
        for origin in Origin
        if origin in found
        or (filters.origin in {None, origin} and origin is Origin.LIVE)
        or origin is filters.origin
    ]
    return TimesReport(
        filters=filters,
        as_of=at,
        core_definitions=core_words(versions(session, filters.thing_code)),
        origins=tuple(
            replace(
                _origin_times(origin, [row for row in groups if row["origin"] == origin], items),
                delays=tuple(each for each in given if each.origin is origin),
            )
            for origin in shown
        ),
    )


def _groups(session: Session, asked: Measures) -> list[RowMapping]:
    """The figures of every group in one statement; ``place`` says what a row is grouped by."""
    edges = [timedelta(minutes=minutes) + timedelta.resolution for minutes in EDGES_MINUTES]
    bar = func.width_bucket(asked.cases.c.core, cast(edges, ARRAY(Interval)))
    columns = (column for column in asked.cases.c if column.name not in UNGROUPED)
    # Reckoned once and kept narrow: every grouping sorts these rows anew.
    cases = select(*columns, bar.label("bar")).cte("barred").prefix_with("MATERIALIZED")
    by = [cases.c[name] for name in GROUPED]
    place = func.grouping(*by).label("place")
    statement = select(cases.c.origin, place, *by, *_columns(cases)).group_by(
        func.grouping_sets(
            tuple_(cases.c.origin), *(tuple_(cases.c.origin, column) for column in by)
        )
    )
    return list(session.execute(statement).mappings())


def _columns(cases: CTE) -> list[ColumnElement[Any]]:
    is_sent, is_quick = cases.c.is_sent, cases.c.core <= seconds(GOAL)
    counts: dict[str, ColumnElement[bool]] = {
        "sent": is_sent,
        "ended": cases.c.has_ended,
        "drafts": not_(is_sent),
        "core_within": is_quick,
        "core_within_ended": and_(is_quick, cases.c.has_ended),
        "applicant_within": cases.c.applicant <= seconds(GOAL),
        "on_time": cases.c.is_on_time,
        "late": cases.c.is_late,
        **{f"core_{why}": and_(is_sent, cases.c.core_missing == why) for why in Missing},
        **{f"applicant_{why}": and_(is_sent, cases.c.applicant_missing == why) for why in Missing},
    }
    return [
        *(func.count().filter(condition).label(name) for name, condition in counts.items()),
        func.count().label("cases"),
        *spread_columns("core", cases.c.core),
        *spread_columns("applicant", cases.c.applicant),
        *spread_columns("acceptance", cases.c.acceptance),
        *spread_columns("to_end", cases.c.to_end),
    ]


def _by(rows: list[RowMapping], name: str | None) -> list[RowMapping]:
    """The rows grouped by this column alone; None: the totals."""
    everything = (1 << len(GROUPED)) - 1
    place = everything
    if name is not None:
        place -= 1 << (len(GROUPED) - 1 - GROUPED.index(name))
    return [row for row in rows if row["place"] == place]


def _origin_times(origin: Origin, rows: list[RowMapping], items: ItemTables) -> OriginTimes:
    totals = [_figures(row, "", NO_LABEL) for row in _by(rows, None)]
    return OriginTimes(
        origin=origin,
        label=ORIGINS[origin],
        tag=ORIGIN_TAGS[origin],
        total=totals[0] if totals else _nothing(origin),
        outcomes=_outcomes(origin, _by(rows, "outcome")),
        distribution=_distribution(_by(rows, "bar")),
        by_month=_table(rows, "month", month_label),
        by_district=_table(rows, "district_code", district_label),
        by_channel=_table(rows, "channel", lambda code: CHANNELS[Channel(code)]),
        by_thing=_table(rows, "thing_code", _thing_label),
        by_item=tuple(each for each in items.by_item if each.origin is origin),
        by_department=tuple(each for each in items.by_department if each.origin is origin),
    )


def _table(
    rows: list[RowMapping], name: str, label: Callable[[str], Text]
) -> tuple[CaseFigures, ...]:
    found = [(str(getattr(row[name], "value", row[name])), row) for row in _by(rows, name)]
    return tuple(
        _figures(row, key, label(key)) for key, row in sorted(found, key=lambda each: each[0])
    )


def _figures(row: RowMapping, key: str, label: Text) -> CaseFigures:
    origin = Origin(row["origin"])
    return CaseFigures(
        origin=origin,
        origin_label=ORIGIN_TAGS[origin],
        key=key,
        label=label,
        core=spread_of(row, "core"),
        applicant=spread_of(row, "applicant"),
        acceptance=spread_of(row, "acceptance"),
        core_missing={why: row[f"core_{why}"] for why in Missing},
        applicant_missing={why: row[f"applicant_{why}"] for why in Missing},
        **{name: row[name] for name in COUNTS},
    )


def _nothing(origin: Origin) -> CaseFigures:
    return CaseFigures(
        origin=origin,
        origin_label=ORIGIN_TAGS[origin],
        key="",
        label=NO_LABEL,
        core=NOTHING,
        applicant=NOTHING,
        acceptance=NOTHING,
        core_missing=dict.fromkeys(Missing, 0),
        applicant_missing=dict.fromkeys(Missing, 0),
        **dict.fromkeys(COUNTS, 0),
    )


def _outcomes(origin: Origin, rows: list[RowMapping]) -> tuple[OutcomeFigures, ...]:
    found = {row["outcome"]: spread_of(row, "to_end") for row in rows}
    return tuple(
        OutcomeFigures(
            origin=origin,
            origin_label=ORIGIN_TAGS[origin],
            outcome=outcome,
            label=OUTCOMES[outcome],
            has_ended=outcome in ENDED,
            to_end=found.get(outcome, NOTHING),
        )
        for outcome in Outcome
    )


def _distribution(rows: list[RowMapping]) -> tuple[Bar, ...]:
    counts = {row["bar"]: row["cases"] for row in rows if row["bar"] is not None}
    ends = (*EDGES_MINUTES, None)
    return tuple(
        Bar(over_minutes=over, up_to_minutes=up_to, count=counts.get(place, 0))
        for place, (over, up_to) in enumerate(zip((0, *EDGES_MINUTES), ends, strict=True))
    )


def month_label(key: str) -> Text:
    """A month written 2026-09, in words."""
    year, month = key.split("-")
    return Text(zh=f"{year}年{int(month)}月", en=key)


def _thing_label(code: str) -> Text:
    return thing_titles().get(code) or Text(zh=code, en=code)
