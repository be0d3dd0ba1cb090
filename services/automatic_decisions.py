"""Decisions without a hand: asking for them, the switch of each office, and what came of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, or_, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from catalog.automatic_decisions import Alarm, AutomaticDecision
from core.districts import across_districts
from core.errors import (
    ConflictError,
    NotFoundError,
    Problem,
    RuleViolatedError,
    TransitionRefusedError,
)
from core.text import Text
from models.automatic_decision import AutomaticAssessment, AutomaticSwitch
from models.case import Case
from models.person import Person, PersonGrant
from models.supervision import StaffNoticeKind
from models.task import Task
from services import automatic_figures, definitions, desks, door, staff_notices
from services.automatic_figures import LONGEST_LIST, OFFICES, Figures, RuleSetKey
from services.cases import CaseKey
from services.desks import Desk
from services.door import Command, Moved
from services.staff_notices import Told
from workflows.permissions import ENGINE_ACTOR, Actor, Permission, Role
from workflows.process import ASSESS

_NAMESPACE = UUID("b1f8c2ce-6a0c-4a5b-8f0d-8f1a4c6c2b77")
PERSON, ALARM = "person", "alarm"
SHARE_AT_MOST = 1000

NO_RULES = Text(
    zh="没有找到这个规则，或者您无权管理。", en="There is no such rule set, or not for you."
)
REASON_MISSING = Text(
    zh="请写明为什么开启或者关闭，审计人员会看到。",
    en="Say why you switch it on or off; auditors read it.",
)
BAD_SHARE = Text(
    zh="抽查比例应在千分之 1 到千分之 1000 之间。", en="The share is between 1 and 1000 per mille."
)
CHANGED = Text(
    zh="您打开页面之后，开关已经被改过。请看现在的状态，再决定。",
    en="The switch was turned since you opened the page. Look at it as it is now.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One turn of a switch."""

    number: int
    is_on: bool
    share_permille: int
    by_alarm: bool
    reason: str
    name: str | None
    """Who turned it; None for the engine."""
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeRules:
    """A rule set at an office: its switch as it stands, and what it did of late."""

    key: RuleSetKey
    thing_title: Text
    item_title: Text
    rules: AutomaticDecision
    turn: Turn | None
    """None if it was never turned: off."""
    figures: Figures

    @property
    def is_on(self) -> bool:
        """Whether rules decide here now."""
        return self.turn is not None and self.turn.is_on

    @property
    def share_permille(self) -> int:
        """The share that people examine all the same: of the switch, else of the definition."""
        return self.turn.share_permille if self.turn else self.rules.share_permille


def assess(session: Session, key: CaseKey, item_code: str, at: datetime) -> Moved | None:
    """Let the rules weigh one task, or the case that waits for its acceptance.

    The command's id is made from what is weighed, so that it happens once however often it is
    asked. None if nothing waits for rules any more, if the office switched them off, or if the
    door refuses the acceptance or the grant: then it is left to an officer.
    """
    versions = session.execute(
        select(Case.version, Task.version)
        .select_from(Case)
        .outerjoin(
            Task,
            (Task.district_code == Case.district_code)
            & (Task.case_id == Case.id)
            & (Task.item_code == item_code),
        )
        .where(Case.district_code == key.district_code, Case.id == key.case_id)
    ).first()
    if versions is None:
        return None
    weighed = f"case {versions[0]}" if versions[1] is None else f"task {versions[1]}"
    name = f"{key.district_code}/{key.case_id}/{item_code}/{weighed}"
    command = Command(
        district_code=key.district_code,
        case_id=key.case_id,
        item_code=item_code,
        trigger=ASSESS,
        command_id=uuid5(_NAMESPACE, name),
    )
    try:
        return door.move(session, command, ENGINE_ACTOR, at)
    except (ConflictError, NotFoundError, TransitionRefusedError):
        return None  # it stands in its office's queue, as without rules


def rules_of(session: Session, found: Sequence[Desk], at: datetime) -> tuple[OfficeRules, ...]:
    """Every rule set that could decide at these desks, by the definitions that new cases get."""
    switches, counted = _newest_turns(session, found), automatic_figures.counted(session, found, at)
    return tuple(
        OfficeRules(
            key=key,
            thing_title=definition.thing.title,
            item_title=item.title,
            rules=item.automatic_decision,
            turn=switches.get(key),
            figures=counted.get(key, Figures()),
        )
        for definition in definitions.all_current(session)
        for item in definition.thing.items
        if item.automatic_decision
        for desk in found
        if desk.department_code == item.department
        for key in [RuleSetKey(desk=desk, thing_code=definition.thing.code, item_code=item.code)]
    )


def desks_with_rules(
    session: Session, actor: Actor, permission: Permission, at: datetime
) -> tuple[Desk, ...]:
    """The desks within the actor's reach at which some rule set could decide."""
    departments = {
        item.department
        for definition in definitions.all_current(session)
        for item in definition.thing.items
        if item.automatic_decision
    }
    return tuple(
        desk for desk in desks.managed(actor, permission, at) if desk.department_code in departments
    )


def turns(session: Session, key: RuleSetKey, limit: int = LONGEST_LIST) -> tuple[Turn, ...]:
    """The turns of a switch, the newest first."""
    rows = session.execute(
        select(AutomaticSwitch, Person.name)
        .outerjoin(Person, Person.id == AutomaticSwitch.changed_by)
        .where(*_at_office(key))
        .order_by(AutomaticSwitch.number.desc())
        .limit(limit)
    )
    return tuple(_as_turn(row, name) for row, name in rows)


def _as_turn(row: AutomaticSwitch, name: str | None) -> Turn:
    return Turn(
        number=row.number,
        is_on=row.is_on,
        share_permille=row.share_permille,
        by_alarm=row.cause == ALARM,
        reason=row.reason,
        name=name,
        changed_at=row.changed_at,
    )


def _newest_turns(session: Session, found: Sequence[Desk]) -> dict[RuleSetKey, Turn]:
    turned = AutomaticSwitch
    key = (turned.district_code, turned.department_code, turned.thing_code, turned.item_code)
    rows = session.execute(
        select(turned, Person.name)
        .ext(distinct_on(*key))
        .prefix_with(across_districts(OFFICES))
        .outerjoin(Person, Person.id == turned.changed_by)
        .where(
            tuple_(turned.district_code, turned.department_code).in_(
                [(each.district_code, each.department_code) for each in found]
            )
        )
        .order_by(*key, turned.number.desc())
    )
    return {
        RuleSetKey(
            desk=Desk(district_code=row.district_code, department_code=row.department_code),
            thing_code=row.thing_code,
            item_code=row.item_code,
        ): _as_turn(row, name)
        for row, name in rows
    }


def switch(
    session: Session, actor: Actor, wanted: OfficeRules, change: Mapping[str, object], at: datetime
) -> None:
    """Turn a switch: ``change`` holds ``is_on``, ``share_permille``, ``reason`` and ``number``.

    ``number`` is that of the turn the page showed, 0 if none. Raises `RuleViolatedError` at
    ``reason`` or ``share_permille``, and `ConflictError` if it was turned meanwhile.
    """
    share, reason = change["share_permille"], str(change["reason"]).strip()
    problems = [] if reason else [Problem("reason", REASON_MISSING)]
    if not isinstance(share, int) or not 1 <= share <= SHARE_AT_MOST:
        problems.append(Problem("share_permille", BAD_SHARE))
    if problems:
        raise RuleViolatedError(tuple(problems))
    newest = wanted.turn.number if wanted.turn else 0
    if change["number"] != newest:
        raise ConflictError(CHANGED)
    values = {"is_on": change["is_on"] is True, "share_permille": share, "cause": PERSON}
    row = values | {"reason": reason, "changed_by": actor.id, "changed_at": at}
    if not _turn(session, wanted.key, newest + 1, row):
        raise ConflictError(CHANGED)


def watch(session: Session, key: CaseKey, event_number: int, at: datetime) -> bool:
    """After an event overturned a decision: stop the rules if there were too many; True if so.

    The heads of the office and who supervises it are told.
    """
    found = _overturned_by(session, key, event_number)
    if found is None:
        return False
    rules = definitions.current(session, found.thing_code).thing.item(found.item_code)
    newest = next(iter(turns(session, found, limit=1)), None)
    if rules.automatic_decision is None or newest is None or not newest.is_on:
        return False
    alarm = rules.automatic_decision.alarm
    counted = automatic_figures.figures(session, found, at, alarm)
    if not _is_too_much(counted, alarm):
        return False
    row = {
        "is_on": False,
        "share_permille": newest.share_permille,
        "cause": ALARM,
        "reason": "",
        "changed_by": ENGINE_ACTOR.id,
        "changed_at": at,
    }
    if not _turn(session, found, newest.number + 1, row):
        return False
    told = Told(
        key=key,
        event_number=event_number,
        item_code=found.item_code,
        kind=StaffNoticeKind.RULES_STOPPED,
    )
    staff_notices.tell(session, told, _heads(session, found.desk, at), at)
    return True


def _is_too_much(counted: Figures, alarm: Alarm) -> bool:
    return (
        counted.overturned >= alarm.overturned_at_least
        and counted.overturned_permille >= alarm.overturned_permille
    )


def _overturned_by(session: Session, key: CaseKey, event_number: int) -> RuleSetKey | None:
    """Whose decision an event overturned; None if nobody's."""
    row = session.execute(
        select(AutomaticAssessment).where(
            AutomaticAssessment.district_code == key.district_code,
            AutomaticAssessment.case_id == key.case_id,
            AutomaticAssessment.overturned_event_number == event_number,
        )
    ).scalar()
    if row is None:
        return None
    desk = Desk(district_code=row.handling_district_code, department_code=row.department_code)
    return RuleSetKey(desk=desk, thing_code=row.thing_code, item_code=row.item_code)


def find(session: Session, desk: Desk, codes: tuple[str, str], at: datetime) -> OfficeRules:
    """The rule set of a one-thing's item (``codes``) at a desk. Raises `NotFoundError`."""
    for each in rules_of(session, [desk], at):
        if (each.key.thing_code, each.key.item_code) == codes:
            return each
    raise NotFoundError(NO_RULES)


def _turn(session: Session, key: RuleSetKey, number: int, row: Mapping[str, object]) -> bool:
    """Write the turn with this number; False if somebody was faster."""
    done = session.execute(
        insert(AutomaticSwitch)
        .values(
            district_code=key.desk.district_code,
            department_code=key.desk.department_code,
            thing_code=key.thing_code,
            item_code=key.item_code,
            number=number,
            **row,
        )
        .on_conflict_do_nothing()
        .returning(AutomaticSwitch.number)
    )
    return done.scalar() is not None


def _at_office(key: RuleSetKey) -> tuple[ColumnElement[bool], ...]:
    return (
        AutomaticSwitch.district_code == key.desk.district_code,
        AutomaticSwitch.department_code == key.desk.department_code,
        AutomaticSwitch.thing_code == key.thing_code,
        AutomaticSwitch.item_code == key.item_code,
    )


def _heads(session: Session, desk: Desk, at: datetime) -> set[UUID]:
    """The heads of a desk, and who supervises it."""
    heads = session.scalars(
        select(PersonGrant.person_id)
        .join(Person, Person.id == PersonGrant.person_id)
        .where(
            Person.disabled_at.is_(None),
            PersonGrant.role == Role.HEAD.value,
            PersonGrant.district_code == desk.district_code,
            PersonGrant.department_code == desk.department_code,
            PersonGrant.valid_from <= at,
            or_(PersonGrant.valid_until.is_(None), PersonGrant.valid_until > at),
        )
    )
    return set(heads) | staff_notices.supervisors(
        session, desk.district_code, desk.department_code, at
    )
