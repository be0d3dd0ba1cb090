"""What the ledger says in total: by origin, month, district and maker.

Everything is counted from the transfers themselves; nothing here writes. Cash avoided by
applicants and public cost are two figures and are never added to each other (design 5). Cases
handled in this system, synthetic ones and imported ones are always kept apart.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session

from catalog import registry
from core.clock import CIVIL_ZONE
from core.text import Text
from models.case import Case, Origin
from models.ledger import Transfer
from services.door.posting import CASH_AVOIDED, PUBLIC_COST
from services.ledger_scope import MONEY, TO_CASE, Filters, bounded, net, net_seals
from services.ledger_words import (
    ORIGIN_TAGS,
    ORIGINS,
    PUBLIC_BUDGET,
    maker_label,
    maker_names,
    payer_label,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number with what it means, who bears it and how many ledger lines it rests on."""

    code: str
    label: Text
    definition: Text
    value: int
    """Cases, seals, or fen."""
    unit: str
    payer: str | None = None
    payer_label: Text | None = None
    n: int = 0


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


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginTotals:
    """The figures of one origin; they are never mixed with those of another."""

    origin: Origin
    label: Text
    entities: Figure
    seals: Figure
    cash_avoided: Figure
    public_cost: Figure

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All four, in the order in which they are shown."""
        return (self.cash_avoided, self.public_cost, self.entities, self.seals)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingsReport:
    """Totals by origin, and the same figures by month, district and maker."""

    filters: Filters
    as_of: datetime
    totals: tuple[OriginTotals, ...]
    """Cases handled here first, even if there are none yet."""
    by_month: tuple[Row, ...]
    by_district: tuple[Row, ...]
    by_maker: tuple[Row, ...]


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
}


def totals(session: Session, filters: Filters, at: datetime) -> SavingsReport:
    """Every figure of the savings page; ``at`` is the instant it is drawn up for."""
    makers = maker_names(session)
    overall = _rows(session, filters, literal_column("''"), lambda _key: Text(zh="", en=""))
    found = {row.origin: row for row in overall}
    shown = [origin for origin in Origin if origin is Origin.LIVE or origin in found]
    return SavingsReport(
        filters=filters,
        as_of=at,
        totals=tuple(_origin_totals(origin, found.get(origin)) for origin in shown),
        by_month=_rows(session, filters, _month(), _month_label),
        by_district=_rows(session, filters, Transfer.district_code, district_label),
        by_maker=_rows(
            session, filters, Transfer.maker_code, lambda code: maker_label(code, makers)
        ),
    )


def district_label(code: str) -> Text:
    """The name of a district, or its code if it has no window any more."""
    district = registry.catalogue().districts.get(code)
    return district.name if district else Text(zh=code, en=code)


def _month() -> ColumnElement[str]:
    return func.to_char(func.timezone(CIVIL_ZONE.key, Transfer.posted_at), "YYYY-MM")


def _month_label(key: str) -> Text:
    year, month = key.split("-")
    return Text(zh=f"{year}年{int(month)}月", en=f"{key}")


def _rows(
    session: Session,
    filters: Filters,
    key: Any,
    label: Callable[[str], Text],
) -> tuple[Row, ...]:
    """The figures by ``key``, counted per case first, so that no company is counted twice."""
    cases = (
        bounded(
            select(
                Case.origin.label("origin"),
                key.label("key"),
                Transfer.case_id,
                net_seals().label("seals"),
                net(CASH_AVOIDED).label("cash_avoided_fen"),
                net(PUBLIC_COST).label("public_cost_fen"),
                func.count().label("n"),
            )
            .select_from(Transfer)
            .join(*TO_CASE)
            .where(MONEY),
            filters,
        )
        .group_by(Case.origin, literal_column("key"), Transfer.district_code, Transfer.case_id)
        .subquery()
    )
    found = session.execute(
        select(
            cases.c.origin,
            cases.c.key,
            func.count().filter(cases.c.seals > 0).label("entities"),
            func.sum(cases.c.seals).label("seals"),
            func.sum(cases.c.cash_avoided_fen).label("cash_avoided_fen"),
            func.sum(cases.c.public_cost_fen).label("public_cost_fen"),
            func.sum(cases.c.n).label("n"),
        )
        .group_by(cases.c.origin, cases.c.key)
        .order_by(cases.c.key.desc(), cases.c.origin)
    ).mappings()
    return tuple(_row(row, label) for row in found)


def _row(row: Any, label: Callable[[str], Text]) -> Row:
    origin = Origin(row["origin"])
    key = str(row["key"] or "")
    return Row(
        origin=origin,
        origin_label=ORIGIN_TAGS[origin],
        key=key,
        label=label(key),
        entities=int(row["entities"]),
        seals=int(row["seals"]),
        cash_avoided_fen=int(row["cash_avoided_fen"]),
        public_cost_fen=int(row["public_cost_fen"]),
        n=int(row["n"]),
    )


def _origin_totals(origin: Origin, row: Row | None) -> OriginTotals:
    n = row.n if row else 0
    return OriginTotals(
        origin=origin,
        label=ORIGINS[origin],
        entities=_figure("entities", row.entities if row else 0, "case", n),
        seals=_figure("seals", row.seals if row else 0, "seal", n),
        cash_avoided=_figure("cash_avoided", row.cash_avoided_fen if row else 0, "fen", n),
        public_cost=_figure("public_cost", row.public_cost_fen if row else 0, "fen", n),
    )


def _figure(code: str, value: int, unit: str, n: int) -> Figure:
    label, definition = DEFINITIONS[code]
    payer = PUBLIC_BUDGET if unit == "fen" else None
    return Figure(
        code=code,
        label=label,
        definition=definition,
        value=value,
        unit=unit,
        payer=payer,
        payer_label=payer_label(payer) if payer else None,
        n=n,
    )
