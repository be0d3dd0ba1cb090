"""What a command will write, gathered in Python before the one statement that writes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.door.automatic_records import AssessmentRow
from services.door.repair_records import RepairRow
from services.door.snapshot import SealRow, TaskRow
from services.door.supervision_rows import CardRow, DelayRow


@dataclass(slots=True, kw_only=True)
class EventDraft:
    """An event before it has its number and hash."""

    trigger: str
    actor_id: UUID
    item_code: str | None = None
    from_state: str | None = None
    to_state: str | None = None
    reason_code: str | None = None
    command_id: UUID | None = None
    body: dict[str, Any] = field(default_factory=dict)
    text: dict[str, Any] | None = None
    """Free text that goes into an erasable row; the body gets its commitment."""

    def wrote(self, kind: str, row: dict[str, Any]) -> None:
        """Have the hash cover a row that an effect writes: codes and ids, nothing personal."""
        rows: dict[str, list[dict[str, Any]]] = self.body.setdefault("rows", {})
        rows.setdefault(kind, []).append(row)


@dataclass(slots=True, kw_only=True)
class Put:
    """A queue entry to be written, or to be changed where it stands."""

    item_code: str
    handling_district_code: str
    handler_code: str
    state: str
    is_preparation: bool
    waiting_since: datetime
    due_at: datetime | None
    due_provisional: bool
    assigned_to: UUID | None = None
    assigned_at: datetime | None = None
    assigned_until: datetime | None = None
    colour: str | None = None
    claimed_by: UUID | None = None
    claimed_at: datetime | None = None
    claim_expires_at: datetime | None = None
    claim_command_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionDraft:
    """The row of ``submissions`` that a command's own event leaves, and the working copy after it.

    ``answers`` is None for what was typed and not sent; then ``restored`` is what the form holds
    again: as it was last sent.
    """

    typed: Mapping[str, Any]
    answers: Mapping[str, Any] | None
    materials: Sequence[Any]
    commitment_key: bytes
    restored: Mapping[str, Any] | None = None
    paper_codes: list[str] | None = None
    """The papers that are restored with it; None for all of them."""
    since: datetime | None = None
    """The instant after which files are new; None for that of the submission."""


@dataclass(slots=True)
class Changes:
    """The rows of one command. ``case`` holds the columns of the case that change."""

    case: dict[str, Any] = field(default_factory=dict)
    events: list[EventDraft] = field(default_factory=list)
    new_tasks: list[TaskRow] = field(default_factory=list)
    changed_tasks: dict[str, TaskRow] = field(default_factory=dict)
    puts: dict[str, Put] = field(default_factory=dict)
    drops: dict[str, str] = field(default_factory=dict)
    """Queue entries that end, by item, with the district that handled them."""
    new_packages: list[dict[str, Any]] = field(default_factory=list)
    """Each with the event that makes it."""
    changed_packages: list[dict[str, Any]] = field(default_factory=list)
    documents: list[dict[str, Any]] = field(default_factory=list)
    outputs: list[dict[str, Any]] = field(default_factory=list)
    new_seals: list[SealRow] = field(default_factory=list)
    changed_seals: dict[UUID, SealRow] = field(default_factory=dict)
    seal_order: dict[str, Any] | None = None
    transfers: list[dict[str, Any]] = field(default_factory=list)
    preparations: list[dict[str, Any]] = field(default_factory=list)
    decided: list[dict[str, Any]] = field(default_factory=list)
    """The parts whose preparation was taken up by a decision, with its event."""
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    turns: dict[tuple[str, str, UUID], int] = field(default_factory=dict)
    """How often a policy gave somebody of a desk something: district, department, person."""
    submission: SubmissionDraft | None = None
    cards: list[CardRow] = field(default_factory=list)
    delays: list[DelayRow] = field(default_factory=list)
    assessment: AssessmentRow | None = None
    overturned: dict[int, int] = field(default_factory=dict)
    """Assessments that people decided against, each with the event that did."""
    repair: RepairRow | None = None
    jobs: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
