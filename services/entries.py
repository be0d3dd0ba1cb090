"""The entries of the ledger, one a delivery or granted item, and one entry with its evidence."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, distinct, func, select
from sqlalchemy.orm import Session

from catalog import registry
from catalog.funds import Fund
from core.errors import NotFoundError
from core.text import Text
from models.case import Case, Origin
from models.event import Event
from models.ledger import Commodity, Tariff, Transfer
from services import definitions, transfers
from services.door.posting import CASH_AVOIDED, PUBLIC_COST
from services.history import HistoryLine, history
from services.ledger_scope import (
    TO_CASE,
    Filters,
    bounded,
    net,
    net_burden,
    net_seals,
    within_reach,
)
from services.ledger_words import (
    ORIGIN_TAGS,
    maker_label,
    maker_names,
    quantity_words,
)
from services.savings_dimensions import item_label
from services.transfers import TransferLine
from workflows.permissions import Actor

PAGE_SIZE = 50
BURDENS = (Commodity.TRIP, Commodity.MINUTE, Commodity.PAGE)
NO_ENTRY = Text(zh="没有这笔分录。", en="There is no such entry.")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """One entry of the ledger: what one delivery or one granted item posted."""

    entry_id: UUID
    district_code: str
    case_id: UUID
    event_number: int
    case_number: str
    title: str
    origin: Origin
    origin_label: Text
    item_code: str
    item_title: Text
    maker_code: str
    maker_label: Text
    """Empty for burden."""
    seals: int
    cash_avoided_fen: int
    public_cost_fen: int
    burden: tuple[Text, ...]
    """What was spared, in each unit. Empty for money."""
    posted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """One page of entries, the newest first."""

    lines: tuple[EntryLine, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffFacts:
    """A version of a price list, as an entry names it."""

    code: str
    version: int
    valid_from: date
    market_price_fen: int
    contract_price_fen: int
    source: Text
    content_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRecord:
    """One entry with all that it rests on: what a reader needs to reckon it again."""

    entry_id: UUID
    posted_at: datetime
    district_code: str
    case_id: UUID
    case_number: str
    title: str
    origin: Origin
    origin_label: Text
    thing_title: Text
    thing_version: int
    definition_hash: str
    """Of the definition that says baseline, actual and price list."""
    item_title: Text
    event: HistoryLine
    """The step that posted it, with number and hash."""
    transfers: tuple[TransferLine, ...]
    tariffs: tuple[TariffFacts, ...]
    """None for burden."""
    funds: tuple[Fund, ...]
    """Those in the catalogue now; a fund that was taken out is known by its code alone."""
    burden: tuple[Text, ...]
    """What was spared, a sum for each unit. Empty for money."""

    @property
    def is_money(self) -> bool:
        """True for an entry in yuan; an entry never mixes money and burden."""
        return all(line.is_money for line in self.transfers)


def entry(session: Session, actor: Actor, entry_id: UUID, at: datetime) -> EntryRecord:
    """One entry with its transfers and their evidence.

    Raises `NotFoundError` if there is none within the actor's reach, `NotPermittedError` if the
    actor may not read the ledger at all.
    """
    reached = within_reach(actor, Filters(), at).district_codes
    found = transfers.of_entry(session, entry_id)
    if found is None or (reached is not None and found[0].district_code not in reached):
        raise NotFoundError(NO_ENTRY)
    first, lines = found
    key = (first.district_code, first.case_id)
    case = session.execute(
        select(Case).where(Case.district_code == key[0], Case.id == key[1])
    ).scalar_one()
    event = next(each for each in history(session, *key) if each.number == first.event_number)
    definition = definitions.by_hash(session, _definition_hash(session, first))
    catalogue = registry.catalogue()
    return EntryRecord(
        entry_id=entry_id,
        posted_at=first.posted_at,
        district_code=key[0],
        case_id=key[1],
        case_number=case.number or "",
        title=case.title or "",
        origin=case.origin,
        origin_label=ORIGIN_TAGS[case.origin],
        thing_title=definition.thing.title,
        thing_version=definition.thing.version,
        definition_hash=definition.hash.hex(),
        item_title=lines[0].item_title,
        event=event,
        transfers=lines,
        tariffs=_tariffs(session, lines),
        funds=tuple(
            catalogue.funds[code]
            for code in sorted({line.fund_code for line in lines if line.fund_code})
            if code in catalogue.funds
        ),
        burden=transfers.burden_in_words(lines),
    )


def _definition_hash(session: Session, row: Transfer) -> bytes:
    return session.execute(
        select(Event.definition_hash).where(
            Event.district_code == row.district_code,
            Event.case_id == row.case_id,
            Event.number == row.event_number,
        )
    ).scalar_one()


def _tariffs(session: Session, lines: tuple[TransferLine, ...]) -> tuple[TariffFacts, ...]:
    named = {line.tariff for line in lines if line.tariff}
    rows = session.scalars(select(Tariff).order_by(Tariff.code, Tariff.version)) if named else ()
    return tuple(
        TariffFacts(
            code=row.code,
            version=row.version,
            valid_from=row.valid_from,
            market_price_fen=row.market_price_fen,
            contract_price_fen=row.contract_price_fen,
            source=Text(zh=str(row.source["zh"]), en=str(row.source["en"])),
            content_hash=row.content_hash.hex(),
        )
        for row in rows
        if f"{row.code} v{row.version}" in named
    )


def entries(session: Session, filters: Filters, page: int = 1) -> EntryPage:
    """One page of the entries behind a total, the newest first."""
    total = session.execute(
        bounded(
            select(func.count(distinct(Transfer.entry_id))).select_from(Transfer).join(*TO_CASE),
            filters,
        )
    ).scalar_one()
    statement = entry_statement(filters).limit(PAGE_SIZE).offset((max(page, 1) - 1) * PAGE_SIZE)
    makers = maker_names(session)
    lines = tuple(_entry(row, makers) for row in session.execute(statement).mappings())
    return EntryPage(lines=lines, total=int(total), page=max(page, 1))


def entry_statement(filters: Filters) -> Select[*tuple[Any, ...]]:
    """The entries within ``filters``, one row each with its net amounts, the newest first."""
    return (
        bounded(
            select(
                Transfer.entry_id,
                Transfer.district_code,
                Transfer.case_id,
                Transfer.event_number,
                Case.number,
                Case.title,
                Case.origin,
                Transfer.item_code,
                Transfer.maker_code,
                net_seals().label("seals"),
                net(CASH_AVOIDED).label("cash_avoided_fen"),
                net(PUBLIC_COST).label("public_cost_fen"),
                *(net_burden(each).label(each.value) for each in BURDENS),
                func.min(Transfer.posted_at).label("posted_at"),
            )
            .select_from(Transfer)
            .join(*TO_CASE),
            filters,
        )
        .group_by(
            Transfer.entry_id,
            Transfer.district_code,
            Transfer.case_id,
            Transfer.event_number,
            Case.number,
            Case.title,
            Case.origin,
            Transfer.item_code,
            Transfer.maker_code,
        )
        .order_by(func.min(Transfer.posted_at).desc(), Transfer.entry_id)
    )


def _entry(row: Any, makers: dict[str, Text]) -> EntryLine:
    origin = Origin(row["origin"])
    maker_code = str(row["maker_code"] or "")
    return EntryLine(
        entry_id=row["entry_id"],
        district_code=row["district_code"],
        case_id=row["case_id"],
        event_number=row["event_number"],
        case_number=row["number"] or "",
        title=row["title"] or "",
        origin=origin,
        origin_label=ORIGIN_TAGS[origin],
        item_code=row["item_code"],
        item_title=item_label(row["item_code"]),
        maker_code=maker_code,
        maker_label=maker_label(maker_code, makers),
        seals=int(row["seals"]),
        cash_avoided_fen=int(row["cash_avoided_fen"]),
        public_cost_fen=int(row["public_cost_fen"]),
        burden=tuple(
            quantity_words(each, int(row[each.value])) for each in BURDENS if row[each.value]
        ),
        posted_at=row["posted_at"],
    )
