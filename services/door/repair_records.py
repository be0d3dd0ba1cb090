"""What repairs need of a case: the paths of its parts, its seals as they were, its requests."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row
from sqlalchemy.orm import Session

from services.door.snapshot import driver

_MOVES = """
select number, at, trigger, actor_id, from_state, to_state from events
where district_code = %(district_code)s and case_id = %(case_id)s and item_code = %(item_code)s
  and from_state <> to_state
order by number
"""
_SEALS = """
select row ->> 'id' as id, row ->> 'status' as status, row ->> 'code' as code, row ? 'code' as coded
from events e, jsonb_array_elements(e.body -> 'rows' -> 'seals') row
where e.district_code = %(district_code)s and e.case_id = %(case_id)s
  and e.item_code = %(item_code)s and e.number <= %(until)s
order by e.number
"""
_TEXT = """
select content from event_texts
where district_code = %(district_code)s and case_id = %(case_id)s and event_number = %(number)s
"""
_TOLD = """
select trigger, item_code, from_state, to_state, number from events
where district_code = %(district_code)s and case_id = %(case_id)s order by number
"""
_ASSESSED = """
select event_number, outcome from automatic_assessments
where district_code = %(district_code)s and case_id = %(case_id)s and item_code = %(item_code)s
order by event_number desc limit 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One change of a part's state."""

    number: int
    at: datetime
    trigger: str
    actor_id: UUID
    from_state: str
    to_state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event as far as it decides whether its applicant is told of it."""

    trigger: str
    item_code: str | None
    from_state: str | None
    to_state: str | None
    number: int


@dataclass(slots=True, kw_only=True)
class RepairRow:
    """One repair: as it was asked for, and what became of it."""

    event_number: int
    verb: str
    item_code: str | None
    to_state: str | None
    version: int
    """Of the part, or of the case, as it was when somebody asked."""
    reason_code: str | None
    asked_by: UUID
    asked_at: datetime
    state: str
    settled_by: UUID | None = None
    settled_at: datetime | None = None
    settled_event_number: int | None = None


_COLUMNS = tuple(each.name for each in fields(RepairRow))
_FOUND = f"""
select {", ".join(_COLUMNS)} from repairs
where district_code = %(district_code)s and case_id = %(case_id)s
"""  # noqa: S608  built from the columns of this module alone
_KEEP = f"""
insert into repairs (district_code, case_id, {", ".join(_COLUMNS)})
values (%(district_code)s, %(case_id)s, {", ".join(f"%({name})s" for name in _COLUMNS)})
on conflict (district_code, case_id, event_number) do update set state = excluded.state,
  settled_by = excluded.settled_by, settled_at = excluded.settled_at,
  settled_event_number = excluded.settled_event_number
"""  # noqa: S608


class RepairRecords:
    """Reads and writes of one case; most commands ask for none of it."""

    def __init__(self, session: Session, district_code: str, case_id: UUID) -> None:
        self._session = session
        self._key: dict[str, Any] = {"district_code": district_code, "case_id": case_id}

    def moves(self, item_code: str) -> list[Move]:
        """Every change of a part's state, the first first."""
        return [Move(**row) for row in self._rows(_MOVES, {"item_code": item_code})]

    def seals(self, item_code: str, until: int) -> Mapping[UUID, tuple[str, str | None]]:
        """Status and code of each seal of a part as they were after the event ``until``."""
        found: dict[UUID, tuple[str, str | None]] = {}
        for row in self._rows(_SEALS, {"item_code": item_code, "until": until}):
            key = UUID(row["id"])
            before = found.get(key, ("", None))
            found[key] = (row["status"], row["code"] if row["coded"] else before[1])
        return found

    def reason(self, number: int) -> str | None:
        """The words of an event; None if there are none, or not any more."""
        rows = self._rows(_TEXT, {"number": number})
        return rows[0]["content"].get("reason") if rows else None

    def events(self) -> list[Told]:
        """Every event of the case, the first first."""
        return [Told(**row) for row in self._rows(_TOLD)]

    def last_assessment(self, item_code: str) -> tuple[int, str] | None:
        """The newest assessment by rule of a part: its event, and what came of it."""
        rows = self._rows(_ASSESSED, {"item_code": item_code})
        return (rows[0]["event_number"], rows[0]["outcome"]) if rows else None

    def all(self) -> list[RepairRow]:
        """Every repair of the case, the first first."""
        return [RepairRow(**row) for row in self._rows(_FOUND + " order by event_number")]

    def keep(self, row: RepairRow | None, at: datetime) -> None:
        """Write what a command asked for or settled; nothing for most commands."""
        if row is None:
            return
        values = {name: getattr(row, name) for name in _COLUMNS}
        if row.settled_by is not None:
            values["settled_at"] = at
        driver(self._session).execute(_KEEP.encode(), self._key | values)

    def _rows(
        self, statement: str, values: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        cursor = driver(self._session).cursor(row_factory=dict_row)
        return cursor.execute(statement.encode(), self._key | dict(values or {})).fetchall()
