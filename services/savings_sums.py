"""The ledger's sums, in one statement: per case and event first, then by origin and dimension.

Every sum is of one commodity. A company is counted by its case, so that none is counted twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from models.case import Case, Origin
from models.ledger import Commodity, Transfer
from services.door.posting import BURDEN_AVOIDED, CASH_AVOIDED, PUBLIC_COST
from services.ledger_scope import TO_CASE, Filters, bounded, net, net_burden, net_seals
from services.savings_dimensions import Dimension, key

OVERALL = "overall"
"""The dimension without parts: the totals themselves."""
SUMMED = (
    "seals",
    "cash_avoided_fen",
    "public_cost_fen",
    "minutes",
    "trips",
    "pages",
    "cash_lines",
    "cost_lines",
    "burden_lines",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What one origin comes to in one part of a dimension. Amounts of money are fen."""

    dimension: str
    origin: Origin
    key: str
    entities: int = 0
    seals: int = 0
    cash_avoided_fen: int = 0
    public_cost_fen: int = 0
    minutes: int = 0
    trips: int = 0
    pages: int = 0
    cash_lines: int = 0
    cost_lines: int = 0
    burden_lines: int = 0


def sums(
    session: Session, filters: Filters, dimensions: Sequence[Dimension] = ()
) -> tuple[Sums, ...]:
    """The totals and the sums by each of ``dimensions``, by origin; parts with rows alone."""
    facts = _facts(filters)
    statement = union_all(
        _by(facts, OVERALL, literal("")),
        *(_by(facts, dimension.value, key(dimension, facts.c)) for dimension in dimensions),
    )
    return tuple(_read(session.execute(statement).mappings()))


def _facts(filters: Filters) -> CTE:
    """What each event of each case came to, within ``filters``: read from the rows once."""
    return (
        bounded(
            select(
                Case.origin,
                Case.thing_code,
                Transfer.district_code,
                Transfer.case_id,
                Transfer.item_code,
                Transfer.maker_code,
                Transfer.fund_code,
                Transfer.posted_at,
                net_seals().label("seals"),
                *_nets(),
            )
            .select_from(Transfer)
            .join(*TO_CASE),
            filters,
        )
        .group_by(
            Case.origin,
            Case.thing_code,
            Transfer.district_code,
            Transfer.case_id,
            Transfer.item_code,
            Transfer.maker_code,
            Transfer.fund_code,
            Transfer.posted_at,
        )
        .cte("facts")
        .prefix_with("MATERIALIZED")
    )


def _nets() -> Iterator[ColumnElement[Any]]:
    yield net(CASH_AVOIDED).label("cash_avoided_fen")
    yield net(PUBLIC_COST).label("public_cost_fen")
    yield net_burden(Commodity.MINUTE).label("minutes")
    yield net_burden(Commodity.TRIP).label("trips")
    yield net_burden(Commodity.PAGE).label("pages")
    for name, account in (
        ("cash_lines", CASH_AVOIDED),
        ("cost_lines", PUBLIC_COST),
        ("burden_lines", BURDEN_AVOIDED),
    ):
        yield func.count().filter(_touches(account)).label(name)


def _touches(account: str) -> ColumnElement[bool]:
    return (Transfer.debit_account == account) | (Transfer.credit_account == account)


def _by(facts: CTE, dimension: str, part: ColumnElement[str]) -> Select[*tuple[Any, ...]]:
    """Per case within each part, so that a case counts as one company there; then per part."""
    cases = (
        select(
            facts.c.origin,
            part.label("key"),
            facts.c.district_code,
            facts.c.case_id,
            *(func.sum(facts.c[name]).label(name) for name in SUMMED),
        )
        .group_by(facts.c.origin, part, facts.c.district_code, facts.c.case_id)
        .subquery()
    )
    return select(
        literal(dimension).label("dimension"),
        cases.c.origin,
        cases.c.key,
        func.count().filter(cases.c.seals > 0).label("entities"),
        *(func.sum(cases.c[name]).label(name) for name in SUMMED),
    ).group_by(cases.c.origin, cases.c.key)


def _read(rows: Any) -> Iterator[Sums]:
    for row in rows:
        yield Sums(
            dimension=row["dimension"],
            origin=Origin(row["origin"]),
            key=row["key"],
            entities=int(row["entities"]),
            **{name: int(row[name]) for name in SUMMED},
        )
