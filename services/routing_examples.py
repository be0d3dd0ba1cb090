"""The routing data of the demonstration: six modes with example labels, and a few routes."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from catalog import registry
from core.text import Text
from models.routing import ClockFrom, ResultsAt, Route, Way
from services import routing
from services.routing import Mode, both

ZONE, CHENGGUAN, YUZHONG = "620102-gx", "620102", "620123"


def _mode(code: str, label: Text, description: Text, *, is_closed_list: bool = False) -> Mode:
    return Mode(
        code=code,
        version=1,
        label=label,
        description=description,
        is_example=True,
        is_closed_list=is_closed_list,
        recorded_at=datetime.min.replace(tzinfo=UTC),
    )


MODES = (
    _mode(
        "across_provinces",
        Text(zh="跨省通办", en="Across provinces"),
        Text(
            zh="在一个省提交，由另一个省有权的部门办理；全程网办、异地代收代办或者多地联办。责任始终在办理的部门。",
            en="Handed in in one province, decided by the competent department of another: "
            "online, collected for it, or together. The deciding department answers for it.",
        ),
        is_closed_list=True,
    ),
    _mode(
        "in_the_province",
        Text(zh="省内通办", en="Throughout the province"),
        Text(
            zh="省内任何一个窗口都可以接收，不分地区；由有权的部门办理。",
            en="Any window in the province takes it in, whatever the district; the competent "
            "department decides.",
        ),
    ),
    _mode(
        "in_the_city",
        Text(zh="全市通办", en="Throughout the city"),
        Text(
            zh="市内任何一个窗口都可以接收，同一事项、同一标准；由有权的部门办理。",
            en="Any window in the city takes it in, by the same guide and standard; the competent "
            "department decides.",
        ),
    ),
    _mode(
        "in_the_region",
        Text(zh="区域通办", en="Partner regions"),
        Text(
            zh="与约定的地区互相接收清单上的事项，互认电子证照；清单以外的事项不接收。",
            en="Partner regions take in for each other what stands on a list and recognise each "
            "other’s electronic licences; what is not listed is not taken in.",
        ),
        is_closed_list=True,
    ),
    _mode(
        "online",
        Text(zh="一网通办", en="One network"),
        Text(
            zh="网上、掌上和窗口共用一份办件记录和一份指南，走哪条路由申请人自己选。",
            en="Web, phone and window share one case record and one guide; the applicant chooses "
            "the way.",
        ),
    ),
    _mode(
        "one_window",
        Text(zh="一窗通办", en="One window"),
        Text(
            zh="一个综合窗口接收，后台各部门分类办理，统一窗口出件。",
            en="One window takes everything in, the departments decide behind it, and one window "
            "hands the results out.",
        ),
    ),
)
"""No public page lists the six for the demonstration's place; the labels are examples."""


IN_THE_CITY = {
    "mode_code": "in_the_city",
    "partner": None,
    "way": Way.ONLINE,
    "clock_from": ClockFrom.ACCEPTANCE,
    "results_at": ResultsAt.ACCEPTING,
    "recognises_licences": True,
}
BRANCH_IN_YUZHONG = 'has(bank.branch_area) && contains_any(bank.branch_area, ["榆中"])'
ROUTES: tuple[dict[str, Any], ...] = (
    IN_THE_CITY
    | {
        "id": UUID("01940000-0000-7000-8000-000000000001"),
        "thing_code": "business_start_up",
        "item_code": "bank_appointment",
        "accepting_codes": [ZONE, CHENGGUAN],
        "condition": BRANCH_IN_YUZHONG,
        "condition_words": both(
            Text(zh="希望的网点在榆中县", en="the branch that you prefer lies in Yuzhong")
        ),
        "deciding_code": YUZHONG,
    },
    IN_THE_CITY
    | {
        "id": UUID("01940000-0000-7000-8000-000000000002"),
        "thing_code": "open_restaurant",
        "item_code": None,
        "accepting_codes": [ZONE, CHENGGUAN],
        "condition": f'premises.region == "{YUZHONG}"',
        "condition_words": both(Text(zh="店铺在榆中县", en="the premises lie in Yuzhong")),
        "deciding_code": YUZHONG,
    },
    IN_THE_CITY
    | {
        "id": UUID("01940000-0000-7000-8000-000000000003"),
        "thing_code": "open_restaurant",
        "item_code": None,
        "accepting_codes": [YUZHONG],
        "condition": f'premises.region == "{CHENGGUAN}"',
        "condition_words": both(Text(zh="店铺在城关区", en="the premises lie in Chengguan")),
        "deciding_code": CHENGGUAN,
    },
)
"""Assumptions of the demonstration, as far as its catalogue has what they name."""


def load(session: Session, at: datetime) -> int:
    """Record the modes and routes that are not there yet; how many were new."""
    made = routing.record_modes(session, [replace(mode, recorded_at=at) for mode in MODES])
    return made + _record_routes(session, at)


def _record_routes(session: Session, at: datetime) -> int:
    known = registry.catalogue()
    rows = [
        row | {"valid_from": at, "recorded_at": at}
        for row in ROUTES
        if row["thing_code"] in known.things and set(row["accepting_codes"]) <= set(known.districts)
    ]
    if not rows:
        return 0
    made = session.execute(insert(Route).on_conflict_do_nothing().returning(Route.id), rows)
    return len(made.all())
