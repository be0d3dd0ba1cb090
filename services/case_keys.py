"""How a case is addressed everywhere."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CaseKey:
    """How a case is addressed everywhere: its home district, then its id."""

    district_code: str
    case_id: UUID
