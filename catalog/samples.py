"""A complete application as people would type it, for the demonstration, its load and the tests.

Nobody in it exists: identity numbers and credit codes use the unassigned division 620199, and
their check digits are right.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

_UNASSIGNED = "620199"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN = ("星", "河", "远", "安", "宁", "若水", "思源", "明轩", "子涵", "雨桐")
_TRADE_MARKS = "甲乙丙丁戊己庚辛壬癸"
_REGIONS: Final = {"620102-gx": "620102"}
_STREETS: Final = {"620102": "雁南街道", "620123": "城关镇"}
WAGE_YUAN = 5200


def business_start_up(
    *,
    on: date,
    district_code: str = "620102-gx",
    suffix: int = 1,
    shareholders: int = 2,
    staff: int = 0,
) -> dict[str, Any]:
    """Typed answers, by section, of a valid limited liability company.

    ``on`` is the day it is filled in, from which the sample's own days are counted; ``suffix``
    makes another company of other people.
    """
    return company_of(
        people(suffix),
        on=on,
        place=_company(district_code, suffix),
        shareholders=shareholders,
        staff=staff,
    )


def company_of(
    people: Iterator[dict[str, str]],
    *,
    on: date,
    place: dict[str, Any],
    shareholders: int,
    staff: int,
) -> dict[str, Any]:
    """The same of these ``people``; ``place`` has the sections of name and address."""
    manager = next(people)
    supervisor = next(people)
    holders = [manager, *(next(people) for _ in range(shareholders - 1))]
    workers = [next(people) for _ in range(staff)]
    return {
        **place,
        **_capital(holders, on),
        **_officers(manager, supervisor),
        **_activities(manager),
        **_money_matters(manager, len(workers)),
        **_workforce(workers, manager, on),
        **_appointment(on),
    }


def with_papers(typed: dict[str, Any]) -> dict[str, Any]:
    """The same application with articles of its own and an agent: two papers must be uploaded."""
    manager = typed["legal_representative"]
    agent = {f"agent_{key}": manager[key] for key in ("name", "resident_id", "mobile")}
    return typed | {
        "term": typed["term"] | {"articles": "own"},
        "contacts": typed["contacts"] | {"has_agent": "yes"} | agent,
    }


def resident_id(serial: int) -> str:
    """An identity number that belongs to nobody: right digit, but an unassigned division."""
    born = date(1970, 1, 1) + timedelta(days=serial // 500 % 10_000)
    body = f"{_UNASSIGNED}{born:%Y%m%d}{serial % 500 * 2 + 1:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def typed_date(day: date) -> dict[str, str]:
    """A date as the three boxes of a page send it."""
    return {"year": str(day.year), "month": str(day.month), "day": str(day.day)}


def people(suffix: int) -> Iterator[dict[str, str]]:
    """Names, identity numbers and phones, each suffix its own 500 people."""
    serial = suffix * 500
    while True:
        yield {
            "name": _SURNAMES[serial % len(_SURNAMES)] + _GIVEN[serial // 7 % len(_GIVEN)],
            "resident_id": resident_id(serial),
            "mobile": f"139{serial % 100_000_000:08d}",
        }
        serial += 1


def mark(suffix: int) -> str:
    """A number in characters that a name may hold: 21 is 丙乙."""
    return "".join(_TRADE_MARKS[int(digit)] for digit in str(suffix))


def _company(district_code: str, suffix: int) -> dict[str, Any]:
    region = _REGIONS.get(district_code, district_code)
    return {
        "company": {
            "company_kind": "limited_company",
            "division": "兰州",
            "trade_name": f"星河{mark(suffix)}",
            "industry": "科技",
            "organisation_form": "short_form",
        },
        "address": {
            "region": region,
            "street": _STREETS.get(region, "城关镇"),
            "detail": f"雁园路 {suffix} 号 2 单元 301 室",
            "postcode": "730000",
            "right_of_use": "owned",
            "owner_name": "兰州演示物业",
            "property_use": "commercial",
        },
    }


def _capital(holders: list[dict[str, str]], day: date) -> dict[str, Any]:
    each = 100_000
    due = typed_date(date(day.year + 4, 6, 30))
    return {
        "capital": {"currency": "cny", "registered": str(each * len(holders))},
        "shareholders": [
            {
                "holder_kind": "natural_person",
                **holder,
                "amount": f"{each:,}",
                "contribution_forms": ["cash"],
                "contribution_due_on": due,
            }
            for holder in holders
        ],
    }


def _officers(manager: dict[str, str], supervisor: dict[str, str]) -> dict[str, Any]:
    return {
        "directors": [{**manager, "duty": "executive"}],
        "management": {
            "director_term_years": "3",
            "supervision": "one_supervisor",
            "supervisor_name": supervisor["name"],
            "supervisor_resident_id": supervisor["resident_id"],
            "supervisor_mobile": supervisor["mobile"],
            "has_manager": "yes",
            "manager_name": manager["name"],
            "manager_resident_id": manager["resident_id"],
            "manager_mobile": manager["mobile"],
            "nobody_disqualified": "yes",
        },
        "legal_representative": {**manager, "email": "demonstration@example.com"},
        "ownership": {"claims_exemption": "yes", "exemption_promise": "yes"},
    }


def _activities(manager: dict[str, str]) -> dict[str, Any]:
    roles = ("liaison", "finance", "tax_handler")
    return {
        "business_scope": {"entries": ["I6501", "I6506", "M7301"], "main_entry": "I6501"},
        "term": {"term_kind": "unlimited", "articles": "model"},
        "contacts": {
            **{f"{role}_{key}": manager[key] for role in roles for key in manager},
            "has_agent": "no",
        },
    }


def _money_matters(manager: dict[str, str], employees: int) -> dict[str, Any]:
    return {
        "tax": {
            "accounting_system": "small_enterprise",
            "accounting_method": "independent",
            "taxpayer_kind": "small_scale",
            "employees": str(employees + 1),
            "wants_invoices": "yes",
            "invoice_quota": "100,000",
        },
        "seals": {
            "kinds": ["official", "finance", "contract", "name_seal"],
            "material": "self_inking",
            "maker": "jincheng",
            "collection": "window",
        },
        "housing_fund": {
            "company_ratio": "5",
            "staff_ratio": "5",
            "headcount": str(employees),
            "monthly_base": str(employees * WAGE_YUAN),
            "handler_name": manager["name"],
            "handler_mobile": manager["mobile"],
        },
    }


def _workforce(workers: list[dict[str, str]], manager: dict[str, str], day: date) -> dict[str, Any]:
    employment = {
        "handler_name": manager["name"],
        "handler_mobile": manager["mobile"],
        "first_month": "this_month",
        "enrols_staff": "yes" if workers else "no",
    }
    if not workers:
        return {"employment": employment}
    return {
        "employment": {**employment, "monthly_base": str(len(workers) * WAGE_YUAN)},
        "staff": [
            {**worker, "started_on": typed_date(day), "monthly_wage": str(WAGE_YUAN)}
            for worker in workers
        ],
    }


def _appointment(day: date) -> dict[str, Any]:
    return {
        "bank": {
            "bank": "demonstration_bank_a",
            "branch_area": "雁滩",
            "account_kind": "basic",
            "preferred_on": typed_date(day + timedelta(days=3)),
            "preferred_half": "morning",
            "only_basic_account": "yes",
        },
        "promise": {
            "answers_are_true": "yes",
            "address_is_usable": "yes",
            "may_be_shared": "yes",
        },
    }
