"""Which cases a reader means, and may read: the bounds of every question about times and rates."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, exists, func

from catalog import registry
from core.districts import across_districts
from core.errors import Problem
from core.text import Text
from models.case import Case, Channel, Origin
from models.task import Task
from services import ledger_scope
from services.ledger_words import ORIGINS
from workflows.engine import NOT_REQUIRED
from workflows.permissions import Actor

Columns = TypeVarTuple("Columns")

ACROSS = "times and rates of all districts"
UNKNOWN_THING = Text(zh="没有这个“一件事”。", en="There is no such one-thing.")
UNKNOWN_ITEM = Text(zh="没有这个事项。", en="There is no such item.")
UNKNOWN_CHANNEL = Text(zh="没有这种办理渠道。", en="There is no such channel.")
CHANNELS: Mapping[Channel, Text] = {
    Channel.ONLINE: Text(zh="网上", en="Online"),
    Channel.WINDOW: Text(zh="窗口", en="Window"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilters:
    """Which cases are meant. Days are Beijing days, both included; None is no bound.

    A case belongs to the day of its last submission, a draft to the day on which it was begun.
    """

    district_codes: tuple[str, ...] | None = None
    """None: all districts. Only a reader who is bound to none may ask so."""
    from_on: date | None = None
    to_on: date | None = None
    thing_code: str | None = None
    item_code: str | None = None
    channel: Channel | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChoices:
    """What may be chosen in the filters, code to label."""

    districts: Mapping[str, Text]
    things: Mapping[str, Text]
    items: Mapping[str, Text]
    channels: Mapping[str, Text]
    origins: Mapping[str, Text]


NAMES = ("from", "to", "thing", "item", "district", "channel", "origin")
"""What an address or a command may narrow the cases by."""


def read_case_filters(
    typed: Mapping[str, str | None],
) -> tuple[CaseFilters, tuple[Problem, ...]]:
    """Filters as typed under `NAMES`, and what could not be read of them, which is left out."""
    ledger, found = ledger_scope.read_filters(
        {name: typed.get(name) for name in ("from", "to", "district", "origin")}
    )
    problems = list(found)
    known: tuple[tuple[str, Mapping[str, Text], Text], ...] = (
        ("thing", thing_titles(), UNKNOWN_THING),
        ("item", item_titles(), UNKNOWN_ITEM),
        ("channel", channel_labels(), UNKNOWN_CHANNEL),
    )
    chosen = {
        name: _chosen(typed, name, offered, Problem(name, sentence), problems)
        for name, offered, sentence in known
    }
    return CaseFilters(
        district_codes=ledger.district_codes,
        from_on=ledger.from_on,
        to_on=ledger.to_on,
        origin=ledger.origin,
        thing_code=chosen["thing"],
        item_code=chosen["item"],
        channel=Channel(chosen["channel"]) if chosen["channel"] else None,
    ), tuple(problems)


def _chosen(
    typed: Mapping[str, str | None],
    name: str,
    offered: Mapping[str, Text],
    problem: Problem,
    problems: list[Problem],
) -> str | None:
    code = (typed.get(name) or "").strip()
    if code and code not in offered:
        problems.append(problem)
        return None
    return code or None


def case_choices(actor: Actor, at: datetime) -> CaseChoices:
    """What the filters of an actor's pages may be set to. Raises `NotPermittedError` as below."""
    reached = cases_within_reach(actor, CaseFilters(), at).district_codes
    return CaseChoices(
        districts={
            code: district.name
            for code, district in registry.catalogue().districts.items()
            if reached is None or code in reached
        },
        things=thing_titles(),
        items=item_titles(),
        channels=channel_labels(),
        origins={origin.value: label for origin, label in ORIGINS.items()},
    )


def cases_within_reach(actor: Actor, filters: CaseFilters, at: datetime) -> CaseFilters:
    """``filters`` narrowed to the districts that the actor's ledger permission reaches at ``at``.

    Raises `NotPermittedError` if there is none, or one beyond reach was asked for.
    """
    asked = ledger_scope.Filters(district_codes=filters.district_codes)
    reached = ledger_scope.within_reach(actor, asked, at)
    return replace(filters, district_codes=reached.district_codes)


def thing_titles() -> dict[str, Text]:
    """The title of every one-thing of the catalogue, by code."""
    return {code: thing.title for code, thing in registry.catalogue().things.items()}


def item_titles() -> dict[str, Text]:
    """What applicants call every item of the catalogue, by code."""
    things = registry.catalogue().things.values()
    return {item.code: item.public_title for thing in things for item in thing.items}


def channel_labels() -> dict[str, Text]:
    """The channels in words, by code."""
    return {channel.value: label for channel, label in CHANNELS.items()}


def counted_at() -> ColumnElement[datetime]:
    """The instant to whose day a case belongs: its last submission, or its beginning."""
    return func.coalesce(Case.submitted_at, Case.created_at)


def of_cases(statement: Select[*Columns], filters: CaseFilters) -> Select[*Columns]:
    """A statement on cases, bound to the filters; marked if it crosses districts."""
    if filters.district_codes is None:
        statement = statement.prefix_with(across_districts(ACROSS))
    return statement.where(*conditions(filters))


def conditions(filters: CaseFilters) -> tuple[ColumnElement[bool], ...]:
    """What a case must be to be meant. Without a district the statement needs its mark."""
    first, end = ledger_scope.period(
        ledger_scope.Filters(from_on=filters.from_on, to_on=filters.to_on)
    )
    found: list[ColumnElement[bool]] = []
    if filters.district_codes is not None:
        found.append(Case.district_code.in_(filters.district_codes))
    if first is not None:
        found.append(counted_at() >= first)
    if end is not None:
        found.append(counted_at() < end)
    for column, value in (
        (Case.thing_code, filters.thing_code),
        (Case.channel, filters.channel),
        (Case.origin, filters.origin),
    ):
        if value is not None:
            found.append(column == value)
    if filters.item_code is not None:
        found.append(_has_item(filters.item_code))
    return tuple(found)


def _has_item(item_code: str) -> ColumnElement[bool]:
    return exists().where(
        Task.district_code == Case.district_code,
        Task.case_id == Case.id,
        Task.item_code == item_code,
        Task.state != NOT_REQUIRED,
    )
