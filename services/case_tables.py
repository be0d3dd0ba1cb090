"""What the files of times and rates share: the origin of a row, the filters in words, shares."""

from decimal import Decimal

from core.text import Text
from models.case import Channel
from services.case_scope import CHANNELS, CaseFilters, item_titles, thing_titles
from services.ledger_words import ORIGINS
from services.report_tables import ORIGIN, Column, ColumnKind, Fact
from services.savings import district_label

ORIGIN_COLUMN = Column(ORIGIN, Text(zh="数据来源", en="Origin"), ColumnKind.TEXT)
MILLIONTH = Decimal("0.000001")
NO_BOUND = Text(zh="不限", en="any")
PERIOD_MEANS = Text(
    zh="按办件最近一次提交的日期（北京时间）；还没有提交的草稿，按开始填写的日期。",
    en="By the day of a case's last submission (Beijing time); a draft that was not sent, by the "
    "day on which it was begun.",
)


def share(count: int, of: int) -> Decimal | None:
    """A part of a whole to a millionth; None if the whole is nothing."""
    return (Decimal(count) / of).quantize(MILLIONTH) if of else None


def filters_document(filters: CaseFilters) -> dict[str, object]:
    """What was asked for, for machines; null is no bound."""
    return {
        "from_on": filters.from_on.isoformat() if filters.from_on else None,
        "to_on": filters.to_on.isoformat() if filters.to_on else None,
        "district_codes": list(filters.district_codes) if filters.district_codes else None,
        "thing_code": filters.thing_code,
        "item_code": filters.item_code,
        "channel": filters.channel.value if filters.channel else None,
        "origin": filters.origin.value if filters.origin else None,
    }


def case_facts(filters: CaseFilters) -> tuple[Fact, ...]:
    """The same in words, each bound in its line."""
    return (
        Fact("period", Text(zh="期间", en="Period"), _period(filters)),
        Fact("period_means", Text(zh="期间怎么算", en="How the period counts"), PERIOD_MEANS),
        Fact("district", Text(zh="区域", en="District"), _districts(filters)),
        Fact("thing", Text(zh="一件事", en="One-thing"), _of(filters.thing_code, thing_titles())),
        Fact("item", Text(zh="事项", en="Item"), _of(filters.item_code, item_titles())),
        Fact("channel", Text(zh="办理渠道", en="Channel"), _channel(filters.channel)),
        Fact(
            "origin",
            Text(zh="数据来源", en="Origin"),
            ORIGINS[filters.origin]
            if filters.origin
            else Text(zh="全部，分开列出", en="all, listed apart"),
        ),
    )


def _period(filters: CaseFilters) -> Text:
    if not (filters.from_on or filters.to_on):
        return NO_BOUND
    span = f"{filters.from_on or '…'} – {filters.to_on or '…'}"
    return Text(zh=span, en=span)


def _districts(filters: CaseFilters) -> Text:
    if filters.district_codes is None:
        return Text(zh="全部区域", en="all districts")
    names = [district_label(code) for code in filters.district_codes]
    return Text(zh="、".join(name.zh for name in names), en=", ".join(name.en for name in names))


def _of(code: str | None, titles: dict[str, Text]) -> Text:
    return titles.get(code, Text(zh=code, en=code)) if code else NO_BOUND


def _channel(channel: Channel | None) -> Text:
    return CHANNELS[channel] if channel else NO_BOUND
