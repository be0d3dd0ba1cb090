"""What is next in line: one entry that nobody holds, found by indexes however many wait."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.case_keys import CaseKey
from services.door.snapshot import driver


class Whose(StrEnum):
    """Whose the entries are, in the order in which "next" looks for one."""

    MINE = "mine"
    NOBODYS = "nobodys"
    LEFT = "left"  # a colleague's, kept for too long or overdue


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Where "next" looks, and what it has tried in vain."""

    district_codes: Sequence[str]
    handler_codes: Sequence[str]
    person_id: UUID | None
    at: datetime
    tried: list[UUID] = field(default_factory=list)


# Of each queue the earliest, by its own index; then the earliest of those. An entry that nobody
# has claimed and one whose claim has run out are looked for apart: the first stand in an index in
# the order of their days, the others in one by the end of their claim, past those that still hold.
_ENTRY = """
select f.handling_district_code, f.district_code, f.case_id, f.item_code, f.due_at,
  f.waiting_since
from queue_entries f
where f.handling_district_code = d.code and f.handler_code = h.code and not f.is_preparation
  and f.case_id <> all(%(tried)s::uuid[]) and {condition}
  and not exists (select from conflicts c where c.district_code = f.district_code
    and c.case_id = f.case_id and c.person_id = %(person_id)s)
order by f.due_at, f.waiting_since limit 1 for update of f skip locked
"""
_FREE = "f.claim_expires_at is null"
_RUN_OUT = "f.claim_expires_at <= %(at)s"
_WHOSE: Mapping[Whose, Sequence[str]] = {
    Whose.MINE: (f"f.assigned_to = %(person_id)s and ({_FREE} or {_RUN_OUT})",),
    Whose.NOBODYS: (
        f"f.assigned_to is null and {_FREE}",
        f"f.assigned_to is null and {_RUN_OUT}",
    ),
    Whose.LEFT: (
        "f.assigned_to is not null and (f.assigned_until <= %(at)s or f.due_at < %(at)s)"
        f" and ({_FREE} or {_RUN_OUT})",
    ),
}


def _statement(conditions: Sequence[str]) -> bytes:
    found = " union all ".join(
        f"select * from ({_ENTRY.format(condition=each)}) e{number}"  # noqa: S608
        for number, each in enumerate(conditions)
    )
    text = f"""
select q.district_code, q.case_id, q.item_code
from unnest(%(districts)s::text[]) d(code) cross join unnest(%(handlers)s::text[]) h(code)
cross join lateral ({found}) q
where q.handling_district_code = any(%(districts)s)
order by q.due_at, q.waiting_since limit 1
"""  # noqa: S608  built from constants of this module alone
    return text.encode()


_STATEMENTS = {whose: _statement(conditions) for whose, conditions in _WHOSE.items()}


def first(session: Session, search: Search, whose: Whose) -> tuple[CaseKey, str] | None:
    """Lock the entry that is next in line: its case and item; None if there is none.

    Those that others hold locked are stepped over.
    """
    values: dict[str, Any] = {
        "districts": list(search.district_codes),
        "handlers": list(search.handler_codes),
        "person_id": search.person_id,
        "at": search.at,
        "tried": search.tried,
    }
    row = driver(session).execute(_STATEMENTS[whose], values).fetchone()
    return None if row is None else (CaseKey(row[0], row[1]), row[2])
