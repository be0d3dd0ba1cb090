"""Which transfers a reader means, and may read: the bounds of every question to the ledger."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, case, func

from core.clock import CIVIL_ZONE
from core.districts import across_districts
from core.errors import NotPermittedError
from core.text import Text
from models.case import Case, Origin
from models.ledger import Transfer
from services.door.posting import CASH_AVOIDED
from workflows.permissions import ROLE_PERMISSIONS, Actor, Permission

Columns = TypeVarTuple("Columns")

ACROSS = "audit of savings in all districts"

NO_REACH = Text(
    zh="您的账号不能查看这个区域的账目。",
    en="Your account may not see the ledger of this district.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which transfers are meant. Days are Beijing days, both included; None is no bound."""

    district_codes: tuple[str, ...] | None = None
    """None: all districts. Only a reader who is bound to none may ask so."""
    from_on: date | None = None
    to_on: date | None = None
    maker_code: str | None = None
    origin: Origin | None = None


def within_reach(actor: Actor, filters: Filters, at: datetime) -> Filters:
    """``filters`` narrowed to the districts whose ledger the actor may read at ``at``.

    Raises `NotPermittedError` if there is none, or one beyond reach was asked for.
    """
    grants = [
        grant
        for grant in actor.grants
        if Permission.LEDGER_READ in ROLE_PERMISSIONS[grant.role] and grant.holds_at(at)
    ]
    if not grants:
        raise NotPermittedError(NO_REACH)
    if any(grant.district_code is None for grant in grants):
        return filters
    own = tuple(sorted({grant.district_code for grant in grants if grant.district_code}))
    asked = filters.district_codes or own
    if not set(asked) <= set(own):
        raise NotPermittedError(NO_REACH)
    return replace(filters, district_codes=asked)


def bounded(statement: Select[*Columns], filters: Filters) -> Select[*Columns]:
    """A statement on transfers joined to cases, bound to the filters; marked if it crosses."""
    if filters.district_codes is None:
        statement = statement.prefix_with(across_districts(ACROSS))
    else:
        statement = statement.where(Transfer.district_code.in_(filters.district_codes))
    if filters.maker_code is not None:
        statement = statement.where(Transfer.maker_code == filters.maker_code)
    if filters.origin is not None:
        statement = statement.where(Case.origin == filters.origin)
    first, end = period(filters)
    if first is not None:
        statement = statement.where(Transfer.posted_at >= first)
    if end is not None:
        statement = statement.where(Transfer.posted_at < end)
    return statement


def period(filters: Filters) -> tuple[datetime | None, datetime | None]:
    """The first instant of the period, and the first after it."""
    first = None if filters.from_on is None else _midnight(filters.from_on)
    end = None if filters.to_on is None else _midnight(filters.to_on + timedelta(days=1))
    return first, end


def net(account: str) -> ColumnElement[int]:
    """What an account of debit nature holds: debits less credits, in fen."""
    signed = case(
        (Transfer.debit_account == account, Transfer.amount),
        (Transfer.credit_account == account, -Transfer.amount),
        else_=0,
    )
    return func.coalesce(func.sum(signed), 0)


TO_CASE = (
    Case,
    (Case.district_code == Transfer.district_code) & (Case.id == Transfer.case_id),
)


def net_seals() -> ColumnElement[int]:
    """One transfer of cash avoided is one seal; its counter-transfer takes it back."""
    signed = case(
        (Transfer.debit_account == CASH_AVOIDED, 1),
        (Transfer.credit_account == CASH_AVOIDED, -1),
        else_=0,
    )
    return func.coalesce(func.sum(signed), 0)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=CIVIL_ZONE)
