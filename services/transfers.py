"""The transfers of the ledger one by one, each with the evidence that it rests on."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from catalog.savings import BurdenLine, Measured
from catalog.schema import Item
from core.districts import across_districts
from core.text import Text
from models.event import Event
from models.ledger import Commodity, Transfer
from models.output import Seal
from services import definitions
from services.definitions import Definition
from services.door.posting import BURDEN_AVOIDED
from services.ledger_scope import ACROSS
from services.ledger_words import (
    account_label,
    fund_label,
    maker_names,
    payer_label,
    quantity_words,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferLine:
    """One transfer as the ledger holds it, with its evidence."""

    event_number: int
    line: int
    entry_id: UUID
    posted_at: datetime
    debit_account: str
    debit_label: Text
    credit_account: str
    credit_label: Text
    item_code: str
    item_title: Text
    savings_code: str
    savings_title: Text
    """What was saved, in the words of the definition that the event names."""
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
    baseline: Measured | None
    actual: Measured | None
    """Between which two the burden lies, by the same definition; None for money."""
    seal_id: UUID | None
    seal_code: str | None
    reverses: tuple[int, int] | None
    """Event number and line of the transfer that this one takes back."""

    @property
    def is_money(self) -> bool:
        """True for yuan, False for burden."""
        return self.commodity == Commodity.CNY


def of_case(session: Session, district_code: str, case_id: UUID) -> tuple[TransferLine, ...]:
    """Every transfer of one case, in the order of posting."""
    bound = (Transfer.district_code == district_code, Transfer.case_id == case_id)
    return _lines(session, _statement(*bound))


def of_entry(session: Session, entry_id: UUID) -> tuple[Transfer, tuple[TransferLine, ...]] | None:
    """The first row of an entry as it is stored, and all its transfers; None if there is none.

    Whoever calls checks that the reader may see that district.
    """
    first = session.scalars(
        select(Transfer)
        .where(Transfer.entry_id == entry_id)
        .order_by(Transfer.line)
        .limit(1)
        .prefix_with(across_districts(ACROSS))
    ).one_or_none()
    if first is None:
        return None
    bound = (
        Transfer.district_code == first.district_code,
        Transfer.case_id == first.case_id,
        Transfer.entry_id == entry_id,
    )
    return first, _lines(session, _statement(*bound))


def burden_in_words(lines: Iterable[TransferLine]) -> tuple[Text, ...]:
    """What applicants were spared, one sum for each unit: they are never added to each other."""
    sums: dict[Commodity, int] = defaultdict(int)
    for line in lines:
        if BURDEN_AVOIDED in {line.debit_account, line.credit_account}:
            sign = 1 if line.debit_account == BURDEN_AVOIDED else -1
            sums[Commodity(line.commodity)] += sign * line.amount
    return tuple(quantity_words(each, sums[each]) for each in Commodity if each in sums)


def _statement(*bound: ColumnElement[bool]) -> Select[Transfer, str | None, bytes]:
    return (
        select(Transfer, Seal.code, Event.definition_hash)
        .join(
            Event,
            (Event.district_code == Transfer.district_code)
            & (Event.case_id == Transfer.case_id)
            & (Event.number == Transfer.event_number),
        )
        .outerjoin(
            Seal,
            (Seal.district_code == Transfer.district_code)
            & (Seal.case_id == Transfer.case_id)
            & (Seal.id == Transfer.seal_id),
        )
        .where(*bound)
        .order_by(Transfer.event_number, Transfer.line)
    )


def _lines(
    session: Session, statement: Select[Transfer, str | None, bytes]
) -> tuple[TransferLine, ...]:
    makers = maker_names(session)
    return tuple(
        _line(row, seal_code, definitions.by_hash(session, digest), makers)
        for row, seal_code, digest in session.execute(statement)
    )


def _line(
    row: Transfer, seal_code: str | None, definition: Definition, makers: dict[str, Text]
) -> TransferLine:
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
        quantity=quantity_words(row.commodity, row.amount),
        fund_code=row.fund_code,
        fund_label=fund_label(row.fund_code) if row.fund_code else None,
        payer_label=payer_label(row.payer) if row.payer else None,
        tariff=f"{row.tariff_code} v{row.tariff_version}" if row.tariff_code else None,
        seal_id=row.seal_id,
        seal_code=seal_code,
        reverses=reverses,
        **_by_definition(definition.thing.item(row.item_code), row.savings_code),
    )


def _by_definition(item: Item, savings_code: str) -> dict[str, Any]:
    line = next((each for each in item.savings if each.code == savings_code), None)
    return {
        "item_code": item.code,
        "item_title": item.title,
        "savings_code": savings_code,
        "savings_title": line.title if line else Text(zh=savings_code, en=savings_code),
        "baseline": line.baseline if isinstance(line, BurdenLine) else None,
        "actual": line.actual if isinstance(line, BurdenLine) else None,
    }
