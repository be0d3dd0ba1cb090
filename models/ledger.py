"""The savings ledger: one row is one transfer, so that no unbalanced row can exist."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Commodity(StrEnum):
    """What is counted. Never converted into each other in the ledger, never summed together."""

    CNY = "CNY"  # fen
    MINUTE = "MINUTE"
    TRIP = "TRIP"
    PAGE = "PAGE"


class Transfer(Base):
    """One amount from a credit account to a debit account. Never updated; insert only.

    A mistake is mended by a counter-transfer that names the line it reverses.
    """

    __tablename__ = "transfers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district_code", "case_id", "event_number"],
            ["events.district_code", "events.case_id", "events.number"],
        ),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("debit_account <> credit_account", name="accounts_differ"),
        CheckConstraint(
            "CASE WHEN commodity = 'CNY' THEN payer IS NOT NULL AND tariff_code IS NOT NULL "
            "AND tariff_version IS NOT NULL ELSE payer IS NULL AND tariff_code IS NULL "
            "AND tariff_version IS NULL AND fund_code IS NULL AND seal_id IS NULL END",
            name="money_has_a_price",
        ),
        Index("ix_transfers_posted_at", "district_code", "posted_at"),
        Index("ix_transfers_entry_id", "entry_id"),
    )

    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_number: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID]
    """One per event and savings kind: what one fact saved."""
    posted_at: Mapped[datetime]
    item_code: Mapped[str]
    savings_code: Mapped[str]
    debit_account: Mapped[str]
    credit_account: Mapped[str]
    commodity: Mapped[Commodity]
    amount: Mapped[int]
    """In the smallest unit: fen for CNY, else whole minutes, trips, pages."""
    payer: Mapped[str | None]
    """Who bears it. None for burden, as are tariff, fund and seal."""
    fund_code: Mapped[str | None]
    """Which public fund pays. None for burden, and in rows older than funds."""
    tariff_code: Mapped[str | None]
    tariff_version: Mapped[int | None]
    maker_code: Mapped[str | None]
    seal_id: Mapped[UUID | None]
    """The evidence: the seal that was delivered."""
    reverses_event_number: Mapped[int | None]
    reverses_line: Mapped[int | None]


class Tariff(Base):
    """A price list version: what a seal costs on the market and by contract. Immutable."""

    __tablename__ = "tariffs"

    code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    valid_from: Mapped[date]
    market_price_fen: Mapped[int]
    contract_price_fen: Mapped[int]
    source: Mapped[dict[str, Any]]
    """Where the prices come from, in both languages."""
    content_hash: Mapped[bytes]
    recorded_at: Mapped[datetime]
