"""Posting a saving: the transfers of design 5, in integer fen, each tied to a delivered seal."""

from collections.abc import Sequence
from uuid import UUID

from catalog.schema import SavingsLine
from core.errors import TransitionRefusedError
from core.text import Text
from models.base import new_id
from models.ledger import Commodity
from services.door.changes import EventDraft
from services.door.decision import Decision
from services.door.snapshot import SealRow, TariffRow, TaskRow

CASH_AVOIDED = "applicants:cash_avoided"
"""What applicants need not pay; its other side says who bears it."""
BENEFITS_GRANTED = "public_budget:benefits_granted"
PUBLIC_COST = "public_budget:cost"
"""What the public budget owes for it, at the contract price."""


NO_TARIFF = Text(
    zh="价目“{code}”今天没有生效的版本，不能入账。请先由管理员登记价目。",
    en='No version of the tariff "{code}" is in force today. Have the administrator record it.',
)


def payable(maker_code: str) -> str:
    """The account of what is owed to a seal maker."""
    return f"makers:{maker_code}:payable"


def post_savings(
    decision: Decision, event: EventDraft, task: TaskRow, seals: Sequence[SealRow]
) -> None:
    """Write the transfers of every savings line of the item, one pair per delivered seal.

    Market price x seals is the cash that applicants avoid (payer: the public budget); contract
    price x seals is public cost, owed to the maker. The two are never added to each other.
    """
    for line in decision.definition.thing.item(task.item_code).savings:
        entry_id = new_id()
        tariff = decision.snapshot.tariffs.get(line.tariff)
        if tariff is None:
            raise TransitionRefusedError(NO_TARIFF.format(code=line.tariff))
        for seal in seals:
            _post(
                decision,
                event,
                _legs(CASH_AVOIDED, BENEFITS_GRANTED, tariff.market_price_fen),
                _facts(line, tariff, entry_id, seal),
            )
            _post(
                decision,
                event,
                _legs(PUBLIC_COST, payable(seal.maker_code), tariff.contract_price_fen),
                _facts(line, tariff, entry_id, seal),
            )


def _legs(debit: str, credit: str, amount_fen: int) -> dict[str, object]:
    return {
        "debit_account": debit,
        "credit_account": credit,
        "commodity": Commodity.CNY.value,
        "amount": amount_fen,
    }


def _facts(
    line: SavingsLine, tariff: TariffRow, entry_id: UUID, seal: SealRow
) -> dict[str, object]:
    return {
        "entry_id": str(entry_id),
        "item_code": seal.item_code,
        "savings_code": line.code,
        "payer": line.payer,
        "tariff_code": tariff.code,
        "tariff_version": tariff.version,
        "maker_code": seal.maker_code,
        "seal_id": str(seal.id),
        "reverses_event_number": None,
        "reverses_line": None,
    }


def _post(
    decision: Decision, event: EventDraft, legs: dict[str, object], facts: dict[str, object]
) -> None:
    number = decision.event_number(event)
    line = sum(row["event_number"] == number for row in decision.changes.transfers) + 1
    row = {"line": line, **legs, **facts}
    event.wrote("transfers", row)
    decision.changes.transfers.append(row | {"event_number": number, "posted_at": decision.at})
