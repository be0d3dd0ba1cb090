"""What can be wrong with a route or a wording that an operator types."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from catalog import registry
from catalog.expression_checks import mistakes
from catalog.expression_types import answers_types
from core.errors import NotFoundError, Problem
from core.text import Text
from models.routing import ClockFrom, ResultsAt, Way
from services import definitions
from services.routing import Mode

LONGEST_LABEL = 40
LONGEST_DESCRIPTION = 400
LONGEST_CONDITION = 500
LONGEST_NAME = 100

MISSING = Text(zh="请填写这一项。", en="Fill this in.")
BOTH_LANGUAGES = Text(zh="请中英文都填写。", en="Fill in both languages.")
TOO_LONG = Text(zh="请不要超过 {most} 个字符。", en="Use {most} characters at most.")
UNKNOWN = Text(zh="请从列出的选项中选择。", en="Choose one of those listed.")
ONLY_ELSEWHERE = Text(
    zh="办理地不能同时是接收地：本地接收、本地办理不需要路由。",
    en="The deciding district cannot be an accepting one too: what is decided where it is handed "
    "in needs no route.",
)
IN_THE_PAST = Text(
    zh="不能从过去开始。已经受理的办件不会改变，请填今天或以后的时间。",
    en="A route cannot begin in the past. What has been accepted does not change; choose today or "
    "later.",
)
ENDS_BEFORE = Text(
    zh="结束时间不能早于现在，也不能早于开始时间。",
    en="The end cannot be before now, nor before the beginning.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRoute:
    """What an operator types for a route; ``id`` makes repetition harmless."""

    id: UUID
    mode_code: str
    thing_code: str
    item_code: str | None
    accepting_codes: tuple[str, ...]
    partner: Text | None
    condition: str | None
    condition_words: Text | None
    deciding_code: str
    way: str
    clock_from: str
    results_at: str
    recognises_licences: bool
    valid_from: datetime
    valid_until: datetime | None = None


def text_problems(path: str, words: Text, most: int) -> Iterator[Problem]:
    """A wording that lacks a language or is too long, at ``path_zh`` and ``path_en``."""
    for locale in ("zh", "en"):
        said = getattr(words, locale).strip()
        if not said:
            yield Problem(f"{path}_{locale}", MISSING)
        elif len(said) > most:
            yield Problem(f"{path}_{locale}", TOO_LONG.format(most=most))


def choice_problems(
    session: Session, new: NewRoute, known: Mapping[str, Mode]
) -> Iterator[Problem]:
    """Choices that were not offered, and a deciding district that is an accepting one too."""
    districts = registry.catalogue().districts
    if new.mode_code not in known:
        yield Problem("mode", UNKNOWN)
    if not _is_known(session, new.thing_code, new.item_code):
        yield Problem("scope", UNKNOWN)
    if not new.accepting_codes or set(new.accepting_codes) - set(districts):
        yield Problem("accepting", UNKNOWN)
    if new.deciding_code not in districts:
        yield Problem("deciding", UNKNOWN)
    elif new.deciding_code in new.accepting_codes:
        yield Problem("deciding", ONLY_ELSEWHERE)
    yield from _kind_problems(new)
    if new.partner:
        yield from text_problems("partner", new.partner, LONGEST_NAME)


def _kind_problems(new: NewRoute) -> Iterator[Problem]:
    for path, value, allowed in (
        ("way", new.way, Way),
        ("clock_from", new.clock_from, ClockFrom),
        ("results_at", new.results_at, ResultsAt),
    ):
        if value not in {each.value for each in allowed}:
            yield Problem(path, UNKNOWN)


def time_problems(new: NewRoute, at: datetime) -> Iterator[Problem]:
    """A route that would begin in the past, or end before it begins."""
    if new.valid_from < at:
        yield Problem("valid_from", IN_THE_PAST)
    if new.valid_until is not None and new.valid_until <= new.valid_from:
        yield Problem("valid_until", ENDS_BEFORE)


def condition_problems(session: Session, new: NewRoute) -> Iterator[Problem]:
    """A condition that cannot be asked of the one-thing's answers, or has no words for people."""
    if new.condition is None:
        return
    if len(new.condition) > LONGEST_CONDITION:
        yield Problem("condition", TOO_LONG.format(most=LONGEST_CONDITION))
        return
    thing = definitions.current(session, new.thing_code).thing
    for sentence in mistakes(new.condition, answers_types(thing.sections)):
        yield Problem("condition", sentence)
    if new.condition_words is None:
        yield Problem("condition_words_zh", BOTH_LANGUAGES)
    else:
        yield from text_problems("condition_words", new.condition_words, LONGEST_NAME)


def _is_known(session: Session, thing_code: str, item_code: str | None) -> bool:
    try:
        thing = definitions.current(session, thing_code).thing
    except NotFoundError:
        return False
    return item_code is None or item_code in {item.code for item in thing.items}
