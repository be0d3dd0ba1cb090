"""Files of a case's papers: received, checked, replaced, removed, opened by those who may."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from catalog import answers as catalog_answers
from catalog.schema import Material
from core.clock import CIVIL_ZONE
from core.districts import across_districts
from core.errors import NotFoundError, Problem, RuleViolatedError, TransitionRefusedError
from core.inspection import SOUND, Verdict
from core.text import Text
from models.base import new_id
from models.case import Case, CaseAnswers
from models.material_file import FileState, MaterialFile
from services import definitions, draft_locks, mend_requests
from services.case_keys import CaseKey
from services.cases import NOT_EDITABLE
from services.door.snapshot import NO_CASE
from services.file_names import cleaned
from services.material_refusals import refusal
from services.materials import PATH, MaterialLine, material_lines, was_sent
from services.opened_case import open_case
from services.own_cases import own_case
from services.queue import TaskKey
from workflows.permissions import Actor, Permission

WAIT = timedelta(seconds=45)
"""After which the worker looks into a file that its web process has left unchecked."""
PATIENCE = timedelta(minutes=10)
"""After which a file that could not be checked counts as refused: nobody waits for ever."""
KEPT = timedelta(days=1)
REFUSED_KEPT = 5
"""Refused files of one paper that stay in sight."""
BATCH = 20

NO_FILE = Text(
    zh="没有这个文件，可能已经移除。", en="There is no such file; it may have been removed."
)
NOT_ASKED = Text(
    zh="按现在填写的内容，不需要这项材料。", en="Your answers do not ask for this paper now."
)
NOT_OPEN = Text(
    zh="这项材料没有被要求修改，不能变动。",
    en="Nobody asked to change this paper; it stays as it is.",
)
TOO_MANY = Text(
    zh="“{title}”最多 {maximum} 个文件。请先移除不需要的，再添加。",
    en="“{title}” takes {maximum} files at most. Remove one first.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKey:
    """How one file is addressed."""

    district_code: str
    case_id: UUID
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A file that has arrived; its content is in the store already, if it could be kept."""

    material_code: str
    name: str
    size_bytes: int
    content_hash: bytes | None
    refusal_code: str | None = None
    """Why it needs no opening: ``empty``, ``too_large`` or ``not_stored``."""
    replaces: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToCheck:
    """A received file that has to be opened."""

    key: FileKey
    content_hash: bytes
    maximum_pages: int
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A file that was written down."""

    id: UUID
    is_new: bool
    """False if the same content was there already."""
    to_check: ToCheck | None
    """None if it needs no opening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file that somebody may open."""

    content_hash: bytes
    name: str
    media_type: str
    size_bytes: int
    page_count: int


def lines_of(
    session: Session, actor: Actor, key: CaseKey, at: datetime, *, lock: bool = False
) -> tuple[Case, tuple[MaterialLine, ...]]:
    """The actor's own case and the papers that it asks for, as the form now reads.

    Raises `NotFoundError` for anybody else's case.
    """
    case = own_case(session, actor, key, Permission.DRAFT_WRITE, lock=lock)
    definition = definitions.by_hash(session, case.definition_hash)
    typed = session.execute(
        select(CaseAnswers.typed).where(
            CaseAnswers.district_code == key.district_code, CaseAnswers.case_id == key.case_id
        )
    ).scalar_one()
    on = at.astimezone(CIVIL_ZONE).date()
    answers = catalog_answers.read(definition.thing, typed, on=on).answers
    lines = material_lines(session, case, definition, answers)
    held = draft_locks.lock_of(session, key)
    if held is not None and held.side is not draft_locks.side_of(actor, case):
        lines = tuple(replace(line, is_open=False) for line in lines)
    return case, lines


def receive(
    session: Session, actor: Actor, key: CaseKey, arrival: Arrival, at: datetime
) -> Received:
    """Write down a file that has arrived, and say whether it has to be opened still.

    The same content sent twice to one paper is there once. Raises `NotFoundError`,
    `TransitionRefusedError` (submitted meanwhile, or not to be changed) and `RuleViolatedError`
    (not asked for, no room left, or to replace a file that this paper does not have).
    """
    line = _open_line(session, actor, key, arrival.material_code, at)
    same = next((file for file in line.files if _is_same(file.hash, arrival)), None)
    if same is not None:
        return Received(id=same.id, is_new=False, to_check=None)
    frees = _frees(line, arrival.replaces)
    if arrival.refusal_code is None and line.material.maximum_files - line.kept + frees < 1:
        raise no_room(line)
    _forget_refused(session, key, line, at)
    file = MaterialFile(
        district_code=key.district_code,
        case_id=key.case_id,
        id=new_id(),
        material_code=arrival.material_code,
        content_hash=arrival.content_hash,
        original_name=cleaned(arrival.name),
        size_bytes=arrival.size_bytes,
        state=FileState.REFUSED if arrival.refusal_code else FileState.RECEIVED,
        refusal=refusal(arrival.refusal_code, line.material) if arrival.refusal_code else None,
        uploaded_by=actor.id,
        replaces=arrival.replaces,
        received_at=at,
        checked_at=at if arrival.refusal_code else None,
    )
    session.add(file)
    session.flush()
    to_check = None if arrival.refusal_code else _to_check(file, line.material)
    return Received(id=file.id, is_new=True, to_check=to_check)


def no_room(line: MaterialLine) -> RuleViolatedError:
    """That a paper takes no more files."""
    sentence = TOO_MANY.format(title=line.title, maximum=line.material.maximum_files)
    return RuleViolatedError((Problem(PATH.format(code=line.code), sentence),))


def conclude(session: Session, key: FileKey, verdict: Verdict, at: datetime) -> FileState:
    """Write down what a file turned out to be; a second verdict changes nothing.

    A sound file takes the place of the one that it replaces. The case comes before its files, as
    for everybody who locks both. Raises `NotFoundError`.
    """
    session.execute(
        select(Case.id)
        .where(Case.district_code == key.district_code, Case.id == key.case_id)
        .with_for_update()
    )
    file = session.execute(
        select(MaterialFile)
        .where(
            MaterialFile.district_code == key.district_code,
            MaterialFile.case_id == key.case_id,
            MaterialFile.id == key.id,
        )
        .with_for_update()
    ).scalar_one_or_none()
    if file is None:
        raise NotFoundError(NO_FILE)
    if file.state is not FileState.RECEIVED:
        return file.state
    material = _material(session, file)
    code = _code(verdict, material)
    file.media_type, file.page_count, file.checked_at = verdict.media_type, verdict.page_count, at
    file.state = FileState.CHECKED if code == SOUND else FileState.REFUSED
    if code != SOUND:
        file.refusal = refusal(code, material, verdict.page_count)
    elif file.replaces is not None and file.removed_at is None:
        place = CaseKey(key.district_code, key.case_id)
        _remove(session, place, file.replaces, at, file.material_code)
    session.flush()
    return file.state


def remove(
    session: Session, actor: Actor, key: CaseKey, place: tuple[str, UUID], at: datetime
) -> None:
    """Take a file (``place``: paper and file) out of the actor's case; again does nothing more.

    Raises `NotFoundError` and `TransitionRefusedError`.
    """
    code, file_id = place
    _open_line(session, actor, key, code, at)
    if not _remove(session, key, file_id, at, code):
        raise NotFoundError(NO_FILE)


def own_file(session: Session, actor: Actor, key: CaseKey, place: tuple[str, UUID]) -> StoredFile:
    """A file of the actor's own case, to be opened. Raises `NotFoundError`."""
    own_case(session, actor, key, Permission.DRAFT_WRITE)
    file = _stored(session, key, place[1])
    if file is None or file.material_code != place[0]:
        raise NotFoundError(NO_FILE)
    return _stored_file(file)


def task_file(
    session: Session, actor: Actor, task: TaskKey, file_id: UUID, at: datetime
) -> StoredFile:
    """A file as sent, for those whose item may see its paper. Raises `NotFoundError`."""
    opened = open_case(session, actor, task, at)
    file = _stored(session, task.key, file_id)
    if file is None or not was_sent(session, file):
        raise NotFoundError(NO_FILE)
    if opened.item.code not in _material(session, file).items:
        raise NotFoundError(NO_FILE)
    return _stored_file(file)


def waiting(session: Session, at: datetime) -> list[ToCheck]:
    """Files that were received a while ago and are not checked yet, the oldest first."""
    rows = session.execute(
        select(MaterialFile)
        .prefix_with(across_districts("files left unchecked, wherever they are"))
        .where(MaterialFile.state == FileState.RECEIVED, MaterialFile.received_at < at - WAIT)
        .order_by(MaterialFile.received_at)
        .limit(BATCH)
    ).scalars()
    return [_to_check(file, _material(session, file)) for file in rows]


def is_given_up(waiting_file: ToCheck, at: datetime) -> bool:
    """True if a file has waited so long that its applicant must be told."""
    return waiting_file.received_at < at - PATIENCE


def forget_removed(session: Session, at: datetime) -> int:
    """Delete the rows of files that were removed a day ago and never sent; how many."""
    done = session.execute(
        delete(MaterialFile)
        .prefix_with(across_districts("removed files, wherever they are"))
        .where(
            MaterialFile.removed_at < at - KEPT,
            MaterialFile.sent_event_number.is_(None),
        )
        .returning(MaterialFile.id)
    ).all()
    return len(done)


def named_content(session: Session, hashes: Any) -> set[bytes]:
    """Which of these content hashes a row still needs: refused files are not kept."""
    rows = session.execute(
        select(MaterialFile.content_hash)
        .prefix_with(across_districts("files that no row of any district names"))
        .where(
            MaterialFile.content_hash.in_(list(hashes)),
            MaterialFile.state != FileState.REFUSED,
        )
        .distinct()
    ).scalars()
    return {bytes(each) for each in rows if each is not None}


def _frees(line: MaterialLine, replaced_id: UUID | None) -> int:
    """How many places a replacement frees: refused files take none. Raises `RuleViolatedError`."""
    if replaced_id is None:
        return 0
    replaced = next((file for file in line.files if file.id == replaced_id), None)
    if replaced is None:
        raise RuleViolatedError((Problem(PATH.format(code=line.code), NO_FILE),))
    return int(replaced.state is not FileState.REFUSED)


def _is_same(known_hash: str | None, arrival: Arrival) -> bool:
    return arrival.content_hash is not None and known_hash == arrival.content_hash.hex()


def _open_line(
    session: Session, actor: Actor, key: CaseKey, code: str, at: datetime
) -> MaterialLine:
    case, lines = lines_of(session, actor, key, at, lock=True)
    thing = definitions.by_hash(session, case.definition_hash).thing
    if code not in {material.code for material in thing.materials if material.takes_files}:
        raise NotFoundError(NO_CASE)
    if not mend_requests.may_be_written(session, case):
        raise TransitionRefusedError(NOT_EDITABLE)
    draft_locks.require(session, key, draft_locks.side_of(actor, case), at)
    line = next((line for line in lines if line.code == code), None)
    if line is None:
        raise RuleViolatedError((Problem(PATH.format(code=code), NOT_ASKED),))
    if not line.is_open:
        raise TransitionRefusedError(NOT_OPEN)
    return line


def _forget_refused(session: Session, key: CaseKey, line: MaterialLine, at: datetime) -> None:
    refused = [file.id for file in line.files if file.state is FileState.REFUSED]
    for file_id in refused[: -(REFUSED_KEPT - 1)]:
        _remove(session, key, file_id, at)


def _remove(
    session: Session, key: CaseKey, file_id: UUID, at: datetime, code: str | None = None
) -> bool:
    """Mark a file as removed; False if the case has no such file."""
    file = session.execute(
        select(MaterialFile).where(
            MaterialFile.district_code == key.district_code,
            MaterialFile.case_id == key.case_id,
            MaterialFile.id == file_id,
        )
    ).scalar_one_or_none()
    if file is None or code not in {None, file.material_code}:
        return False
    file.removed_at = file.removed_at or at
    session.flush()
    return True


def _stored(session: Session, key: CaseKey, file_id: UUID) -> MaterialFile | None:
    return session.execute(
        select(MaterialFile).where(
            MaterialFile.district_code == key.district_code,
            MaterialFile.case_id == key.case_id,
            MaterialFile.id == file_id,
            MaterialFile.state == FileState.CHECKED,
            or_(MaterialFile.removed_at.is_(None), MaterialFile.sent_event_number.is_not(None)),
        )
    ).scalar_one_or_none()


def _stored_file(file: MaterialFile) -> StoredFile:
    return StoredFile(
        content_hash=bytes(file.content_hash or b""),
        name=file.original_name,
        media_type=file.media_type or "application/octet-stream",
        size_bytes=file.size_bytes,
        page_count=file.page_count or 1,
    )


def _to_check(file: MaterialFile, material: Material) -> ToCheck:
    return ToCheck(
        key=FileKey(district_code=file.district_code, case_id=file.case_id, id=file.id),
        content_hash=bytes(file.content_hash or b""),
        maximum_pages=material.maximum_pages,
        received_at=file.received_at,
    )


def _material(session: Session, file: MaterialFile) -> Material:
    digest = session.execute(
        select(Case.definition_hash).where(
            Case.district_code == file.district_code, Case.id == file.case_id
        )
    ).scalar_one()
    return definitions.by_hash(session, digest).thing.material(file.material_code)


def _code(verdict: Verdict, material: Material) -> str:
    kind = (verdict.media_type or "").rpartition("/")[2]
    if verdict.code == SOUND and kind not in {each.value for each in material.accepts}:
        return "not_accepted"
    return verdict.code
