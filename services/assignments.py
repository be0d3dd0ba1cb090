"""How a desk gives out its work: the policy as versioned data, and what it would do now."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from catalog.assignment_rules import LONGEST_RULE, items_of, rule_mistakes
from core.errors import ConflictError, Problem, RuleViolatedError
from core.text import Text
from models.assignment import AssignmentPolicy, PolicyKind
from models.person import Person
from models.supervision import StaffNoticeKind
from services import desks, door, staff_notices
from services.desks import Desk
from services.queue import TaskKey, command_for
from services.staff_notices import Told
from workflows.permissions import Actor, Permission
from workflows.process import ASSIGN

ALL_ITEMS = ""
LONGEST_KEPT_HOURS = 720
HEAVIEST = 99
MOST_RULES = 20

UNKNOWN_ITEM = Text(zh="这个部门没有这个事项。", en="This department has no such item.")
CHOOSE_KIND = Text(zh="请选择一种分派方式。", en="Choose how work is given out.")
WRONG_HOURS = Text(
    zh="请填写 1 到 {most} 的整数（小时）。", en="Enter a whole number of hours from 1 to {most}."
)
WRONG_WEIGHT = Text(zh="请填写 1 到 {most} 的整数。", en="Enter a whole number from 1 to {most}.")
TOO_MANY_RULES = Text(zh="最多 {most} 条规则。", en="At most {most} rules.")
RULES_MISSING = Text(
    zh="按规则分派时，请至少写一条规则。", en="To assign by rule, write at least one rule."
)
RULE_TOO_LONG = Text(zh="一条规则最长 {most} 个字符。", en="A rule has {most} characters at most.")
NOBODY_NAMED = Text(
    zh="请至少选一位这个岗位的人员。", en="Choose at least one person of this desk."
)
CHANGED = Text(
    zh="您打开页面之后，分派方式已由 {name} 修改为第 {version} 版。请核对后再保存。",
    en="Since you opened the page {name} has changed the policy to version {version}. Check it and "
    "save again.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """One rule: when it holds, and whose the entry then becomes."""

    when: str
    to: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How a desk gives out the entries of one item, or of all; version 0 was never published."""

    item_code: str = ALL_ITEMS
    kind: str = PolicyKind.PULL.value
    kept_minutes: int = 24 * 60
    weights: Mapping[str, int] = field(default_factory=dict)
    rules: tuple[RuleLine, ...] = ()
    version: int = 0
    published_at: datetime | None = None
    published_by_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """To whom an entry goes by hand, why, and which press of the button it was."""

    receiver_id: UUID | None
    reason: str
    command_id: UUID


def policies(session: Session, desk: Desk) -> tuple[Policy, ...]:
    """The policies in force at a desk: that of all items first, then those of single items."""
    rows = session.execute(
        select(AssignmentPolicy, Person.name)
        .ext(distinct_on(AssignmentPolicy.item_code))
        .outerjoin(Person, Person.id == AssignmentPolicy.published_by)
        .where(
            AssignmentPolicy.district_code == desk.district_code,
            AssignmentPolicy.department_code == desk.department_code,
        )
        .order_by(AssignmentPolicy.item_code, AssignmentPolicy.version.desc())
    )
    return tuple(_policy(row, name) for row, name in rows)


def policy(session: Session, desk: Desk, item_code: str) -> Policy:
    """The policy of one item's entries, or of all; an unpublished one to begin with."""
    found = {each.item_code: each for each in policies(session, desk)}
    return found.get(item_code, Policy(item_code=item_code))


def publish(session: Session, actor: Actor, desk: Desk, new: Policy, at: datetime) -> int:
    """Publish a policy after the version it was made from; its own version.

    The same again is no new version. Raises `NotFoundError` for a desk that is not the actor's to
    arrange, `ConflictError` if somebody else was faster, and `RuleViolatedError` at ``kind``,
    ``kept``, ``weight.<item>``, ``rules`` or ``rule.<number>``.
    """
    desks.manage(actor, Permission.ASSIGNMENT_EDIT, desk.code, at)
    check(session, desk, new, at)
    present = policy(session, desk, new.item_code)
    if _content(present) == _content(new) and present.version:
        return present.version
    if present.version != new.version:
        raise _changed(present)
    made = session.execute(
        insert(AssignmentPolicy)
        .values(
            district_code=desk.district_code,
            department_code=desk.department_code,
            version=new.version + 1,
            published_at=at,
            published_by=actor.id,
            **_content(new),
        )
        .on_conflict_do_nothing()
        .returning(AssignmentPolicy.version)
    ).scalar_one_or_none()
    if made is None:
        raise _changed(policy(session, desk, new.item_code))
    return made


def check(session: Session, desk: Desk, new: Policy, at: datetime) -> None:
    """Raises `RuleViolatedError` with every mistake of a policy that is to be published."""
    items = items_of(desk.department_code)
    problems: list[Problem] = []
    if new.item_code not in {ALL_ITEMS, *items}:
        problems.append(Problem("item", UNKNOWN_ITEM))
    if new.kind not in {kind.value for kind in PolicyKind}:
        problems.append(Problem("kind", CHOOSE_KIND))
    if not 60 <= new.kept_minutes <= LONGEST_KEPT_HOURS * 60:  # noqa: PLR2004 -- one hour
        problems.append(Problem("kept", WRONG_HOURS.format(most=LONGEST_KEPT_HOURS)))
    problems += [
        Problem(f"weight.{code}", WRONG_WEIGHT.format(most=HEAVIEST))
        for code, weight in new.weights.items()
        if not 1 <= weight <= HEAVIEST
    ]
    problems += _rule_problems(session, desk, new, at)
    if problems:
        raise RuleViolatedError(tuple(problems))


def assign(session: Session, actor: Actor, task: TaskKey, order: Order, at: datetime) -> door.Moved:
    """Give an entry to somebody of its desk, as the head or a supervisor, and tell them.

    Raises as `services.door.move`; `RuleViolatedError` at ``colleague`` or ``reason``.
    """
    receiver = desks.worker(session, order.receiver_id, at) if order.receiver_id else None
    command = replace(
        command_for(task, ASSIGN, order.command_id), reason=order.reason, receiver=receiver
    )
    moved = door.move(session, command, actor, at)
    told = Told(
        key=task.key,
        event_number=moved.event_number,
        item_code=task.item_code,
        kind=StaffNoticeKind.ASSIGNED,
    )
    staff_notices.tell(session, told, {receiver.id} - {actor.id} if receiver else (), at)
    return moved


def _rule_problems(session: Session, desk: Desk, new: Policy, at: datetime) -> list[Problem]:
    if new.kind == PolicyKind.RULE and not new.rules:
        return [Problem("rules", RULES_MISSING)]
    if len(new.rules) > MOST_RULES:
        return [Problem("rules", TOO_MANY_RULES.format(most=MOST_RULES))]
    at_desk = {member.id for member in desks.members(session, desk, at)}
    problems = []
    for number, rule in enumerate(new.rules, 1):
        if len(rule.when) > LONGEST_RULE:
            sentence: Text | None = RULE_TOO_LONG.format(most=LONGEST_RULE)
        else:
            wrong = rule_mistakes(rule.when, desk.department_code, new.item_code)
            sentence = wrong[0] if wrong else None
        if sentence is not None:
            problems.append(Problem(f"rule.{number}", sentence))
        if not rule.to or not set(rule.to) <= at_desk:
            problems.append(Problem(f"to.{number}", NOBODY_NAMED))
    return problems


def _content(made: Policy) -> dict[str, Any]:
    """What makes two versions the same."""
    return {
        "item_code": made.item_code,
        "kind": PolicyKind(made.kind),
        "kept_minutes": made.kept_minutes,
        "weights": {code: weight for code, weight in sorted(made.weights.items()) if weight != 1},
        "rules": [
            {"when": rule.when, "to": [str(each) for each in rule.to]} for rule in made.rules
        ],
    }


def _policy(row: AssignmentPolicy, name: str | None) -> Policy:
    return Policy(
        item_code=row.item_code,
        kind=PolicyKind(row.kind).value,
        kept_minutes=row.kept_minutes,
        weights={str(code): int(weight) for code, weight in row.weights.items()},
        rules=tuple(
            RuleLine(when=str(rule["when"]), to=tuple(map(UUID, rule["to"]))) for rule in row.rules
        ),
        version=row.version,
        published_at=row.published_at,
        published_by_name=name,
    )


def _changed(present: Policy) -> ConflictError:
    return ConflictError(
        CHANGED.format(name=present.published_by_name or "", version=present.version)
    )
