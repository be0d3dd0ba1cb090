"""What the rarer acts need of a case, read when asked for: steps, promises, marks, postings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row
from sqlalchemy.orm import Session

from core.districts import across_districts
from services.door.snapshot import driver
from workflows.engine import Engine
from workflows.order import Taken
from workflows.process import (
    ASSESS,
    CLAIM_ACTS,
    REPAIR_FACTS,
    REWIND_PART,
    SUPERVISION_ACTS,
)

_OF_CASE = "district_code = %(district_code)s and case_id = %(case_id)s"
_MOVES = """
select e.trigger, e.at, e.from_state, e.to_state,
  (select min(s.served_at) from document_services s
    where s.district_code = %(district_code)s and s.case_id = %(case_id)s
      and s.event_number = e.number) as served_at
from events e
where e.district_code = %(district_code)s and e.case_id = %(case_id)s
  and e.item_code is not distinct from %(item_code)s::text
order by e.number
"""
_ENTERED = """
select max(e.at) as at from events e
where e.district_code = %(district_code)s and e.case_id = %(case_id)s
  and e.item_code is not distinct from %(item_code)s::text
  and e.to_state = %(state)s and e.from_state is distinct from e.to_state
"""
_SAID = """
select e.body from events e
where e.district_code = %(district_code)s and e.case_id = %(case_id)s
  and e.item_code = %(item_code)s and e.body ? %(name)s
order by e.number desc limit 1
"""
_SIGNED = """
select e.number, e.body -> 'promise' as promise, e.body -> 'commitments' ->> 'text' as commitment
from events e
where e.district_code = %(district_code)s and e.case_id = %(case_id)s
  and e.item_code is null and e.body -> 'promise' ? 'papers'
order by e.number desc limit 1
"""
_TOLERATED = f"""
select material_code, due_at, supplied_at, lapsed_at from tolerated_papers
where {_OF_CASE} order by due_at, material_code
"""  # noqa: S608
_SENT = f"""
select materials from submissions where {_OF_CASE} and answers is not null
order by event_number desc limit 1
"""  # noqa: S608
_MARKED = f"""
select {across_districts("a broken promise counts everywhere")} count(*) from credit_marks
m
where m.applicant_id = %(applicant_id)s and m.repaired_at is null and not exists (
  select 1 from lifted_credit_marks l where l.district_code = m.district_code
    and l.case_id = m.case_id and l.marked_event_number = m.event_number)
"""  # noqa: S608
_POSTED = """
select t.* from transfers t
where t.district_code = %(district_code)s and t.case_id = %(case_id)s
  and t.item_code = %(item_code)s
  and t.reverses_event_number is null and not exists (
    select 1 from transfers r
    where r.district_code = %(district_code)s and r.case_id = %(case_id)s
      and r.reverses_event_number = t.event_number and r.reverses_line = t.line)
order by t.event_number, t.line
"""
_ISSUED = f"""
select output_code, event_number, number, revoked_at from outputs
where {_OF_CASE} and item_code = %(item_code)s order by output_code
"""  # noqa: S608
_TOLERATE = """
insert into tolerated_papers (district_code, case_id, material_code, event_number, due_at)
values (%(district_code)s, %(case_id)s, %(material_code)s, %(event_number)s, %(due_at)s)
"""
_SUPPLIED = f"""
update tolerated_papers set supplied_at = %(at)s
where {_OF_CASE} and material_code = any(%(codes)s::text[]) and supplied_at is null
"""  # noqa: S608
_LAPSED = f"""
update tolerated_papers set lapsed_at = %(at)s
where {_OF_CASE} and material_code = any(%(codes)s::text[]) and supplied_at is null
"""  # noqa: S608
_MARK = """
insert into credit_marks (district_code, case_id, event_number, item_code, applicant_id, marked_at)
values (%(district_code)s, %(case_id)s, %(event_number)s, %(item_code)s, %(applicant_id)s, %(at)s)
"""
_OWN_MARKS = """
select m.event_number, m.repaired_at is not null as is_repaired from credit_marks m
where m.district_code = %(district_code)s and m.case_id = %(case_id)s
  and m.item_code = %(item_code)s and not exists (
    select 1 from lifted_credit_marks l
    where l.district_code = %(district_code)s and l.case_id = %(case_id)s
      and l.marked_event_number = m.event_number)
order by m.event_number
"""
_LIFT = """
insert into lifted_credit_marks (district_code, case_id, marked_event_number, event_number,
  lifted_at)
values (%(district_code)s, %(case_id)s, %(marked)s, %(event_number)s, %(at)s)
"""
_REPAIR = f"""
update credit_marks set repaired_at = %(at)s
where {_OF_CASE} and item_code = %(item_code)s and repaired_at is null
"""  # noqa: S608
_REVOKE = f"""
update outputs set revoked_at = %(at)s
where {_OF_CASE} and item_code = any(%(items)s::text[]) and revoked_at is null
"""  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerated:
    """A paper that was promised for later, and what became of it."""

    material_code: str
    due_at: datetime
    supplied_at: datetime | None
    lapsed_at: datetime | None

    @property
    def is_awaited(self) -> bool:
        """True while it may still come in time, or has not lapsed yet."""
        return self.supplied_at is None and self.lapsed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedOutput:
    """A result of an item with its number, and whether it was revoked."""

    output_code: str
    number: str
    event_number: int
    is_revoked: bool


@dataclass(slots=True)
class PromiseChanges:
    """What a command does to promises, marks and results, beside the rows of its statement."""

    tolerated: list[Tolerated] = field(default_factory=list)
    supplied: list[str] = field(default_factory=list)
    lapsed: list[str] = field(default_factory=list)
    marked_item: str | None = None
    repaired_item: str | None = None
    lifted_marks: list[int] = field(default_factory=list)
    """The revocations whose marks count no more, by their events."""
    revoked_items: list[str] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        """True if another paper may now be the next one that is awaited."""
        return bool(self.tolerated or self.supplied or self.lapsed)


class CaseRecords:
    """The rows of one case, inside the command's own transaction."""

    def __init__(self, session: Session, district_code: str, case_id: UUID) -> None:
        self._session = session
        self._key: dict[str, Any] = {"district_code": district_code, "case_id": case_id}

    def taken(self, item_code: str | None, engine: Engine) -> tuple[Taken, ...]:
        """The steps of the case itself, or of one task, since it was last reopened."""
        rows = self._rows(_MOVES, {"item_code": item_code})
        return taken_since_reopening(rows, engine)

    def entered_at(self, item_code: str | None, state: str) -> datetime | None:
        """When the case itself, or one task, last came into a state; None if it never did."""
        found: datetime | None = self._rows(_ENTERED, {"item_code": item_code, "state": state})[0][
            "at"
        ]
        return found

    def said(self, item_code: str, name: str) -> Any:
        """What the last event of a task says under ``name`` in its body; None if none does."""
        rows = self._rows(_SAID, {"item_code": item_code, "name": name})
        return rows[0]["body"][name] if rows else None

    def signed_promise(self) -> dict[str, Any] | None:
        """Where the last promise of missing papers stands: its event, text and commitment."""
        for row in self._rows(_SIGNED):
            promise = row["promise"]
            return {
                "signed_in": row["number"],
                "form": promise["form"],
                "version": promise["version"],
                "commitment": row["commitment"],
            }
        return None

    def tolerated(self) -> tuple[Tolerated, ...]:
        """The papers that were promised for later, the first due first."""
        return tuple(Tolerated(**row) for row in self._rows(_TOLERATED))

    def sent_papers(self) -> frozenset[str]:
        """The papers of which a file was in the form as it was last sent."""
        rows = self._rows(_SENT)
        return frozenset(str(paper["code"]) for row in rows for paper in row["materials"])

    def is_marked(self, applicant_id: UUID) -> bool:
        """True if the applicant has broken a promise and the record is not repaired."""
        return bool(self._rows(_MARKED, {"applicant_id": applicant_id})[0]["count"])

    def marks(self, item_code: str) -> Mapping[int, bool]:
        """The marks that an item left and that were not lifted: by event, whether repaired."""
        rows = self._rows(_OWN_MARKS, {"item_code": item_code})
        return {row["event_number"]: row["is_repaired"] for row in rows}

    def posted(self, item_code: str) -> list[dict[str, Any]]:
        """The transfers of an item that no other transfer reverses."""
        return self._rows(_POSTED, {"item_code": item_code})

    def issued(self, item_code: str) -> Mapping[str, IssuedOutput]:
        """The results that an item has ever issued, by code."""
        return {
            row["output_code"]: IssuedOutput(
                output_code=row["output_code"],
                number=row["number"],
                event_number=row["event_number"],
                is_revoked=row["revoked_at"] is not None,
            )
            for row in self._rows(_ISSUED, {"item_code": item_code})
        }

    def keep(
        self, changes: PromiseChanges, event_number: int, applicant_id: UUID, at: datetime
    ) -> None:
        """Write what a command changed; ``event_number`` is that of the command's own event."""
        for each in changes.tolerated:
            values = {"material_code": each.material_code, "due_at": each.due_at}
            self._write(_TOLERATE, values | {"event_number": event_number})
        for statement, codes in ((_SUPPLIED, changes.supplied), (_LAPSED, changes.lapsed)):
            if codes:
                self._write(statement, {"codes": codes, "at": at})
        if changes.marked_item is not None:
            values = {"item_code": changes.marked_item, "applicant_id": applicant_id, "at": at}
            self._write(_MARK, values | {"event_number": event_number})
        if changes.repaired_item is not None:
            self._write(_REPAIR, {"item_code": changes.repaired_item, "at": at})
        for marked in changes.lifted_marks:
            self._write(_LIFT, {"marked": marked, "event_number": event_number, "at": at})
        if changes.revoked_items:
            self._write(_REVOKE, {"items": changes.revoked_items, "at": at})

    def _rows(
        self, statement: str, values: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        cursor = driver(self._session).cursor(row_factory=dict_row)
        return cursor.execute(statement.encode(), self._key | dict(values or {})).fetchall()

    def _write(self, statement: str, values: Mapping[str, Any]) -> None:
        driver(self._session).execute(statement.encode(), self._key | dict(values))


def taken_since_reopening(rows: list[dict[str, Any]], engine: Engine) -> tuple[Taken, ...]:
    """The steps among ``rows`` of one chain's part, without what was before it was reopened."""
    final = {state.code: state.kind.is_final for state in engine.process.states}
    found: list[Taken] = []
    for row in rows:
        if row["trigger"] in CLAIM_ACTS | SUPERVISION_ACTS | REPAIR_FACTS | {ASSESS}:
            continue
        is_back = final.get(row["from_state"], False) and not final.get(row["to_state"], True)
        if is_back and row["trigger"] != REWIND_PART:  # which begins no other life
            found.clear()
        found.append(Taken(trigger=row["trigger"], at=row["at"], served_at=row["served_at"]))
    return tuple(found)
