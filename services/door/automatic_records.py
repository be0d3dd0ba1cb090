"""What decisions without a hand need of the database, in the transaction of one command."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row
from sqlalchemy.orm import Session

from core.districts import across_districts
from services.door.snapshot import driver

GRANTED, SAMPLED, LEFT = "granted", "sampled", "left"

_SWITCH = """
select is_on, share_permille from automatic_switches
where district_code = %(office_district)s and department_code = %(department_code)s
  and thing_code = %(thing_code)s and item_code = %(item_code)s
order by number desc limit 1
"""
_NAMESAKE = f"""
select {across_districts("a name is taken wherever it was registered")} exists (
  select from cases where title = %(title)s and credit_code is not null and id <> %(case_id)s)
"""  # noqa: S608
# Two cases of one name are weighed one after the other: neither would see the other's grant.
_NAME_LOCK = "select pg_advisory_xact_lock(hashtextextended(%(title)s, 0))"
_RETURNED = """
select exists (select from events where district_code = %(district_code)s
  and case_id = %(case_id)s and item_code is null and to_state = 'returned')
"""
_STANDING = """
select event_number from automatic_assessments
where district_code = %(district_code)s and case_id = %(case_id)s and item_code = %(item_code)s
  and overturned_at is null and outcome <> 'left'
order by event_number desc limit 1
"""
_FOUND = """
select exists (select from automatic_assessments where district_code = %(district_code)s
  and case_id = %(case_id)s and item_code = %(item_code)s and outcome <> 'left')
"""
_KEEP = """
insert into automatic_assessments (district_code, case_id, event_number, item_code, thing_code,
  handling_district_code, department_code, rule_code, rule_version, outcome, assessed_at)
values (%(district_code)s, %(case_id)s, %(event_number)s, %(item_code)s, %(thing_code)s,
  %(handling_district_code)s, %(department_code)s, %(rule_code)s, %(rule_version)s, %(outcome)s,
  %(assessed_at)s)
"""
_OVERTURN = """
update automatic_assessments
set overturned_event_number = %(by_event)s, overturned_at = %(at)s
where district_code = %(district_code)s and case_id = %(case_id)s
  and event_number = %(event_number)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """Whether rules decide an item at an office, and which share of it people examine."""

    is_on: bool
    share_permille: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentRow:
    """What a command leaves of an assessment."""

    event_number: int
    item_code: str
    thing_code: str
    handling_district_code: str
    department_code: str
    rule_code: str
    rule_version: int
    outcome: str
    assessed_at: datetime


class AutomaticRecords:
    """Reads and writes of one case; most commands ask for none of it."""

    def __init__(self, session: Session, district_code: str, case_id: UUID) -> None:
        self._session = session
        self._key: dict[str, Any] = {"district_code": district_code, "case_id": case_id}

    def switch(self, office: tuple[str, str], thing_code: str, item_code: str) -> Switch | None:
        """The switch of an item at an office (district, department); None if never turned."""
        values = {
            "office_district": office[0],
            "department_code": office[1],
            "thing_code": thing_code,
            "item_code": item_code,
        }
        row = self._row(_SWITCH, values)
        return Switch(**row) if row else None

    def has_namesake(self, title: str) -> bool:
        """True if a company that was registered here has the same name."""
        driver(self._session).execute(_NAME_LOCK.encode(), {"title": title})
        return self._is_true(_NAMESAKE, {"title": title})

    def was_returned(self) -> bool:
        """True if the case was ever returned to be mended."""
        return self._is_true(_RETURNED, {})

    def standing(self, item_code: str) -> int | None:
        """The event of the newest assessment that granted a task, or would have, and stands."""
        row = self._row(_STANDING, {"item_code": item_code})
        return int(row["event_number"]) if row else None

    def was_found(self, item_code: str) -> bool:
        """True if rules granted the item before, or would have: from then on people decide."""
        return self._is_true(_FOUND, {"item_code": item_code})

    def keep(
        self, assessment: AssessmentRow | None, overturned: Mapping[int, int], at: datetime
    ) -> None:
        """Write what a command changed; ``overturned`` gives by assessment the event that did."""
        connection = driver(self._session)
        if assessment is not None:
            values = {name: getattr(assessment, name) for name in assessment.__slots__}
            connection.execute(_KEEP, self._key | values)
        for number, by_event in overturned.items():
            values = {"event_number": number, "by_event": by_event, "at": at}
            connection.execute(_OVERTURN, self._key | values)

    def _row(self, statement: str, values: Mapping[str, Any]) -> dict[str, Any] | None:
        cursor = driver(self._session).cursor(row_factory=dict_row)
        return cursor.execute(statement.encode(), self._key | dict(values)).fetchone()

    def _is_true(self, statement: str, values: Mapping[str, Any]) -> bool:
        row = driver(self._session).execute(statement.encode(), self._key | dict(values)).fetchone()
        return bool(row and row[0])
