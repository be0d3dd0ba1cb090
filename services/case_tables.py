"""What the files of times and rates share: the origin of a row, the filters, shares."""

from decimal import Decimal

from core.text import Text
from services.case_scope import CaseFilters
from services.report_tables import ORIGIN, Column, ColumnKind

ORIGIN_COLUMN = Column(ORIGIN, Text(zh="数据来源", en="Origin"), ColumnKind.TEXT)
MILLIONTH = Decimal("0.000001")
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
