"""What decisions without a hand came to at an office, counted from their assessments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from catalog.automatic_decisions import Alarm
from core.districts import across_districts
from models.automatic_decision import AutomaticAssessment
from models.case import Case
from services.desks import Desk
from services.door.automatic_records import GRANTED, LEFT, SAMPLED

OFFICES = "the rules of an office, over the home districts of its cases"
WINDOW_DAYS = 30
LONGEST_LIST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSetKey:
    """One item's rules at one office."""

    desk: Desk
    thing_code: str
    item_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the rules did in a window, in cases."""

    granted: int = 0
    sampled: int = 0
    left: int = 0
    overturned: int = 0

    @property
    def held(self) -> int:
        """Those for which all conditions held."""
        return self.granted + self.sampled

    @property
    def overturned_permille(self) -> int:
        """Of those, how many people decided otherwise."""
        return self.overturned * 1000 // self.held if self.held else 0


def figures(session: Session, key: RuleSetKey, at: datetime, alarm: Alarm) -> Figures:
    """What the rules did at an office within the window of its alarm."""
    found = counted(session, [key.desk], at, alarm.window_days)
    return found.get(key, Figures())


def counted(
    session: Session, found: Sequence[Desk], at: datetime, window_days: int = WINDOW_DAYS
) -> dict[RuleSetKey, Figures]:
    """What the rules did at these desks within the last days."""
    assessment = AutomaticAssessment
    office = (assessment.handling_district_code, assessment.department_code)
    rows = session.execute(
        select(
            *office,
            assessment.thing_code,
            assessment.item_code,
            func.count().filter(assessment.outcome == GRANTED),
            func.count().filter(assessment.outcome == SAMPLED),
            func.count().filter(assessment.outcome == LEFT),
            func.count(assessment.overturned_at),
        )
        .prefix_with(across_districts(OFFICES))
        .where(
            tuple_(*office).in_([(each.district_code, each.department_code) for each in found]),
            assessment.assessed_at > at - timedelta(days=window_days),
        )
        .group_by(*office, assessment.thing_code, assessment.item_code)
    )
    return {
        RuleSetKey(
            desk=Desk(district_code=row[0], department_code=row[1]),
            thing_code=row[2],
            item_code=row[3],
        ): Figures(granted=row[4], sampled=row[5], left=row[6], overturned=row[7])
        for row in rows
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Overturned:
    """A decision of the rules that people did not let stand."""

    case_number: str | None
    was_granted: bool
    """False: an officer examined it, and refused what the rules would have granted."""
    version: int
    assessed_at: datetime
    overturned_at: datetime


def overturned(session: Session, key: RuleSetKey) -> list[Overturned]:
    """The newest `LONGEST_LIST` decisions of a rule set that people overturned."""
    assessment = AutomaticAssessment
    rows = session.execute(
        select(Case.number, assessment)
        .prefix_with(across_districts(OFFICES))
        .join(
            Case,
            (Case.district_code == assessment.district_code) & (Case.id == assessment.case_id),
        )
        .where(
            assessment.handling_district_code == key.desk.district_code,
            assessment.department_code == key.desk.department_code,
            assessment.thing_code == key.thing_code,
            assessment.item_code == key.item_code,
            assessment.overturned_at.is_not(None),
        )
        .order_by(assessment.overturned_at.desc())
        .limit(LONGEST_LIST)
    )
    return [
        Overturned(
            case_number=number,
            was_granted=row.outcome == GRANTED,
            version=row.rule_version,
            assessed_at=row.assessed_at,
            overturned_at=row.overturned_at,
        )
        for number, row in rows
        if row.overturned_at is not None
    ]
