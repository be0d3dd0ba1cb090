"""What a person asks of the one door, and what comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from workflows.permissions import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceToMend:
    """One item of a return: which place, what is wrong, what to write or bring instead."""

    path: str
    """``section``, ``section.field``, ``section.0``, ``section.0.field`` or ``materials.code``."""
    reason: str
    suggestion: str = ""
    new_fact: str = ""
    """What is new since an earlier return named the same place; without it, it may not again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a submission takes in: as typed, as read and checked, and the papers with it."""

    typed: Mapping[str, object]
    answers: Mapping[str, object]
    materials: Sequence[object] = ()
    electronic_service: bool | None = None
    """Whether the applicant consents to it; None if this form does not ask."""
    signs_promise: bool = False
    """The applicant signed the promise of the papers that are not among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """Why something is overdue: a code of ``catalog/supervision.yaml``, and words if need be."""

    reason_code: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDraft:
    """Which supervision card a step is about; the rest only when it is issued."""

    id: UUID
    kind: str = ""
    reason_code: str | None = None
    person_id: UUID | None = None
    """Who has to answer for it; None: whoever of the desk answers first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairDraft:
    """What an operator asks for, or which request a second person answers."""

    verb: str = ""
    to_state: str | None = None
    """Of a rewind: where to."""
    request: int | None = None
    """The number of the event by which it was asked."""


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
    receiver: Actor | None = None
    """Who gets the entry, when it is handed over."""
    sent: Sent | None = None
    """At submission only."""
    delay: Delay | None = None
    """Why it is overdue: alone, or with the decision on an overdue task."""
    card: CardDraft | None = None
    """For the steps of a supervision card only."""
    repair: RepairDraft | None = None
    """For repairs only."""


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
