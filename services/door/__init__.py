"""The one door: every change of a case's or task's state goes through `move`.

In the caller's transaction: lock the case, give the first result again for a repeated command,
check version, both permission locks and guards, fire the machine, apply effects, settle what
follows by itself, append the chained events, and write everything in one statement.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from services import calendars, definitions, routing
from services.door import counting, serials
from services.door.act import act
from services.door.automatic_decisions import assessment_jobs
from services.door.automatic_records import AutomaticRecords
from services.door.command import (
    CardDraft,
    Command,
    Delay,
    Moved,
    PlaceToMend,
    RepairDraft,
    Sent,
)
from services.door.decision import Decision
from services.door.notable import notable_jobs
from services.door.records import CaseRecords
from services.door.repair_records import RepairRecords
from services.door.rosters import Rosters
from services.door.snapshot import Snapshot, read
from services.door.supervision_rows import SupervisionRecords
from services.door.write import write
from workflows.permissions import Actor

__all__ = [
    "CardDraft",
    "Command",
    "Delay",
    "Moved",
    "PlaceToMend",
    "RepairDraft",
    "Sent",
    "move",
    "move_if_free",
]


def move(session: Session, command: Command, actor: Actor, at: datetime) -> Moved:
    """Carry out ``command`` once, for ``actor``, at the instant ``at``.

    Raises `NotFoundError` (no such case, or not within the actor's reach), `NotPermittedError`,
    `TransitionRefusedError`, `ConflictError` (a stale page, or somebody else's claim) and
    `RuleViolatedError` (what was typed breaks a rule). Nothing is written then.
    """
    snapshot = read(
        session,
        case_key=(command.district_code, command.case_id),
        command_id=command.command_id,
        at=at,
    )
    if snapshot is None:
        raise RuntimeError("a waiting read always returns a case or raises")
    return _carry_out(session, snapshot, command, actor, at)


def move_if_free(session: Session, command: Command, actor: Actor, at: datetime) -> Moved | None:
    """As `move`, but None if another transaction holds the case: for those who walk a queue.

    Whoever holds a queue row must not wait for a case row: its holder may want the queue row.
    """
    snapshot = read(
        session,
        case_key=(command.district_code, command.case_id),
        command_id=command.command_id,
        at=at,
        wait=False,
    )
    return None if snapshot is None else _carry_out(session, snapshot, command, actor, at)


def _carry_out(
    session: Session, snapshot: Snapshot, command: Command, actor: Actor, at: datetime
) -> Moved:
    if snapshot.earlier is not None:
        case = snapshot.case
        return replace(
            _moved(case["number"], case["state"], command, snapshot.earlier), repeated=True
        )
    last = snapshot.last_event_at
    case_key = (command.district_code, command.case_id)
    decision = Decision(
        snapshot=snapshot,
        definition=definitions.by_hash(session, snapshot.case["definition_hash"]),
        newest_calendars=lambda offices: calendars.newest_hashes(session, offices),
        calendar_by_hash=lambda digest: calendars.by_hash(session, digest),
        actor=actor,
        command=command,
        # An event is never before the one it follows, even if two clocks disagree.
        at=at if last is None or last <= at else last,
        allocate=lambda place, series, count: serials.allocate(session, place, series, count),
        answers=lambda: serials.answers(session, case_key),
        typed=lambda since=None: serials.typed(session, case_key, since),
        part_lists=lambda: serials.part_lists(session, case_key),
        rosters=Rosters(session),
        asked_before=lambda: serials.asked_before(session, case_key, command.item_code),
        sent=lambda: serials.sent(session, case_key),
        routes=lambda: routing.table(session, snapshot.case["thing_code"]),
        steps=lambda: serials.steps(session, case_key),
        records=CaseRecords(session, *case_key),
        supervision=SupervisionRecords(session, *case_key),
        automatic=AutomaticRecords(session, *case_key),
        repairs=RepairRecords(session, *case_key),
    )
    with counting.refusals(decision.definition, command):
        act(decision, lambda: serials.last_act(session, case_key, command.item_code))
    decision.changes.jobs += notable_jobs(decision) + assessment_jobs(decision)
    events = write(session, decision)
    counting.done(session, decision.definition, events)
    own = next(event for event in events if event["command_id"] == command.command_id)
    _keep_beside(session, decision, own["number"])
    return _moved(
        decision.column("number"), decision.case_state, command, (own["number"], own["hash"])
    )


def _keep_beside(session: Session, decision: Decision, number: int) -> None:
    """Write the rows that few commands have beside the one statement, for their event."""
    changes, at = decision.changes, decision.at
    decision.records.keep(decision.promises, number, decision.case["applicant_id"], at)
    if changes.submission is not None:
        case_key = (decision.district_code, decision.case_id)
        serials.keep_submission(session, case_key, number, changes.submission, at)
    decision.supervision.keep(changes.cards, changes.delays)
    decision.repairs.keep(changes.repair, at)
    decision.automatic.keep(changes.assessment, changes.overturned, at)


def _moved(number: str | None, state: str, command: Command, event: tuple[int, bytes]) -> Moved:
    return Moved(
        district_code=command.district_code,
        case_id=command.case_id,
        case_number=number,
        state=state,
        event_number=event[0],
        event_hash=bytes(event[1]),
        repeated=False,
    )
