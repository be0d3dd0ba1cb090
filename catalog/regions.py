"""Administrative divisions (GB/T 2260): six-digit codes and their names.

The table is that of `python-stdnum`, which also has divisions that were abolished: old identity
numbers begin with them. Zones (开发区) have no code of their own.
"""

import re
from functools import cache

from stdnum import numdb

_PERIOD = re.compile(r"\[(?P<from>\d*)-(?P<until>\d*)\]")
_SUFFIXES = (
    "特别行政区",
    "自治县",
    "自治旗",
    "自治州",
    "自治区",
    "市辖区",
    "地区",
    "林区",
    "省",
    "市",
    "区",
    "县",
    "旗",
    "盟",
)
SYNTHETIC = frozenset({"620199"})
"""A code that no place has, for identifiers that must belong to nobody."""


def name(code: str) -> str | None:
    """The Chinese name of a division of GB/T 2260 that exists today, or None."""
    return _table().get(code, (None, False))[0] if _exists_today(code) else None


def was_ever(code: str) -> bool:
    """True if the division exists or existed; a hint only, the table is not complete."""
    return code in _table()


def is_assigned(code: str) -> bool:
    """True if a credit code may have this region: a division of today, or a synthetic one."""
    return code in SYNTHETIC or _exists_today(code)


def is_county_or_above(text: str) -> bool:
    """True if ``text`` names a county or anything above it, with or without its suffix.

    A trade name may not be such a name (企业名称登记管理规定 8).
    """
    return text in _names()


@cache
def _names() -> frozenset[str]:
    full = {found for found, exists in _table().values() if exists}
    return frozenset(each for each in full | {_bare(each) for each in full} if len(each) > 1)


def _bare(full: str) -> str:
    for suffix in _SUFFIXES:
        if full.endswith(suffix) and len(full) - len(suffix) > 1:
            return full.removesuffix(suffix)
    return full


def _exists_today(code: str) -> bool:
    return _table().get(code, ("", False))[1]


@cache
def _table() -> dict[str, tuple[str, bool]]:
    """Per code its last name, and whether the division exists today."""
    table = {}
    for _length, province, _end, _facts, rest in numdb.get("cn/loc").prefixes:
        for _length, digits, _end, facts, _children in rest:
            table[province + digits] = _last(facts["county"])
    return table


def _last(raw: str) -> tuple[str, bool]:
    """The last of the names that a code had: ``[-1983]旧名[1983-]新名`` gives 新名."""
    periods = list(_PERIOD.finditer(raw))
    if not periods:
        return raw, True
    return raw[periods[-1].end() :], not periods[-1]["until"]
