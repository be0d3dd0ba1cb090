"""Decisions without a hand: weighed under the lock of the case, granted or left, never refused.

The rules of the definition are asked in the moment of the decision, over the answers as they were
sent and over what the engine finds out itself; the event lists each with its trust (A to D).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog import registry, trust
from catalog.automatic_decisions import KNOWN, KNOWN_FACTS, AutomaticDecision
from catalog.expressions import Facts, Undecided
from catalog.schema import Item
from catalog.windows import place_of
from core.errors import ConflictError, DomainError, NotFoundError
from core.text import Text
from models.case import Origin
from models.hand_over_package import PackageState
from services.door.automatic_records import GRANTED, LEFT, SAMPLED, AssessmentRow, Switch
from services.door.bars import check_grant, check_order
from services.door.changes import EventDraft
from services.door.decision import Decision, holds
from services.door.judging import window
from services.door.snapshot import NO_CASE, TaskRow
from services.door.tolerance import missing
from workflows.case import CaseState
from workflows.permissions import Permission, may
from workflows.process import ASSESS, REWIND_PART, Effect, StateKind, Transition

ASSESSMENT = "assessment"
"""In the body of the event: the rule set, each condition with its facts, and what came of it."""
OVERTURNS = "overturns"
"""In the body of a later event: the number of the assessment that people decided against."""
ASSESS_JOB, WATCH_JOB = "assess_by_rule", "watch_automatic_decisions"
PERMILLE = 1000

NOTHING_TO_ASSESS = Text(
    zh="这一件现在没有可以由规则决定的。",
    en="There is nothing here that rules could decide now.",
)
SWITCHED_OFF = Text(
    zh="这个部门没有启用按规则审批。",
    en="This office has not switched decisions by rule on.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """One condition with the trust of its facts; ``holds`` is None if it cannot be decided."""

    code: str
    holds: bool | None
    facts: Mapping[str, str]


def assess(decision: Decision) -> None:
    """Weigh the rules of a task, or of the case that waits for its acceptance; note the result.

    What is granted is fired when the decision settles. Raises `NotFoundError` for everybody but
    the engine, and `ConflictError` if nothing waits for rules, if the office wants none, or if
    rules found it grantable before: what was drawn for people, or undone by them, is theirs.
    """
    task = decision.tasks.get(decision.command.item_code or "")
    place = decision.place_of(task) if task else decision.place_of_case()
    if not may(decision.actor, Permission.ENGINE_ADVANCE, place, decision.at):
        raise NotFoundError(NO_CASE)
    item = _waiting_item(decision, decision.command.item_code or "")
    rules = item.automatic_decision if item else None
    if item is None or rules is None or decision.automatic.was_found(item.code):
        raise ConflictError(NOTHING_TO_ASSESS)
    switch = _switch(decision, item)
    if switch is None or not switch.is_on:
        raise ConflictError(SWITCHED_OFF)
    found = weigh(decision, item, rules)
    drawn, hindered = draw(decision, rules), _is_hindered(decision, item, task)
    outcome = LEFT
    if not hindered and all(each.holds for each in found):
        outcome = SAMPLED if drawn < switch.share_permille else GRANTED
        if outcome == GRANTED:
            decision.granted.add(item.code)
    body = {
        "rules": rules.code,
        "version": rules.version,
        "outcome": outcome,
        "hindered": hindered,
        "drawn": drawn,
        "share": switch.share_permille,
        "conditions": [
            {"code": each.code, "holds": each.holds, "facts": dict(each.facts)} for each in found
        ],
    }
    _note(decision, item, task, body)


def weigh(decision: Decision, item: Item, rules: AutomaticDecision) -> tuple[Assessed, ...]:
    """Ask every condition; what cannot be decided is neither true nor false, and grants nothing."""
    thing = decision.definition.thing
    facts = Facts(
        {
            **decision.answers(),
            "today": decision.today.isoformat(),
            "place": _place(decision),
            KNOWN: _find_out(decision, rules),
        }
    )
    found = []
    for condition in rules.conditions:
        result = facts.decide(condition.expression)
        found.append(
            Assessed(
                code=condition.code,
                holds=None if isinstance(result, Undecided) else result,
                facts={
                    path: level.value for path, level in trust.facts_of(thing, condition).items()
                },
            )
        )
    return tuple(found)


def draw(decision: Decision, rules: AutomaticDecision) -> int:
    """A number below 1000 that nobody can foretell and everybody can recompute.

    It is drawn from the hash of the event before, which covers commitments with random keys.
    """
    seed = bytes(decision.case["head_hash"]) + f"{rules.code}/{rules.version}".encode()
    return int.from_bytes(hashlib.sha256(seed).digest()[:8]) % PERMILLE


def note_overturned(decision: Decision) -> None:
    """Note if people just decided against the rules, and have the alarm looked after.

    A grant that does not stand any more, or a refusal or return of what they would have granted.
    """
    event = _own_event(decision)
    if event is None:
        return
    thing = decision.definition.thing
    item = thing.item(event.item_code) if event.item_code else decision.definition.acceptor
    if item.automatic_decision is None or not _is_against(decision, event, item):
        return
    standing = decision.automatic.standing(item.code)
    if standing is None:
        return
    event.body[OVERTURNS] = {"assessment": standing}
    number = decision.event_number(event)
    decision.changes.overturned[standing] = number
    arguments = {
        "district_code": decision.district_code,
        "case_id": str(decision.case_id),
        "event_number": number,
    }
    decision.changes.jobs.append((WATCH_JOB, arguments))


def assessment_jobs(decision: Decision) -> list[tuple[str, dict[str, Any]]]:
    """The jobs that weigh what has come to wait for rules with this command, where they are on."""
    if decision.case["origin"] != Origin.LIVE.value:
        return []
    return [
        assessment_job(decision, item)
        for item in decision.definition.thing.items
        if item.automatic_decision and _has_arrived(decision, item) and _is_on(decision, item)
    ]


def assessment_job(decision: Decision, item: Item) -> tuple[str, dict[str, Any]]:
    """The job that has the rules of an item weighed."""
    arguments = {
        "district_code": decision.district_code,
        "case_id": str(decision.case_id),
        "item_code": item.code,
    }
    return (ASSESS_JOB, arguments)


def waits_for_rules(decision: Decision, item: Item) -> bool:
    """True if rules could grant an item now, or accept its case, and its office lets them."""
    return (
        item.automatic_decision is not None
        and _waiting_item(decision, item.code) is not None
        and _is_on(decision, item)
    )


def rule_row(decision: Decision, task: TaskRow) -> Transition | None:
    """The row by which rules grant the task in its state; None if there is none."""
    item = decision.definition.thing.item(task.item_code)
    return next((row for row in decision.engine(item).rows(task.state) if row.by_rule), None)


def acceptance_row(decision: Decision) -> Transition | None:
    """The row by which rules accept the case; None if it does not wait for that."""
    if decision.case_state != CaseState.SUBMITTED:
        return None
    rows = decision.definition.case_engine.rows(decision.case_state)
    return next((row for row in rows if row.by_rule and Effect.FAN_OUT in row.effects), None)


def _waiting_item(decision: Decision, item_code: str) -> Item | None:
    """The item called ``item_code`` if rules could grant it now, or accept its case."""
    task = decision.tasks.get(item_code)
    if task is not None:
        waits = rule_row(decision, task) is not None
        return decision.definition.thing.item(item_code) if waits else None
    acceptor = decision.definition.acceptor
    is_acceptor = item_code == acceptor.code and acceptance_row(decision) is not None
    return acceptor if is_acceptor else None


def _note(decision: Decision, item: Item, task: TaskRow | None, body: dict[str, Any]) -> None:
    """Write the assessment down: the event in full, and a row by which it is counted."""
    state = task.state if task else decision.case_state
    event = decision.record(
        EventDraft(
            trigger=ASSESS,
            actor_id=decision.actor.id,
            item_code=item.code,
            from_state=state,
            to_state=state,
            command_id=decision.command.command_id,
            body={ASSESSMENT: body},
        )
    )
    row = AssessmentRow(
        event_number=decision.event_number(event),
        item_code=item.code,
        thing_code=decision.definition.thing.code,
        handling_district_code=_office_district(decision, item),
        department_code=item.department,
        rule_code=body["rules"],
        rule_version=body["version"],
        outcome=body["outcome"],
        assessed_at=decision.at,
    )
    decision.changes.assessment = row
    names = ("item_code", "rule_code", "rule_version", "outcome")
    event.wrote("assessments", {name: getattr(row, name) for name in names})


def _own_event(decision: Decision) -> EventDraft | None:
    """The event of the command itself: colours that were due may stand before it."""
    trigger = decision.command.trigger
    return next((each for each in decision.changes.events if each.trigger == trigger), None)


def _is_hindered(decision: Decision, item: Item, task: TaskRow | None) -> bool:
    """True if somebody is at work on it, or if something of the case's order stands in the way."""
    entry = decision.snapshot.entries.get(item.code)
    if entry is not None and entry.holder_at(decision.at) is not None:
        return True
    row = rule_row(decision, task) if task else acceptance_row(decision)
    if row is None:
        return True
    package = decision.snapshot.packages.get(item.code)
    if package is not None and package.state != PackageState.RECEIVED:
        return True
    if decision.case["withdrawal_asked_at"] is not None:
        return True
    try:
        if task is not None:
            check_order(decision, decision.engine(item), row, item)
            check_grant(decision, task, row)
    except DomainError:
        return True
    return task is None and bool(missing(decision))


def _find_out(decision: Decision, rules: AutomaticDecision) -> dict[str, bool]:
    """The facts of `KNOWN_FACTS` that some condition asks for."""
    ways = {
        "name_is_free": lambda: not decision.automatic.has_namesake(decision.column("title")),
        "promises_kept": lambda: not decision.records.is_marked(decision.case["applicant_id"]),
        "never_returned": lambda: not decision.automatic.was_returned(),
        "nothing_to_read": lambda: not decision.records.sent_papers(),
        "papers_complete": lambda: not missing(decision),
    }
    asked = {
        name
        for name in KNOWN_FACTS
        if any(f"{KNOWN}.{name}" in each.expression for each in rules.conditions)
    }
    return {name: ways[name]() for name in sorted(asked)}


def _place(decision: Decision) -> dict[str, object]:
    """The circumstances of the case's district, as the rules of the form know them."""
    if decision.district_code not in registry.catalogue().districts:
        return {"district_code": decision.district_code}
    return place_of(window(decision))


def _is_against(decision: Decision, event: EventDraft, item: Item) -> bool:
    if event.from_state == event.to_state:
        return False
    if event.item_code is None:
        is_sent_back = event.to_state in {CaseState.RETURNED, CaseState.NOT_ACCEPTED}
        return event.from_state == CaseState.SUBMITTED and is_sent_back
    engine = decision.engine(item)
    before, after = (engine.state(str(code)).kind for code in (event.from_state, event.to_state))
    return (holds(before) and not holds(after)) or after is StateKind.NEGATIVE


def _has_arrived(decision: Decision, item: Item) -> bool:
    """True if this command brought it into a state from which rules may grant it."""
    task = decision.tasks.get(item.code)
    if task is None:
        came = decision.case["state"] != decision.case_state
        is_acceptor = item.code == decision.definition.acceptor.code
        return came and is_acceptor and acceptance_row(decision) is not None
    has_moved = any(
        event.item_code == item.code
        and event.from_state != event.to_state
        and event.trigger != REWIND_PART  # what people had go back is theirs
        for event in decision.changes.events
    )
    return has_moved and rule_row(decision, task) is not None


def _is_on(decision: Decision, item: Item) -> bool:
    switch = _switch(decision, item)
    return switch is not None and switch.is_on


def _switch(decision: Decision, item: Item) -> Switch | None:
    office = (_office_district(decision, item), item.department)
    return decision.automatic.switch(office, decision.definition.thing.code, item.code)


def _office_district(decision: Decision, item: Item) -> str:
    task = decision.tasks.get(item.code)
    return task.handling_district_code if task else decision.accepted_in
