"""Applications of companies that do not exist, as varied as those of a year, for the demonstration.

A pure function of a number: the same number is the same company for ever. Trade names join words
that nobody joins, identity numbers use the unassigned division 620199, accounts a reserved domain.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from catalog import samples
from catalog.schema import District

SEED = "yichuang synthetic applications 1"
_FIRST = "霁翊珩昀砚禾岚屿沐朔曦苒霖栩钧湛玥珏煦蔚樾琢筠翎芷菡谧邈隽颢熠昱旻砺溆璆芮菘"
_SECOND = "笺槿隼鹭瓷墨弦穗驹鲸樨蓼萤蕨橹舷缆砧杼篁鹀桁簋桅榫枋椽艖苎茭"
_THIRD = "达和兴通合信诚佳创联恒益"
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹喻苏潘葛范彭鲁韦马苗方"
_GIVEN = (
    "星",
    "河",
    "远",
    "安",
    "宁",
    "澜",
    "霖",
    "昭",
    "蔚",
    "旭",
    "若水",
    "思源",
    "明轩",
    "子涵",
)
_GIVEN_TOO = (
    "雨桐",
    "清和",
    "景行",
    "书言",
    "知夏",
    "云舒",
    "怀瑾",
    "望舒",
    "嘉木",
    "静姝",
    "承佑",
    "一诺",
)
_GIVEN_LAST = (
    "乐天",
    "慕言",
    "安澜",
    "长庚",
    "知远",
    "若谷",
    "晚晴",
    "松年",
    "念慈",
    "锦年",
    "沛然",
    "听澜",
)
_BIRTHS = 5_000_000
"""Days of birth times the 500 numbers of each that `samples.resident_id` can tell apart."""
_PEOPLE_OF_ONE = 64
_SPREAD = 1_234_567
"""Prime to `_BIRTHS`, so that neighbours are not born on one day and no two share a number."""


@dataclass(frozen=True, slots=True)
class _Trade:
    """A line of business as the name says it, and the activities that go with it."""

    words: str
    entries: tuple[str, ...]


_TRADES: Final = (
    _Trade("科技", ("I6501", "I6506", "M7301")),
    _Trade("信息技术", ("I6502", "I6503", "I6506")),
    _Trade("网络科技", ("I6505", "I6501", "F5115")),
    _Trade("智能科技", ("I6504", "C3901", "M7301")),
    _Trade("电子", ("C3902", "F5107")),
    _Trade("商贸", ("F5102", "F5103", "F5115")),
    _Trade("农业", ("A0102", "A0103", "F5101")),
    _Trade("农产品", ("F5101", "C1302", "F5110")),
    _Trade("食品", ("F5109", "F5110")),
    _Trade("餐饮管理", ("H6201", "L7201")),
    _Trade("服饰", ("F5108", "C1801")),
    _Trade("建材", ("F5105", "F5104")),
    _Trade("装饰工程", ("E5001", "F5105")),
    _Trade("建筑工程", ("E4701", "L7101")),
    _Trade("机械设备", ("C3401", "F5106", "L7101")),
    _Trade("物流", ("G5401", "G5901", "G5902")),
    _Trade("仓储服务", ("G5901", "G5902")),
    _Trade("物业管理", ("K7001", "N7801")),
    _Trade("家政服务", ("O8001", "N7801")),
    _Trade("汽车服务", ("O8101",)),
    _Trade("广告", ("L7203", "M7401")),
    _Trade("会展服务", ("L7204", "L7203")),
    _Trade("企业管理咨询", ("L7201", "L7202", "I6506")),
    _Trade("文化传播", ("R8801", "L7204", "L7203")),
    _Trade("工业设计", ("M7401", "M7301")),
    _Trade("检测技术", ("M7402", "M7301")),
)
_ROADS: Final = ("云岫路", "白鹇路", "青稞路", "砚池街", "榆荫路", "鹿鸣巷", "石笋路", "芨芨滩路")
_STREETS: Final = {"620102": ("雁南街道", "雁北街道"), "620123": ("城关镇", "和平镇")}
_CAPITALS: Final = (100_000, 200_000, 300_000, 500_000, 1_000_000, 2_000_000, 3_000_000)
_WAGES: Final = (3_200, 3_800, 4_500, 5_200, 6_500, 8_000)
_BANKS: Final = ("demonstration_bank_a", "demonstration_bank_b", "demonstration_bank_c")
_AREAS: Final = ("雁滩", "东岗", "和平", "城关")
SEAL_KINDS: Final = ("official", "finance", "contract", "name_seal", "invoice")
"""The first four are what nearly everybody wants; the fifth is needed by few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is decided before a form is filled in; the rest follows from the number."""

    number: int
    on: date
    """The day on which the form is filled in."""
    district: District
    maker_code: str
    seal_count: int
    staff: int
    collection: str
    """``window`` or ``maker``: where the seals are collected."""


def application(profile: Profile) -> dict[str, Any]:
    """Typed answers, by section, of a valid company."""
    chance = Random(f"{SEED}:{profile.number}")  # noqa: S311 -- the same for ever, no secret
    holders = chance.choices((1, 2, 3), weights=(5, 4, 1))[0]
    trade = chance.choice(_TRADES)
    typed = samples.company_of(
        people(profile.number),
        on=profile.on,
        place={
            "company": _company(profile, trade, chance),
            "address": _address(profile, chance),
        },
        shareholders=holders,
        staff=profile.staff,
    )
    changes: dict[str, Mapping[str, Any]] = {
        "business_scope": {"entries": list(trade.entries), "main_entry": trade.entries[0]},
        "tax": _tax(profile, chance),
        "seals": _seals(profile, chance),
        "bank": _bank(profile.on, chance),
    }
    typed |= _capital(typed, chance.choice(_CAPITALS))
    typed |= _wages(typed, chance)
    return typed | {code: typed[code] | dict(part) for code, part in changes.items()}


def people(number: int) -> Iterator[dict[str, str]]:
    """The people of a company, each with an identity number that belongs to nobody."""
    for place in range(_PEOPLE_OF_ONE):
        serial = (number * _PEOPLE_OF_ONE + place) * _SPREAD % _BIRTHS
        yield {
            "name": person_name(number * _PEOPLE_OF_ONE + place),
            "resident_id": samples.resident_id(serial),
            "mobile": f"1390000{serial % 10_000:04d}",
        }


def person_name(serial: int) -> str:
    """A name of two or three characters."""
    chance = Random(f"{SEED}:name:{serial}")  # noqa: S311 -- the same for ever, no secret
    return chance.choice(_SURNAMES) + chance.choice((*_GIVEN, *_GIVEN_TOO, *_GIVEN_LAST))


def account(number: int) -> str:
    """The account of a company's applicant: of a domain that is reserved and reaches nobody."""
    return f"synthetic-{number:06d}@yichuang.example"


def trade_name(number: int) -> str:
    """A trade name of two or three characters, another one for each number below 20,000."""
    first, rest = number % len(_FIRST), number // len(_FIRST)
    second, rest = (rest * 7 + first) % len(_SECOND), rest // len(_SECOND)
    third = "" if rest == 0 and number % 2 else _THIRD[(rest + number) % len(_THIRD)]
    return _FIRST[first] + _SECOND[second] + third


def mended_address(number: int) -> str:
    """What an applicant writes who was asked for the room number."""
    return f"{number % 40 + 1} 层 {number % 9 + 1:02d} 室"


def _company(profile: Profile, trade: _Trade, chance: Random) -> dict[str, str]:
    return {
        "company_kind": "limited_company",
        "division": chance.choice(profile.district.name_prefixes),
        "trade_name": trade_name(profile.number),
        "industry": trade.words,
        "organisation_form": chance.choices(("short_form", "full_form"), weights=(5, 1))[0],
    }


def _address(profile: Profile, chance: Random) -> dict[str, Any]:
    right = chance.choices(("owned", "rented", "lent"), weights=(3, 6, 1))[0]
    lease = {"lease_ends_on": samples.typed_date(profile.on + timedelta(days=730))}
    return {
        "region": profile.district.region_code,
        "postcode": "730000",
        "owner_name": "兰州演示物业",
        "property_use": chance.choice(("commercial", "commercial", "industrial")),
        "street": chance.choice(_STREETS[profile.district.region_code]),
        "detail": f"{chance.choice(_ROADS)} {chance.randrange(1, 400)} 号 "
        f"{chance.randrange(1, 6)} 单元 {chance.randrange(101, 2800)} 室",
        "right_of_use": right,
        **(lease if right == "rented" else {}),
    }


def _capital(typed: Mapping[str, Any], each: int) -> dict[str, Any]:
    holders = [holder | {"amount": f"{each:,}"} for holder in typed["shareholders"]]
    return {
        "shareholders": holders,
        "capital": typed["capital"] | {"registered": str(each * len(holders))},
    }


def _wages(typed: Mapping[str, Any], chance: Random) -> dict[str, Any]:
    if "staff" not in typed:
        return {}
    staff = [worker | {"monthly_wage": str(chance.choice(_WAGES))} for worker in typed["staff"]]
    base = str(sum(int(worker["monthly_wage"]) for worker in staff))
    return {
        "staff": staff,
        "employment": typed["employment"] | {"monthly_base": base},
        "housing_fund": typed["housing_fund"] | {"monthly_base": base},
    }


def _tax(profile: Profile, chance: Random) -> dict[str, str]:
    general = chance.random() < 0.1  # noqa: PLR2004 -- one in ten
    return {
        "employees": str(profile.staff + chance.randrange(1, 6)),
        "invoice_quota": chance.choice(("30,000", "100,000", "300,000")),
        "taxpayer_kind": "general" if general else "small_scale",
        **({"general_from": "next_month"} if general else {}),
    }


def _seals(profile: Profile, chance: Random) -> dict[str, Any]:
    return {
        "kinds": list(SEAL_KINDS[: profile.seal_count]),
        "material": chance.choice(("self_inking", "resin", "rubber")),
        "maker": profile.maker_code,
        "collection": profile.collection,
    }


def _bank(on: date, chance: Random) -> dict[str, Any]:
    return {
        "bank": chance.choice(_BANKS),
        "branch_area": chance.choice(_AREAS),
        "preferred_on": samples.typed_date(on + timedelta(days=chance.randrange(2, 12))),
        "preferred_half": chance.choice(("morning", "afternoon")),
    }
