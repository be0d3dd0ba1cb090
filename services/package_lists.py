"""Hand-over packages as both offices see and print them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, tuple_
from sqlalchemy.orm import Session

from core.districts import across_districts
from core.errors import NotFoundError
from core.text import Text
from models.case import Case
from models.conflict import Conflict
from models.hand_over_package import HandOverPackage, PackageState
from models.material_file import MaterialFile
from models.person import Person
from models.routing import ResultsAt
from services import definitions, hands, pages
from services.case_keys import CaseKey
from services.definitions import Definition
from services.door.snapshot import NO_CASE
from services.pages import FIRST, Page, Slice
from services.queue import TaskKey
from services.routing import district_name
from services.routing_words import CLOCKS, RESULTS, WAYS
from workflows.permissions import ENGINE_ACTOR, Actor, Permission, Place, Role, may

STATES: Mapping[PackageState, Text] = {
    PackageState.SENT: Text(zh="待确认收到", en="Waiting for the receipt"),
    PackageState.RECEIVED: Text(zh="双方已确认", en="Confirmed by both"),
    PackageState.REFUSED: Text(zh="核对不符，已退回", en="Refused, the hash differs"),
}
BETWEEN = across_districts("packages between two districts, for both of them")
TO = (HandOverPackage.to_district_code, HandOverPackage.to_department_code)
FROM = (HandOverPackage.from_district_code, HandOverPackage.from_department_code)
SENDERS = (Permission.CASE_ACCEPT, Permission.TASK_TRANSFER)
RECEIVERS = (Permission.TASK_REVIEW,)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageLine:
    """One package of the list."""

    task: TaskKey
    number: int
    case_number: str
    title: str
    item_title: Text
    from_name: Text
    to_name: Text
    state: PackageState
    state_words: Text
    sent_at: datetime
    settled_at: datetime | None
    needs_post: bool
    posted_on: date | None
    is_incoming: bool
    """True for those of the office that gets it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionEntry:
    """A section of the form in the package: its title and the commitment to its answers."""

    title: Text
    commitment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """A file in the package, by the name under which it was sent; empty once erased."""

    title: Text
    name: str
    hash: str
    pages: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One package as both offices see and print it."""

    line: PackageLine
    thing_title: Text
    way: Text
    clock: Text
    results: Text
    head_number: int
    head_hash: str
    submission: int
    sections: tuple[SectionEntry, ...]
    files: tuple[FileEntry, ...]
    content_hash: str
    found_hash: str | None
    sent_by: str
    settled_by: str | None
    responsible: str
    """Who answers for the item now: the officer asked first, until the other side confirmed."""
    carrier: str | None
    tracking_number: str | None
    arrived_on: date | None
    can_receive: bool
    can_post: bool
    can_send_again: bool


def incoming(
    session: Session, actor: Actor, at: datetime, wanted: Slice = FIRST
) -> Page[PackageLine]:
    """The packages that came to the actor's offices, the newest first."""
    return _page(session, actor, _is_at(TO, actor, at), wanted, is_incoming=True)


def outgoing(
    session: Session, actor: Actor, at: datetime, wanted: Slice = FIRST
) -> Page[PackageLine]:
    """The packages that the actor's offices sent to others, the newest first."""
    asked = and_(_is_at(FROM, actor, at), ~_is_at(TO, actor, at))
    return _page(session, actor, asked, wanted, is_incoming=False)


def _page(
    session: Session, actor: Actor, asked: ColumnElement[bool], wanted: Slice, *, is_incoming: bool
) -> Page[PackageLine]:
    """Packages of cases that the actor does not keep out of."""
    declared = exists().where(
        Conflict.district_code == HandOverPackage.district_code,
        Conflict.case_id == HandOverPackage.case_id,
        Conflict.person_id == actor.id,
    )
    asked = and_(asked, ~declared)

    def count() -> int:
        counted = select(func.count()).select_from(HandOverPackage)
        return int(session.scalar(counted.prefix_with(BETWEEN).where(asked)) or 0)

    def lines(part: Slice) -> list[PackageLine]:
        rows = session.execute(
            _with_cases()
            .prefix_with(BETWEEN)
            .where(asked)
            .order_by(
                HandOverPackage.sent_at.desc(),
                HandOverPackage.case_id,
                HandOverPackage.item_code,
                HandOverPackage.number.desc(),
            )
            .limit(part.size)
            .offset(part.offset)
        )
        return [_line(session, row, case, is_incoming=is_incoming) for row, case in rows]

    return pages.read(count, lines, wanted)


def _is_at(side: tuple[Any, Any], actor: Actor, at: datetime) -> ColumnElement[bool]:
    """Whether this side of a package is one of the actor's offices."""
    return tuple_(*side).in_(sorted(_offices(actor, at)))


def package(session: Session, actor: Actor, task: TaskKey, number: int, at: datetime) -> Package:
    """One package.

    Raises `NotFoundError` for everybody but its two offices, and `NotPermittedError` for an
    officer of theirs who keeps out of the case.
    """
    row, case = find(session, task, number)
    incoming = is_officer(actor, case, row, at, incoming=True)
    outgoing = is_officer(actor, case, row, at, incoming=False)
    if not (incoming or outgoing):
        raise NotFoundError(NO_CASE)
    hands.check_free(session, actor, case)
    is_newest = newest_number(session, task) == row.number
    line = _line(session, row, case, is_incoming=incoming)
    definition = definitions.by_hash(session, case.definition_hash)
    people = _names(session, row)
    sender = people.get(row.sent_by, "")
    settler = people.get(row.settled_by) if row.settled_by else None
    is_sent = row.state is PackageState.SENT and is_newest
    return Package(
        line=line,
        thing_title=definition.thing.title,
        way=WAYS[row.way],
        clock=CLOCKS[row.clock_from],
        results=RESULTS[row.results_at],
        head_number=int(row.content["head"]["number"]),
        head_hash=str(row.content["head"]["hash"]),
        submission=int(row.content["submission"]),
        sections=_sections(definition, row),
        files=_files(session, definition, row),
        content_hash=row.content_hash.hex(),
        found_hash=row.found_hash.hex() if row.found_hash else None,
        sent_by=sender,
        settled_by=settler,
        responsible=settler or "" if row.state is PackageState.RECEIVED else sender,
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        arrived_on=row.arrived_on,
        can_receive=incoming and is_sent,
        can_post=outgoing and is_sent and row.needs_post,
        can_send_again=outgoing and is_newest and row.state is PackageState.REFUSED,
    )


def newest_line(session: Session, task: TaskKey) -> PackageLine | None:
    """The newest package of an item, for those who may see the item; None if there is none."""
    number = newest_number(session, task)
    if number is None:
        return None
    row, case = find(session, task, number)
    return _line(session, row, case, is_incoming=True)


def collected_in(session: Session, key: CaseKey) -> Mapping[str, Text]:
    """By item the district at whose window its results are collected, where it is not at home."""
    rows = session.execute(
        select(HandOverPackage.item_code, HandOverPackage.to_district_code)
        .where(
            HandOverPackage.district_code == key.district_code,
            HandOverPackage.case_id == key.case_id,
            HandOverPackage.results_at == ResultsAt.DECIDING,
        )
        .order_by(HandOverPackage.number)
    )
    return {row.item_code: district_name(row.to_district_code) for row in rows}


def find(session: Session, task: TaskKey, number: int) -> tuple[HandOverPackage, Case]:
    """A package and its case. Raises `NotFoundError` if there is none such."""
    found = session.execute(
        _with_cases().where(*_of(task), HandOverPackage.number == number)
    ).one_or_none()
    if found is None:
        raise NotFoundError(NO_CASE)
    return found[0], found[1]


def is_officer(
    actor: Actor, case: Case, row: HandOverPackage, at: datetime, *, incoming: bool
) -> bool:
    """True for officers of the office that gets the package, or of the one that sent it."""
    place = Place(
        applicant_id=case.applicant_id,
        district_code=row.to_district_code if incoming else row.from_district_code,
        department_code=row.to_department_code if incoming else row.from_department_code,
    )
    permissions = RECEIVERS if incoming else SENDERS
    return any(may(actor, permission, place, at) for permission in permissions)


def newest_number(session: Session, task: TaskKey) -> int | None:
    """The number of an item's newest package; None if it never left where it was accepted."""
    return session.execute(select(func.max(HandOverPackage.number)).where(*_of(task))).scalar()


def _of(task: TaskKey) -> tuple[Any, ...]:
    return (
        HandOverPackage.district_code == task.key.district_code,
        HandOverPackage.case_id == task.key.case_id,
        HandOverPackage.item_code == task.item_code,
    )


def _with_cases() -> Select[HandOverPackage, Case]:
    return select(HandOverPackage, Case).join(
        Case,
        (Case.district_code == HandOverPackage.district_code)
        & (Case.id == HandOverPackage.case_id),
    )


def _offices(actor: Actor, at: datetime) -> frozenset[tuple[str, str]]:
    return frozenset(
        (grant.district_code, grant.department_code)
        for grant in actor.grants
        if grant.role in {Role.CLERK, Role.HEAD}
        and grant.holds_at(at)
        and grant.district_code
        and grant.department_code
    )


def _line(session: Session, row: HandOverPackage, case: Case, *, is_incoming: bool) -> PackageLine:
    definition = definitions.by_hash(session, case.definition_hash)
    return PackageLine(
        task=TaskKey(key=CaseKey(row.district_code, row.case_id), item_code=row.item_code),
        number=row.number,
        case_number=case.number or "",
        title=case.title or "",
        item_title=definition.thing.item(row.item_code).title,
        from_name=district_name(row.from_district_code),
        to_name=district_name(row.to_district_code),
        state=row.state,
        state_words=STATES[row.state],
        sent_at=row.sent_at,
        settled_at=row.settled_at,
        needs_post=row.needs_post,
        posted_on=row.posted_on,
        is_incoming=is_incoming,
    )


def _names(session: Session, row: HandOverPackage) -> dict[UUID, str]:
    wanted = [each for each in (row.sent_by, row.settled_by) if each]
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {row.id: row.name for row in found} | {ENGINE_ACTOR.id: ENGINE_ACTOR.name}


def _sections(definition: Definition, row: HandOverPackage) -> tuple[SectionEntry, ...]:
    titles = {section.code: section.title for section in definition.thing.sections}
    return tuple(
        SectionEntry(
            title=titles.get(each["section"], Text(zh=each["section"], en=each["section"])),
            commitment=each["commitment"],
        )
        for each in row.content["answers"]
    )


def _files(session: Session, definition: Definition, row: HandOverPackage) -> tuple[FileEntry, ...]:
    listed = row.content["materials"]
    names = {
        str(file_id): name
        for file_id, name in session.execute(
            select(MaterialFile.id, MaterialFile.original_name).where(
                MaterialFile.district_code == row.district_code,
                MaterialFile.case_id == row.case_id,
                MaterialFile.id.in_([UUID(each["id"]) for each in listed]),
            )
        )
    }
    titles = {material.code: material.title for material in definition.thing.materials}
    return tuple(
        FileEntry(
            title=titles.get(each["code"], Text(zh=each["code"], en=each["code"])),
            name=names.get(each["id"], ""),
            hash=each["hash"],
            pages=each["pages"],
        )
        for each in listed
    )
