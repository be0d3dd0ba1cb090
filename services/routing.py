"""Who decides what was handed in somewhere: modes of handling and routes, as they are recorded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from catalog import registry, routing
from catalog.expressions import Facts
from catalog.routing import Course, NotListed, Office
from catalog.schema import Item, OneThing
from core.errors import NotFoundError, TransitionRefusedError
from core.text import Text
from models.routing import HandlingMode, Route

NO_MODE = Text(zh="没有这种通办方式。", en="There is no such mode of handling.")
NO_ROUTE = Text(zh="没有这条路由。", en="There is no such route.")
NOT_LISTED = Text(
    zh="“{item}”不在“{mode}”的事项清单上，{here}的窗口不能接收。清单上约定的办理地是{there}。",
    en='"{item}" is not on the list of "{mode}", so the windows of {here} cannot take it in. The '
    "list was agreed with {there}.",
)
ASK_THERE = Text(
    zh="请直接向有权办理这一事项的地方申请，或者请窗口告诉您向哪里申请。",
    en="Apply directly where this is decided, or ask the window where that is.",
)

# Rows are added and ended, never changed: what identifies them all is that of their content.
_STAMP = text("""
select
  (select sum(hashtextextended(concat(code, version, recorded_at), 0)) from handling_modes),
  (select sum(hashtextextended(concat(id, valid_until), 0)) from routes
    where cast(:thing_code as text) is null or thing_code = :thing_code)
""")
_KEPT_TABLES = 256
_tables: dict[tuple[object, ...], "Table"] = {}
"""Tables in memory: to ask whether anything was recorded since costs less than to read it all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """A mode of handling in its present wording."""

    code: str
    version: int
    label: Text
    description: Text
    is_example: bool
    is_closed_list: bool
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Table:
    """The routes of one one-thing with the wording of their modes, read once for a command."""

    courses: tuple[Course, ...]
    modes: Mapping[str, Mode]

    def office(self, item: Item, accepting_code: str, facts: routing.Facts, at: datetime) -> Office:
        """The one office that decides ``item``, handed in at ``accepting_code``.

        Raises `TransitionRefusedError` if the window works by a closed list without it.
        """
        found = routing.choose(self.courses, item.code, accepting_code, facts, at)
        if isinstance(found, NotListed):
            raise TransitionRefusedError(*self.words_of_refusal(item, accepting_code, found))
        return found

    def check_taken_in(
        self, thing: OneThing, accepting_code: str, answers: Mapping[str, Any], at: datetime
    ) -> None:
        """Raises as `office` for the first wanted item that the window may not take in."""
        facts = Facts(answers)
        for item in thing.items:
            if item.when is None or facts.decide(item.when) is not False:
                self.office(item, accepting_code, facts, at)

    def words_of_refusal(
        self, item: Item, accepting_code: str, found: NotListed
    ) -> tuple[Text, Text]:
        """Why a window may not take ``item`` in, and where to turn instead."""
        sentence = NOT_LISTED.format(
            item=item.public_title,
            mode=self.modes[found.course.mode_code].label,
            here=district_name(accepting_code),
            there=found.course.partner or district_name(found.course.deciding_code),
        )
        return sentence, ASK_THERE

    def competent(self, item_code: str, home_code: str, at: datetime) -> frozenset[str]:
        """The districts that the routing data name as deciding an item of a case from home.

        The home district is one of them unless it takes in by a closed list.
        """
        there = {
            course.deciding_code
            for course in self.courses
            if course.holds_at(at) and course.names(item_code)
        }
        is_closed = any(
            course.is_closed_list and course.holds_at(at) and home_code in course.accepting_codes
            for course in self.courses
        )
        return frozenset(there if is_closed else there | {home_code})


def modes(session: Session) -> tuple[Mode, ...]:
    """The modes of handling in their present wording, in their order."""
    rows = session.execute(
        select(HandlingMode)
        .ext(distinct_on(HandlingMode.code))
        .order_by(HandlingMode.code, HandlingMode.version.desc())
    ).scalars()
    ordered = sorted(rows, key=lambda row: row.position)
    return tuple(
        Mode(
            code=row.code,
            version=row.version,
            label=Text(**row.label),
            description=Text(**row.description),
            is_example=row.is_example,
            is_closed_list=row.is_closed_list,
            recorded_at=row.recorded_at,
        )
        for row in ordered
    )


def mode(session: Session, code: str) -> Mode:
    """One mode in its present wording. Raises `NotFoundError`."""
    for each in modes(session):
        if each.code == code:
            return each
    raise NotFoundError(NO_MODE)


def table(session: Session, thing_code: str | None = None) -> Table:
    """Every route ever recorded, of one one-thing or of all, the earliest first."""
    stamp = session.connection().execute(_STAMP, {"thing_code": thing_code}).one()
    key = (thing_code, *stamp)
    if key not in _tables:
        known = {each.code: each for each in modes(session)}
        statement = select(Route).order_by(Route.recorded_at, Route.id)
        if thing_code is not None:
            statement = statement.where(Route.thing_code == thing_code)
        rows = session.execute(statement).scalars()
        found = Table(courses=tuple(_course(row, known) for row in rows), modes=known)
        if len(_tables) >= _KEPT_TABLES:
            _tables.clear()
        _tables[key] = found
    return _tables[key]


def course(session: Session, route_id: UUID) -> Course:
    """One route. Raises `NotFoundError`."""
    for each in table(session).courses:
        if each.id == route_id:
            return each
    raise NotFoundError(NO_ROUTE)


def district_name(code: str) -> Text:
    """A district's name; its code if it has no window here any more."""
    known = registry.catalogue().districts.get(code)
    return known.name if known else Text(zh=code, en=code)


def record_modes(session: Session, wanted: Iterable[Mode]) -> int:
    """Record modes that are not there yet, as version 1; how many were new."""
    rows = [
        {
            "code": each.code,
            "version": 1,
            "position": position,
            "label": both(each.label),
            "description": both(each.description),
            "is_example": each.is_example,
            "is_closed_list": each.is_closed_list,
            "recorded_at": each.recorded_at,
            "recorded_by": None,
        }
        for position, each in enumerate(wanted, 1)
    ]
    made = session.execute(
        insert(HandlingMode).on_conflict_do_nothing().returning(HandlingMode.code), rows
    )
    return len(made.all())


def both(text: Text) -> dict[str, str]:
    """A text as it is stored."""
    return {"zh": text.zh, "en": text.en}


def _course(row: Route, known: Mapping[str, Mode]) -> Course:
    return Course(
        id=row.id,
        mode_code=row.mode_code,
        is_closed_list=known[row.mode_code].is_closed_list,
        thing_code=row.thing_code,
        item_code=row.item_code,
        accepting_codes=tuple(row.accepting_codes),
        partner=_text(row.partner),
        condition=row.condition,
        condition_words=_text(row.condition_words),
        deciding_code=row.deciding_code,
        way=row.way,
        clock_from=row.clock_from,
        results_at=row.results_at,
        recognises_licences=row.recognises_licences,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        recorded_at=row.recorded_at,
    )


def _text(stored: Mapping[str, Any] | None) -> Text | None:
    return Text(zh=str(stored["zh"]), en=str(stored["en"])) if stored else None
