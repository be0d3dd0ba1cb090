"""How long each item took by its own clock, and whether it kept its promise and the law's limit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    RowMapping,
    Select,
    and_,
    case,
    func,
    null,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from catalog import registry
from catalog.limits import LimitDefinition
from catalog.schema import Item
from core.text import Text
from models.case import Origin
from models.task import Task
from services.case_measures import Measures, clock_reached, of_task, versions
from services.case_scope import CaseFilters
from services.definitions import Definition
from services.ledger_words import ORIGIN_TAGS
from services.rates import Rate
from services.time_spread import Spread, spread_columns, spread_of
from workflows.engine import NOT_REQUIRED
from workflows.process import StateKind

DECIDED = (StateKind.POSITIVE, StateKind.NEGATIVE)
COUNTS = (
    "tasks",
    "approved",
    "refused",
    "at_once",
    "void",
    "unfinished",
    "unfinished_late",
    "on_time",
    "late",
    "lawful",
    "unlawful",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFigures:
    """The figures of one item, or of all items of one department, in cases of one origin."""

    origin: Origin
    origin_label: Text
    thing_code: str | None
    """None for a department."""
    key: str
    label: Text
    department_label: Text
    limit: LimitDefinition | None
    """The promise as it is now; None for a department, whose items have several."""
    by_law: LimitDefinition | None
    tasks: int
    """All that had to be done; items that the answers do not call for are none."""
    own: Spread
    """From the start of the clock to its end: the decision, or what met the limits before it."""
    approved: int
    refused: int
    at_once: int
    """Decided with the result before it, without a clock."""
    void: int
    unfinished: int
    unfinished_late: int
    on_time: int
    late: int
    lawful: int
    unlawful: int

    @property
    def promise(self) -> Rate:
        """Decided within the promise, of those in which it was kept or broken."""
        return Rate(self.on_time, self.on_time + self.late)

    @property
    def statutory(self) -> Rate:
        """The same for the limit that the law sets."""
        return Rate(self.lawful, self.lawful + self.unlawful)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemTables:
    """By item and by department, the origins still together."""

    by_item: tuple[ItemFigures, ...] = ()
    by_department: tuple[ItemFigures, ...] = ()


def item_figures(
    session: Session, asked: Measures, filters: CaseFilters, at: datetime
) -> ItemTables:
    """The figures of every item and department in the cases of ``asked``, as they are at ``at``."""
    tasks = item_tasks(asked, filters, at)
    rows = session.execute(_grouped(tasks)).mappings().all()
    titles = _Titles(versions(session, filters.thing_code))
    items = [titles.of_item(row) for row in rows if not row["by_department"]]
    departments = [titles.of_department(row) for row in rows if row["by_department"]]
    return ItemTables(
        by_item=tuple(sorted(items, key=titles.place)),
        by_department=tuple(sorted(departments, key=titles.place)),
    )


def _grouped(tasks: CTE) -> Select[Any]:
    """The figures by item and by department, in one statement."""
    origin, department = tasks.c.origin, tasks.c.department_code
    thing, item = tasks.c.thing_code, tasks.c.item_code
    counts = (
        func.count().filter(condition).label(name) for name, condition in _conditions(tasks).items()
    )
    return select(
        origin,
        thing,
        item,
        department,
        func.grouping(item).label("by_department"),
        func.count().label("tasks"),
        *spread_columns("own", tasks.c.own),
        *counts,
    ).group_by(
        func.grouping_sets(tuple_(origin, thing, item, department), tuple_(origin, department))
    )


def _conditions(tasks: CTE) -> Mapping[str, ColumnElement[bool]]:
    kind = tasks.c.kind
    is_open = kind.in_((StateKind.WAITING, StateKind.OPEN))
    return {
        "approved": kind == StateKind.POSITIVE,
        "refused": kind == StateKind.NEGATIVE,
        "at_once": and_(kind.in_(DECIDED), tasks.c.started_at.is_(None)),
        "void": kind == StateKind.VOID,
        "unfinished": is_open,
        "unfinished_late": and_(is_open, tasks.c.is_late),
        "on_time": tasks.c.is_on_time,
        "late": tasks.c.is_late,
        "lawful": tasks.c.is_lawful,
        "unlawful": tasks.c.is_unlawful,
    }


def item_tasks(asked: Measures, filters: CaseFilters, at: datetime) -> CTE:
    """One row for each task that had to be done in the cases of ``asked``, with its own times."""
    cases, facts = asked.cases, asked.facts
    statement = (
        select(
            cases.c.district_code,
            cases.c.id,
            cases.c.number,
            cases.c.title,
            cases.c.origin,
            cases.c.thing_code,
            cases.c.outcome,
            cases.c.submitted_at,
            cases.c.definition_hash,
            Task.item_code,
            Task.department_code,
            Task.started_at,
            Task.due_at,
            Task.statutory_due_at,
            func.coalesce(Task.limits_met_at, Task.ended_at).label("clock_ended_at"),
            clock_reached(at).label("clock_reached_at"),
            facts.c.kind,
        )
        .join(cases, and_(Task.district_code == cases.c.district_code, Task.case_id == cases.c.id))
        .join(facts, of_task(cases.c.version, facts))
        .where(Task.state != NOT_REQUIRED)
    )
    if filters.item_code is not None:
        statement = statement.where(Task.item_code == filters.item_code)
    return _judged(statement.cte("started"))


def _judged(tasks: CTE) -> CTE:
    """The item's own time, and whether the promise and the law were kept or are broken.

    All three go to the end of its clock. What had a step for it that was taken has kept its limits,
    whatever is still to be done.
    """
    ended_at, reached_at = tasks.c.clock_ended_at, tasks.c.clock_reached_at
    is_void = tasks.c.kind == StateKind.VOID
    is_measured = and_(~is_void, ended_at.is_not(None), tasks.c.started_at.is_not(None))
    return select(
        *tasks.c,
        case((is_measured, ended_at - tasks.c.started_at), else_=null()).label("own"),
        and_(~is_void, ended_at <= tasks.c.due_at).label("is_on_time"),
        (reached_at > tasks.c.due_at).label("is_late"),
        and_(~is_void, ended_at <= tasks.c.statutory_due_at).label("is_lawful"),
        (reached_at > tasks.c.statutory_due_at).label("is_unlawful"),
    ).cte("item_tasks")


class _Titles:
    """What items and departments are called and promise, the newest version first."""

    def __init__(self, found: tuple[Definition, ...]) -> None:
        self.items: dict[tuple[str, str], Item] = {}
        for definition in found:
            for item in definition.thing.items:
                self.items.setdefault((definition.thing.code, item.code), item)
        self.departments = registry.catalogue().departments

    def of_item(self, row: RowMapping) -> ItemFigures:
        """A row of one item."""
        item = self.items[row["thing_code"], row["item_code"]]
        return _figures(
            row,
            thing_code=row["thing_code"],
            key=item.code,
            label=item.public_title,
            department_label=self._department(row["department_code"]),
            limit=item.promised_limit,
            by_law=item.statutory_limit,
        )

    def of_department(self, row: RowMapping) -> ItemFigures:
        """A row of all items of one department."""
        label = self._department(row["department_code"])
        return _figures(
            row,
            thing_code=None,
            key=row["department_code"],
            label=label,
            department_label=label,
            limit=None,
            by_law=None,
        )

    def place(self, figures: ItemFigures) -> tuple[int, str]:
        """Where a row stands: in the order of the definitions."""
        if figures.thing_code is None:
            codes = list(self.departments)
            place = codes.index(figures.key) if figures.key in self.departments else len(codes)
        else:
            place = list(self.items).index((figures.thing_code, figures.key))
        return place, figures.origin

    def _department(self, code: str) -> Text:
        department = self.departments.get(code)
        return department.short_name if department else Text(zh=code, en=code)


def _figures(row: RowMapping, **words: Any) -> ItemFigures:
    origin = Origin(row["origin"])
    return ItemFigures(
        origin=origin,
        origin_label=ORIGIN_TAGS[origin],
        own=spread_of(row, "own"),
        **{name: row[name] for name in COUNTS},
        **words,
    )
