"""A dry run: whose the entries that wait at a desk would become, were they to enter it now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.assignment_rules import first_rule
from models.assignment import AssignmentTurn, PolicyKind
from models.case import Case, CaseAnswers
from models.conflict import Conflict
from services import absences, assignments, definitions, desk_work, desks
from services.assignments import Policy
from services.desks import Desk
from services.queue import QueueLine
from workflows.assignment import Candidate, Choice, Order, choose
from workflows.permissions import Actor

Key = tuple[str, UUID]
MOST_TRIED = 200
"""So many entries are tried, those due first; the page says if there are more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One entry and whose it would be; ``rule`` is the number of the rule that named them."""

    line: QueueLine
    is_shown: bool
    """The reader may know which case it is: who only arranges desks, or keeps out, may not."""
    rule: int | None
    name: str | None
    choice: Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What would become of the present queue; nothing was changed."""

    trials: tuple[Trial, ...]
    loads: tuple[tuple[str, int, int], ...]
    """Name, number of entries and weight of each person of the desk."""
    tried: int
    """How many were looked at, those due first."""
    total: int
    """How many wait at the desk."""


def dry_run(session: Session, actor: Actor, desk: Desk, tried: Policy, at: datetime) -> DryRun:
    """Give out what waits at a desk by a policy, one after the other, from empty hands.

    Who prepared what is left aside: only the door, which knows each state, can tell.
    """
    waiting = desk_work.first_entries(session, desk, MOST_TRIED, at)
    lines = [line for line in waiting if tried.item_code in {assignments.ALL_ITEMS, line.item_code}]
    keys = {(line.key.district_code, line.key.case_id) for line in lines}
    answers, barred = _answers(session, keys), _barred(session, keys)
    members = desks.members(session, desk, at)
    names = {member.id: member.name for member in members}
    people = _candidates(session, desk, at)
    order = Order.TURN if tried.kind == PolicyKind.TURN else Order.LOAD
    counts, sees_cases = dict.fromkeys(people, 0), desk_work.may_see_cases(actor, desk, at)
    trials = []
    for number, line in enumerate(lines if tried.kind != PolicyKind.PULL else ()):
        key = (line.key.district_code, line.key.case_id)
        rule, named = _rule(tried, line, answers.get(key, {}), desk)
        present = [
            replace(each, has_conflict=each.id in barred.get(key, ())) for each in people.values()
        ]
        choice = choose(present, order, named)
        if choice.chosen is not None:
            taken = people[choice.chosen]
            weight = int(tried.weights.get(line.item_code, 1))
            people[choice.chosen] = replace(
                taken, load=taken.load + weight, last_at=at + timedelta(seconds=number)
            )
            counts[choice.chosen] += 1
        name = names.get(choice.chosen) if choice.chosen else None
        is_shown = sees_cases and actor.id not in barred.get(key, ())
        trials.append(Trial(line=line, is_shown=is_shown, rule=rule, name=name, choice=choice))
    loads = [(member.name, counts[member.id], people[member.id].load) for member in members]
    return DryRun(
        trials=tuple(trials),
        loads=tuple(loads),
        tried=len(waiting),
        total=desk_work.waiting(session, [desk]).get(desk, 0),
    )


def _candidates(session: Session, desk: Desk, at: datetime) -> dict[UUID, Candidate]:
    ids = [member.id for member in desks.members(session, desk, at)]
    away = absences.away(session, ids, at)
    turns = session.execute(
        select(AssignmentTurn.person_id, AssignmentTurn.assigned_at).where(
            AssignmentTurn.district_code == desk.district_code,
            AssignmentTurn.department_code == desk.department_code,
        )
    )
    last = {row.person_id: row.assigned_at for row in turns}
    return {
        each: Candidate(id=each, last_at=last.get(each), is_absent=each in away) for each in ids
    }


def _rule(
    tried: Policy, line: QueueLine, answers: Mapping[str, Any], desk: Desk
) -> tuple[int | None, frozenset[UUID] | None]:
    if tried.kind != PolicyKind.RULE:
        return None, None
    entry = {
        "thing": str(answers.get("", "")),
        "item": line.item_code,
        "district": desk.district_code,
        "home_district": line.key.district_code,
    }
    known = {name: value for name, value in answers.items() if name}
    rules = [{"when": rule.when, "to": [str(each) for each in rule.to]} for rule in tried.rules]
    return first_rule(rules, known, entry)


def _answers(session: Session, keys: set[Key]) -> dict[Key, Mapping[str, Any]]:
    """The answers of these cases, with the one-thing under the empty name."""
    if not keys:
        return {}
    rows = session.execute(
        select(Case.district_code, Case.id, Case.definition_hash, CaseAnswers.answers)
        .join(
            CaseAnswers,
            (CaseAnswers.district_code == Case.district_code) & (CaseAnswers.case_id == Case.id),
        )
        .where(
            Case.district_code.in_({district for district, _case in keys}),
            Case.id.in_({case_id for _district, case_id in keys}),
        )
    )
    return {
        (row.district_code, row.id): {
            **(row.answers or {}),
            "": definitions.by_hash(session, row.definition_hash).thing.code,
        }
        for row in rows
    }


def _barred(session: Session, keys: set[Key]) -> dict[Key, set[UUID]]:
    """Who keeps out of these cases, or applied for them."""
    if not keys:
        return {}
    districts = {district for district, _case in keys}
    ids = {case_id for _district, case_id in keys}
    found: dict[Key, set[UUID]] = {}
    declared = select(Conflict.district_code, Conflict.case_id, Conflict.person_id).where(
        Conflict.district_code.in_(districts), Conflict.case_id.in_(ids)
    )
    applied = select(Case.district_code, Case.id, Case.applicant_id).where(
        Case.district_code.in_(districts), Case.id.in_(ids)
    )
    for statement in (declared, applied):
        for district_code, case_id, person_id in session.execute(statement):
            found.setdefault((district_code, case_id), set()).add(person_id)
    return found
