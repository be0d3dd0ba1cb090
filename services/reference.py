"""Reference data: published definitions and calendar, price lists, seal makers."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import rfc8785
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from catalog import registry, working_days
from core.errors import Problem, RuleViolatedError
from core.text import Text
from models.definition import Maker
from models.ledger import Tariff
from services import calendars, definitions


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """A version of a price list: market and contract price of one seal, in fen."""

    code: str
    valid_from: date
    market_price_fen: int
    contract_price_fen: int
    source: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class MakerFacts:
    """A seal maker as the local police has designated it."""

    code: str
    name: Text
    address: Text
    phone: str
    district_codes: tuple[str, ...]
    is_demonstration: bool = False


def publish(session: Session, at: datetime) -> list[str]:
    """Publish the catalogue and the calendar that came with the program; what was new."""
    published = definitions.publish(session, registry.catalogue(), at)
    if _knows_more(session) and calendars.publish(session, working_days.calendar(), at):
        published.append(f"calendar {working_days.VERSION}")
    return published


def record_prices(session: Session, prices: Prices, at: datetime) -> int:
    """Record a new version of a price list; its number. The same prices again change nothing.

    Raises `RuleViolatedError` for prices below one fen or a contract price above the market's.
    """
    if not 0 < prices.contract_price_fen <= prices.market_price_fen:
        raise RuleViolatedError((Problem("contract_price_fen", PRICES_WRONG),))
    digest = _digest(prices)
    known = session.execute(
        select(Tariff.version).where(Tariff.code == prices.code, Tariff.content_hash == digest)
    ).scalar()
    if known is not None:
        return int(known)
    last = session.execute(
        select(func.max(Tariff.version)).where(Tariff.code == prices.code)
    ).scalar()
    version = int(last or 0) + 1
    session.add(
        Tariff(
            code=prices.code,
            version=version,
            valid_from=prices.valid_from,
            market_price_fen=prices.market_price_fen,
            contract_price_fen=prices.contract_price_fen,
            source=_both(prices.source),
            content_hash=digest,
            recorded_at=at,
        )
    )
    session.flush()  # the next reader in this transaction asks by SQL
    return version


def record_maker(session: Session, facts: MakerFacts, at: datetime) -> None:
    """Record a seal maker, or change what is known of it."""
    values = {
        "name": _both(facts.name),
        "address": _both(facts.address),
        "phone": facts.phone,
        "district_codes": list(facts.district_codes),
        "is_demonstration": facts.is_demonstration,
    }
    session.execute(
        insert(Maker)
        .values(code=facts.code, recorded_at=at, closed_at=None, **values)
        .on_conflict_do_update(index_elements=[Maker.code], set_=values)
    )


PRICES_WRONG = Text(
    zh="合同价须大于零，且不高于市场价。",
    en="The contract price must be above zero and not above the market price.",
)


def _knows_more(session: Session) -> bool:
    """Whether the calendar that came with the program has years that none published has.

    What an administrator published for the same years is not pushed aside.
    """
    published = calendars.versions(session, working_days.calendar().office)
    return not published or published[0].last_year < working_days.LAST_YEAR


def _digest(prices: Prices) -> bytes:
    content: Mapping[str, str | int] = {
        "code": prices.code,
        "valid_from": prices.valid_from.isoformat(),
        "market_price_fen": prices.market_price_fen,
        "contract_price_fen": prices.contract_price_fen,
        "source": prices.source.zh,
    }
    return hashlib.sha256(rfc8785.dumps(dict(content))).digest()


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
