"""One item's part of a case as its officer or maker sees it: what is known, what can be done."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import registry
from core.errors import NotFoundError
from core.text import Text
from models.case import Origin
from models.person import Person
from models.task import QueueEntry
from services import (
    assessments,
    changes,
    conflicts,
    counter_visits,
    delays,
    documents,
    due_reasons,
    hand_overs,
    history,
    makers,
    materials,
    offered_steps,
    package_lists,
    queue,
    results,
    returned,
)
from services.assessments import Assessment
from services.case_keys import CaseKey
from services.changes import Changes, EarlierList
from services.circumstances import Circumstances, circumstances
from services.counter_visits import Visit
from services.delays import NO_PRESSURE, Pressure
from services.desks import names as names_of
from services.documents import DocumentLine
from services.door.snapshot import NO_CASE
from services.due_reasons import WhyDue
from services.hand_overs import Note
from services.history import HistoryLine
from services.materials import MaterialLine
from services.opened_case import OpenedCase, open_case
from services.package_lists import PackageLine
from services.progress import NOT_MADE
from services.queue import TaskKey
from services.results import Result, SealLine
from services.returned import Fact
from services.seen_answers import (
    PlaceGroup,
    SeenSection,
    papers_to_ask,
    places,
    seen_sections,
)
from services.standings import officer_name
from services.task_steps import GROUPS, Group, Step, StepGroup
from workflows.permissions import Actor, Grant, Permission, Role, may
from workflows.process import CARD_ACTS, RECUSE, Handler, StateKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who works on it now, and until when others stay out."""

    name: str
    expires_at: datetime
    is_mine: bool
    note: Note | None = None
    """What a colleague wrote who handed it over to the actor."""

    def minutes_left(self, at: datetime) -> int:
        """Whole minutes until others may take it, seen from the instant ``at``."""
        return max(0, (self.expires_at - at) // timedelta(minutes=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """Whose work an entry is, and until when colleagues leave it alone."""

    name: str
    until: datetime
    is_mine: bool
    keeps_out: bool
    """Somebody else's, and the reader may not assign it anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """Who took a case in at a window, and for the item that accepts it, who came with what."""

    officer_name: str
    visit: Visit | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """Everything that one item may see of one case, at one instant."""

    task: TaskKey
    number: str
    title: str
    """The company's full name."""
    thing_title: Text
    district_name: Text
    item_title: Text
    handler_name: Text
    """The department that has it, or the maker."""
    is_synthetic: bool
    taken_in: TakenIn | None
    """How it came in at a window; None for a case that stayed online."""
    is_order: bool
    """True for a maker: the page is an order, not a file."""
    state_label: Text
    kind: StateKind
    is_acceptance: bool
    """True while the whole case waits to be accepted here."""
    waiting_since: datetime | None
    due_at: datetime | None
    due_provisional: bool
    why: WhyDue | None
    """Why it is due then, line by line; None before its clock starts."""
    ended_at: datetime | None
    pressure: Pressure = NO_PRESSURE
    """Its colour, and why it is overdue."""
    credit_code: str | None
    resubmission_due_on: date | None
    """While the case is returned: the last day for the applicant."""
    package: PackageLine | None = None
    """The newest package by which it came from another district."""
    claim: Claim | None
    can_claim: bool
    """It stands in the actor's own queue."""
    assigned: Assigned | None
    """Whose work it is, while that keeps colleagues out."""
    names_actor: bool
    """The actor's own name stands in the answers: they should look whether they must keep out."""
    known_steps: tuple[Step, ...]
    """Every step that a person takes here, possible now or not."""
    sections: tuple[SeenSection, ...]
    papers: tuple[MaterialLine, ...]
    """The papers that this item may open, as they were sent."""
    names: Mapping[str, Text]
    """The wording of codes that the catalogue does not hold: the maker's."""
    places: tuple[PlaceGroup, ...]
    facts: tuple[Fact, ...]
    """What was written down at the last step, e.g. the time of an appointment."""
    results: tuple[Result, ...]
    seals: tuple[SealLine, ...]
    circumstances: Circumstances
    """What must be known of it beside its state: wishes, promises, pauses."""
    history: tuple[HistoryLine, ...]
    earlier_lists: tuple[EarlierList, ...]
    """The lists of all returns so far; another one for the same lack would be a fault."""
    changes: tuple[Changes, ...]
    """What the applicant changed after the last of them, and what others' requests changed."""
    documents: tuple[DocumentLine, ...]
    assessments: tuple[Assessment, ...] = ()
    """The numbered papers of the case itself and of this item."""

    @property
    def can_explain(self) -> bool:
        """It is overdue, and in the actor's own queue."""
        return self.pressure.is_overdue and self.can_claim

    @property
    def steps(self) -> tuple[Step, ...]:
        """What the actor may do now; nothing while somebody else holds the claim."""
        is_others = self.claim is not None and not self.claim.is_mine
        if is_others or (self.claim is None and self.assigned and self.assigned.keeps_out):
            return ()
        return tuple(step for step in self.known_steps if step.is_possible)

    @property
    def barred(self) -> tuple[Step, ...]:
        """What would be next, but for what its sentence says."""
        return tuple(step for step in self.known_steps if step.barred)

    def bars(self, group: StepGroup) -> tuple[tuple[Text, tuple[Step, ...]], ...]:
        """Why steps of a group must wait: each sentence once, with its steps."""
        return offered_steps.bars(self.barred, group)

    @property
    def groups(self) -> tuple[Group, ...]:
        """What the steps are for, in the order in which a page shows them."""
        return GROUPS

    def step(self, trigger: str, *, of_case: bool) -> Step:
        """The step called ``trigger``, even if it is not possible any more.

        Raises `NotFoundError` if no person ever takes such a step here.
        """
        same = [
            step for step in self.known_steps if step.trigger == trigger and step.of_case is of_case
        ]
        if not same:
            raise NotFoundError(NO_CASE)
        return next((step for step in same if step.is_possible), same[0])


def open_file(session: Session, actor: Actor, task: TaskKey, at: datetime) -> CaseFile:
    """One item's part of a case, for an officer or maker whose work it is, at the instant ``at``.

    Raises `NotFoundError` for another department's, district's or maker's case, as `open_case`.
    """
    opened = open_case(session, actor, task, at)
    file, pressure = _file(session, task, opened), delays.pressure(session, opened)
    package = None if opened.is_order else package_lists.newest_line(session, task)
    known_steps = offered_steps.with_receipt(opened, package, file.known_steps)
    known_steps = delays.with_delay(known_steps, pressure)
    return replace(file, pressure=pressure, package=package, known_steps=known_steps)


def _file(session: Session, task: TaskKey, opened: OpenedCase) -> CaseFile:
    case, state = opened.case, opened.state
    entry, claimed_name = _entry(session, opened)
    sections = seen_sections(session, opened)
    names = _names(session, opened)
    return CaseFile(
        task=task,
        number=case.number or "",
        title=case.title or "",
        thing_title=opened.definition.thing.title,
        district_name=registry.catalogue().district(case.district_code).name,
        item_title=opened.item.title,
        handler_name=_handler_name(opened, names),
        is_synthetic=case.origin is not Origin.LIVE,
        taken_in=_taken_in(session, opened),
        is_order=opened.is_order,
        state_label=state.label,
        kind=state.kind,
        is_acceptance=opened.task is None and state.handler is Handler.DEPARTMENT,
        waiting_since=entry.waiting_since if entry else None,
        due_at=entry.due_at if entry else None,
        due_provisional=entry.due_provisional if entry else False,
        why=due_reasons.for_officer(session, opened),
        ended_at=opened.task.ended_at if opened.task else case.ended_at,
        credit_code=case.credit_code,
        resubmission_due_on=case.resubmission_due_on,
        claim=_claim(session, opened, entry, claimed_name),
        can_claim=_is_own(opened, entry),
        assigned=_assigned(session, opened, entry),
        names_actor=conflicts.names_actor(session, opened),
        known_steps=offered_steps.offered_steps(session, opened),
        sections=sections,
        papers=materials.sent_lines(session, case, opened.definition, opened.item.code),
        names=names,
        places=places(sections) + papers_to_ask(opened),
        facts=_facts(session, opened),
        results=_results(session, opened),
        seals=_seals(session, opened),
        circumstances=circumstances(session, opened),
        history=_history(session, opened),
        earlier_lists=changes.earlier_lists(session, opened),
        changes=changes.changes(session, opened),
        documents=() if opened.is_order else documents.lines(session, case, opened.item.code),
        assessments=() if opened.is_order else assessments.of_part(session, case, opened.item.code),
    )


def desks(session: Session, actor: Actor, at: datetime) -> tuple[Text, ...]:
    """Where the actor works: district and department of a clerk, or the maker, in words."""
    own = [grant for grant in actor.grants if grant.holds_at(at) and grant.mandate is None]
    return tuple(desk for grant in own if (desk := _desk(session, grant)))


def _desk(session: Session, grant: Grant) -> Text | None:
    if grant.role is Role.SEAL_MAKER:
        maker = makers.get(session, grant.maker_code or "")
        return maker.name if maker else None
    department = registry.catalogue().departments.get(grant.department_code or "")
    if grant.role not in {Role.CLERK, Role.HEAD} or department is None:
        return None
    district = registry.catalogue().districts.get(grant.district_code or "")
    if district is None:
        return department.name
    return Text(zh="{district}{department}", en="{department}, {district}").format(
        department=department.name, district=district.name
    )


def _entry(session: Session, opened: OpenedCase) -> tuple[QueueEntry | None, str]:
    """Where it waits, and the name of who claimed it last."""
    row = session.execute(
        select(QueueEntry, Person.name)
        .outerjoin(Person, Person.id == QueueEntry.claimed_by)
        .where(
            QueueEntry.handling_district_code == opened.handling_district_code,
            QueueEntry.district_code == opened.case.district_code,
            QueueEntry.case_id == opened.case.id,
            QueueEntry.item_code == opened.item.code,
        )
    ).one_or_none()
    return (row[0], row[1] or "") if row else (None, "")


def _claim(
    session: Session, opened: OpenedCase, entry: QueueEntry | None, name: str
) -> Claim | None:
    """The claim in force: a lease that has run out counts as none."""
    if entry is None or entry.claim_expires_at is None or entry.claim_expires_at <= opened.at:
        return None
    is_mine = entry.claimed_by == opened.actor.id
    task = queue.key_of(entry)
    claimed = {entry.claim_command_id: task} if is_mine and entry.claim_command_id else {}
    return Claim(
        name=name,
        expires_at=entry.claim_expires_at,
        is_mine=is_mine,
        note=hand_overs.notes(session, claimed).get(task),
    )


def _assigned(session: Session, opened: OpenedCase, entry: QueueEntry | None) -> Assigned | None:
    if entry is None or entry.assigned_to is None or entry.assigned_until is None:
        return None
    is_mine = entry.assigned_to == opened.actor.id
    is_over = entry.assigned_until <= opened.at
    if not is_mine and (is_over or (entry.due_at is not None and entry.due_at < opened.at)):
        return None
    names = names_of(session, [entry.assigned_to])
    return Assigned(
        name=names.get(entry.assigned_to, ""),
        until=entry.assigned_until,
        is_mine=is_mine,
        keeps_out=not is_mine
        and not may(opened.actor, Permission.TASK_ASSIGN, opened.place, opened.at),
    )


def _is_own(opened: OpenedCase, entry: QueueEntry | None) -> bool:
    within = queue.reach(opened.actor, opened.at)
    return (
        entry is not None
        and entry.handler_code in within.handler_codes
        and entry.handling_district_code in within.district_codes
    )


def _names(session: Session, opened: OpenedCase) -> dict[str, Text]:
    code = opened.task.maker_code if opened.task else None
    maker = makers.get(session, code) if code else None
    return {maker.code: maker.name} if maker else {}


def _handler_name(opened: OpenedCase, names: Mapping[str, Text]) -> Text:
    if opened.state.handler is Handler.MAKER and names:
        return next(iter(names.values()))
    return registry.catalogue().departments[opened.item.department].name


def _facts(session: Session, opened: OpenedCase) -> tuple[Fact, ...]:
    if opened.task is None or opened.is_order:
        return ()
    words = returned.explanations(session, opened.case, opened.definition)
    explanation = words.get(opened.item.code)
    return explanation.facts if explanation else ()


def _results(session: Session, opened: OpenedCase) -> tuple[Result, ...]:
    """What this item issued, and what it builds on."""
    wanted = {opened.item.code, *opened.item.after}
    issued = results.issued(session, opened.case, opened.definition)
    return tuple(result for result in issued if result.item_code in wanted)


def _seals(session: Session, opened: OpenedCase) -> tuple[SealLine, ...]:
    """The seals, unless their order came to nothing; never the code that hands them over."""
    if opened.item.seal_order is None or opened.state.kind in NOT_MADE:
        return ()
    delivery = results.delivery(session, opened.case, opened.definition)
    return delivery.seals if delivery else ()


def _taken_in(session: Session, opened: OpenedCase) -> TakenIn | None:
    name = officer_name(session, opened.case)
    if name is None:
        return None
    key = CaseKey(opened.case.district_code, opened.case.id)
    visit = counter_visits.last_visit(session, key) if opened.is_acceptor else None
    return TakenIn(officer_name=name, visit=visit)


def _history(session: Session, opened: OpenedCase) -> tuple[HistoryLine, ...]:
    """The item's own steps, those it builds on and the case's; others' words stay with them."""
    own: set[str | None] = {opened.item.code}
    shown = own if opened.is_order else {*own, *opened.item.after, None}
    readable = {*own, None} if opened.is_acceptor else own
    return tuple(
        line
        if line.item_code in readable and line.trigger != RECUSE  # private, whoever reads it here
        else replace(line, reason=None, legal_basis=None, places=())
        for line in history.history(session, opened.case.district_code, opened.case.id)
        if line.item_code in shown and not (opened.is_order and line.trigger in CARD_ACTS)
    )
