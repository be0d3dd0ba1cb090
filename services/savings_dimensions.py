"""By what the ledger's figures can be broken down, and what each part is called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import Session

from catalog import registry
from core.clock import CIVIL_ZONE
from core.text import Text
from services.ledger_words import fund_label, maker_label, maker_names
from services.periods import days_of, period_label

NONE = ""
"""The key of what has no maker or no fund."""


class Dimension(StrEnum):
    """One way to break the figures down; its value is what an address and a command say."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    THING = "thing"
    ITEM = "item"
    DISTRICT = "district"
    MAKER = "maker"
    FUND = "fund"

    @property
    def is_period(self) -> bool:
        """Whether its parts are periods."""
        return self in PERIODS

    @property
    def is_of_money(self) -> bool:
        """Whether only money can be broken down so: burden has neither maker nor fund."""
        return self in (Dimension.MAKER, Dimension.FUND)


PERIODS = (Dimension.MONTH, Dimension.QUARTER, Dimension.YEAR)
TITLES: Mapping[Dimension, Text] = {
    Dimension.MONTH: Text(zh="按月", en="By month"),
    Dimension.QUARTER: Text(zh="按季度", en="By quarter"),
    Dimension.YEAR: Text(zh="按年", en="By year"),
    Dimension.THING: Text(zh="按一件事", en="By one-thing"),
    Dimension.ITEM: Text(zh="按事项", en="By item"),
    Dimension.DISTRICT: Text(zh="按区域", en="By district"),
    Dimension.MAKER: Text(zh="按刻章企业", en="By seal maker"),
    Dimension.FUND: Text(zh="按资金", en="By fund"),
}
HEADS: Mapping[Dimension, Text] = {
    Dimension.MONTH: Text(zh="月份", en="Month"),
    Dimension.QUARTER: Text(zh="季度", en="Quarter"),
    Dimension.YEAR: Text(zh="年份", en="Year"),
    Dimension.THING: Text(zh="一件事", en="One-thing"),
    Dimension.ITEM: Text(zh="事项", en="Item"),
    Dimension.DISTRICT: Text(zh="区域", en="District"),
    Dimension.MAKER: Text(zh="刻章企业", en="Seal maker"),
    Dimension.FUND: Text(zh="资金来源", en="Fund"),
}
NOT_RECORDED = Text(zh="未记录", en="Not recorded")
"""Of money: rows older than funds. Burden has neither maker nor fund."""
_FORMATS = {
    Dimension.MONTH: "YYYY-MM",
    Dimension.QUARTER: 'YYYY-"Q"Q',
    Dimension.YEAR: "YYYY",
}


@dataclass(frozen=True, slots=True)
class Names:
    """Names that only the database knows."""

    makers: Mapping[str, Text]

    @classmethod
    def read(cls, session: Session) -> "Names":
        """The names as they are recorded now."""
        return cls(makers=maker_names(session))


def key(dimension: Dimension, facts: Any) -> ColumnElement[str]:
    """The key of a row of facts, which has ``posted_at`` and a column per other dimension."""
    if dimension in _FORMATS:
        return func.to_char(func.timezone(CIVIL_ZONE.key, facts.posted_at), _FORMATS[dimension])
    column = {
        Dimension.THING: facts.thing_code,
        Dimension.ITEM: facts.item_code,
        Dimension.DISTRICT: facts.district_code,
        Dimension.MAKER: facts.maker_code,
        Dimension.FUND: facts.fund_code,
    }[dimension]
    return func.coalesce(column, NONE)


def label(dimension: Dimension, code: str, names: Names) -> Text:
    """What a part is called; a code that nobody knows any more speaks for itself."""
    if dimension.is_period:
        return period_label(code)
    words: Mapping[Dimension, Callable[[str], Text]] = {
        Dimension.THING: thing_label,
        Dimension.ITEM: item_label,
        Dimension.DISTRICT: district_label,
        Dimension.MAKER: lambda code: maker_label(code, names.makers) if code else NOT_RECORDED,
        Dimension.FUND: lambda code: fund_label(code) if code else NOT_RECORDED,
    }
    return words[dimension](code)


def days(dimension: Dimension, code: str) -> tuple[date, date] | None:
    """The days of a period; None for a part that is no period."""
    return days_of(code) if dimension.is_period else None


def district_label(code: str) -> Text:
    """The name of a district, or its code if it has no window any more."""
    district = registry.catalogue().districts.get(code)
    return district.name if district else Text(zh=code, en=code)


def thing_label(code: str) -> Text:
    """The title of a one-thing, or its code if it is not offered any more."""
    thing = registry.catalogue().things.get(code)
    return thing.title if thing else Text(zh=code, en=code)


def item_label(code: str) -> Text:
    """The title of an item of any one-thing, or its code."""
    for thing in registry.catalogue().things.values():
        for item in thing.items:
            if item.code == code:
                return item.title
    return Text(zh=code, en=code)
