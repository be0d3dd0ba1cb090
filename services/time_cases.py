"""The cases behind a figure of the times report, the slowest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, RowMapping, and_, func, select, true
from sqlalchemy.orm import Session

from core.text import Text
from models.case import Origin
from services.case_measures import NEVER_SENT, Outcome, measures, seconds
from services.case_scope import CaseFilters, item_titles
from services.item_times import DECIDED, item_tasks
from services.ledger_words import ORIGIN_TAGS
from services.time_words import OUTCOMES
from services.times import GOAL
from workflows.process import StateKind

PAGE_SIZE = 50


class Shown(StrEnum):
    """Which cases a list has, beside those of one outcome."""

    SENT = "sent"
    CORE = "core"
    CORE_WITHIN = "core_within"
    CORE_OVER = "core_over"
    NOT_MEASURED = "not_measured"
    APPLICANT = "applicant"
    LATE = "late"


class ItemShown(StrEnum):
    """Which cases a list about one item has."""

    ITEM = "item"
    ITEM_DECIDED = "item_decided"
    ITEM_LATE = "item_late"
    ITEM_UNFINISHED = "item_unfinished"
    ITEM_VOID = "item_void"


List = Shown | ItemShown | Outcome
TITLES: Mapping[List, Text] = {
    **{outcome: OUTCOMES[outcome] for outcome in Outcome if outcome not in NEVER_SENT},
    Shown.SENT: Text(zh="已提交的全部办件", en="All cases that were sent"),
    Shown.CORE: Text(zh="量得到核心用时的办件", en="Cases with a T_core"),
    Shown.CORE_WITHIN: Text(
        zh="核心用时 25 分钟以内的办件", en="Cases with T_core within 25 minutes"
    ),
    Shown.CORE_OVER: Text(zh="核心用时超过 25 分钟的办件", en="Cases with T_core above 25 minutes"),
    Shown.NOT_MEASURED: Text(zh="没有核心用时的办件", en="Cases without a T_core"),
    Shown.APPLICANT: Text(zh="量得到申请人用时的办件", en="Cases with a T_applicant"),
    Shown.LATE: Text(zh="有事项超过承诺时限的办件", en="Cases with an item past its promise"),
    ItemShown.ITEM: Text(zh="有这个事项的办件", en="Cases with this item"),
    ItemShown.ITEM_DECIDED: Text(zh="这个事项已作出决定的办件", en="Cases in which it is decided"),
    ItemShown.ITEM_LATE: Text(
        zh="这个事项超过承诺时限的办件", en="Cases in which it ran past its promise"
    ),
    ItemShown.ITEM_UNFINISHED: Text(
        zh="这个事项还没有办完的办件", en="Cases in which it is not finished"
    ),
    ItemShown.ITEM_VOID: Text(zh="这个事项取消了的办件", en="Cases in which it was cancelled"),
}
"""What each list is called. Drafts are their applicants' own and are not listed."""
LISTS: Mapping[str, List] = {str(each): each for each in TITLES}
UNKNOWN_LIST = Text(zh="没有这种清单。", en="There is no such list.")
ITEM_MISSING = Text(zh="请选择一个事项。", en="Choose an item.")
LENGTHS: Mapping[str, Text] = {
    "core": Text(zh="核心用时", en="T_core"),
    "applicant": Text(zh="申请人用时", en="T_applicant"),
    "to_end": Text(zh="到结束（或到现在）", en="To its end, or until now"),
    "own": Text(zh="事项用时", en="Time of the item"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One case of a list."""

    district_code: str
    case_id: UUID
    number: str
    title: str
    origin: Origin
    origin_label: Text
    outcome: Outcome
    outcome_label: Text
    submitted_at: datetime
    length: timedelta | None
    """What the list is ordered by, the longest first; None: not measured."""
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """One page of a list."""

    shown: List
    title: Text
    item_label: Text | None
    length_label: Text
    lines: tuple[CaseLine, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


def case_page(
    session: Session, filters: CaseFilters, shown: List, at: datetime, page: int = 1
) -> CasePage:
    """One page of the cases behind a figure; a list about an item needs one in ``filters``."""
    asked = measures(session, filters, at)
    item_label = None
    if isinstance(shown, ItemShown):
        rows = item_tasks(asked, filters, at)
        name, wanted = "own", _of_item(rows, shown, filters)
        length: ColumnElement[timedelta | None] = func.coalesce(rows.c.own, at - rows.c.started_at)
        item_label = item_titles().get(filters.item_code or "")
    else:
        rows, name = asked.cases, _length_of(shown)
        wanted, length = _of_case(rows, shown), rows.c[name]
    total = session.scalar(select(func.count()).select_from(rows).where(wanted))
    statement = (
        select(
            rows.c.district_code,
            rows.c.id,
            rows.c.number,
            rows.c.title,
            rows.c.origin,
            rows.c.outcome,
            rows.c.submitted_at,
            rows.c.is_late,
            length.label("length"),
        )
        .where(wanted)
        .order_by(length.desc().nulls_last(), rows.c.submitted_at, rows.c.id)
        .limit(PAGE_SIZE)
        .offset((max(page, 1) - 1) * PAGE_SIZE)
    )
    return CasePage(
        shown=shown,
        title=TITLES[shown],
        item_label=item_label,
        length_label=LENGTHS[name],
        lines=tuple(_line(row) for row in session.execute(statement).mappings()),
        total=int(total or 0),
        page=max(page, 1),
    )


def _length_of(shown: List) -> str:
    match shown:
        case Shown.CORE | Shown.CORE_WITHIN | Shown.CORE_OVER:
            return "core"
        case Shown.APPLICANT:
            return "applicant"
        case _:
            return "to_end"


def _of_case(cases: CTE, shown: List) -> ColumnElement[bool]:
    conditions: dict[List, ColumnElement[bool]] = {
        Shown.SENT: true(),
        Shown.CORE: cases.c.core.is_not(None),
        Shown.CORE_WITHIN: cases.c.core <= seconds(GOAL),
        Shown.CORE_OVER: cases.c.core > seconds(GOAL),
        Shown.NOT_MEASURED: cases.c.core.is_(None),
        Shown.APPLICANT: cases.c.applicant.is_not(None),
        Shown.LATE: cases.c.is_late,
    }
    chosen = conditions.get(shown, cases.c.outcome == shown.value)
    return and_(cases.c.is_sent, chosen)


def _of_item(tasks: CTE, shown: ItemShown, filters: CaseFilters) -> ColumnElement[bool]:
    kind = tasks.c.kind
    conditions: dict[ItemShown, ColumnElement[bool]] = {
        ItemShown.ITEM: true(),
        ItemShown.ITEM_DECIDED: kind.in_(DECIDED),
        ItemShown.ITEM_LATE: tasks.c.is_late,
        ItemShown.ITEM_UNFINISHED: kind.in_((StateKind.WAITING, StateKind.OPEN)),
        ItemShown.ITEM_VOID: kind == StateKind.VOID,
    }
    return and_(tasks.c.item_code == filters.item_code, conditions[shown])


def _line(row: RowMapping) -> CaseLine:
    origin, outcome = Origin(row["origin"]), Outcome(row["outcome"])
    return CaseLine(
        district_code=row["district_code"],
        case_id=row["id"],
        number=row["number"] or "",
        title=row["title"] or "",
        origin=origin,
        origin_label=ORIGIN_TAGS[origin],
        outcome=outcome,
        outcome_label=OUTCOMES[outcome],
        submitted_at=row["submitted_at"],
        length=row["length"],
        is_late=bool(row["is_late"]),
    )
