"""What a report was narrowed by: read from an address or a stored request, and told in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar

from sqlalchemy.orm import Session

from core.errors import Problem, RuleViolatedError
from core.text import Text
from models.case import Origin
from services import case_scope, ledger_scope
from services.case_scope import CHANNELS, CaseFilters, item_titles, thing_titles
from services.ledger_scope import Filters
from services.ledger_words import ORIGINS, fund_label, maker_label, maker_names
from services.report_tables import Fact
from services.savings_dimensions import district_label, item_label, thing_label
from workflows.permissions import Actor

NAMES = ("from", "to", "thing", "item", "district", "maker", "channel", "fund", "origin")
"""Everything that an address may narrow any report by."""
LONGEST = 100
UNREADABLE = Text(
    zh="这个条件读不出来，请重新选择。", en="This filter cannot be read. Choose it again."
)
FROM = Text(zh="从哪一天起", en="First day")
TO = Text(zh="到哪一天止（含当天）", en="Last day (included)")
DISTRICT = Text(zh="区域", en="District")
MAKER = Text(zh="刻章企业", en="Seal maker")
THING = Text(zh="一件事", en="One-thing")
ITEM = Text(zh="事项", en="Item")
FUND = Text(zh="资金来源", en="Fund")
CHANNEL = Text(zh="办理渠道", en="Channel")
ORIGIN = Text(zh="数据来源", en="Origin")
BETWEEN = Text(zh="{left}、{right}", en="{left}, {right}")


class Scope(Protocol):
    """Filters of any kind: they say at least which districts are meant, None for all."""

    @property
    def district_codes(self) -> tuple[str, ...] | None:
        """The districts."""


Kind = TypeVar("Kind", bound=Scope)


@dataclass(frozen=True, slots=True)
class Filtering(Generic[Kind]):
    """How filters of one kind are read, bound to what somebody may see, and told."""

    read: Callable[[Mapping[str, str | None]], tuple[Kind, tuple[Problem, ...]]]
    narrow: Callable[[Actor, Kind, datetime], Kind]
    tell: Callable[[Session, Kind], tuple[Fact, ...]]
    check: Callable[[Session, Kind], tuple[Problem, ...]]
    """What can only be found wrong in the database."""

    def narrowed(self, actor: Actor, typed: Mapping[str, str], at: datetime) -> Kind:
        """Filters as typed, narrowed to what the actor may read at ``at``.

        Raises `RuleViolatedError` and `NotPermittedError`.
        """
        filters, problems = self.read({**typed})
        if problems:
            raise RuleViolatedError(problems)
        return self.narrow(actor, filters, at)

    def require(self, session: Session, filters: Kind) -> None:
        """Raise `RuleViolatedError` for a filter that names nothing in the database."""
        if problems := self.check(session, filters):
            raise RuleViolatedError(problems)

    def in_words(self, session: Session, typed: Mapping[str, str]) -> tuple[Fact, ...]:
        """Filters as typed, as one reads them; what means nothing any more is left out."""
        filters, _problems = self.read({**typed})
        return self.tell(session, filters)


def typed_filters(given: Mapping[str, object]) -> dict[str, str]:
    """The filters among what an address, a form or a stored request holds, as typed.

    Raises `RuleViolatedError` for what nobody can have typed.
    """
    typed = {
        name: value.strip()
        for name in NAMES
        if isinstance(value := given.get(name), str) and value.strip()
    }
    wrong = [
        Problem(name, UNREADABLE)
        for name, value in typed.items()
        if len(value) > LONGEST or not value.isprintable()
    ]
    if wrong:
        raise RuleViolatedError(tuple(wrong))
    return typed


def _tell_ledger(session: Session, filters: Filters) -> tuple[Fact, ...]:
    facts = [*_period(filters.from_on, filters.to_on), *_districts(filters)]
    if filters.maker_code:
        label = maker_label(filters.maker_code, maker_names(session))
        facts.append(Fact("maker", MAKER, label))
    if filters.thing_code:
        facts.append(Fact("thing", THING, thing_label(filters.thing_code)))
    if filters.item_code:
        facts.append(Fact("item", ITEM, item_label(filters.item_code)))
    if filters.fund_code:
        facts.append(Fact("fund", FUND, fund_label(filters.fund_code)))
    return (*facts, *_origin(filters.origin))


def _tell_cases(_session: Session, filters: CaseFilters) -> tuple[Fact, ...]:
    facts = [*_period(filters.from_on, filters.to_on), *_districts(filters)]
    if filters.thing_code:
        facts.append(Fact("thing", THING, _named(thing_titles(), filters.thing_code)))
    if filters.item_code:
        facts.append(Fact("item", ITEM, _named(item_titles(), filters.item_code)))
    if filters.channel:
        facts.append(Fact("channel", CHANNEL, CHANNELS[filters.channel]))
    return (*facts, *_origin(filters.origin))


def _period(from_on: date | None, to_on: date | None) -> list[Fact]:
    days = (("from", FROM, from_on), ("to", TO, to_on))
    return [
        Fact(code, label, Text(zh=day.isoformat(), en=day.isoformat()))
        for code, label, day in days
        if day is not None
    ]


def _districts(filters: Scope) -> list[Fact]:
    if not filters.district_codes:
        return []
    listed, *more = [district_label(code) for code in filters.district_codes]
    for name in more:
        listed = BETWEEN.format(left=listed, right=name)
    return [Fact("district", DISTRICT, listed)]


def _origin(origin: Origin | None) -> list[Fact]:
    return [Fact("origin", ORIGIN, ORIGINS[origin])] if origin else []


def _named(names: Mapping[str, Text], code: str) -> Text:
    return names.get(code) or Text(zh=code, en=code)


def _unknown_maker(session: Session, filters: Filters) -> tuple[Problem, ...]:
    code = filters.maker_code
    if code is None or code in maker_names(session):
        return ()
    return (Problem("maker", ledger_scope.UNKNOWN["maker"]),)


def _nothing_more(_session: Session, _filters: CaseFilters) -> tuple[Problem, ...]:
    return ()


OF_LEDGER = Filtering(
    ledger_scope.read_filters, ledger_scope.within_reach, _tell_ledger, _unknown_maker
)
OF_CASES = Filtering(
    case_scope.read_case_filters, case_scope.cases_within_reach, _tell_cases, _nothing_more
)
