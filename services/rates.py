"""Three rates, always together: what can be had online, without a visit, and what really was.

The first two say what the catalogue makes possible and nothing of use; the third counts cases.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog import registry
from catalog.schema import Item, OneThing
from core.text import Text
from models.case import Case, Channel, Origin
from services.case_scope import CaseFilters, of_cases
from services.ledger_words import ORIGIN_TAGS, ORIGINS

DEFINITIONS: Mapping[str, tuple[Text, Text]] = {
    "online_items": (
        Text(zh="可网办率", en="Online-ready rate"),
        Text(
            zh="可以在网上申请的事项数 ÷ 事项目录中的事项数。只说明能力，不说明有没有人用。",
            en="Items that can be applied for online / items of the catalogue. It says what is "
            "possible, not what is used.",
        ),
    ),
    "no_visit_items": (
        Text(zh="全程网办率", en="End-to-end online rate"),
        Text(
            zh="从申请到办结、到现场次数为 0 的事项数 ÷ 事项目录中的事项数。"
            "只说明能力，不说明有没有人用。",
            en="Items that can be finished from application to result with no visit / items of the "
            "catalogue. It says what is possible, not what is used.",
        ),
    ),
    "online_cases": (
        Text(zh="网上办件率", en="Online case rate"),
        Text(
            zh="从填表到提交都在网上的办件数 ÷ 已提交的全部办件数。在窗口填写、"
            "或者带到窗口提交的，算窗口办件；草稿不算。",
            en="Cases begun and sent online / all cases sent. What was filled in or sent at a "
            "window counts as a window case; drafts are not counted.",
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Rate:
    """A part of a whole; there is no share of nothing."""

    count: int
    of: int

    @property
    def share(self) -> Fraction | None:
        """The part as an exact fraction, None if the whole is nothing."""
        return Fraction(self.count, self.of) if self.of else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """What the catalogue says of one item."""

    thing_code: str
    thing_title: Text
    item_code: str
    title: Text
    department_code: str
    department_label: Text
    is_online: bool
    visit_count: int | None
    """None: the catalogue does not say; it counts as not without a visit."""
    reason: Text | None
    source: Text | None

    @property
    def needs_no_visit(self) -> bool:
        """True only if it is said to, and can be begun online."""
        return self.is_online and self.visit_count == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginRate:
    """The third rate for the cases of one origin."""

    origin: Origin
    label: Text
    tag: Text
    online_cases: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRow:
    """All three rates of one department or one-thing, for the cases of one origin."""

    key: str
    label: Text
    origin: Origin
    origin_label: Text
    online_items: Rate
    no_visit_items: Rate
    online_cases: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesReport:
    """The three rates, the items behind them, and the same by department and by one-thing."""

    filters: CaseFilters
    as_of: datetime
    online_items: Rate
    no_visit_items: Rate
    online_cases: tuple[OriginRate, ...]
    """Cases handled here first, even if there are none yet."""
    items: tuple[ItemLine, ...]
    by_thing: tuple[RateRow, ...]
    by_department: tuple[RateRow, ...]

    @property
    def with_visits(self) -> tuple[ItemLine, ...]:
        """The items that take a visit, or of which nobody says that they take none."""
        return tuple(line for line in self.items if not line.needs_no_visit)


def rates(session: Session, filters: CaseFilters, at: datetime) -> RatesReport:
    """The three rates as the catalogue and the cases have them; ``at`` is when they are drawn up.

    The one-thing bounds all three; period, district, channel and origin bound cases alone, since
    an item of the catalogue has none of them. So does an item: it asks for the cases that have it.
    """
    lines = item_lines(filters.thing_code)
    counts = _case_counts(session, filters)
    origins = [
        origin
        for origin in Origin
        if (origin is Origin.LIVE and filters.origin in {None, origin})
        or origin is filters.origin
        or any(key[1] is origin for key in counts)
    ]
    compared = [origin for origin in origins if any(key[1] is origin for key in counts)]
    compared = compared or origins[:1]
    return RatesReport(
        filters=filters,
        as_of=at,
        online_items=_online_items(lines),
        no_visit_items=_no_visit_items(lines),
        online_cases=tuple(
            OriginRate(
                origin=origin,
                label=ORIGINS[origin],
                tag=ORIGIN_TAGS[origin],
                online_cases=_sum(rate for key, rate in counts.items() if key[1] is origin),
            )
            for origin in origins
        ),
        items=lines,
        by_thing=_by_thing(lines, counts, compared),
        by_department=_by_department(lines, counts, compared),
    )


def item_lines(thing_code: str | None = None) -> tuple[ItemLine, ...]:
    """Every item of the catalogue, or of one one-thing, with what it says about web and visits."""
    return tuple(
        _item_line(thing, item)
        for thing in registry.catalogue().things.values()
        if thing_code in {None, thing.code}
        for item in thing.items
    )


def _item_line(thing: OneThing, item: Item) -> ItemLine:
    visits = item.visits
    return ItemLine(
        thing_code=thing.code,
        thing_title=thing.title,
        item_code=item.code,
        title=item.title,
        department_code=item.department,
        department_label=registry.catalogue().departments[item.department].short_name,
        is_online=item.online,
        visit_count=visits.count if visits else None,
        reason=visits.reason if visits else None,
        source=visits.source if visits else None,
    )


def _case_counts(session: Session, filters: CaseFilters) -> dict[tuple[str, Origin], Rate]:
    """Of each one-thing and origin: the cases sent online, of all cases sent."""
    statement = of_cases(
        select(
            Case.thing_code,
            Case.origin,
            func.count().filter(Case.channel == Channel.ONLINE).label("online"),
            func.count().label("cases"),
        )
        .where(Case.submitted_at.is_not(None))
        .group_by(Case.thing_code, Case.origin)
        .order_by(Case.thing_code, Case.origin),
        filters,
    )
    return {
        (row.thing_code, row.origin): Rate(row.online, row.cases)
        for row in session.execute(statement)
    }


def _online_items(lines: Iterable[ItemLine]) -> Rate:
    found = [line.is_online for line in lines]
    return Rate(sum(found), len(found))


def _no_visit_items(lines: Iterable[ItemLine]) -> Rate:
    found = [line.needs_no_visit for line in lines]
    return Rate(sum(found), len(found))


def _sum(rates_of: Iterable[Rate]) -> Rate:
    found = list(rates_of)
    return Rate(sum(rate.count for rate in found), sum(rate.of for rate in found))


def _by_thing(
    lines: tuple[ItemLine, ...], counts: Mapping[tuple[str, Origin], Rate], origins: list[Origin]
) -> tuple[RateRow, ...]:
    titles = {line.thing_code: line.thing_title for line in lines}
    titles |= {code: Text(zh=code, en=code) for code, _ in counts if code not in titles}
    return tuple(
        _row(code, title, origin, [line for line in lines if line.thing_code == code], counts)
        for code, title in titles.items()
        for origin in origins
    )


def _by_department(
    lines: tuple[ItemLine, ...], counts: Mapping[tuple[str, Origin], Rate], origins: list[Origin]
) -> tuple[RateRow, ...]:
    labels = {line.department_code: line.department_label for line in lines}
    return tuple(
        _row(code, label, origin, [line for line in lines if line.department_code == code], counts)
        for code, label in labels.items()
        for origin in origins
    )


def _row(
    key: str,
    label: Text,
    origin: Origin,
    lines: list[ItemLine],
    counts: Mapping[tuple[str, Origin], Rate],
) -> RateRow:
    things = {line.thing_code for line in lines} or {key}
    return RateRow(
        key=key,
        label=label,
        origin=origin,
        origin_label=ORIGIN_TAGS[origin],
        online_items=_online_items(lines),
        no_visit_items=_no_visit_items(lines),
        online_cases=_sum(counts.get((thing, origin), Rate(0, 0)) for thing in things),
    )
