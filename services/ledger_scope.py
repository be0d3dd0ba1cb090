"""Which transfers a reader means, and may read: the bounds of every question to the ledger."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, case, func, literal
from sqlalchemy.orm import Session

from catalog import registry
from core.clock import CIVIL_ZONE
from core.districts import across_districts
from core.errors import NotPermittedError, Problem, RuleViolatedError
from core.text import Text
from models.case import Case, Origin
from models.ledger import Commodity, Transfer
from services.door.posting import BURDEN_AVOIDED, CASH_AVOIDED
from services.ledger_words import ORIGINS, maker_names
from workflows.permissions import ROLE_PERMISSIONS, Actor, Permission

Columns = TypeVarTuple("Columns")

ACROSS = "audit of savings in all districts"

FIRST_YEAR, LAST_YEAR = 1949, 9000
"""Days outside cannot be meant, and the last ones have no next day."""
UNKNOWN: Mapping[str, Text] = {
    "district": Text(zh="没有这个区域。", en="There is no such district."),
    "origin": Text(zh="没有这种数据来源。", en="There is no such origin."),
    "maker": Text(zh="没有这家刻章企业。", en="There is no such seal maker."),
    "thing": Text(zh="没有这个“一件事”。", en="There is no such one-thing."),
    "item": Text(zh="没有这个事项。", en="There is no such item."),
    "fund": Text(zh="没有这笔资金。", en="There is no such fund."),
}
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
    thing_code: str | None = None
    item_code: str | None = None
    fund_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What may be chosen in the filters, code to label."""

    districts: Mapping[str, Text]
    makers: Mapping[str, Text]
    origins: Mapping[str, Text]
    things: Mapping[str, Text]
    items: Mapping[str, Text]
    funds: Mapping[str, Text]


def read_filters(
    typed: Mapping[str, str | None], makers: Collection[str] | None = None
) -> tuple[Filters, tuple[Problem, ...]]:
    """Filters as typed in an address or a command, and what could not be read of them.

    Names: ``from``, ``to`` (days as 2026-09-30), ``district``, ``maker``, ``origin``, ``thing``,
    ``item``, ``fund``. What cannot be read is left out. With ``makers`` (the codes there are) an
    unknown maker is a mistake too; without, it is a maker that delivered nothing.
    """
    problems: list[Problem] = []
    known = registry.catalogue()
    district = _code(typed, "district", known.districts, problems)
    origin = _code(typed, "origin", set(Origin), problems)
    from_on, to_on = (_day(typed, name, problems) for name in ("from", "to"))
    if from_on and to_on and to_on < from_on:
        problems.append(Problem("to", WRONG_ORDER))
    return Filters(
        district_codes=(district,) if district else None,
        from_on=from_on,
        to_on=to_on,
        maker_code=_code(typed, "maker", makers, problems),
        origin=Origin(origin) if origin else None,
        thing_code=_code(typed, "thing", known.things, problems),
        item_code=_code(typed, "item", item_titles(), problems),
        fund_code=_code(typed, "fund", known.funds, problems),
    ), tuple(problems)


def item_titles() -> dict[str, Text]:
    """Every item of every one-thing, code to title."""
    things = registry.catalogue().things.values()
    return {item.code: item.title for thing in things for item in thing.items}


def _code(
    typed: Mapping[str, str | None],
    name: str,
    known: Collection[str] | None,
    problems: list[Problem],
) -> str | None:
    """A code as typed, if there is one; one that is not among ``known`` is a mistake."""
    code = (typed.get(name) or "").strip()
    if not code:
        return None
    if (code not in known) if known is not None else not code.isprintable():
        problems.append(Problem(name, UNKNOWN[name]))
        return None
    return code


def _day(typed: Mapping[str, str | None], name: str, problems: list[Problem]) -> date | None:
    text = (typed.get(name) or "").strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if text != day.isoformat() or not FIRST_YEAR <= day.year <= LAST_YEAR:
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
        things={code: thing.title for code, thing in registry.catalogue().things.items()},
        items=item_titles(),
        funds={
            code: fund.title
            for code, fund in registry.catalogue().funds.items()
            if reached is None or set(fund.districts) & set(reached)
        },
    )


def understood(
    session: Session, actor: Actor, typed: Mapping[str, str | None], at: datetime
) -> Filters:
    """Filters as typed, narrowed to what the actor may read at ``at``.

    Raises `RuleViolatedError` for what cannot be read, and `NotPermittedError`.
    """
    filters, problems = read_filters(typed, maker_names(session))
    if problems:
        raise RuleViolatedError(problems)
    return within_reach(actor, filters, at)


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
    for column, value in (
        (Transfer.maker_code, filters.maker_code),
        (Transfer.item_code, filters.item_code),
        (Transfer.fund_code, filters.fund_code),
        (Case.thing_code, filters.thing_code),
        (Case.origin, filters.origin),
    ):
        if value is not None:
            statement = statement.where(column == value)
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


def signed(account: str, value: SQLColumnExpression[int]) -> ColumnElement[int]:
    """``value`` as an account of debit nature has it: added by a debit, taken by a credit."""
    return case(
        (Transfer.debit_account == account, value),
        (Transfer.credit_account == account, -value),
        else_=0,
    )


def net(account: str) -> ColumnElement[int]:
    """What an account of debit nature holds: debits less credits, in fen."""
    return func.coalesce(func.sum(signed(account, Transfer.amount)), 0)


MONEY = Transfer.commodity == Commodity.CNY
"""Money alone: minutes, trips and pages are never in one sum or count with it."""

BURDEN = Transfer.commodity != Commodity.CNY
"""Minutes, trips and pages: to be grouped by what they are, never summed together."""

TO_CASE = (
    Case,
    (Case.district_code == Transfer.district_code) & (Case.id == Transfer.case_id),
)


def net_burden(commodity: Commodity) -> ColumnElement[int]:
    """The burden saved in one unit: baseline less actual, less what was taken back."""
    amount = func.sum(signed(BURDEN_AVOIDED, Transfer.amount))
    return func.coalesce(amount.filter(Transfer.commodity == commodity), 0)


def net_seals() -> ColumnElement[int]:
    """One transfer of cash avoided is one seal; its counter-transfer takes it back."""
    return func.coalesce(func.sum(signed(CASH_AVOIDED, literal(1))), 0)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=CIVIL_ZONE)
