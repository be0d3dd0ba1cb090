"""The newest hand-over package of each item, as the door reads it with its case."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageRow:
    """The newest hand-over package of an item."""

    item_code: str
    number: int
    from_district_code: str
    from_department_code: str
    to_district_code: str
    to_department_code: str
    route_id: UUID | None
    clock_from: str
    needs_post: bool
    state: str
    content_hash: str
    sent_by: UUID
    settled_by: UUID | None
    settled_at: datetime | None
    found_hash: str | None
    carrier: str | None
    tracking_number: str | None
    posted_on: date | None
    arrived_on: date | None

    @property
    def from_place(self) -> tuple[str, str]:
        """District and department of the office that handed it over."""
        return (self.from_district_code, self.from_department_code)

    @property
    def to_place(self) -> tuple[str, str]:
        """District and department of the office that gets it."""
        return (self.to_district_code, self.to_department_code)

    @property
    def kept(self) -> dict[str, Any]:
        """The columns that may change, as they stand."""
        return {name: getattr(self, name) for name in SETTLED}


SETTLED = (
    "state",
    "settled_at",
    "settled_by",
    "found_hash",
    "carrier",
    "tracking_number",
    "posted_on",
    "arrived_on",
)
"""What may change of a package."""


def package_row(row: dict[str, Any]) -> PackageRow:
    """A package from the JSON of the one locked read."""
    read = {
        "route_id": UUID(row["route_id"]) if row["route_id"] else None,
        "sent_by": UUID(row["sent_by"]),
        "settled_by": UUID(row["settled_by"]) if row["settled_by"] else None,
        "settled_at": datetime.fromisoformat(row["settled_at"]) if row["settled_at"] else None,
        "posted_on": date.fromisoformat(row["posted_on"]) if row["posted_on"] else None,
        "arrived_on": date.fromisoformat(row["arrived_on"]) if row["arrived_on"] else None,
    }
    return PackageRow(**(row | read))
