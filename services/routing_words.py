"""Routes in words: for the operator's page, and for the guide that is the same at every window."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from catalog.routing import Course
from catalog.schema import OneThing
from core.errors import NotFoundError
from core.text import Text
from models.routing import ClockFrom, ResultsAt, Way
from services import definitions, routing
from services.routing import Mode, district_name

WAYS: Mapping[Way, Text] = {
    Way.ONLINE: Text(zh="全程网办", en="wholly online"),
    Way.COLLECTED: Text(zh="异地代收代办", en="collected for the deciding office"),
    Way.JOINT: Text(zh="多地联办", en="handled by both offices together"),
}
CLOCKS: Mapping[ClockFrom, Text] = {
    ClockFrom.ACCEPTANCE: Text(
        zh="时限从接收地受理起算", en="time counts from the acceptance where it was handed in"
    ),
    ClockFrom.RECEIPT: Text(
        zh="时限从办理地收到移交起算", en="time counts from the receipt by the deciding office"
    ),
}
RESULTS: Mapping[ResultsAt, Text] = {
    ResultsAt.ACCEPTING: Text(zh="在接收地的窗口领取", en="collected where it was handed in"),
    ResultsAt.DECIDING: Text(zh="在办理地的窗口领取", en="collected where it is decided"),
}
LICENCES = {
    True: Text(zh="互认电子证照，不用寄送原件", en="electronic licences count, no papers travel"),
    False: Text(zh="不互认电子证照", en="electronic licences are not recognised"),
}
BOTH = Text(zh="{first}、{second}", en="{first} and {second}")
EVERY_ITEM = Text(zh="全部事项", en="every item")


class Standing(StrEnum):
    """Where a route stands in time."""

    COMING = "coming"
    IN_FORCE = "in_force"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteLine:
    """One route, as people read it."""

    id: UUID
    mode: Text
    thing: Text
    item: Text
    accepting: Text
    deciding: Text
    way: Text
    clock: Text
    results: Text
    licences: Text
    condition: str | None
    condition_words: Text | None
    valid_from: datetime
    valid_until: datetime | None
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideLine:
    """For one item, or for all: which other windows may take it in, and who decides then."""

    item_code: str | None
    routes: tuple[RouteLine, ...]


def lines(session: Session, at: datetime) -> tuple[RouteLine, ...]:
    """Every route, those in force first, then those that are coming, then those that ended."""
    table = routing.table(session)
    things: dict[str, OneThing | None] = {}
    for course in table.courses:
        if course.thing_code not in things:
            things[course.thing_code] = _thing(session, course.thing_code)
    found = [line(course, table.modes, things[course.thing_code], at) for course in table.courses]
    order = [Standing.IN_FORCE, Standing.COMING, Standing.ENDED]
    return tuple(sorted(found, key=lambda each: order.index(each.standing)))


def one_line(session: Session, course: Course, at: datetime) -> RouteLine:
    """One route in words."""
    modes = {each.code: each for each in routing.modes(session)}
    return line(course, modes, _thing(session, course.thing_code), at)


def guide_lines(session: Session, thing: OneThing, at: datetime) -> tuple[GuideLine, ...]:
    """What the guide of a one-thing says of routes: the same text at every window."""
    table = routing.table(session, thing.code)
    here = sorted(
        (course for course in table.courses if course.holds_at(at)),
        key=lambda course: course.rank,
    )
    return tuple(
        GuideLine(
            item_code=code,
            routes=tuple(
                line(course, table.modes, thing, at) for course in here if course.item_code == code
            ),
        )
        for code in (None, *(item.code for item in thing.items))
    )


def line(
    course: Course, modes: Mapping[str, Mode], thing: OneThing | None, at: datetime
) -> RouteLine:
    """A route in the words of its mode and one-thing; codes where the catalogue has no more."""
    windows = _joined([district_name(code) for code in course.accepting_codes])
    if course.partner:
        windows = Text(zh="{partner}（{windows}）", en="{partner} ({windows})").format(
            partner=course.partner, windows=windows
        )
    return RouteLine(
        id=course.id,
        mode=modes[course.mode_code].label,
        thing=thing.title if thing else Text(zh=course.thing_code, en=course.thing_code),
        item=_item(course, thing),
        accepting=windows,
        deciding=district_name(course.deciding_code),
        way=WAYS[course.way],
        clock=CLOCKS[course.clock_from],
        results=RESULTS[course.results_at],
        licences=LICENCES[course.recognises_licences],
        condition=course.condition,
        condition_words=course.condition_words,
        valid_from=course.valid_from,
        valid_until=course.valid_until,
        standing=_standing(course, at),
    )


def _standing(course: Course, at: datetime) -> Standing:
    if course.holds_at(at):
        return Standing.IN_FORCE
    return Standing.COMING if at < course.valid_from else Standing.ENDED


def _item(course: Course, thing: OneThing | None) -> Text:
    if course.item_code is None:
        return EVERY_ITEM
    titles = {item.code: item.title for item in thing.items} if thing else {}
    return titles.get(course.item_code, Text(zh=course.item_code, en=course.item_code))


def _thing(session: Session, code: str) -> OneThing | None:
    try:
        return definitions.current(session, code).thing
    except NotFoundError:
        return None


def _joined(names: list[Text]) -> Text:
    found = names[0]
    for name in names[1:]:
        found = BOTH.format(first=found, second=name)
    return found
