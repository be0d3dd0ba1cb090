"""The entries of the ledger, one a delivery, and the transfers behind one case."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, distinct, func, select
from sqlalchemy.orm import Session

from core.text import Text
from models.case import Case, Origin
from models.ledger import Transfer
from models.output import Seal
from services.door.posting import CASH_AVOIDED, PUBLIC_COST
from services.ledger_scope import MONEY, TO_CASE, Filters, bounded, net, net_seals
from services.ledger_words import (
    ORIGIN_TAGS,
    account_label,
    fund_label,
    maker_label,
    maker_names,
    payer_label,
    quantity_words,
)

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """One entry of the ledger: what one delivery posted."""

    entry_id: UUID
    district_code: str
    case_id: UUID
    event_number: int
    case_number: str
    title: str
    origin: Origin
    origin_label: Text
    maker_code: str
    maker_label: Text
    seals: int
    cash_avoided_fen: int
    public_cost_fen: int
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
class TransferLine:
    """One transfer of a case, as the ledger holds it, with its evidence."""

    event_number: int
    line: int
    entry_id: UUID
    posted_at: datetime
    debit_account: str
    debit_label: Text
    credit_account: str
    credit_label: Text
    item_code: str
    savings_code: str
    commodity: str
    amount: int
    quantity: Text
    """The amount with its unit."""
    fund_code: str | None
    fund_label: Text | None
    """Which public fund pays; None for burden and for rows older than funds."""
    payer_label: Text | None
    """Who bears it; None for burden."""
    tariff: str | None
    """Code and version of the price list; None for burden."""
    seal_id: UUID | None
    seal_code: str | None
    reverses: tuple[int, int] | None
    """Event number and line of the transfer that this one takes back."""


def entries(session: Session, filters: Filters, page: int = 1) -> EntryPage:
    """One page of the entries behind a total, the newest first."""
    total = session.execute(
        bounded(
            select(func.count(distinct(Transfer.entry_id)))
            .select_from(Transfer)
            .join(*TO_CASE)
            .where(MONEY),
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
                Transfer.maker_code,
                net_seals().label("seals"),
                net(CASH_AVOIDED).label("cash_avoided_fen"),
                net(PUBLIC_COST).label("public_cost_fen"),
                func.min(Transfer.posted_at).label("posted_at"),
            )
            .select_from(Transfer)
            .join(*TO_CASE)
            .where(MONEY),
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
        maker_code=maker_code,
        maker_label=maker_label(maker_code, makers),
        seals=int(row["seals"]),
        cash_avoided_fen=int(row["cash_avoided_fen"]),
        public_cost_fen=int(row["public_cost_fen"]),
        posted_at=row["posted_at"],
    )


def transfers_of_case(
    session: Session, district_code: str, case_id: UUID
) -> tuple[TransferLine, ...]:
    """Every transfer of one case, in the order of posting."""
    statement = (
        select(Transfer, Seal.code)
        .outerjoin(
            Seal,
            (Seal.district_code == Transfer.district_code)
            & (Seal.case_id == Transfer.case_id)
            & (Seal.id == Transfer.seal_id),
        )
        .where(Transfer.district_code == district_code, Transfer.case_id == case_id)
        .order_by(Transfer.event_number, Transfer.line)
    )
    makers = maker_names(session)
    return tuple(_transfer(row[0], row[1], makers) for row in session.execute(statement))


def _transfer(row: Transfer, seal_code: str | None, makers: dict[str, Text]) -> TransferLine:
    reverses = None
    if row.reverses_event_number is not None and row.reverses_line is not None:
        reverses = (row.reverses_event_number, row.reverses_line)
    return TransferLine(
        event_number=row.event_number,
        line=row.line,
        entry_id=row.entry_id,
        posted_at=row.posted_at,
        debit_account=row.debit_account,
        debit_label=account_label(row.debit_account, makers),
        credit_account=row.credit_account,
        credit_label=account_label(row.credit_account, makers),
        commodity=row.commodity.value,
        amount=row.amount,
        item_code=row.item_code,
        savings_code=row.savings_code,
        quantity=quantity_words(row.commodity, row.amount),
        fund_code=row.fund_code,
        fund_label=fund_label(row.fund_code) if row.fund_code else None,
        payer_label=payer_label(row.payer) if row.payer else None,
        tariff=f"{row.tariff_code} v{row.tariff_version}" if row.tariff_code else None,
        seal_id=row.seal_id,
        seal_code=seal_code,
        reverses=reverses,
    )
