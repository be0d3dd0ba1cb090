"""Open lives near the anchor: one in every state, for every queue, fresh, due and late. Pure.

Positions are told from the anchor: ``fresh`` counts office minutes back, ``on`` whole working days.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.clock import CIVIL_ZONE
from models.case import Channel
from services.synthetic.timeline import DESKS, MAKER, POLICE, REGISTRAR, Course


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A course, and the anchor that its instants are told from."""

    course: Course
    anchor: datetime

    def fresh(self, minutes: float) -> datetime:
        """So many office minutes before the anchor."""
        hours = self.course.hours
        return hours.instant(max(hours.position(self.anchor) - minutes, 0.0))

    def on(self, days: int, hour: int, minute: int = 0) -> datetime:
        """A time of the ``days``-th working day before that of the anchor.

        What was begun on the first of them and may take one working day is due today.
        """
        today = self.anchor.astimezone(CIVIL_ZONE).date()
        before = [day for day in self.course.hours.days if day < today]
        seconds = self.course.chance.uniform(0, 900)
        at = datetime.combine(before[-days], time(hour, minute), CIVIL_ZONE)
        return at + timedelta(seconds=seconds)

    def licensed(self, at: datetime) -> datetime:
        """Have the licence issued at ``at``, with all that comes before; when."""
        hours = self.course.hours
        sent = hours.instant(hours.position(at) - 55)
        self.course.submit(sent)
        self.course.act(sent + timedelta(minutes=9), REGISTRAR, "accept")
        return self.course.act(at, REGISTRAR, "approve", "registration")

    def approve(self, after: datetime, *items: str) -> None:
        """Have ``items`` approved within minutes of one another, before the anchor."""
        hours = self.course.hours
        for number, code in enumerate(items, 1):
            at = hours.after(after, 4.0 * number)
            self.course.act(min(at, self.anchor), DESKS[code], "approve", code)


def draft(stage: Stage) -> None:
    """Being filled in."""
    stage.course.fill_in(stage.fresh(20), part=0.6)


def submitted(stage: Stage) -> None:
    """Just sent."""
    stage.course.submit(stage.fresh(25))


def submitted_due(stage: Stage) -> None:
    """To be accepted today; somebody had it and left."""
    stage.course.submit(stage.on(1, 10, 20))
    stage.course.act(stage.on(1, 16), REGISTRAR, "claim", "registration")


def submitted_late(stage: Stage) -> None:
    """Overlooked for days."""
    stage.course.submit(stage.on(4, 11))


def mended(stage: Stage) -> None:
    """Returned, mended and sent again."""
    course = stage.course
    course.submit(stage.on(3, 9, 30))
    course.act(stage.on(3, 15), REGISTRAR, "return", reason_code="incomplete")
    again = stage.fresh(50)
    course.act(again - timedelta(minutes=1), course.writer, "mend")
    course.act(again, course.writer, "submit")


def returned(stage: Stage) -> None:
    """With the applicant since yesterday."""
    stage.course.submit(stage.on(2, 14))
    stage.course.act(stage.on(1, 10), REGISTRAR, "return", reason_code="not_in_legal_form")


def returned_late(stage: Stage) -> None:
    """With the applicant for longer than was asked."""
    stage.course.submit(stage.on(24, 10))
    stage.course.act(stage.on(23, 11), REGISTRAR, "return", reason_code="incomplete")


def in_review(stage: Stage) -> None:
    """Just accepted; two filings were checked in advance."""
    stage.course.submit(stage.fresh(80))
    stage.course.act(stage.fresh(45), REGISTRAR, "accept")
    stage.course.act(stage.fresh(30), "tax", "pre_review", "tax")
    stage.course.act(stage.fresh(15), "medical_insurance", "pre_review", "medical_insurance")


def in_review_due(stage: Stage) -> None:
    """The registration is due today."""
    stage.course.submit(stage.on(2, 15))
    stage.course.act(stage.on(1, 9, 40), REGISTRAR, "accept")


def in_review_late(stage: Stage) -> None:
    """The registration is late; an officer had claimed it."""
    stage.course.submit(stage.on(4, 10))
    stage.course.act(stage.on(3, 9, 30), REGISTRAR, "accept")
    stage.course.act(stage.on(3, 14), "housing_fund", "pre_review", "housing_fund")
    stage.course.act(stage.on(2, 10), REGISTRAR, "claim", "registration")


def ordered(stage: Stage) -> None:
    """Just licensed: every department and the maker have it."""
    stage.licensed(stage.fresh(12))


def coded(stage: Stage) -> None:
    """The seals have their codes; what is left is due today."""
    licensed = stage.licensed(stage.on(1, 15, 30))
    stage.course.act(stage.course.hours.after(licensed, 20), MAKER, "code", "seals")
    stage.approve(licensed, "tax")


def engraved(stage: Stage) -> None:
    """The seals wait for their owner; what is left is late."""
    licensed = stage.licensed(stage.on(3, 10, 30))
    done = stage.course.act(stage.course.hours.after(licensed, 15), MAKER, "code", "seals")
    stage.course.act(stage.course.hours.after(done, 25), MAKER, "engrave", "seals")
    stage.approve(licensed, "tax", "medical_insurance")
    stage.course.act(stage.on(2, 11), "bank", "claim", "bank_appointment")


def delivered(stage: Stage) -> None:
    """Handed over a while ago, to be filed."""
    licensed = stage.licensed(stage.fresh(90))
    _hand_over(stage, licensed)
    stage.approve(licensed, "tax", "staff_enrolment", "medical_insurance", "housing_fund")


def delivered_late(stage: Stage) -> None:
    """Handed over days ago; the officer who claimed it is gone."""
    licensed = stage.licensed(stage.on(2, 10, 30))
    _hand_over(stage, licensed)
    stage.approve(licensed, *stage.course.items)
    stage.course.act(stage.on(1, 9, 30), POLICE, "claim", "seals")


def bounced(stage: Stage) -> None:
    """The filing was sent back to the maker."""
    licensed = stage.licensed(stage.on(2, 14))
    _hand_over(stage, licensed)
    stage.approve(licensed, *stage.course.items)
    code = "imprint_differs"
    stage.course.act(stage.on(1, 11), POLICE, "send_back", "seals", reason_code=code)


def _hand_over(stage: Stage, licensed: datetime) -> None:
    after = stage.course.hours.after
    stage.course.act(after(licensed, 6), MAKER, "code", "seals")
    stage.course.act(after(licensed, 18), MAKER, "engrave", "seals")
    stage.course.act(after(licensed, 29), MAKER, "deliver", "seals")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One open life of each district: how it is played, and by which way it came."""

    play: Callable[[Stage], None]
    channel: Channel = Channel.ONLINE
    staff: int = 0
    is_delivered: bool = False


SCENES: Mapping[str, Scene] = {
    "draft": Scene(play=draft),
    "draft_at_window": Scene(play=draft, channel=Channel.WINDOW),
    "submitted": Scene(play=submitted, staff=1),
    "submitted_due": Scene(play=submitted_due, channel=Channel.WINDOW),
    "submitted_late": Scene(play=submitted_late),
    "mended": Scene(play=mended, channel=Channel.WINDOW),
    "returned": Scene(play=returned),
    "returned_late": Scene(play=returned_late),
    "in_review": Scene(play=in_review, staff=2),
    "in_review_due": Scene(play=in_review_due, channel=Channel.WINDOW, staff=1),
    "in_review_late": Scene(play=in_review_late),
    "ordered": Scene(play=ordered, staff=3),
    "coded": Scene(play=coded, channel=Channel.WINDOW, staff=2),
    "engraved": Scene(play=engraved, staff=1),
    "delivered": Scene(play=delivered, staff=1, is_delivered=True),
    "delivered_late": Scene(play=delivered_late, is_delivered=True),
    "bounced": Scene(play=bounced, channel=Channel.WINDOW, is_delivered=True),
}
"""Each is played once in every district; the makers take turns."""
