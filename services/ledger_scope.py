"""Which transfers a reader means, and may read: the bounds of every question to the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, case, func
from sqlalchemy.orm import Session

from catalog import registry
from core.clock import CIVIL_ZONE
from core.districts import across_districts
from core.errors import NotPermittedError, Problem
from core.text import Text
from models.case import Case, Origin
from models.ledger import Commodity, Transfer
from services.door.posting import CASH_AVOIDED
from services.ledger_words import ORIGINS, maker_names
from workflows.permissions import ROLE_PERMISSIONS, Actor, Permission

Columns = TypeVarTuple("Columns")

ACROSS = "audit of savings in all districts"

FIRST_YEAR, LAST_YEAR = 1949, 9000
"""Days outside cannot be meant, and the last ones have no next day."""
UNKNOWN_DISTRICT = Text(zh="没有这个区域。", en="There is no such district.")
UNKNOWN_ORIGIN = Text(zh="没有这种数据来源。", en="There is no such origin.")
WRONG_DAY = Text(zh="请按“2026-09-30”的样子填写日期。", en="Write the day like this: 2026-09-30.")
WRONG_ORDER = Text(zh="结束日期不能早于开始日期。", en="The last day must not be before the first.")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What may be chosen in the filters, code to label."""

    districts: Mapping[str, Text]
    makers: Mapping[str, Text]
    origins: Mapping[str, Text]


def read_filters(typed: Mapping[str, str | None]) -> tuple[Filters, tuple[Problem, ...]]:
    """Filters as typed in an address or a command, and what could not be read of them.

    Names: ``district``, ``from``, ``to`` (days as 2026-09-30), ``maker``, ``origin``. What cannot
    be read is left out.
    """
    problems: list[Problem] = []
    district = (typed.get("district") or "").strip()
    if district and district not in registry.catalogue().districts:
        problems.append(Problem("district", UNKNOWN_DISTRICT))
        district = ""
    origin = (typed.get("origin") or "").strip()
    if origin and origin not in set(Origin):
        problems.append(Problem("origin", UNKNOWN_ORIGIN))
        origin = ""
    from_on, to_on = (_day(typed, name, problems) for name in ("from", "to"))
    if from_on and to_on and to_on < from_on:
        problems.append(Problem("to", WRONG_ORDER))
    return Filters(
        district_codes=(district,) if district else None,
        from_on=from_on,
        to_on=to_on,
        maker_code=(typed.get("maker") or "").strip() or None,
        origin=Origin(origin) if origin else None,
    ), tuple(problems)


def _day(typed: Mapping[str, str | None], name: str, problems: list[Problem]) -> date | None:
    text = (typed.get(name) or "").strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        problems.append(Problem(name, WRONG_DAY))
        return None
    return day


def choices(session: Session, actor: Actor, at: datetime) -> Choices:
    """What the filters of an actor's ledger pages may be set to, with labels."""
    reached = within_reach(actor, Filters(), at).district_codes
    districts = registry.catalogue().districts
    return Choices(
        districts={
            code: district.name
            for code, district in districts.items()
            if reached is None or code in reached
        },
        makers=maker_names(session),
        origins={origin.value: label for origin, label in ORIGINS.items()},
    )


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


def days_of_month(month: str) -> tuple[date, date]:
    """The first and the last day of a month written 2026-09."""
    first = date.fromisoformat(f"{month}-01")
    following = (first + timedelta(days=31)).replace(day=1)
    return first, following - timedelta(days=1)


def net(account: str) -> ColumnElement[int]:
    """What an account of debit nature holds: debits less credits, in fen."""
    signed = case(
        (Transfer.debit_account == account, Transfer.amount),
        (Transfer.credit_account == account, -Transfer.amount),
        else_=0,
    )
    return func.coalesce(func.sum(signed), 0)


MONEY = Transfer.commodity == Commodity.CNY
"""Money alone: minutes, trips and pages are never in one sum or count with it."""

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
