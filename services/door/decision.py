"""One command's decision, in Python, between the locked read and the one write."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from catalog.schema import Item
from core.clock import CIVIL_ZONE
from models.case import Channel
from services.calendars import most_specific, office_codes
from services.definitions import Definition
from services.door.automatic_records import AutomaticRecords
from services.door.changes import Changes, EventDraft
from services.door.command import Command
from services.door.package_content import Sent
from services.door.records import CaseRecords, PromiseChanges
from services.door.repair_records import RepairRecords
from services.door.rosters import Rosters
from services.door.serials import PartList, Typed
from services.door.snapshot import Snapshot, TaskRow
from services.door.supervision_rows import SupervisionRecords
from services.routing import Table
from workflows.calendar import WorkingCalendar
from workflows.clock_folds import Step
from workflows.clocks import ClockEvent, ClockEventKind, Due, Limit, due
from workflows.engine import Engine
from workflows.permissions import Actor, Mandate, Permission, Place, may
from workflows.process import ClockEffect, Handler, State, StateKind


@dataclass(slots=True, kw_only=True)
class Decision:
    """All that the functions of this room share while they decide one command.

    ``allocate(place, series, count)`` gives the first of ``count`` fresh serials of a district or
    region; the other functions read what the case holds once it is needed.
    All reach the database inside the command's transaction.
    """

    snapshot: Snapshot
    definition: Definition
    newest_calendars: Callable[[Sequence[str]], Mapping[str, bytes]]
    """The newest hashes of offices, for a district that the snapshot has not read."""
    calendar_by_hash: Callable[[bytes], WorkingCalendar]
    actor: Actor
    command: Command
    at: datetime
    allocate: Callable[[str, str, int], int]
    answers: Callable[[], Mapping[str, Any]]
    typed: Callable[..., Typed]
    """Given an instant after which files are new, or nothing for that of the submission."""
    part_lists: Callable[[], Mapping[str, PartList]]
    asked_before: Callable[[], frozenset[str]]
    sent: Callable[[], Sent | None]
    """The submission that stands, with the key of its commitments; None once it was erased."""
    routes: Callable[[], Table]
    """The routing data of the case's one-thing."""
    steps: Callable[[], tuple[Step, ...]]
    """The steps of the chain before this command, as clocks see them."""
    records: CaseRecords
    """What the rarer acts need, read when they ask for it."""
    rosters: Rosters
    """Who works where, read only when somebody is to be given an entry."""
    supervision: SupervisionRecords
    """Cards, reasons for being overdue and who answers, read when an act asks for them."""
    automatic: AutomaticRecords
    """What decisions without a hand need, read when rules are asked."""
    repairs: RepairRecords
    """The paths of parts and the requests of operators, read when something is repaired."""
    mandate: Mandate | None = None
    """By whose delegation the command is carried out; None for a right of the actor's own."""
    starts_from: datetime | None = None
    """The instant from which clocks count that start with this command, if not from now."""
    changes: Changes = field(default_factory=Changes)
    tasks: dict[str, TaskRow] = field(default_factory=dict)
    case_state: str = ""
    stood: ClockEffect = ClockEffect.STOPPED
    """How the clock of the whole case stood before this command."""
    held: set[str] = field(default_factory=set)
    """Items whose clock waits for the receipt of a package that this command makes."""
    skipped: set[str] = field(default_factory=set)
    """Items that the answers do not call for; settling moves their tasks to "not required"."""
    promises: PromiseChanges = field(default_factory=PromiseChanges)
    overdue: dict[str, StateKind] = field(default_factory=dict)
    """Items whose promised paper did not come, with the kind of state to which that leads."""
    granted: set[str] = field(default_factory=set)
    """Items that the rules of the definition grant; settling fires their steps."""
    restored: set[str] = field(default_factory=set)
    """Items that were cancelled with their case and are handled again."""

    def __post_init__(self) -> None:
        self.tasks = dict(self.snapshot.tasks)
        self.case_state = self.snapshot.case["state"]

    def calendar_hash(self, task: TaskRow | None = None) -> bytes:
        """The newest calendar of a task's office, or with None of the office that accepts.

        The most specific one that is published counts (`services.calendars.office_codes`).
        """
        place = self._place_in(self.accepted_in) if task is None else self.place_of(task)
        offices = office_codes(place.district_code, place.department_code)
        published: Mapping[str, bytes] = self.snapshot.calendars
        if place.district_code not in self.snapshot.districts:
            published = self.newest_calendars(offices)
        return most_specific(published, offices)

    def calendar(self, task: TaskRow | None = None) -> WorkingCalendar:
        """The calendar with that hash."""
        return self.calendar_by_hash(self.calendar_hash(task))

    @property
    def case(self) -> dict[str, Any]:
        """The case row as it was read."""
        return self.snapshot.case

    @property
    def case_id(self) -> UUID:
        """The case's id."""
        found: UUID = self.snapshot.case["id"]
        return found

    @property
    def district_code(self) -> str:
        """The case's home district."""
        return str(self.snapshot.case["district_code"])

    @property
    def case_number(self) -> str:
        """The case number, fresh or old."""
        return str(self.changes.case.get("number") or self.snapshot.case["number"])

    @property
    def accepted_in(self) -> str:
        """The district whose office accepts the case, or has accepted it."""
        return str(self.case["handling_district_code"] or self.district_code)

    @property
    def today(self) -> date:
        """The day of the command, in Beijing."""
        return self.at.astimezone(CIVIL_ZONE).date()

    def column(self, name: str) -> Any:
        """A column of the case as it will be after this command."""
        return self.changes.case.get(name, self.snapshot.case[name])

    def engine(self, item: Item) -> Engine:
        """The machine of an item's process."""
        return self.definition.engine_of(item)

    def state_of(self, task: TaskRow) -> State:
        """The state a task is in now, with its kind and handler."""
        return self.engine(self.definition.thing.item(task.item_code)).state(task.state)

    def place_of_case(self) -> Place:
        """Where the case's own acts are done: the accepting item's department.

        At home, unless another district has taken it over; the window that took it in stays home.
        """
        home = self._place_in(self.district_code)
        is_window = may(self.actor, Permission.CASE_TAKE, home, self.at)
        return home if is_window else self._place_in(self.accepted_in)

    def _place_in(self, district_code: str) -> Place:
        return Place(
            applicant_id=self.case["applicant_id"],
            district_code=district_code,
            department_code=self.definition.acceptor.department,
            case_id=self.case_id,
            at_window=self.case["channel"] == Channel.WINDOW.value,
        )

    def place_of(self, task: TaskRow) -> Place:
        """Where a task's acts are done."""
        return Place(
            applicant_id=self.case["applicant_id"],
            district_code=task.handling_district_code,
            department_code=task.department_code,
            maker_code=task.maker_code,
        )

    def due_of(self, item: Item, started_at: datetime) -> Due:
        """When an item's promised limit ends that starts at ``started_at``."""
        promised = item.promised_limit
        return due(
            [ClockEvent(kind=ClockEventKind.START, at=started_at)],
            Limit(amount=promised.amount, unit=promised.unit),
            self.calendar(),
        )

    def record(self, event: EventDraft) -> EventDraft:
        """Append an event to the command's events, and return it for its effects to add to."""
        self.changes.events.append(event)
        return event

    def event_number(self, event: EventDraft) -> int:
        """The number an event of this command will have in its case's chain."""
        return int(self.case["event_count"]) + self.changes.events.index(event) + 1


def handler_code(state: State, task: TaskRow) -> str | None:
    """Whose queue the task stands in: ``department:…``, ``maker:…``, or nobody's."""
    match state.handler:
        case Handler.DEPARTMENT:
            return f"department:{task.department_code}"
        case Handler.MAKER:
            return f"maker:{task.maker_code}"
        case Handler.APPLICANT | Handler.NOBODY:
            return None


def holds(kind: StateKind) -> bool:
    """True if a task of this kind satisfies those that come after it."""
    return kind is StateKind.POSITIVE


def clock_time(at: datetime) -> str:
    """Day and time in Beijing, for sentences about who did what when."""
    return at.astimezone(CIVIL_ZONE).strftime("%m-%d %H:%M")
