"""The times of many cases at once, in SQL: for each case the same as `services.timeline` gives it.

Which items count, and which states mean that something was not granted, is in the definitions; it
goes along as one JSON parameter, so that a statement never asks for one case after the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    Interval,
    String,
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from core.clock import CIVIL_ZONE
from models.case import Case, CaseAnswers
from models.definition import DefinitionVersion
from models.output import Output, Seal, SealStatus
from models.task import Task
from services import definitions
from services.case_scope import CaseFilters, counted_at, of_cases
from services.definitions import Definition
from workflows.case import CaseState
from workflows.engine import NOT_REQUIRED
from workflows.process import StateKind

DRAFT_REST = timedelta(days=30)
"""A draft that nobody saved for so long counts as given up."""


COLUMNS = (
    "district_code",
    "id",
    "number",
    "title",
    "thing_code",
    "definition_hash",
    "origin",
    "channel",
    "state",
    "opened_at",
    "created_at",
    "submitted_at",
    "resubmission_due_on",
    "accepted_at",
    "ended_at",
    "end_act",
)
"""What the measures need of a case."""


class Outcome(StrEnum):
    """Where a case stands or how it ended: its state, with two of them told apart by time."""

    COMPLETED = "completed"
    PARTLY_COMPLETED = "partly_completed"
    REFUSED = "refused"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    RETURNED_LATE = "returned_late"
    DRAFT = "draft"
    DRAFT_GIVEN_UP = "draft_given_up"


ENDED = (
    Outcome.COMPLETED,
    Outcome.PARTLY_COMPLETED,
    Outcome.REFUSED,
    Outcome.NOT_ACCEPTED,
    Outcome.WITHDRAWN,
    Outcome.LAPSED,
    Outcome.CANCELLED,
)
NEVER_SENT = (Outcome.DRAFT, Outcome.DRAFT_GIVEN_UP)


class Missing(StrEnum):
    """Why a case has no such time."""

    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    NOT_ACCEPTED = "not_accepted"
    NOT_GRANTED = "not_granted"
    NOT_FINISHED = "not_finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """The relations that a question about times is put to.

    ``cases`` has one row for each case that is meant, ``facts`` what the definitions say of an
    item's task in a state.
    """

    cases: CTE
    facts: CTE


def versions(session: Session, thing_code: str | None = None) -> tuple[Definition, ...]:
    """Every published version of every one-thing, or of one, the newest first."""
    statement = select(DefinitionVersion.hash).order_by(
        DefinitionVersion.code,
        DefinitionVersion.published_at.desc(),
        DefinitionVersion.version.desc(),
    )
    if thing_code is not None:
        statement = statement.where(DefinitionVersion.code == thing_code)
    return tuple(definitions.by_hash(session, digest) for digest in session.scalars(statement))


def measures(session: Session, filters: CaseFilters, at: datetime) -> Measures:
    """The relations for the cases that ``filters`` mean, as they are at ``at``."""
    facts = task_facts(versions(session, filters.thing_code))
    wanted = _wanted(filters)
    return Measures(cases=_measured(wanted, facts, at), facts=facts)


def task_facts(found: tuple[Definition, ...]) -> CTE:
    """Of each version, item and state: the kind of the state, and whether the item is core."""
    recordset = (
        func.jsonb_to_recordset(bindparam("task_facts", list(_facts(found)), type_=JSONB))
        .table_valued(column("key", String), column("kind", String), column("is_core", Boolean))
        .render_derived(with_types=True)
    )
    return select(*recordset.c).cte("facts")


def _facts(found: tuple[Definition, ...]) -> Iterator[dict[str, Any]]:
    for definition in found:
        for item in definition.thing.items:
            for state in definition.engine_of(item).process.states:
                yield {
                    "key": " ".join((definition.hash.hex(), item.code, state.code)),
                    "kind": state.kind.value,
                    "is_core": item.counts_for_core,
                }


def _wanted(filters: CaseFilters) -> CTE:
    month = func.to_char(func.timezone(CIVIL_ZONE.key, counted_at()), "YYYY-MM")
    version = func.encode(Case.definition_hash, "hex")
    columns = (getattr(Case, name) for name in COLUMNS)
    return of_cases(select(*columns, version.label("version"), month.label("month")), filters).cte(
        "wanted"
    )


def _measured(wanted: CTE, facts: CTE, at: datetime) -> CTE:
    tasks, outputs, seals = _tasks(wanted, facts, at), _outputs(wanted), _seals(wanted)
    joined = wanted
    for other in (tasks, outputs, seals):
        joined = joined.outerjoin(  # type: ignore[assignment]
            other,
            and_(other.c.district_code == wanted.c.district_code, other.c.case_id == wanted.c.id),
        )
    state = wanted.c.state
    core_missing = case(
        (state == CaseState.WITHDRAWN, Missing.WITHDRAWN.value),
        (state == CaseState.CANCELLED, Missing.CANCELLED.value),
        (state == CaseState.NOT_ACCEPTED, Missing.NOT_ACCEPTED.value),
        (tasks.c.core_failed > 0, Missing.NOT_GRANTED.value),
        (
            or_(
                wanted.c.accepted_at.is_(None),
                func.coalesce(tasks.c.core_count, 0) == 0,
                tasks.c.core_open > 0,
            ),
            Missing.NOT_FINISHED.value,
        ),
        else_=null(),
    )
    all_granted_at = case(
        (
            and_(state == CaseState.COMPLETED, func.coalesce(seals.c.missing, 0) == 0),
            func.greatest(outputs.c.last_at, seals.c.last_at),
        ),
        else_=null(),
    )
    base = (
        select(
            wanted,
            _outcome(wanted, at).label("outcome"),
            core_missing.label("core_missing"),
            (tasks.c.core_ended_at - wanted.c.accepted_at).label("core_span"),
            all_granted_at.label("all_granted_at"),
            func.coalesce(tasks.c.late, 0).label("late_tasks"),
            func.coalesce(tasks.c.on_clock, 0).label("clock_tasks"),
        )
        .select_from(joined)
        .cte("based")
    )
    return _with_spans(base, at)


def _with_spans(base: CTE, at: datetime) -> CTE:
    """The spans that follow from the instants of the case, and why there is none."""
    ended = base.c.outcome.in_(ENDED)
    has_ended_by_decision = and_(
        base.c.ended_at.is_not(None), base.c.end_act.is_(None), base.c.clock_tasks > 0
    )
    return select(
        base.c.district_code,
        base.c.id,
        base.c.number,
        base.c.title,
        base.c.thing_code,
        base.c.definition_hash,
        base.c.version,
        base.c.origin,
        base.c.channel,
        base.c.submitted_at,
        base.c.month,
        base.c.outcome,
        base.c.outcome.not_in(NEVER_SENT).label("is_sent"),
        ended.label("has_ended"),
        base.c.core_missing,
        case((base.c.core_missing.is_(None), base.c.core_span), else_=null()).label("core"),
        case(
            (base.c.all_granted_at.is_not(None), null()),
            (base.c.state == CaseState.WITHDRAWN, Missing.WITHDRAWN.value),
            (base.c.state == CaseState.CANCELLED, Missing.CANCELLED.value),
            (base.c.state == CaseState.NOT_ACCEPTED, Missing.NOT_ACCEPTED.value),
            (base.c.ended_at.is_(None), Missing.NOT_FINISHED.value),
            else_=Missing.NOT_GRANTED.value,
        ).label("applicant_missing"),
        (base.c.all_granted_at - base.c.opened_at).label("applicant"),
        (base.c.accepted_at - base.c.submitted_at).label("acceptance"),
        (func.coalesce(base.c.ended_at, at) - base.c.opened_at).label("to_end"),
        (base.c.late_tasks > 0).label("is_late"),
        and_(has_ended_by_decision, base.c.late_tasks == 0).label("is_on_time"),
    ).cte("measured")


def _outcome(wanted: CTE, at: datetime) -> ColumnElement[str]:
    saved_at = (
        select(CaseAnswers.updated_at)
        .where(
            CaseAnswers.district_code == wanted.c.district_code,
            CaseAnswers.case_id == wanted.c.id,
        )
        .scalar_subquery()
    )
    state, today = wanted.c.state, at.astimezone(CIVIL_ZONE).date()
    is_draft = state == CaseState.DRAFT
    return case(
        (
            and_(is_draft, func.coalesce(saved_at, wanted.c.created_at) < at - DRAFT_REST),
            Outcome.DRAFT_GIVEN_UP.value,
        ),
        (
            and_(state == CaseState.RETURNED, wanted.c.resubmission_due_on < today),
            Outcome.RETURNED_LATE.value,
        ),
        else_=state,
    )


def _tasks(wanted: CTE, facts: CTE, at: datetime) -> CTE:
    """What the tasks of each case come to; items that are not required have no part in it."""
    is_core = facts.c.is_core
    has_failed = facts.c.kind.in_((StateKind.NEGATIVE, StateKind.VOID))
    return (
        select(
            Task.district_code,
            Task.case_id,
            func.count().filter(is_core).label("core_count"),
            func.count().filter(is_core, has_failed).label("core_failed"),
            func.count().filter(is_core, Task.core_ended_at.is_(None)).label("core_open"),
            func.max(Task.core_ended_at).filter(is_core).label("core_ended_at"),
            func.count(Task.due_at).label("on_clock"),
            func.count().filter(clock_reached(at) > Task.due_at).label("late"),
        )
        .join(wanted, _of(Task, wanted))
        .join(facts, of_task(wanted.c.version, facts))
        .where(Task.state != NOT_REQUIRED)
        .group_by(Task.district_code, Task.case_id)
        .cte("task_sums")
    )


def clock_reached(at: datetime) -> ColumnElement[datetime]:
    """How far the clock of a task has come: to where its limits were met, or to where it stands."""
    return func.coalesce(Task.limits_met_at, Task.ended_at, Task.paused_at, at)


def of_task(version: ColumnElement[str], facts: CTE) -> ColumnElement[bool]:
    """Joins a task of a case under this version to what the definition says of it.

    By one key instead of three columns: the planner takes three for independent of each other,
    expects a single row and chooses accordingly.
    """
    return facts.c.key == func.concat_ws(" ", version, Task.item_code, Task.state)


def _outputs(wanted: CTE) -> CTE:
    return (
        select(Output.district_code, Output.case_id, func.max(Output.issued_at).label("last_at"))
        .join(wanted, _of(Output, wanted))
        .where(wanted.c.state == CaseState.COMPLETED)
        .group_by(Output.district_code, Output.case_id)
        .cte("output_sums")
    )


def _seals(wanted: CTE) -> CTE:
    return (
        select(
            Seal.district_code,
            Seal.case_id,
            func.max(Seal.delivered_at).label("last_at"),
            func.count().filter(Seal.delivered_at.is_(None)).label("missing"),
        )
        .join(wanted, _of(Seal, wanted))
        .where(wanted.c.state == CaseState.COMPLETED, Seal.status != SealStatus.CANCELLED)
        .group_by(Seal.district_code, Seal.case_id)
        .cte("seal_sums")
    )


def _of(table: Any, wanted: CTE) -> ColumnElement[bool]:
    return and_(table.district_code == wanted.c.district_code, table.case_id == wanted.c.id)


def seconds(length: timedelta) -> ColumnElement[timedelta]:
    """A length of time as the database knows it."""
    return cast(literal(length), Interval)
