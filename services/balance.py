"""Whether the ledger balances, and agrees with the seals that were delivered."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from core.districts import across_districts
from core.text import Text
from models.case import Case
from models.ledger import Commodity, Tariff, Transfer
from models.output import Seal
from services.door.posting import CASH_AVOIDED, PUBLIC_COST
from services.ledger_scope import ACROSS, MONEY, TO_CASE, Filters, bounded, net_seals, period
from services.ledger_words import account_label, maker_names

WRONG_PRICE = Text(
    zh="有 {count} 笔转账的金额与所引价目不符。",
    en="{count} transfers differ from the tariff that they name.",
)
NOT_POSTED = Text(
    zh="有 {count} 枚已交付的印章没有恰好入账一次。",
    en="{count} delivered seals are not posted exactly once.",
)
NO_EVIDENCE = Text(
    zh="有 {count} 枚印章已入账，却没有交付记录。",
    en="{count} seals are posted without a delivery.",
)
UNEQUAL = Text(
    zh="{commodity}：借方合计 {debits}，贷方合计 {credits}，两者不等。",
    en="{commodity}: debits {debits} and credits {credits} are not equal.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSides:
    """Both sides of one account, in the smallest unit of its commodity."""

    account: str
    label: Text
    commodity: str
    debits: int
    credits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What was compared and what did not agree."""

    accounts: tuple[AccountSides, ...]
    """Each account by itself: sums over accounts of different meaning are shown nowhere."""
    delivered_seals: int
    posted_seals: int
    findings: tuple[Text, ...]

    @property
    def is_balanced(self) -> bool:
        """True if nothing disagrees."""
        return not self.findings


def is_balanced(session: Session, filters: Filters | None = None) -> bool:
    """True if the ledger within ``filters`` balances and agrees with the delivered seals."""
    return check(session, filters or Filters()).is_balanced


def check(session: Session, filters: Filters) -> Balance:
    """Compare, per commodity, both sides; every price with its tariff; every seal with its lines.

    A seal that was delivered has one line of cash avoided, or none if it was reversed. Within a
    period the reversal may stand alone: what it takes back was delivered before.
    """
    ledger = _alike(session, filters)
    accounts = _accounts(session, ledger)
    delivered, posted, not_posted, no_evidence = _seals(session, filters)
    counted = (
        (WRONG_PRICE, _wrong_prices(session, ledger)),
        (NOT_POSTED, not_posted),
        (NO_EVIDENCE, no_evidence),
    )
    findings = list(_unequal(accounts))
    findings += [sentence.format(count=count) for sentence, count in counted if count]
    return Balance(
        accounts=accounts,
        delivered_seals=delivered,
        posted_seals=posted,
        findings=tuple(findings),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Rows of the ledger that have both accounts, the amount and the price list in common."""

    debit_account: str
    credit_account: str
    commodity: str
    amount: int
    tariff: tuple[str, int] | None
    n: int


def _alike(session: Session, filters: Filters) -> tuple[Alike, ...]:
    """All rows, in one reading of them: few groups, for amounts come from price lists."""
    columns = (
        Transfer.debit_account,
        Transfer.credit_account,
        Transfer.commodity,
        Transfer.amount,
        Transfer.tariff_code,
        Transfer.tariff_version,
    )
    rows = session.execute(
        bounded(
            select(*columns, func.count()).select_from(Transfer).join(*TO_CASE), filters
        ).group_by(*columns)
    )
    return tuple(
        Alike(
            debit_account=debit,
            credit_account=credit,
            commodity=commodity.value,
            amount=amount,
            tariff=(code, version) if code is not None and version is not None else None,
            n=int(n),
        )
        for debit, credit, commodity, amount, code, version, n in rows
    )


def _accounts(session: Session, ledger: Iterable[Alike]) -> tuple[AccountSides, ...]:
    debits: Counter[tuple[str, str]] = Counter()
    credits_: Counter[tuple[str, str]] = Counter()
    for each in ledger:
        debits[each.debit_account, each.commodity] += each.amount * each.n
        credits_[each.credit_account, each.commodity] += each.amount * each.n
    makers = maker_names(session)
    return tuple(
        AccountSides(
            account=account,
            label=account_label(account, makers),
            commodity=commodity,
            debits=debits[account, commodity],
            credits=credits_[account, commodity],
        )
        for account, commodity in sorted({*debits, *credits_})
    )


def _unequal(accounts: tuple[AccountSides, ...]) -> Iterator[Text]:
    """Per commodity, all debits are all credits."""
    for commodity in sorted({each.commodity for each in accounts}):
        sides = [each for each in accounts if each.commodity == commodity]
        debits, credits_ = sum(each.debits for each in sides), sum(each.credits for each in sides)
        if debits != credits_:
            yield UNEQUAL.format(commodity=commodity, debits=debits, credits=credits_)


def _wrong_prices(session: Session, ledger: Iterable[Alike]) -> int:
    """How many rows of money have another amount than the price list that they name."""
    tariffs = {(row.code, row.version): row for row in session.scalars(select(Tariff))}

    def price(each: Alike) -> int | None:
        tariff = tariffs.get(each.tariff) if each.tariff else None
        accounts = {each.debit_account, each.credit_account}
        if tariff is None or not accounts & {CASH_AVOIDED, PUBLIC_COST}:
            return None
        is_market = CASH_AVOIDED in accounts
        return tariff.market_price_fen if is_market else tariff.contract_price_fen

    money = (each for each in ledger if each.commodity == Commodity.CNY)
    return sum(each.n for each in money if price(each) != each.amount)


def _seals(session: Session, filters: Filters) -> tuple[int, int, int, int]:
    """Delivered, posted, delivered but not posted once, posted but not delivered."""
    lines = (
        bounded(
            select(
                Transfer.district_code,
                Transfer.case_id,
                Transfer.seal_id,
                net_seals().label("posted"),
                func.count(Transfer.reverses_line).label("reversals"),
            )
            .select_from(Transfer)
            .join(*TO_CASE)
            .where(MONEY),
            filters,
        )
        .group_by(Transfer.district_code, Transfer.case_id, Transfer.seal_id)
        .subquery()
    )
    delivered = _delivered(filters).subquery()
    pair = (
        (delivered.c.district_code == lines.c.district_code)
        & (delivered.c.case_id == lines.c.case_id)
        & (delivered.c.id == lines.c.seal_id)
    )
    posted = func.coalesce(lines.c.posted, 0)
    wrong = (posted != 1) & ~((posted == 0) & (func.coalesce(lines.c.reversals, 0) > 0))
    row = session.execute(
        select(
            func.count(delivered.c.id),
            func.coalesce(func.sum(posted), 0),
            func.count().filter(delivered.c.id.is_not(None) & wrong),
            func.count().filter(delivered.c.id.is_(None) & (posted > 0)),
        ).select_from(delivered.join(lines, pair, full=True))
    ).one()
    return int(row[0]), int(row[1]), int(row[2]), int(row[3])


def _delivered(filters: Filters) -> Select[str, UUID, UUID]:
    """The seals that were handed over within the filters."""
    statement = (
        select(Seal.district_code, Seal.case_id, Seal.id)
        .join(Case, (Case.district_code == Seal.district_code) & (Case.id == Seal.case_id))
        .where(Seal.delivered_at.is_not(None))
    )
    if filters.district_codes is None:
        statement = statement.prefix_with(across_districts(ACROSS))
    else:
        statement = statement.where(Seal.district_code.in_(filters.district_codes))
    for column, value in (
        (Seal.maker_code, filters.maker_code),
        (Seal.item_code, filters.item_code),
        (Case.thing_code, filters.thing_code),
        (Case.origin, filters.origin),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if filters.fund_code is not None:
        statement = statement.where(_is_paid_by(filters.fund_code))
    first, end = period(filters)
    if first is not None:
        statement = statement.where(Seal.delivered_at >= first)
    if end is not None:
        statement = statement.where(Seal.delivered_at < end)
    return statement


def _is_paid_by(fund_code: str) -> ColumnElement[bool]:
    """Whether a seal was posted on this fund: a seal knows no fund until it is posted."""
    return exists().where(
        Transfer.district_code == Seal.district_code,
        Transfer.case_id == Seal.case_id,
        Transfer.seal_id == Seal.id,
        Transfer.fund_code == fund_code,
    )
