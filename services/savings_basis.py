"""What the figures were reckoned with: price lists, burden prices, baselines; each with source."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from catalog import registry
from catalog.burden_prices import BurdenPrices
from catalog.savings import BurdenLine
from core.errors import NotFoundError
from core.text import Text
from models.case import Case
from models.ledger import Tariff, Transfer
from services import definitions
from services.ledger_scope import BURDEN, MONEY, TO_CASE, Filters, bounded


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffUse:
    """One version of a price list, and how many rows of money were priced by it."""

    code: str
    version: int
    valid_from: date
    market_price_fen: int
    contract_price_fen: int
    source: Text
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineUse:
    """One burden line of one version of a definition, and how many rows rest on it."""

    thing_code: str
    thing_version: int
    definition_hash: str
    thing_title: Text
    item_code: str
    item_title: Text
    line: BurdenLine
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """The parameters of a report: exactly those that its rows used."""

    tariffs: tuple[TariffUse, ...]
    prices: BurdenPrices
    baselines: tuple[BaselineUse, ...]


def read(session: Session, filters: Filters) -> Basis:
    """The parameters of the rows within ``filters``."""
    return Basis(
        tariffs=tuple(_tariffs(session, filters)),
        prices=registry.catalogue().burden_prices,
        baselines=tuple(_baselines(session, filters)),
    )


def _tariffs(session: Session, filters: Filters) -> Iterator[TariffUse]:
    used = (
        bounded(
            select(Transfer.tariff_code, Transfer.tariff_version, func.count().label("n"))
            .select_from(Transfer)
            .join(*TO_CASE)
            .where(MONEY),
            filters,
        )
        .group_by(Transfer.tariff_code, Transfer.tariff_version)
        .subquery()
    )
    statement = (
        select(Tariff, used.c.n)
        .join(used, (Tariff.code == used.c.tariff_code) & (Tariff.version == used.c.tariff_version))
        .order_by(Tariff.code, Tariff.version)
    )
    for tariff, n in session.execute(statement):
        yield TariffUse(
            code=tariff.code,
            version=tariff.version,
            valid_from=tariff.valid_from,
            market_price_fen=tariff.market_price_fen,
            contract_price_fen=tariff.contract_price_fen,
            source=Text(zh=str(tariff.source["zh"]), en=str(tariff.source["en"])),
            n=int(n),
        )


def _baselines(session: Session, filters: Filters) -> Iterator[BaselineUse]:
    statement = (
        bounded(
            select(
                Case.definition_hash,
                Transfer.item_code,
                Transfer.savings_code,
                func.count(distinct(Transfer.case_id)),
            )
            .select_from(Transfer)
            .join(*TO_CASE)
            .where(BURDEN),
            filters,
        )
        .group_by(Case.definition_hash, Transfer.item_code, Transfer.savings_code)
        .order_by(Case.definition_hash, Transfer.item_code, Transfer.savings_code)
    )
    for digest, item_code, line_code, n in session.execute(statement).all():
        found = _baseline(session, digest, item_code, line_code)
        if found is not None:
            title, version, code, item_title, line = found
            yield BaselineUse(
                thing_code=code,
                thing_version=version,
                definition_hash=digest.hex(),
                thing_title=title,
                item_code=item_code,
                item_title=item_title,
                line=line,
                n=int(n),
            )


def _baseline(
    session: Session, digest: bytes, item_code: str, line_code: str
) -> tuple[Text, int, str, Text, BurdenLine] | None:
    """The line as the version of the definition has it; None if it is not there."""
    try:
        thing = definitions.by_hash(session, digest).thing
    except NotFoundError:
        return None
    for item in thing.items:
        for line in item.savings:
            if (item.code, line.code) == (item_code, line_code) and isinstance(line, BurdenLine):
                return thing.title, thing.version, thing.code, item.title, line
    return None
