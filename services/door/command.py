"""What a person asks of the one door, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

CLAIM = "claim"
"""Takes a queue entry for oneself, for the length of the lease. A fact, not a state."""
HAND_BACK = "hand_back"
"""Gives a claimed entry back to the queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceToMend:
    """One item of a return: which field, what is wrong, what to do."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One act on a case (``item_code`` empty) or on one of its tasks.

    ``command_id`` makes repetition harmless: the second time returns the first result.
    ``expected_version`` is the version the page was drawn from; None means that it was not drawn
    from any (a machine's act).
    """

    district_code: str
    case_id: UUID
    trigger: str
    command_id: UUID
    item_code: str | None = None
    expected_version: int | None = None
    reason: str | None = None
    reason_code: str | None = None
    places: tuple[PlaceToMend, ...] = ()
    inputs: Mapping[str, object] = field(default_factory=dict)
    answers: Mapping[str, object] | None = None
    """As read and checked, at submission only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The result: the case as it now is, and the number of the command's own event."""

    district_code: str
    case_id: UUID
    case_number: str | None
    state: str
    event_number: int
    event_hash: bytes
    repeated: bool
    """True if this command had been carried out before; nothing happened now."""
