"""How a synthetic life may end, how many end so, and the course of each. Pure."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from services.synthetic.timeline import (
    APPLICANT,
    DESKS,
    MAKER,
    POLICE,
    REGISTRAR,
    Course,
    awake,
)


class Outcome(StrEnum):
    """How a life ends; ``open`` lives have not ended."""

    COMPLETED = "completed"
    MENDED = "mended"
    """Returned once, sent again, completed."""
    PARTLY_COMPLETED = "partly_completed"
    """A later item was refused after the seals were delivered."""
    PART_WITHDRAWN = "part_withdrawn"
    """Completed without the bank's appointment, which the applicant withdrew."""
    REFUSED = "refused"
    SEALS_REFUSED = "seals_refused"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN_SUBMITTED = "withdrawn_submitted"
    WITHDRAWN_RETURNED = "withdrawn_returned"
    WITHDRAWN_IN_PROGRESS = "withdrawn_in_progress"
    WITHDRAWN_LICENSED = "withdrawn_licensed"
    ABANDONED = "abandoned"
    """Returned and never sent again."""
    UNSENT = "unsent"
    """A draft that was never sent."""
    OPEN = "open"


DELIVERED = frozenset(
    {Outcome.COMPLETED, Outcome.MENDED, Outcome.PARTLY_COMPLETED, Outcome.PART_WITHDRAWN}
)
"""The seals of these were handed over."""
ONLINE_ONLY = frozenset(
    {
        Outcome.PART_WITHDRAWN,
        Outcome.WITHDRAWN_SUBMITTED,
        Outcome.WITHDRAWN_RETURNED,
        Outcome.WITHDRAWN_IN_PROGRESS,
        Outcome.WITHDRAWN_LICENSED,
    }
)
"""A window withdraws nothing: its visitors do that themselves, online."""

SLOW = 0.05
"""One life in twenty meets a busy day."""


def completed(course: Course, at: datetime) -> None:
    """Submitted, accepted, approved everywhere."""
    _granted(course, course.submit(at), course.items)


def mended(course: Course, at: datetime) -> None:
    """As `completed`, after one return."""
    _granted(course, course.return_and_mend(course.submit(at)), course.items)


def partly_completed(course: Course, at: datetime) -> None:
    """One item is refused once the seals are there."""
    refused = course.chance.choice(("bank_appointment", "medical_insurance", "housing_fund"))
    others = [code for code in course.items if code != refused]
    delivered = _granted(course, course.submit(at), others, may_be_early=False)
    codes = {"bank_appointment": ("no_time_left", "not_served")}
    code = course.chance.choice(codes.get(refused, ("facts_differ", "already_done")))
    later = course.later(delivered, 60, 0.6)
    course.act(later, DESKS[refused], "refuse", refused, reason_code=code)


def part_withdrawn(course: Course, at: datetime) -> None:
    """The applicant needs no appointment at a bank any more."""
    others = [code for code in course.items if code != "bank_appointment"]
    delivered = _granted(course, course.submit(at), others)
    course.act(delivered + timedelta(minutes=3), APPLICANT, "withdraw", "bank_appointment")


def refused(course: Course, at: datetime) -> None:
    """The registration is refused; nothing else begins."""
    codes = ("name_taken", "name_taken", "name_forbidden", "against_the_law")
    done = course.later(course.accept(course.submit(at)), 40, 0.8)
    code = course.chance.choice(codes)
    course.act(done, REGISTRAR, "refuse", "registration", reason_code=code)


def seals_refused(course: Course, at: datetime) -> None:
    """Public security refuses the seals; all else is approved."""
    licensed = _licensed(course, course.submit(at), 1.0)
    coded = course.act(course.later(licensed, 5), MAKER, "code", "seals")
    course.act(
        course.later(coded, 30), POLICE, "refuse", "seals", reason_code="name_not_registered"
    )
    course.approve(licensed, course.items)


def not_accepted(course: Course, at: datetime) -> None:
    """What was asked for is not for this authority to decide."""
    code = course.chance.choice(("not_ours", "not_ours", "not_needed"))
    course.act(course.later(course.submit(at), 40), REGISTRAR, "decline", reason_code=code)


def withdrawn_submitted(course: Course, at: datetime) -> None:
    """Withdrawn before anybody looked at it."""
    sent = course.submit(at)
    course.act(sent + timedelta(minutes=course.minutes(12, 0.5)), APPLICANT, "withdraw")


def withdrawn_returned(course: Course, at: datetime) -> None:
    """Withdrawn instead of being mended."""
    returned = course.give_back(course.submit(at))
    gone = awake(returned + timedelta(hours=course.minutes(30, 0.8)), course.chance)
    course.act(gone, APPLICANT, "withdraw")


def withdrawn_in_progress(course: Course, at: datetime) -> None:
    """Withdrawn while the registration is examined."""
    accepted = course.accept(course.submit(at))
    course.act(accepted + timedelta(minutes=course.minutes(6, 0.5)), APPLICANT, "withdraw")


def withdrawn_licensed(course: Course, at: datetime) -> None:
    """Withdrawn when the licence was there and the seals not yet engraved."""
    licensed = _licensed(course, course.submit(at), 1.0)
    coded = course.act(course.later(licensed, 5), MAKER, "code", "seals")
    course.act(coded + timedelta(minutes=course.chance.uniform(1, 9)), APPLICANT, "withdraw")


def abandoned(course: Course, at: datetime) -> None:
    """Returned, and never seen again."""
    course.give_back(course.submit(at))


def unsent(course: Course, at: datetime) -> None:
    """Begun and left lying, filled in to some point."""
    course.fill_in(at, part=course.chance.choice((0.1, 0.3, 0.3, 0.6, 1.0)))


def _licensed(course: Course, sent: datetime, pace: float) -> datetime:
    done = course.review(course.accept(sent), pace=pace)
    return course.act(done, REGISTRAR, "approve", "registration")


def _granted(
    course: Course, sent: datetime, items: tuple[str, ...] | list[str], *, may_be_early: bool = True
) -> datetime:
    """Acceptance, licence, seals and ``items``; when the seals were handed over."""
    pace = course.chance.uniform(2.5, 7) if course.chance.random() < SLOW else 1.0
    if may_be_early:
        licensed = _licensed(course, sent, pace)
    else:
        done = course.later(course.accept(sent), 6 * pace, 0.7)
        licensed = course.act(done, REGISTRAR, "approve", "registration")
    delivered = course.deliver(licensed, pace=pace)
    course.file(delivered)
    course.approve(licensed, items, pace=pace)
    return delivered


COURSES: Mapping[Outcome, Callable[[Course, datetime], None]] = {
    Outcome.COMPLETED: completed,
    Outcome.MENDED: mended,
    Outcome.PARTLY_COMPLETED: partly_completed,
    Outcome.PART_WITHDRAWN: part_withdrawn,
    Outcome.REFUSED: refused,
    Outcome.SEALS_REFUSED: seals_refused,
    Outcome.NOT_ACCEPTED: not_accepted,
    Outcome.WITHDRAWN_SUBMITTED: withdrawn_submitted,
    Outcome.WITHDRAWN_RETURNED: withdrawn_returned,
    Outcome.WITHDRAWN_IN_PROGRESS: withdrawn_in_progress,
    Outcome.WITHDRAWN_LICENSED: withdrawn_licensed,
    Outcome.ABANDONED: abandoned,
    Outcome.UNSENT: unsent,
}
