"""What the ledger says in total: by origin, and by period, one-thing, item, district, maker, fund.

Everything is counted from the transfers themselves; nothing here writes. Cash avoided by
applicants, public cost and burden saved are three figures and are never added to each other
(design 5). Cases handled in this system, synthetic ones and imported ones are always kept apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.text import Text
from models.case import Origin
from services import savings_basis
from services.burden_estimates import Estimate, estimate
from services.checksums import RESTS_ON, RowsChecksum, checksums
from services.ledger_scope import Filters
from services.ledger_words import ORIGIN_TAGS, ORIGINS, PUBLIC_BUDGET, payer_label
from services.periods import before
from services.reckoned import Reckoned, fingerprint
from services.savings_basis import Basis
from services.savings_dimensions import Dimension, Names, label
from services.savings_sums import OVERALL, Sums, sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number with what it means, who bears it and which ledger rows it rests on."""

    code: str
    label: Text
    definition: Text
    value: int
    """Cases, seals, or fen."""
    unit: str
    payer: str | None = None
    payer_label: Text | None = None
    rows: RowsChecksum
    before: int | None = None
    """The same of the period before, if there is one to compare with."""

    @property
    def n(self) -> int:
        """How many ledger rows it rests on."""
        return self.rows.n


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """The burden saved in its own units, and what it is estimated at, which is no money."""

    label: Text
    definition: Text
    minutes: int
    trips: int
    pages: int
    estimate: Estimate
    rows: RowsChecksum
    before: "Burden | None" = None

    code = "burden"

    @property
    def n(self) -> int:
        """How many ledger rows it rests on."""
        return self.rows.n


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a table: amounts in fen."""

    origin: Origin
    origin_label: Text
    key: str
    label: Text
    entities: int
    seals: int
    cash_avoided_fen: int
    public_cost_fen: int
    n: int
    """How many rows of money."""
    minutes: int
    trips: int
    pages: int
    estimate: Estimate
    burden_n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginTotals:
    """The figures of one origin; they are never mixed with those of another."""

    origin: Origin
    label: Text
    entities: Figure
    seals: Figure
    cash_avoided: Figure
    public_cost: Figure
    burden: Burden

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Those that are counted, in the order in which they are shown."""
        return (self.cash_avoided, self.public_cost, self.entities, self.seals)

    @property
    def is_empty(self) -> bool:
        """True if no row of the ledger is behind it."""
        return not any((self.cash_avoided.n, self.public_cost.n, self.burden.n))


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingsReport:
    """Totals by origin, the same figures by dimension, and what they were reckoned with."""

    filters: Filters
    as_of: datetime
    totals: tuple[OriginTotals, ...]
    """Cases handled here first, even if there are none yet."""
    parts: Mapping[Dimension, tuple[Row, ...]]
    """Of each dimension that was asked for, in the order of its keys, periods the latest first."""
    compared_with: Filters | None
    """The period before; None if there is none."""
    basis: Basis

    def rows_of(self, dimension: Dimension, origin: Origin) -> tuple[Row, ...]:
        """The rows of one dimension and one origin."""
        return tuple(row for row in self.parts[dimension] if row.origin is origin)


DEFINITIONS = {
    "entities": (
        Text(zh="受惠经营主体", en="Companies served"),
        Text(
            zh="至少有一枚印章已交付并入账（未冲销）的办件数，一件一户。",
            en="Cases with at least one delivered seal in the ledger, not reversed; "
            "one case is one company.",
        ),
    ),
    "seals": (
        Text(zh="免费交付的印章", en="Seals delivered free of charge"),
        Text(
            zh="凭领取码签收交付并入账的印章枚数，减去已冲销的。",
            en="Seals handed over against the delivery code and posted, less reversed ones.",
        ),
    ),
    "cash_avoided": (
        Text(zh="申请人少付的现金", en="Cash avoided by applicants"),
        Text(
            zh="已交付印章数 × 入账时价目中的市场价。由公共财政代付，是转移而不是新增的社会价值。",
            en="Delivered seals x the market price of the tariff in force at posting. The public "
            "budget pays instead: a transfer, not new value.",
        ),
    ),
    "public_cost": (
        Text(zh="公共财政支出", en="Public cost"),
        Text(
            zh="已交付印章数 × 入账时价目中的合同价，应付给刻章企业。与“少付的现金”不相加。",
            en="Delivered seals x the contract price of the tariff in force at posting, owed to "
            "the makers. Never added to the cash avoided.",
        ),
    ),
    "burden": (
        Text(zh="节省的办事负担（估算）", en="Burden saved (estimate)"),
        Text(
            zh="每个办成的事项，基准减去实际的填表分钟、跑动次数和复印页数，按各自的单位入账；"
            "折合金额 = 数量 × 参数单价，分低、中、高三档，只是估算，从不入账，也不与现金相加。",
            en="For each item granted, baseline less actual minutes of filling in forms, trips and "
            "pages, posted in their own units. The amount is quantity x price parameter, low, "
            "central and high: an estimate that is never posted and never added to money.",
        ),
    ),
}


def totals(
    session: Session,
    filters: Filters,
    at: datetime,
    dimensions: Sequence[Dimension] = tuple(Dimension),
) -> SavingsReport:
    """Every figure of the savings page, ``dimensions`` broken down; ``at`` is its instant."""
    names = Names.read(session)
    rows = fingerprint(session, filters)
    key = (session.get_bind(), filters, tuple(dimensions), rows)
    found, checked, basis = _reckoned.get(
        key,
        lambda: (
            sums(session, filters, dimensions),
            checksums(session, filters),
            savings_basis.read(session, filters),
        ),
    )
    compared_with = before(filters)
    earlier = _overall(sums(session, compared_with)) if compared_with else None
    overall = _overall(found)
    shown = [origin for origin in Origin if origin is Origin.LIVE or origin in overall]
    return SavingsReport(
        filters=filters,
        as_of=at,
        totals=tuple(_origin_totals(origin, overall, checked, earlier) for origin in shown),
        parts={each: _rows(found, each, names) for each in dimensions},
        compared_with=compared_with,
        basis=basis,
    )


_reckoned: Reckoned[tuple[tuple[Sums, ...], dict[tuple[Origin, str], RowsChecksum], Basis]] = (
    Reckoned()
)
_broken_down: Reckoned[tuple[Sums, ...]] = Reckoned()


def rows(session: Session, filters: Filters, dimension: Dimension) -> tuple[Row, ...]:
    """The figures broken down by ``dimension`` alone."""
    key = (session.get_bind(), filters, dimension, fingerprint(session, filters))
    found = _broken_down.get(key, lambda: sums(session, filters, (dimension,)))
    return _rows(found, dimension, Names.read(session))


def _overall(found: Sequence[Sums]) -> dict[Origin, Sums]:
    return {each.origin: each for each in found if each.dimension == OVERALL}


def _rows(found: Sequence[Sums], dimension: Dimension, names: Names) -> tuple[Row, ...]:
    rows = sorted((each for each in found if each.dimension == dimension), key=lambda row: row.key)
    if dimension.is_period:
        rows.reverse()
    return tuple(
        Row(
            origin=row.origin,
            origin_label=ORIGIN_TAGS[row.origin],
            key=row.key,
            label=label(dimension, row.key, names),
            entities=row.entities,
            seals=row.seals,
            cash_avoided_fen=row.cash_avoided_fen,
            public_cost_fen=row.public_cost_fen,
            n=row.cash_lines + row.cost_lines,
            minutes=row.minutes,
            trips=row.trips,
            pages=row.pages,
            estimate=_estimate(row),
            burden_n=row.burden_lines,
        )
        for row in rows
    )


def _origin_totals(
    origin: Origin,
    overall: Mapping[Origin, Sums],
    checked: Mapping[tuple[Origin, str], RowsChecksum],
    earlier: Mapping[Origin, Sums] | None,
) -> OriginTotals:
    none = Sums(dimension=OVERALL, origin=origin, key="")
    now = overall.get(origin, none)
    then = None if earlier is None else earlier.get(origin, none)
    rows = {code: checked.get((origin, kind), RowsChecksum()) for code, kind in RESTS_ON.items()}

    def figure(code: str, name: str, unit: str) -> Figure:
        words, definition = DEFINITIONS[code]
        payer = PUBLIC_BUDGET if unit == "fen" else None
        return Figure(
            code=code,
            label=words,
            definition=definition,
            value=getattr(now, name),
            unit=unit,
            payer=payer,
            payer_label=payer_label(payer) if payer else None,
            rows=rows[code],
            before=None if then is None else getattr(then, name),
        )

    return OriginTotals(
        origin=origin,
        label=ORIGINS[origin],
        entities=figure("entities", "entities", "case"),
        seals=figure("seals", "seals", "seal"),
        cash_avoided=figure("cash_avoided", "cash_avoided_fen", "fen"),
        public_cost=figure("public_cost", "public_cost_fen", "fen"),
        burden=_burden(now, rows["burden"], None if then is None else _burden(then)),
    )


def _burden(found: Sums, rows: RowsChecksum | None = None, before: Burden | None = None) -> Burden:
    words, definition = DEFINITIONS["burden"]
    return Burden(
        label=words,
        definition=definition,
        minutes=found.minutes,
        trips=found.trips,
        pages=found.pages,
        estimate=_estimate(found),
        rows=rows or RowsChecksum(n=found.burden_lines),
        before=before,
    )


def _estimate(found: Sums) -> Estimate:
    return estimate(minutes=found.minutes, trips=found.trips, pages=found.pages)
