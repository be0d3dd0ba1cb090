"""Administrative divisions (GB/T 2260): six-digit codes and their names.

Our own table has the provinces of China, and of Gansu everything down to the county, in both
languages. The names of other divisions, which a trade name may not take, come from the table of
`python-stdnum`. Zones (开发区) have no code of their own.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stdnum import numdb

from core.text import Text

FILE = Path(__file__).parent / "data" / "regions.csv"
HOME_PROVINCE = "62"
"""Gansu: the province whose counties are known one by one."""
STATE = "100000"
"""Credit codes of enterprises that the State Council's own administration registered."""
SYNTHETIC = "620199"
"""A code that no place has, for identifiers that must belong to nobody."""

_ABOLISHED = re.compile(r"-\d+\][^\[\]]*$")
_PERIOD = re.compile(r"\[[\d-]*\]")
_SUFFIX = re.compile(r"(特别行政区|自治[县旗州区]|地区|林区|[省市区县旗盟])$")
_ETHNIC_GROUPS = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|"
    "东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|鄂温克|德昂|"
    "保安|裕固|鄂伦春|独龙|门巴|珞巴"
)
_ETHNIC_SUFFIX = re.compile(rf"(?<=..)(({_ETHNIC_GROUPS})族|各族|维吾尔)+$")
_SHORTEST_NAME = 2


@dataclass(frozen=True, slots=True)
class Region:
    """A division of the table; ``until`` is the year in which it was abolished."""

    code: str
    kind: str
    name: Text
    until: int | None


def name(code: str) -> Text | None:
    """The name of a division of the table that exists today, or None."""
    region = _table().get(code)
    return region.name if region and region.until is None else None


def full_name(code: str) -> Text | None:
    """The name with its city before it, as addresses are written, or None.

    A district must always carry its city: “城关区” alone is not known outside Lanzhou.
    """
    found, city = name(code), name(f"{code[:4]}00")
    if found is None or city is None or code.endswith("00"):
        return found
    return Text(zh=f"{city.zh}{found.zh}", en=f"{found.en}, {city.en}")


def counties() -> Mapping[str, Text]:
    """Per code the full name of every county and district of the home province today."""
    found = {
        region.code: full_name(region.code)
        for region in _table().values()
        if region.kind == "county"
    }
    return {code: text for code, text in found.items() if text is not None}


def is_assigned(code: str) -> bool:
    """True if a credit code or seal code may begin its region like this.

    In the home province it must be a division of the table, also an abolished one: a company
    keeps the code under which it was registered. Elsewhere the province must exist; a list of
    every division that ever registered companies would refuse real ones.
    """
    if code.startswith(HOME_PROVINCE):
        return code == SYNTHETIC or code in _table()
    return code == STATE or (len(code) == len(STATE) and f"{code[:2]}0000" in _table())


def is_county_or_above(text: str) -> bool:
    """True if ``text`` names a county or anything above it.

    A trade name may not be such a name unless it has another meaning (企业名称登记管理规定 8).
    Full names count in all of China; names without 县 or 区 count for provinces, cities and the
    home province, since elsewhere they mostly are everyday words (和平, 新华).
    """
    return text in _division_names()


@cache
def _table() -> dict[str, Region]:
    lines = FILE.read_text(encoding="utf-8").splitlines()[1:]
    return {
        row["code"]: Region(
            code=row["code"],
            kind=row["kind"],
            name=Text(zh=row["name_zh"], en=row["name_en"]),
            until=int(row["until"]) if row["until"] else None,
        )
        for row in csv.DictReader(lines)
    }


@cache
def _division_names() -> frozenset[str]:
    names = set()
    for code, full in _national_names():
        names.add(full)
        if code.endswith("00") or code.startswith(HOME_PROVINCE):
            names.add(_ETHNIC_SUFFIX.sub("", _SUFFIX.sub("", full)).removesuffix("族"))
    generic = {"市辖", "市辖区", "县"}
    return frozenset(each for each in names - generic if len(each) >= _SHORTEST_NAME)


def _national_names() -> Iterator[tuple[str, str]]:
    """Code and present name of each division of today; ``[1985-2003]旧名,[2004-]新名`` is 新名."""
    for _length, province, _end, _facts, divisions in numdb.get("cn/loc").prefixes:
        for _length, digits, _end, facts, _divisions in divisions:
            if not _ABOLISHED.search(facts["county"]):
                yield province + digits, _PERIOD.split(facts["county"])[-1]
