"""What happens in a synthetic life and when: its steps, each with its instant. Pure."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from core.clock import CIVIL_ZONE
from models.case import Channel
from services.synthetic.office_hours import OfficeHours

APPLICANT, WINDOW, MAKER = "applicant", "window", "maker"
"""Who acts where no department does."""
REGISTRAR, POLICE = "market_regulation", "public_security"
DESKS = {
    "registration": REGISTRAR,
    "tax": "tax",
    "staff_enrolment": "human_resources",
    "medical_insurance": "medical_insurance",
    "housing_fund": "housing_fund",
    "bank_appointment": "bank",
}
"""Which department decides an item."""
FILINGS = ("tax", "staff_enrolment", "medical_insurance", "housing_fund")
"""Items that may be checked before the licence is there."""
AT_WINDOW, AT_MAKER = "window", "maker"
"""Where seals are collected: at the maker's shop they wait longer."""
DAY_BEGINS, DAY_ENDS = 8, 22
"""Hours between which people sit over forms at home."""
LONGEST_RETURN = timedelta(days=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One act of a life: ``trigger`` is a step of a process, or one of those that come before."""

    at: datetime
    by: str
    trigger: str
    item_code: str | None = None
    reason_code: str | None = None
    part: float = 1.0
    """Of ``save``: how much of the form is filled in."""


@dataclass(slots=True, kw_only=True)
class Course:
    """The steps of one life as they are gathered; every desk works within office hours."""

    hours: OfficeHours
    chance: Random
    channel: Channel
    staff: int
    collection: str = AT_WINDOW
    steps: list[Step] = field(default_factory=list)

    @property
    def writer(self) -> str:
        """Who fills in the form."""
        return WINDOW if self.channel is Channel.WINDOW else APPLICANT

    @property
    def items(self) -> tuple[str, ...]:
        """The items beside registration and seals that somebody decides."""
        return tuple(
            code
            for code in DESKS
            if code != "registration" and (self.staff or code != "staff_enrolment")
        )

    def act(
        self, at: datetime, by: str, trigger: str, item_code: str | None = None, **more: Any
    ) -> datetime:
        """Add a step; its instant."""
        step = Step(at=at, by=by, trigger=trigger, item_code=item_code, **more)
        self.steps.append(step)
        return at

    def minutes(self, median: float, spread: float = 0.7) -> float:
        """How long something takes: mostly near the median, now and then very much longer."""
        return median * math.exp(self.chance.gauss(0, spread))

    def later(self, at: datetime, median: float, spread: float = 0.7) -> datetime:
        """The instant after so much work at a desk, with the seconds that clocks show."""
        done = self.hours.after(at, self.minutes(median, spread))
        return done + timedelta(seconds=self.chance.uniform(0.2, 40))

    def fill_in(self, at: datetime, *, part: float = 1.0) -> datetime:
        """Begin a draft and fill it in until ``at``."""
        taken = self.minutes(24 if self.channel is Channel.WINDOW else 38, 0.4)
        begun = at - timedelta(minutes=taken)
        if self.channel is Channel.ONLINE and self.chance.random() < 0.12:  # noqa: PLR2004
            begun -= timedelta(days=self.chance.randrange(1, 4))
        self.act(begun, self.writer, "start")
        saved = at - timedelta(seconds=self.chance.uniform(20, 150))
        return self.act(max(saved, begun), self.writer, "save", part=part)

    def submit(self, at: datetime) -> datetime:
        """Fill in a form and send it at ``at``."""
        self.fill_in(at)
        return self.act(at, self.writer, "submit")

    def return_and_mend(self, at: datetime) -> datetime:
        """Have the case returned after ``at``, and sent again some days later; when."""
        returned = self.give_back(at)
        longest = LONGEST_RETURN.total_seconds() / 3600
        away = timedelta(hours=min(self.minutes(20, 0.9), longest))
        again = awake(returned + away, self.chance)
        if self.channel is Channel.WINDOW:
            again = self.hours.after(again, self.chance.uniform(5, 90))
        self.act(again - timedelta(seconds=40), self.writer, "mend")
        return self.act(again, self.writer, "submit")

    def give_back(self, at: datetime) -> datetime:
        """Have the case returned after ``at``; when."""
        code = self.chance.choice(("incomplete", "not_in_legal_form"))
        return self.act(self.later(at, 35, 0.8), REGISTRAR, "return", reason_code=code)

    def accept(self, at: datetime) -> datetime:
        """Have the case accepted after ``at``; when."""
        median = 9 if self.channel is Channel.WINDOW else 24
        return self.act(self.later(at, median, 0.9), REGISTRAR, "accept")

    def claim(self, begun: datetime, done: datetime, by: str, item_code: str) -> None:
        """Have an officer claim a task before the step at ``done``."""
        self.act(begun + (done - begun) * self.chance.uniform(0.1, 0.6), by, "claim", item_code)

    def review(self, accepted: datetime, *, pace: float = 1.0) -> datetime:
        """Examine the registration, some filings in advance; when the examination is over."""
        done = self.later(accepted, 6 * pace, 0.7)
        if self.chance.random() < 0.12:  # noqa: PLR2004 -- one in eight
            self.claim(accepted, done, REGISTRAR, "registration")
        for code in FILINGS:
            if code in self.items and self.chance.random() < 0.15:  # noqa: PLR2004
                early = accepted + (done - accepted) * self.chance.uniform(0.2, 0.9)
                self.act(early, DESKS[code], "pre_review", code)
        return done

    def is_done(self, item_code: str) -> bool:
        """True if an item needs nobody any more once the licence is there."""
        return any(step.item_code == item_code for step in self.steps)

    def deliver(self, licensed: datetime, *, pace: float = 1.0) -> datetime:
        """Code, engrave and hand over the seals; when they are handed over."""
        coded = self.act(self.later(licensed, 3 * pace, 0.5), MAKER, "code", "seals")
        engraved = self.act(self.later(coded, 7.5 * pace, 0.4), MAKER, "engrave", "seals")
        waits = 45 if self.collection == AT_MAKER else 3
        return self.act(self.later(engraved, waits), MAKER, "deliver", "seals")

    def file(self, delivered: datetime) -> datetime:
        """Have public security file the seals, a few after a second look; when."""
        at = delivered
        if self.chance.random() < 0.04:  # noqa: PLR2004 -- one in twenty-five
            code = self.chance.choice(("imprint_differs", "record_incomplete"))
            at = self.act(self.later(at, 50), POLICE, "send_back", "seals", reason_code=code)
            at = self.act(self.later(at, 70), MAKER, "refile", "seals")
        return self.act(self.later(at, 35, 0.8), POLICE, "file", "seals")

    def approve(self, licensed: datetime, items: Iterable[str], *, pace: float = 1.0) -> None:
        """Have each of ``items`` decided that was not checked in advance."""
        for code in items:
            if not self.is_done(code):
                median, spread = (9, 0.6) if code == "tax" else (55, 1.0)
                self.act(self.later(licensed, median * pace, spread), DESKS[code], "approve", code)

    def in_order(self) -> tuple[Step, ...]:
        """The steps in the order of time."""
        return tuple(sorted(self.steps, key=lambda step: step.at))


def awake(at: datetime, chance: Random) -> datetime:
    """``at``, or the next morning if people sleep then."""
    local = at.astimezone(CIVIL_ZONE)
    if DAY_BEGINS <= local.hour < DAY_ENDS:
        return at
    days = 1 if local.hour >= DAY_ENDS else 0
    morning = local.replace(hour=DAY_BEGINS, minute=0, second=0) + timedelta(days=days)
    return morning + timedelta(minutes=chance.uniform(0, 150))
