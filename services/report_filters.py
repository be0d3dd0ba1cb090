"""What a report was narrowed by: read from an address or a stored request, and told in words."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import Problem, RuleViolatedError
from core.text import Text
from services.ledger_scope import Filters, read_filters, within_reach
from services.ledger_words import ORIGINS, maker_label, maker_names
from services.report_tables import Fact
from services.savings import district_label
from workflows.permissions import Actor

NAMES = ("from", "to", "district", "maker", "origin", "thing", "item", "fund")
"""What an address may narrow a report by."""
LONGEST = 100
UNREADABLE = Text(
    zh="这个条件读不出来，请重新选择。", en="This filter cannot be read. Choose it again."
)
FROM = Text(zh="从哪一天起", en="First day")
TO = Text(zh="到哪一天止（含当天）", en="Last day (included)")
DISTRICT = Text(zh="区域", en="District")
MAKER = Text(zh="刻章企业", en="Seal maker")
ORIGIN = Text(zh="数据来源", en="Origin")
BETWEEN = Text(zh="{left}、{right}", en="{left}, {right}")


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


def narrowed(actor: Actor, typed: Mapping[str, str], at: datetime) -> Filters:
    """Filters as typed, narrowed to what the actor may read at ``at``.

    Raises `RuleViolatedError` and `NotPermittedError`.
    """
    filters, problems = read_filters(typed)
    if problems:
        raise RuleViolatedError(problems)
    return within_reach(actor, filters, at)


def typed_in_words(session: Session, typed: Mapping[str, object]) -> tuple[Fact, ...]:
    """Stored filters as one reads them; what means nothing any more is left out."""
    filters, _problems = read_filters(
        {name: value for name, value in typed.items() if isinstance(value, str)}
    )
    return in_words(session, filters)


def in_words(session: Session, filters: Filters) -> tuple[Fact, ...]:
    """What was asked for, as one reads it; nothing for what is not bound."""
    facts = []
    if filters.from_on:
        facts.append(_day("from", FROM, filters.from_on.isoformat()))
    if filters.to_on:
        facts.append(_day("to", TO, filters.to_on.isoformat()))
    if filters.district_codes is not None:
        names = [district_label(code) for code in filters.district_codes]
        facts.append(Fact("district", DISTRICT, _listed(names)))
    if filters.maker_code:
        label = maker_label(filters.maker_code, maker_names(session))
        facts.append(Fact("maker", MAKER, label))
    if filters.origin:
        facts.append(Fact("origin", ORIGIN, ORIGINS[filters.origin]))
    return tuple(facts)


def _day(code: str, label: Text, day: str) -> Fact:
    return Fact(code, label, Text(zh=day, en=day))


def _listed(names: list[Text]) -> Text:
    listed, *more = names
    for name in more:
        listed = BETWEEN.format(left=listed, right=name)
    return listed
