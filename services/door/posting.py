"""Posting what a case saves: money in whole fen for delivered seals, burden in its own units."""

from collections.abc import Sequence
from uuid import UUID

from catalog import registry
from catalog.funds import Fund
from catalog.savings import BurdenLine, MoneyLine
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
BURDEN_AVOIDED = "applicants:burden_avoided"
"""Minutes, trips and pages that applicants need not spend."""
BURDEN_BASELINE = "baseline:burden"
"""What they would have spent without the one-thing."""


NO_TARIFF = Text(
    zh="价目“{code}”今天没有生效的版本，不能入账。请先由管理员登记价目。",
    en='No version of the tariff "{code}" is in force today. Have the administrator record it.',
)
NO_FUND = Text(
    zh="区域“{district}”里没有资金承担“{line}”，不能入账。请先由管理员补上资金。",
    en='In the district "{district}" no fund pays for "{line}". Have the administrator add one.',
)


def payable(maker_code: str) -> str:
    """The account of what is owed to a seal maker."""
    return f"makers:{maker_code}:payable"


def post_money(
    decision: Decision, event: EventDraft, task: TaskRow, seals: Sequence[SealRow]
) -> None:
    """Write the transfers of every line in money of the item, one pair per delivered seal.

    Market price x seals is the cash that applicants avoid (payer: the public budget); contract
    price x seals is public cost, owed to the maker. The two are never added to each other. Raises
    `TransitionRefusedError` if no price is in force, or no fund pays in the case's district.
    """
    for line in decision.definition.thing.item(task.item_code).savings:
        if not isinstance(line, MoneyLine):
            continue
        entry_id = new_id()
        tariff = decision.snapshot.tariffs.get(line.tariff)
        if tariff is None:
            raise TransitionRefusedError(NO_TARIFF.format(code=line.tariff))
        fund = _fund(decision, task, line)
        for seal in seals:
            facts = _facts(line, tariff, fund, seal) | {"entry_id": str(entry_id)}
            post(
                decision,
                event,
                _legs(CASH_AVOIDED, BENEFITS_GRANTED, tariff.market_price_fen) | facts,
            )
            post(
                decision,
                event,
                _legs(PUBLIC_COST, payable(seal.maker_code), tariff.contract_price_fen) | facts,
            )


def post_burden(decision: Decision, event: EventDraft, task: TaskRow) -> None:
    """Write what a granted item spares its applicant: baseline less actual, in its own unit.

    Called when a task comes to a positive state from one that is not: once, or again after what
    was posted before has been reversed. An item that is not required, refused or cancelled posts
    nothing.
    """
    entry_id: UUID | None = None
    for line in decision.definition.thing.item(task.item_code).savings:
        if not isinstance(line, BurdenLine):
            continue
        entry_id = entry_id or new_id()
        row = {
            "debit_account": BURDEN_AVOIDED,
            "credit_account": BURDEN_BASELINE,
            "commodity": line.commodity,
            "amount": line.saved,
            "entry_id": str(entry_id),
            "item_code": task.item_code,
            "savings_code": line.code,
        }
        post(decision, event, row)


def _fund(decision: Decision, task: TaskRow, line: MoneyLine) -> Fund:
    fund = registry.catalogue().fund_of(
        decision.district_code, decision.definition.thing.code, task.item_code, line.code
    )
    if fund is None:
        raise TransitionRefusedError(
            NO_FUND.format(district=decision.district_code, line=line.title)
        )
    return fund


def _legs(debit: str, credit: str, amount_fen: int) -> dict[str, object]:
    return {
        "debit_account": debit,
        "credit_account": credit,
        "commodity": Commodity.CNY.value,
        "amount": amount_fen,
    }


def _facts(line: MoneyLine, tariff: TariffRow, fund: Fund, seal: SealRow) -> dict[str, object]:
    return {
        "item_code": seal.item_code,
        "savings_code": line.code,
        "payer": line.payer,
        "fund_code": fund.code,
        "tariff_code": tariff.code,
        "tariff_version": tariff.version,
        "maker_code": seal.maker_code,
        "seal_id": str(seal.id),
        "reverses_event_number": None,
        "reverses_line": None,
    }


def post(decision: Decision, event: EventDraft, row: dict[str, object]) -> None:
    """Write one transfer under ``event``, numbered after those before it; its hash covers it."""
    number = decision.event_number(event)
    line = sum(row["event_number"] == number for row in decision.changes.transfers) + 1
    written = {"line": line, **row}
    event.wrote("transfers", written)
    decision.changes.transfers.append(written | {"event_number": number, "posted_at": decision.at})
