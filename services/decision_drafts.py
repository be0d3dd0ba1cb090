"""What officers typed for a step that is not taken yet: kept for them alone, on every device."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.districts import across_districts
from core.errors import Problem, RuleViolatedError
from core.text import Text
from models.decision_draft import DecisionDraft
from services.opened_case import open_case
from services.queue import TaskKey, reach
from workflows.case import CaseState
from workflows.permissions import Actor

MOST_CHARACTERS = 200_000
TOO_LARGE = Text(
    zh="这一步填写的内容太多，草稿没有存上。请精简文字。",
    en="There is too much text in this step to keep a draft. Please shorten it.",
)

Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDraft:
    """One step's form as it was typed, and when it was saved."""

    typed: Typed
    saved_at: datetime


def keep(
    session: Session, actor: Actor, step: tuple[TaskKey, str], typed: Typed, at: datetime
) -> bool:
    """Keep what stands in the form of a step, over what was kept before; False if nothing does.

    ``step`` is the task and the step's code. Raises `NotFoundError` for others' cases, and
    `RuleViolatedError` if it is too much.
    """
    task, step_code = step
    opened = open_case(session, actor, task, at)
    length = sum(len(name) + sum(map(len, values)) for name, values in typed.items())
    if length > MOST_CHARACTERS:
        raise RuleViolatedError((Problem("reason", TOO_LARGE),), TOO_LARGE)
    if not any(value.strip() for values in typed.values() for value in values):
        discard(session, actor, task, step_code, at)
        return False
    row = {
        "handling_district_code": opened.handling_district_code,
        "district_code": task.key.district_code,
        "case_id": task.key.case_id,
        "item_code": task.item_code,
        "person_id": actor.id,
        "step_code": step_code,
    }
    content: dict[str, Any] = {name: list(values) for name, values in typed.items()}
    session.execute(
        insert(DecisionDraft)
        .values(row | {"typed": content, "saved_at": at})
        .on_conflict_do_update(index_elements=list(row), set_={"typed": content, "saved_at": at})
    )
    return True


def kept(session: Session, actor: Actor, task: TaskKey, at: datetime) -> dict[str, KeptDraft]:
    """The actor's own drafts on a task, by the code of the step. Nobody else's."""
    rows = session.scalars(select(DecisionDraft).where(*_own(actor, task, at)))
    return {row.step_code: KeptDraft(typed=row.typed, saved_at=row.saved_at) for row in rows}


def discard(session: Session, actor: Actor, task: TaskKey, step_code: str, at: datetime) -> None:
    """Forget the actor's draft of one step; nothing happens if there is none."""
    session.execute(
        delete(DecisionDraft).where(*_own(actor, task, at), DecisionDraft.step_code == step_code)
    )


def forget_out_of_reach(session: Session, at: datetime) -> int:
    """Delete drafts on tasks that do not wait at their writer's desk any more; how many.

    A returned case stands in no queue, yet whoever accepts it may still take the return back.
    """
    gone = session.execute(text(_OUT_OF_REACH), {"at": at, "returned": CaseState.RETURNED.value})
    return len(gone.all())


def _own(actor: Actor, task: TaskKey, at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        DecisionDraft.handling_district_code.in_(reach(actor, at).district_codes),
        DecisionDraft.district_code == task.key.district_code,
        DecisionDraft.case_id == task.key.case_id,
        DecisionDraft.item_code == task.item_code,
        DecisionDraft.person_id == actor.id,
    )


_OUT_OF_REACH = f"""
delete {across_districts("sweeping what has run out")} from decision_drafts d
where not exists (
  select from queue_entries q
  join person_grants g on g.person_id = d.person_id
    and g.valid_from <= :at and (g.valid_until is null or g.valid_until > :at)
    and (q.handler_code = 'department:' || g.department_code
        and (g.district_code is null or g.district_code = q.handling_district_code)
      or q.handler_code = 'maker:' || g.maker_code)
  where q.handling_district_code = d.handling_district_code
    and q.district_code = d.district_code and q.case_id = d.case_id
    and q.item_code = d.item_code)
and not exists (
  select from cases c
  join person_grants g on g.person_id = d.person_id and g.department_code is not null
    and g.valid_from <= :at and (g.valid_until is null or g.valid_until > :at)
    and (g.district_code is null or g.district_code = c.district_code)
  where c.district_code = d.district_code and c.id = d.case_id
    and c.state = :returned and d.step_code like 'case.%')
returning d.case_id
"""  # noqa: S608  built from constants of this module alone
