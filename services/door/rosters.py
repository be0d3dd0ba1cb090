"""Who works at a desk, who is away, how much everybody has, and how the desk gives out its work.

Read only when an entry enters a desk that has a policy, or when somebody is to be given one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row
from sqlalchemy.orm import Session

from core.json_text import dump_json
from services.door.snapshot import driver

Place = tuple[str, str, str]
"""District, department and item of an entry."""

# The newest version of a policy is in force; one of the item itself comes before that of all.
_POLICIES = """
select distinct on (w.district_code, w.department_code, w.item_code)
  w.district_code, w.department_code, w.item_code, p.item_code as policy_item, p.version, p.kind,
  p.kept_minutes, p.weights, p.rules
from jsonb_to_recordset(%(places)s::jsonb)
  as w(district_code text, department_code text, item_code text)
join assignment_policies p on p.district_code = w.district_code
  and p.department_code = w.department_code and p.item_code in (w.item_code, '')
where p.district_code = any(%(districts)s)
order by w.district_code, w.department_code, w.item_code, p.item_code desc, p.version desc
"""
_MEMBERS = """
select m.person_id, t.assigned_at as last_at
from (
  select distinct g.person_id from person_grants g join people p on p.id = g.person_id
  where g.role in ('clerk', 'head') and g.district_code = %(district_code)s
    and g.department_code = %(department_code)s and g.valid_from <= %(at)s
    and (g.valid_until is null or g.valid_until > %(at)s) and p.disabled_at is null) m
left join assignment_turns t on t.district_code = %(district_code)s
  and t.department_code = %(department_code)s and t.person_id = m.person_id
"""
_OPEN = """
select assigned_to, item_code, count(*) from queue_entries
where handling_district_code = %(district_code)s and handler_code = %(handler_code)s
  and assigned_to = any(%(people)s)
group by assigned_to, item_code
"""
_AWAY = """
select person_id, deputy_id from absences
where person_id = any(%(people)s) and first_on <= %(day)s and last_on >= %(day)s
  and ended_at is null
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How a desk gives out an item's entries, as it is in force now."""

    code: str
    """Which row it is: district, department, item and version."""
    kind: str
    kept_minutes: int
    weights: Mapping[str, int]
    rules: tuple[Mapping[str, Any], ...]

    def weight(self, item_code: str) -> int:
        """How much an entry of an item weighs."""
        return int(self.weights.get(item_code, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Somebody of the desk, with the open entries that are theirs by item."""

    id: UUID
    last_at: datetime | None
    open_items: Mapping[str, int]


class Rosters:
    """Reads in the transaction of one command."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def policies(self, places: Collection[Place]) -> dict[Place, Policy]:
        """The policy of each place that has one."""
        names = ("district_code", "department_code", "item_code")
        rows = self._rows(
            _POLICIES,
            {
                "places": dump_json([dict(zip(names, each, strict=True)) for each in places]),
                "districts": sorted({each[0] for each in places}),
            },
        )
        return {
            (row["district_code"], row["department_code"], row["item_code"]): Policy(
                code="/".join(
                    (
                        row["district_code"],
                        row["department_code"],
                        row["policy_item"] or "*",
                        str(row["version"]),
                    )
                ),
                kind=row["kind"],
                kept_minutes=row["kept_minutes"],
                weights=row["weights"],
                rules=tuple(row["rules"]),
            )
            for row in rows
        }

    def workers(self, district_code: str, department_code: str, at: datetime) -> list[Worker]:
        """Everybody who works at a desk at ``at``."""
        desk = {"district_code": district_code, "department_code": department_code}
        members = self._rows(_MEMBERS, desk | {"at": at})
        open_items: dict[UUID, dict[str, int]] = {row["person_id"]: {} for row in members}
        counted = self._rows(
            _OPEN,
            {
                "district_code": district_code,
                "handler_code": f"department:{department_code}",
                "people": list(open_items),
            },
        )
        for row in counted:
            open_items[row["assigned_to"]][row["item_code"]] = row["count"]
        return [
            Worker(
                id=row["person_id"], last_at=row["last_at"], open_items=open_items[row["person_id"]]
            )
            for row in members
        ]

    def away(self, people: Collection[UUID], on: date) -> dict[UUID, UUID | None]:
        """Who of ``people`` is absent on a day of Beijing, with the deputy if there is one."""
        rows = self._rows(_AWAY, {"people": list(people), "day": on}) if people else []
        return {row["person_id"]: row["deputy_id"] for row in rows}

    def _rows(self, statement: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        cursor = driver(self._session).cursor(row_factory=dict_row)
        return cursor.execute(statement, values).fetchall()
