"""Rows of supervision that a few commands read and write, inside the command's transaction."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row
from sqlalchemy.orm import Session

from services.door.snapshot import driver

_CARDS = """
select id, item_code, handling_district_code, department_code, kind, state, reason_code, person_id,
  issued_by, issued_at, issue_event_number, answer_due_at, answered_by, answered_at,
  answer_event_number, judge_due_at, judged_by, judged_at, judge_event_number
from supervision_cards
where district_code = %(district_code)s and case_id = %(case_id)s and item_code = %(item_code)s
order by issued_at, id
"""
_HAS_REASON = """
select exists (select from delay_reasons
  where district_code = %(district_code)s and case_id = %(case_id)s and item_code = %(item_code)s)
"""
_KEEP_REASON = """
insert into delay_reasons
  (district_code, case_id, item_code, event_number, reason_code, given_by, given_at)
values (%(district_code)s, %(case_id)s, %(item_code)s, %(event_number)s, %(reason_code)s,
  %(given_by)s, %(given_at)s)
"""
# The head of the desk, else whoever supervises it: the department's own supervisor first. Of
# several the one who was granted it first, so that it is always the same person.
_ANSWERABLE = """
select g.person_id from person_grants g join people p on p.id = g.person_id
where p.disabled_at is null and g.valid_from <= %(at)s
  and (g.valid_until is null or g.valid_until > %(at)s)
  and coalesce(g.district_code, %(district_code)s) = %(district_code)s
  and (g.role = 'head' and g.department_code = %(department_code)s
    or g.role = 'supervisor'
      and coalesce(g.department_code, %(department_code)s) = %(department_code)s)
order by g.role = 'head' desc, g.department_code is null, g.district_code is null, g.valid_from,
  g.person_id
limit 1
"""


@dataclass(slots=True, kw_only=True)
class CardRow:
    """A supervision card as the door moves it."""

    id: UUID
    item_code: str
    handling_district_code: str
    department_code: str
    kind: str
    state: str
    reason_code: str
    person_id: UUID | None
    issued_by: UUID
    issued_at: datetime
    issue_event_number: int
    answer_due_at: datetime
    answered_by: UUID | None = None
    answered_at: datetime | None = None
    answer_event_number: int | None = None
    judge_due_at: datetime | None = None
    judged_by: UUID | None = None
    judged_at: datetime | None = None
    judge_event_number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayRow:
    """A reason for being overdue that a command leaves."""

    item_code: str
    event_number: int
    reason_code: str
    given_by: UUID
    given_at: datetime


_COLUMNS = tuple(each.name for each in fields(CardRow))
_KEEP_CARD = f"""
insert into supervision_cards (district_code, case_id, {", ".join(_COLUMNS)})
values (%(district_code)s, %(case_id)s, {", ".join(f"%({name})s" for name in _COLUMNS)})
on conflict (district_code, case_id, id) do update set
  {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name != "id")}
"""  # noqa: S608  built from the columns of this module alone


class SupervisionRecords:
    """Reads and writes in the transaction of one command on one case."""

    def __init__(self, session: Session, district_code: str, case_id: UUID) -> None:
        self._session = session
        self._key = {"district_code": district_code, "case_id": case_id}

    def cards(self, item_code: str) -> dict[UUID, CardRow]:
        """All cards of one task, the first first. The case's lock is held: they stay so."""
        cursor = driver(self._session).cursor(row_factory=dict_row)
        rows = cursor.execute(_CARDS, self._key | {"item_code": item_code}).fetchall()
        return {row["id"]: CardRow(**row) for row in rows}

    def is_delay_explained(self, item_code: str) -> bool:
        """True if somebody has said why the task is overdue."""
        return bool(self._value(_HAS_REASON, self._key | {"item_code": item_code}))

    def answerable(self, district_code: str, department_code: str, at: datetime) -> UUID | None:
        """The head of a desk, else its supervisor; None where there is neither."""
        values = {"district_code": district_code, "department_code": department_code, "at": at}
        found: UUID | None = self._value(_ANSWERABLE, values)
        return found

    def keep(self, cards: Sequence[CardRow], delays: Sequence[DelayRow]) -> None:
        """Write what a command changed; nothing for most commands."""
        for card in cards:
            driver(self._session).execute(_KEEP_CARD, self._key | asdict(card))
        for delay in delays:
            driver(self._session).execute(_KEEP_REASON, self._key | asdict(delay))

    def _value(self, statement: str, values: dict[str, Any]) -> Any:
        row = driver(self._session).execute(statement, values).fetchone()
        return row[0] if row else None
