"""The public funds that pay for what applicants need not pay, by district and savings line."""

from collections.abc import Iterable, Iterator, Mapping

from pydantic import Field as Bounded

from catalog.savings import MoneyLine
from catalog.schema import OneThing
from catalog.source import Place
from core.text import Text
from workflows.process import Code, Frozen

Found = Iterator[tuple[Place, Text]]
Line = str
"""A savings line by its way: ``thing.item.line``."""


class Fund(Frozen):
    """A fund of the public budget, and which savings lines it pays for in which districts."""

    code: Code
    title: Text
    payer: Code
    """Whose money it is; the payer of every line that it covers."""
    districts: tuple[str, ...] = Bounded(min_length=1)
    savings: tuple[Line, ...] = Bounded(min_length=1)
    source: Text
    """The decision or budget line that it rests on."""
    is_demonstration: bool = False
    """Made up for the demonstration."""


class FundFile(Frozen):
    """The whole of ``funds.yaml``."""

    funds: tuple[Fund, ...]


UNKNOWN_DISTRICT = Text(zh="没有区域“{code}”。", en='There is no district "{code}".')
UNKNOWN_LINE = Text(
    zh="没有以钱计的节省项目“{code}”，应写成“一件事.事项.项目”。",
    en='There is no savings line in money "{code}"; it is written thing.item.line.',
)
OTHER_PAYER = Text(
    zh="“{code}”由 {payer} 承担，与资金的 {own} 不一致。",
    en='"{code}" is paid by {payer}, the fund is of {own}.',
)
TWO_FUNDS = Text(
    zh="区域 {district} 的“{code}”已由资金 {other} 承担，不知道该记哪一个。",
    en='In {district}, "{code}" is paid by the fund {other} already; only one can be meant.',
)
TWICE = Text(zh="代码“{code}”用了两次。", en='The code "{code}" is used twice.')
NO_FUND = Text(
    zh="区域“{district}”里没有资金承担“{code}”，请在 funds.yaml 里写明由哪一笔资金付款。",
    en='In the district "{district}" no fund pays for "{code}"; name one in funds.yaml.',
)


def line_way(thing_code: str, item_code: str, line_code: str) -> Line:
    """How funds name a savings line."""
    return f"{thing_code}.{item_code}.{line_code}"


def by_line(funds: Iterable[Fund]) -> dict[tuple[str, Line], Fund]:
    """Which fund pays, by district and savings line."""
    return {
        (district, line): fund
        for fund in funds
        for district in fund.districts
        for line in fund.savings
    }


def fund_mistakes(
    funds: tuple[Fund, ...], things: Iterable[OneThing], districts: Iterable[str]
) -> Found:
    """Names that lead nowhere, payers that differ, and lines that two funds would pay."""
    known, lines = set(districts), dict(_money_lines(things))
    codes: set[str] = set()
    paid: dict[tuple[str, Line], Fund] = {}
    for at, fund in enumerate(funds):
        place: Place = ("funds", at)
        if fund.code in codes:
            yield (*place, "code"), TWICE.format(code=fund.code)
        codes.add(fund.code)
        for number, district in enumerate(fund.districts):
            if district not in known:
                yield (*place, "districts", number), UNKNOWN_DISTRICT.format(code=district)
        for number, line in enumerate(fund.savings):
            yield from _line_mistakes((*place, "savings", number), fund, line, lines)
            for district in fund.districts:
                other = paid.setdefault((district, line), fund)
                if other is not fund:
                    yield (
                        (*place, "savings", number),
                        TWO_FUNDS.format(district=district, code=line, other=other.code),
                    )


def unfunded(thing: OneThing, funds: Iterable[Fund], districts: Iterable[str]) -> Found:
    """Savings lines in money for which no fund pays in one of the districts."""
    paid = by_line(funds)
    for at, item in enumerate(thing.items):
        for number, line in enumerate(item.savings):
            if not isinstance(line, MoneyLine):
                continue
            way = line_way(thing.code, item.code, line.code)
            for district in districts:
                if (district, way) not in paid:
                    yield (
                        ("items", at, "savings", number, "code"),
                        NO_FUND.format(district=district, code=way),
                    )


def _money_lines(things: Iterable[OneThing]) -> Iterator[tuple[Line, MoneyLine]]:
    for thing in things:
        for item in thing.items:
            for line in item.savings:
                if isinstance(line, MoneyLine):
                    yield line_way(thing.code, item.code, line.code), line


def _line_mistakes(place: Place, fund: Fund, way: Line, lines: Mapping[Line, MoneyLine]) -> Found:
    line = lines.get(way)
    if line is None:
        yield place, UNKNOWN_LINE.format(code=way)
    elif line.payer != fund.payer:
        yield place, OTHER_PAYER.format(code=way, payer=line.payer, own=fund.payer)
