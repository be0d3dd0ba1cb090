"""Hand-over packages (移交包): receipt, posting, and the hash computed from what was received."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFoundError
from core.file_store import FileStore
from models.case import Case
from models.event import Event
from models.hand_over_package import HandOverPackage, PackageState
from models.submission import Submission
from models.supervision import StaffNoticeKind
from services import definitions, desks, door, package_lists, staff_notices
from services.case_keys import CaseKey
from services.definitions import Definition
from services.desks import Desk
from services.door import chain, package_content
from services.door.package_content import Sent
from services.door.snapshot import NO_CASE
from services.queue import TaskKey
from services.staff_notices import Told
from workflows.permissions import ENGINE_ACTOR, Actor
from workflows.process import POST_PACKAGE, RECEIVE_PACKAGE, SEND_PACKAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """How papers travel, and which press noted it."""

    command_id: UUID
    carrier: str
    tracking_number: str
    posted_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Which package is confirmed by which press, and with which files it is compared."""

    number: int
    command_id: UUID
    store: FileStore
    arrived_on: date | None = None


def receive(
    session: Session,
    actor: Actor,
    task: TaskKey,
    confirmation: Confirmation,
    at: datetime,
) -> bool:
    """Compute the hash from what was received and confirm the package, or refuse it; True if equal.

    Raises `NotFoundError` for other offices, `NotPermittedError`, `ConflictError` if it was settled
    meanwhile, and `RuleViolatedError` at ``arrived_on`` if papers travel with it.
    """
    row, case = package_lists.find(session, task, confirmation.number)
    if not package_lists.is_officer(actor, case, row, at, incoming=True):
        raise NotFoundError(NO_CASE)
    found = recompute(session, row, confirmation.store)
    inputs: dict[str, object] = {
        "number": row.number,
        "found_hash": found.hex(),
        "chained_hash": _chained_hash(session, row),
    }
    if confirmation.arrived_on is not None:
        inputs["arrived_on"] = confirmation.arrived_on.isoformat()
    _move(session, actor, task, (RECEIVE_PACKAGE, confirmation.command_id, inputs), at)
    session.expire_all()
    settled = package_lists.find(session, task, confirmation.number)[0]
    return settled.state is PackageState.RECEIVED


def post(session: Session, actor: Actor, task: TaskKey, posting: Posting, at: datetime) -> None:
    """Note how the papers of the newest package travel. Raises as `receive`."""
    inputs: dict[str, object] = {
        "carrier": posting.carrier,
        "tracking_number": posting.tracking_number,
    }
    if posting.posted_on is not None:
        inputs["posted_on"] = posting.posted_on.isoformat()
    _move(session, actor, task, (POST_PACKAGE, posting.command_id, inputs), at)


def send_again(
    session: Session, actor: Actor, task: TaskKey, command_id: UUID, at: datetime
) -> None:
    """Make a refused package anew from what lies here now. Raises as `receive`."""
    _move(session, actor, task, (SEND_PACKAGE, command_id, {}), at)


def tell_sender(
    session: Session, district_code: str, case_id: UUID, event_number: int, at: datetime
) -> None:
    """Tell the officer who sent a package that the other side refused it, once.

    Nobody sent what followed by itself: the heads of the sending desk are told then. Passes over
    an event that is not there, since its command was rolled back.
    """
    event = session.execute(
        select(Event).where(
            Event.district_code == district_code,
            Event.case_id == case_id,
            Event.number == event_number,
        )
    ).scalar_one_or_none()
    if event is None:
        return
    [refused] = event.body["rows"]["packages"]
    task = TaskKey(key=CaseKey(district_code, case_id), item_code=str(refused["item_code"]))
    row, _case = package_lists.find(session, task, int(refused["number"]))
    people = {row.sent_by}
    if row.sent_by == ENGINE_ACTOR.id:
        desk = Desk(district_code=row.from_district_code, department_code=row.from_department_code)
        people = {each.id for each in desks.members(session, desk, at) if each.is_head}
    told = Told(
        key=task.key,
        event_number=event_number,
        item_code=task.item_code,
        kind=StaffNoticeKind.PACKAGE_REFUSED,
    )
    staff_notices.tell(session, told, people, at)


def recompute(session: Session, row: HandOverPackage, store: FileStore) -> bytes:
    """The hash of a package from what lies here: answers, file bytes and chain read anew."""
    case = session.execute(
        select(Case).where(Case.district_code == row.district_code, Case.id == row.case_id)
    ).scalar_one()
    definition = definitions.by_hash(session, case.definition_hash)
    seen_by = None if row.content.get("whole_case") else row.item_code
    sent = _sent(session, row)
    content = dict(row.content) | {
        "district_code": case.district_code,
        "case_id": str(case.id),
        "case_number": case.number,
        "definition_hash": definition.hash.hex(),
        "to": {"district": row.to_district_code, "department": row.to_department_code},
        "head": _head(session, row),
        "answers": package_content.answers_part(definition.thing, seen_by, sent) if sent else [],
        "materials": _materials(session, definition, row, sent, store) if sent else [],
    }
    return package_content.digest(content)


def _materials(
    session: Session,
    definition: Definition,
    row: HandOverPackage,
    sent: Sent,
    store: FileStore,
) -> list[dict[str, Any]]:
    """The files with the hash of their bytes as they lie in the store now."""
    seen_by = None if row.content.get("whole_case") else row.item_code
    listed = package_content.materials_part(definition.thing, seen_by, sent.materials)
    return [file | {"hash": _hash_of_bytes(store, str(file["hash"]))} for file in listed]


def _hash_of_bytes(store: FileStore, content_hash: str) -> str:
    try:
        with store.path(bytes.fromhex(content_hash)).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _head(session: Session, row: HandOverPackage) -> dict[str, Any]:
    """The event up to which the case was handed over, hashed anew from its columns."""
    number = int(row.content["head"]["number"])
    event = session.execute(
        select(Event).where(
            Event.district_code == row.district_code,
            Event.case_id == row.case_id,
            Event.number == number,
        )
    ).scalar_one_or_none()
    if event is None:
        return {"number": number, "hash": ""}
    columns = {column.key: getattr(event, column.key) for column in Event.__table__.columns}
    return {"number": number, "hash": chain.event_hash(columns).hex()}


def _sent(session: Session, row: HandOverPackage) -> Sent | None:
    found = session.execute(
        select(Submission).where(
            Submission.district_code == row.district_code,
            Submission.case_id == row.case_id,
            Submission.event_number == int(row.content["submission"]),
        )
    ).scalar_one_or_none()
    if found is None or found.answers is None:
        return None
    return Sent(
        event_number=found.event_number,
        answers=found.answers,
        materials=tuple(found.materials),
        commitment_key=found.commitment_key,
    )


def _chained_hash(session: Session, row: HandOverPackage) -> str:
    """The hash that the event which made the package says; nobody can change it there."""
    body = session.execute(
        select(Event.body).where(
            Event.district_code == row.district_code,
            Event.case_id == row.case_id,
            Event.number == row.event_number,
        )
    ).scalar_one()
    for each in body.get("rows", {}).get("packages", ()):
        if (each["item_code"], each["number"]) == (row.item_code, row.number):
            return str(each["content_hash"])
    return ""


def _move(
    session: Session,
    actor: Actor,
    task: TaskKey,
    what: tuple[str, UUID, Mapping[str, object]],
    at: datetime,
) -> door.Moved:
    trigger, command_id, inputs = what
    return door.move(
        session,
        door.Command(
            district_code=task.key.district_code,
            case_id=task.key.case_id,
            item_code=task.item_code,
            trigger=trigger,
            command_id=command_id,
            inputs=inputs,
        ),
        actor,
        at,
    )
