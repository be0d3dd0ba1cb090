"""The plan of a load: which lives there are, in the order in which they were sent. Pure.

The same anchor and number of cases give the same plan, whenever and wherever it is asked for, so
that a load that was stopped goes on with the lives that are missing.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from catalog import working_days
from core.clock import CIVIL_ZONE
from models.case import Channel
from services.synthetic.office_hours import OfficeHours
from services.synthetic.outcomes import COURSES, DELIVERED, ONLINE_ONLY, Outcome
from services.synthetic.scenes import SCENES, Stage
from services.synthetic.timeline import AT_MAKER, AT_WINDOW, Course, Step

VERSION = 1
"""Counts the changes of anything that the plan follows from."""
SEED = "yichuang synthetic plan 1"
ENTITIES = 2_191
"""Companies whose seals were delivered free of charge, as the zone published them."""
WITH_FIVE_SEALS = 87
"""So many of them have five seals instead of four: 8,851 in all."""
FEWER_SEALS, MORE_SEALS = 4, 5
MAKERS = ("jincheng", "hehai", "longyuan")

_DISTRICTS: Mapping[str, float] = {"620102-gx": 11, "620102": 6, "620123": 3}
_MAKER_WEIGHTS: Mapping[str, tuple[int, int, int]] = {
    "620102-gx": (5, 4, 2),
    "620102": (4, 5, 2),
    "620123": (2, 2, 6),
}
_MONTHS = (0.8, 0.5, 1.3, 1.2, 1.1, 1.1, 1.0, 1.0, 1.1, 0.9, 1.0, 0.9)
"""How busy January to December are: little before the Spring Festival, much after it."""
_WEEK = (1.25, 1.05, 1.0, 0.95, 0.85, 0.4, 0.4)
"""How busy the days of a week are; a Saturday only if it is worked."""
_YEAR = timedelta(days=364)
_CLOSED: dict[Outcome, int] = {
    Outcome.MENDED: 196,
    Outcome.PARTLY_COMPLETED: 62,
    Outcome.PART_WITHDRAWN: 38,
    Outcome.REFUSED: 41,
    Outcome.SEALS_REFUSED: 6,
    Outcome.NOT_ACCEPTED: 33,
    Outcome.WITHDRAWN_SUBMITTED: 18,
    Outcome.WITHDRAWN_RETURNED: 9,
    Outcome.WITHDRAWN_IN_PROGRESS: 14,
    Outcome.WITHDRAWN_LICENSED: 11,
    Outcome.ABANDONED: 24,
    Outcome.UNSENT: 118,
}
_OLD = {Outcome.ABANDONED: timedelta(days=40), Outcome.UNSENT: timedelta(days=15)}
"""What is left lying for good has lain for a while."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One synthetic case with everything that happens to it."""

    number: int
    outcome: Outcome
    scene: str | None
    district_code: str
    maker_code: str
    channel: Channel
    seal_count: int
    staff: int
    collection: str
    steps: tuple[Step, ...]

    @property
    def at(self) -> datetime:
        """When it was sent first, or begun if it never was."""
        sent = [step.at for step in self.steps if step.trigger == "submit"]
        return sent[0] if sent else self.steps[0].at

    @property
    def is_delivered(self) -> bool:
        """True if its seals were handed over, so that it counts in the figure."""
        return any(step.trigger == "deliver" for step in self.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What must stand in the ledger once a plan is loaded."""

    cases: int
    entities: int
    seals: int


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place in the plan before anything of it is drawn."""

    outcome: Outcome
    scene: str | None = None
    district_code: str | None = None


def full_size() -> int:
    """How many cases the whole plan has."""
    return len(_slots())


def plan(anchor: datetime, cases: int) -> tuple[Life, ...]:
    """The first ``cases`` lives of a plan that ends at ``anchor``, or all; the oldest first.

    A smaller number is a fair share: of each outcome in proportion.
    """
    today = anchor.astimezone(CIVIL_ZONE).date()
    hours = OfficeHours(working_days.calendar(), today - _YEAR - timedelta(days=60), today)
    slots = _slots()[: max(cases, 0)]
    closed = [slot for slot in slots if slot.outcome is not Outcome.OPEN]
    Random(SEED).shuffle(closed)  # noqa: S311 -- the same for ever, no secret
    days = _days(hours, today)
    drawn = [
        _closed(index, slot, _instant(days, (index + 0.5) / len(closed)), hours, anchor)
        for index, slot in enumerate(closed)
    ]
    drawn += [_open(slot, hours, anchor) for slot in slots if slot.outcome is Outcome.OPEN]
    in_order = sorted(drawn, key=lambda life: life.at)
    return tuple(_with_seals(in_order))


def totals(lives: Sequence[Life]) -> Totals:
    """What a plan comes to."""
    served = [life for life in lives if life.is_delivered]
    return Totals(
        cases=len(lives), entities=len(served), seals=sum(life.seal_count for life in served)
    )


def _slots() -> list[_Slot]:
    """Every place of the whole plan, in an order whose every beginning is a fair share."""
    scenes = [_Slot(Outcome.OPEN, name, district) for name in SCENES for district in _DISTRICTS]
    open_entities = sum(SCENES[str(slot.scene)].is_delivered for slot in scenes)
    others = sum(_CLOSED[outcome] for outcome in DELIVERED if outcome in _CLOSED)
    counts = _CLOSED | {Outcome.COMPLETED: ENTITIES - open_entities - others}
    groups = [[_Slot(outcome)] * count for outcome, count in counts.items()]
    ranked = [
        ((place + 0.5) / len(group), number, slot)
        for number, group in enumerate([scenes, *groups])
        for place, slot in enumerate(group)
    ]
    return [slot for _rank, _number, slot in sorted(ranked, key=lambda each: each[:2])]


def _days(hours: OfficeHours, today: date) -> tuple[list[date], list[float]]:
    """The working days of the year before today, and how much of the year is over after each."""
    days = [day for day in hours.days if today - _YEAR <= day < today]
    noise = Random(SEED)  # noqa: S311 -- the same for ever, no secret
    weights = [
        _MONTHS[day.month - 1] * _WEEK[day.weekday()] * noise.uniform(0.75, 1.25) for day in days
    ]
    total = sum(weights)
    return days, [each / total for each in accumulate(weights)]


def _instant(days: tuple[list[date], list[float]], share: float) -> date:
    index = min(bisect_right(days[1], share), len(days[0]) - 1)
    return days[0][index]


def _closed(index: int, slot: _Slot, day: date, hours: OfficeHours, anchor: datetime) -> Life:
    """A life that ends; moved to an earlier day until it has ended before the anchor."""
    latest = anchor - _OLD.get(slot.outcome, timedelta())
    position = hours.days.index(day)
    while True:
        chance = Random(f"{SEED}:{index}")  # noqa: S311 -- the same for ever, no secret
        life = _draw(slot, chance, hours, hours.days[position])
        if life.steps[-1].at <= latest:
            return life
        position -= 1


def _draw(slot: _Slot, chance: Random, hours: OfficeHours, day: date) -> Life:
    district = chance.choices(tuple(_DISTRICTS), weights=tuple(_DISTRICTS.values()))[0]
    at_window = slot.outcome not in ONLINE_ONLY and chance.random() < 0.22  # noqa: PLR2004
    channel = Channel.WINDOW if at_window else Channel.ONLINE
    staff = chance.choices((0, 1, 2, 3, 4), weights=(82, 7, 6, 3, 2))[0]
    collection = chance.choices((AT_WINDOW, AT_MAKER), weights=(5, 1))[0]
    course = Course(hours=hours, chance=chance, channel=channel, staff=staff, collection=collection)
    COURSES[slot.outcome](course, _sent(day, channel, chance))
    return Life(
        number=0,
        outcome=slot.outcome,
        scene=None,
        district_code=district,
        maker_code=chance.choices(MAKERS, weights=_MAKER_WEIGHTS[district])[0],
        channel=channel,
        seal_count=FEWER_SEALS,
        staff=staff,
        collection=collection,
        steps=course.in_order(),
    )


def _sent(day: date, channel: Channel, chance: Random) -> datetime:
    """When a form is sent: at a window within its hours, from home also in the evening."""
    hours = [*range(9, 12), *range(14, 18)]
    weights = [3, 5, 4, 4, 4, 3, 2]
    if channel is Channel.ONLINE:
        hours += [8, 12, 13, 18, 19, 20, 21]
        weights += [1, 1, 1, 1, 2, 2, 1]
    hour = chance.choices(hours, weights=weights)[0]
    seconds = chance.uniform(0 if channel is Channel.ONLINE or hour > 9 else 1800, 3600)  # noqa: PLR2004
    at = datetime.combine(day, time(hour), CIVIL_ZONE) + timedelta(seconds=seconds)
    if channel is Channel.ONLINE and day.weekday() == 4 and chance.random() < 0.2:  # noqa: PLR2004
        at += timedelta(days=chance.choice((1, 2)))  # people sit over forms at weekends too
    return at


def _open(slot: _Slot, hours: OfficeHours, anchor: datetime) -> Life:
    """A life of one of the scenes; the makers take turns over scenes and districts."""
    name, district = str(slot.scene), str(slot.district_code)
    scene = SCENES[name]
    chance = Random(f"{SEED}:{name}:{district}")  # noqa: S311 -- the same for ever, no secret
    course = Course(hours=hours, chance=chance, channel=scene.channel, staff=scene.staff)
    scene.play(Stage(course=course, anchor=anchor))
    turn = list(SCENES).index(name) + list(_DISTRICTS).index(district)
    return Life(
        number=0,
        outcome=Outcome.OPEN,
        scene=name,
        district_code=district,
        maker_code=MAKERS[turn % len(MAKERS)],
        channel=scene.channel,
        seal_count=FEWER_SEALS,
        staff=scene.staff,
        collection=course.collection,
        steps=course.in_order(),
    )


def _with_seals(lives: Sequence[Life]) -> Iterator[Life]:
    """The lives with their numbers, the fifth seals spread evenly over those that are delivered."""
    served = more = 0
    for number, life in enumerate(lives, 1):
        served += life.is_delivered
        has_more = life.is_delivered and served * WITH_FIVE_SEALS // ENTITIES > more
        more += has_more
        yield replace(life, number=number, seal_count=MORE_SEALS if has_more else FEWER_SEALS)
