"""Editing the routing data: a new route, the end of one, a wording; and what it would change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from catalog import routing
from catalog.expressions import Undecided
from catalog.routing import Course, NotListed
from core.errors import ConflictError, NotPermittedError, Problem, RuleViolatedError
from core.text import Text
from models.case import Case
from models.routing import ClockFrom, HandlingMode, ResultsAt, Route, Way
from services import definitions
from services import routing as reading
from services.routing import both, district_name
from services.routing_checks import (
    ENDS_BEFORE,
    LONGEST_DESCRIPTION,
    LONGEST_LABEL,
    NewRoute,
    choice_problems,
    condition_problems,
    text_problems,
    time_problems,
)
from workflows.permissions import Actor, Permission

NOT_YOURS = Text(
    zh="您没有修改路由的权限。", en="You are not permitted to change the routing data."
)
ENDED = Text(
    zh="这条路由已经定了结束时间，不能再改。需要时请另加一条。",
    en="The end of this route is settled and cannot be changed. Add another route if you need one.",
)
OVERLAPS = Text(
    zh="同一事项、同一接收地、同一条件已经有一条路由（办理地：{there}）。请先结束那一条，再加新的。",
    en="There is a route already for the same item, district and condition (decided in {there}). "
    "End that one first, then add the new one.",
)
CHANGED = Text(
    zh="您打开页面之后，这个名称已经被别人改过。请核对后再改。",
    en="Somebody has changed this wording since you opened the page. Check it and change it again.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Another label and description of a mode, in both languages."""

    code: str
    version: int
    """The version that the page was drawn from."""
    label: Text
    description: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an edit would do to one item at one window; ``before`` and ``after`` differ."""

    item_title: Text
    accepting: Text
    before: Text
    after: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What an edit would change, and how many applications on their way it would reach."""

    changes: tuple[Change, ...]
    open_cases: int
    """Drafts, and what waits to be accepted: their offices are chosen at acceptance."""


NOWHERE = Text(zh="不接收（不在清单上）", en="not taken in (not on the list)")
AT_HOME = Text(zh="{place}（本地办理）", en="{place} (decided there)")
ELSEWHERE = Text(zh="{place}", en="{place}")


@dataclass(frozen=True, slots=True)
class _Assumed:
    """Facts of a case in which one condition is met and no other."""

    condition: str | None

    def decide(self, expression: str) -> bool | Undecided:
        return expression == self.condition


def relabel(session: Session, actor: Actor, wording: Wording, at: datetime) -> int:
    """Give a mode another wording, as a new version; its number. It is no example any more.

    Raises `NotPermittedError`, `NotFoundError`, `ConflictError` if somebody was faster, and
    `RuleViolatedError` at ``label_zh``, ``label_en``, ``description_zh``, ``description_en``.
    """
    _check(actor)
    _one_at_a_time(session)
    present = reading.mode(session, wording.code)
    if present.version != wording.version:
        raise ConflictError(CHANGED)
    problems = [
        *text_problems("label", wording.label, LONGEST_LABEL),
        *text_problems("description", wording.description, LONGEST_DESCRIPTION),
    ]
    if problems:
        raise RuleViolatedError(tuple(problems))
    if (present.label, present.description) == (wording.label, wording.description):
        return present.version
    session.add(
        HandlingMode(
            code=present.code,
            version=present.version + 1,
            position=[each.code for each in reading.modes(session)].index(present.code) + 1,
            label=both(wording.label),
            description=both(wording.description),
            is_example=False,
            is_closed_list=present.is_closed_list,
            recorded_at=at,
            recorded_by=actor.id,
        )
    )
    session.flush()
    return present.version + 1


def add(session: Session, actor: Actor, new: NewRoute, at: datetime) -> UUID:
    """Record a route; sent twice it is one. Its id.

    Raises `NotPermittedError` and `RuleViolatedError` with problems at the fields of ``new``.
    """
    _check(actor)
    _one_at_a_time(session)
    if session.get(Route, new.id) is not None:
        return new.id
    course = read(session, new, at)
    session.add(
        Route(
            id=course.id,
            mode_code=course.mode_code,
            thing_code=course.thing_code,
            item_code=course.item_code,
            accepting_codes=list(course.accepting_codes),
            partner=both(course.partner) if course.partner else None,
            condition=course.condition,
            condition_words=both(course.condition_words) if course.condition_words else None,
            deciding_code=course.deciding_code,
            way=course.way,
            clock_from=course.clock_from,
            results_at=course.results_at,
            recognises_licences=course.recognises_licences,
            valid_from=course.valid_from,
            valid_until=course.valid_until,
            recorded_at=at,
            recorded_by=actor.id,
        )
    )
    session.flush()
    return course.id


def end(session: Session, actor: Actor, route_id: UUID, ends_at: datetime, at: datetime) -> None:
    """Let a route end at an instant that has not passed; what was accepted by it stays as it is.

    Raises `NotPermittedError`, `NotFoundError`, `ConflictError` if its end is settled already, and
    `RuleViolatedError` at ``ends_on``.
    """
    _check(actor)
    _one_at_a_time(session)
    course = reading.course(session, route_id)
    if course.valid_until is not None:
        raise ConflictError(ENDED)
    if ends_at < max(at, course.valid_from):
        raise RuleViolatedError((Problem("ends_on", ENDS_BEFORE),))
    session.execute(
        update(Route)
        .where(Route.id == route_id)
        .values(valid_until=ends_at, ended_by=actor.id)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def read(session: Session, new: NewRoute, at: datetime) -> Course:
    """The route as it would be recorded. Raises `RuleViolatedError` with every mistake."""
    known = {each.code: each for each in reading.modes(session)}
    problems = [*choice_problems(session, new, known), *time_problems(new, at)]
    if not problems:
        problems = [*condition_problems(session, new)]
    if problems:
        raise RuleViolatedError(tuple(problems))
    course = Course(
        id=new.id,
        mode_code=new.mode_code,
        is_closed_list=known[new.mode_code].is_closed_list,
        thing_code=new.thing_code,
        item_code=new.item_code,
        accepting_codes=new.accepting_codes,
        partner=new.partner,
        condition=new.condition,
        condition_words=new.condition_words,
        deciding_code=new.deciding_code,
        way=Way(new.way),
        clock_from=ClockFrom(new.clock_from),
        results_at=ResultsAt(new.results_at),
        recognises_licences=new.recognises_licences,
        valid_from=new.valid_from,
        valid_until=new.valid_until,
        recorded_at=at,
    )
    for other in reading.table(session, new.thing_code).courses:
        if routing.overlaps(course, other):
            there = district_name(other.deciding_code)
            raise RuleViolatedError((Problem("accepting", OVERLAPS.format(there=there)),))
    return course


def prospect_of_new(session: Session, course: Course, at: datetime) -> Prospect:
    """What recording ``course`` would change from its first day on."""
    present = reading.table(session, course.thing_code).courses
    return _prospect(session, course, (present, (*present, course)), max(at, course.valid_from))


def prospect_of_end(session: Session, course: Course, at: datetime) -> Prospect:
    """What ending ``course`` would change."""
    present = reading.table(session, course.thing_code).courses
    left = tuple(each for each in present if each.id != course.id)
    return _prospect(session, course, (present, left), max(at, course.valid_from))


def _prospect(
    session: Session,
    course: Course,
    sides: tuple[Iterable[Course], Iterable[Course]],
    at: datetime,
) -> Prospect:
    thing = definitions.current(session, course.thing_code).thing
    facts = _Assumed(course.condition)
    changes = []
    for item in thing.items:
        for code in course.accepting_codes:
            before, after = (
                _words(routing.choose(side, item.code, code, facts, at), code) for side in sides
            )
            if before != after:
                changes.append(
                    Change(
                        item_title=item.title,
                        accepting=district_name(code),
                        before=before,
                        after=after,
                    )
                )
    return Prospect(changes=tuple(changes), open_cases=_open_cases(session, course))


def _words(found: routing.Office | NotListed, accepting_code: str) -> Text:
    if isinstance(found, NotListed):
        return NOWHERE
    way = AT_HOME if found.district_code == accepting_code else ELSEWHERE
    return way.format(place=district_name(found.district_code))


def _open_cases(session: Session, course: Course) -> int:
    return session.execute(
        select(func.count())
        .select_from(Case)
        .where(
            Case.district_code.in_(course.accepting_codes),
            Case.thing_code == course.thing_code,
            Case.accepted_at.is_(None),
            Case.ended_at.is_(None),
        )
    ).scalar_one()


def _check(actor: Actor) -> None:
    if not actor.has(Permission.ROUTING_EDIT):
        raise NotPermittedError(NOT_YOURS)


def _one_at_a_time(session: Session) -> None:
    """Two operators at once: the second sees what the first has recorded."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('routes'))"))
