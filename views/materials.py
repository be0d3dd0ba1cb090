"""The applicant's papers: what is asked for, files added, replaced, removed and opened again."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from core.clock import now
from core.errors import NotFoundError, Problem, RuleViolatedError
from core.file_store import IncomingFile
from core.inspection import UndecidedError, inspect
from core.text import Text
from services import attempts, material_files
from services.case_keys import CaseKey
from services.door.snapshot import NO_CASE
from services.material_files import Arrival, Received, no_room
from services.material_refusals import refusal, types
from services.materials import PATH, FileLine, MaterialLine
from services.progress import progress
from views import uploads
from views.actors import current_actor, entrance, requires
from views.database import transaction
from views.localisation import wording
from views.pictures import file_answer, page_answer
from views.refusals import wants_json
from views.uploads import Door, takes_files
from workflows.permissions import Permission

bp = Blueprint("materials", __name__, url_prefix="/cases")

PAGE = "/<string:district_code>/<uuid:case_id>/materials"
PAPER = f"{PAGE}/<string:material_code>"
FILE = f"{PAPER}/<uuid:file_id>"
NOTHING_CHOSEN = Text(
    zh="还没有选择文件。请先选择文件，再上传。", en="No file was chosen. Choose one, then upload."
)


@dataclass(frozen=True, slots=True)
class Place:
    """One paper of one case, as addressed."""

    key: CaseKey
    code: str


@bp.get(PAGE)
@requires(Permission.DRAFT_WRITE)
def index(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """All papers that the answers ask for, and how each is met; the case while others write."""
    with transaction() as session:
        found = progress(session, current_actor(), district_code, case_id, now())
    if not found.standing.may_write:
        return redirect(url_for("cases.show", district_code=district_code, case_id=case_id), 303)
    return _page(CaseKey(district_code, case_id))


@bp.get(PAPER)
@requires(Permission.DRAFT_WRITE)
def paper(district_code: str, case_id: UUID, material_code: str) -> ResponseReturnValue:
    """One paper: its place on the page, or for a script how its files stand."""
    place = Place(CaseKey(district_code, case_id), material_code)
    line = _line(place)
    return jsonify(_facts(place, line)) if wants_json() else _back(place)


def _before_files(district_code: str, case_id: UUID, material_code: str, **_more: Any) -> Door:
    material = _line(Place(CaseKey(district_code, case_id), material_code)).material
    return Door(material.maximum_bytes, material.maximum_files)


def _too_large(
    district_code: str, case_id: UUID, material_code: str, **_more: Any
) -> ResponseReturnValue:
    place = Place(CaseKey(district_code, case_id), material_code)
    said = refusal("too_large", _line(place).material)
    sentence = Text(zh=said["zh"], en=said["en"])
    return _refused(place, [Problem(PATH.format(code=material_code), sentence)], 413)


@bp.post(PAPER)
@requires(Permission.DRAFT_WRITE)
@takes_files(_before_files, _too_large)
def add(district_code: str, case_id: UUID, material_code: str) -> ResponseReturnValue:
    """Take in one or several files, look into each and say what became of it."""
    return _take(Place(CaseKey(district_code, case_id), material_code), None)


@bp.post(f"{FILE}/replace")
@requires(Permission.DRAFT_WRITE)
@takes_files(_before_files, _too_large)
def replace(
    district_code: str, case_id: UUID, material_code: str, file_id: UUID
) -> ResponseReturnValue:
    """Take in a file in place of another, which stays until the new one is found sound."""
    return _take(Place(CaseKey(district_code, case_id), material_code), file_id)


@bp.post(f"{FILE}/remove")
@requires(Permission.DRAFT_WRITE)
def remove(
    district_code: str, case_id: UUID, material_code: str, file_id: UUID
) -> ResponseReturnValue:
    """Take a file out of the case; again changes nothing."""
    place = Place(CaseKey(district_code, case_id), material_code)
    with transaction() as session:
        where = (material_code, file_id)
        material_files.remove(session, current_actor(), place.key, where, now())
    return jsonify(_facts(place, _line(place))) if wants_json() else _back(place)


@bp.get(FILE)
@requires(Permission.DRAFT_WRITE)
def download(
    district_code: str, case_id: UUID, material_code: str, file_id: UUID
) -> ResponseReturnValue:
    """One's own file, to keep; never shown as a page of ours."""
    key = CaseKey(district_code, case_id)
    with transaction() as session:
        where = (material_code, file_id)
        file = material_files.own_file(session, current_actor(), key, where)
    return file_answer(uploads.store(), file)


@bp.get(f"{FILE}/pages/<int:page>")
@requires(Permission.DRAFT_WRITE)
def picture(
    district_code: str, case_id: UUID, material_code: str, file_id: UUID, page: int
) -> ResponseReturnValue:
    """One page of one's own file as a picture that we drew."""
    key = CaseKey(district_code, case_id)
    with transaction() as session:
        where = (material_code, file_id)
        file = material_files.own_file(session, current_actor(), key, where)
    return page_answer(uploads.store(), file, page)


def _take(place: Place, replaces: UUID | None) -> ResponseReturnValue:
    posted = [each for each in request.files.getlist("files") if _is_chosen(each)]
    path = PATH.format(code=place.code)
    if not posted:
        return _refused(place, [Problem(path, NOTHING_CHOSEN)], 422)
    line = _line(place)
    most = line.material.maximum_files
    _count(min(len(posted), most))
    problems = list(no_room(line).problems) if len(posted) > most else []
    received: list[UUID] = []
    for each in posted[:most]:
        try:
            received.append(_take_one(place, each, replaces))
        except RuleViolatedError as error:
            problems += error.problems
    line = _line(place)
    mine = [file for file in line.files if file.id in received]
    problems += [_said(path, file, len(posted)) for file in mine if file.refusal]
    if problems:
        return _refused(place, problems, 422)
    if wants_json():
        return jsonify(_facts(place, line) | {"state": mine[-1].state if mine else None})
    return _back(place)


def _is_chosen(posted: FileStorage) -> bool:
    """A form without a chosen file sends one without a name and without content."""
    size = posted.stream.size_bytes if isinstance(posted.stream, IncomingFile) else 0
    return bool(posted.filename) or size > 0


def _count(files: int) -> None:
    """Bound how much one person can put on the disk in an hour."""
    meter = attempts.meter(attempts.UPLOAD_ACCOUNT, str(current_actor().id), entrance().secret)
    with transaction() as session:
        attempts.reserve(session, [meter] * files, now())


def _take_one(place: Place, posted: FileStorage, replaces: UUID | None) -> UUID:
    """Keep one file, write it down, look into it; its id."""
    incoming = posted.stream
    if not isinstance(incoming, IncomingFile):
        raise NotFoundError(NO_CASE)
    objection = _objection(incoming)
    content_hash = None
    if objection is None:
        try:
            content_hash = uploads.store().keep(incoming)
        except OSError:
            objection = "not_stored"
    arrival = Arrival(
        material_code=place.code,
        name=posted.filename or "",
        size_bytes=incoming.size_bytes,
        content_hash=content_hash,
        refusal_code=objection,
        replaces=replaces,
    )
    with transaction() as session:
        received = material_files.receive(session, current_actor(), place.key, arrival, now())
    _look_into(received)
    return received.id


def _objection(incoming: IncomingFile) -> str | None:
    if incoming.is_lost:
        return "not_stored"
    if incoming.is_too_large:
        return "too_large"
    return None if incoming.size_bytes else "empty"


def _look_into(received: Received) -> None:
    """Open the file now, so that nobody waits; if the machine is too busy, the worker will."""
    todo = received.to_check
    if todo is None:
        return
    try:
        verdict = inspect(uploads.store().path(todo.content_hash), todo.maximum_pages)
    except UndecidedError:
        return
    with transaction() as session:
        material_files.conclude(session, todo.key, verdict, now())


def _said(path: str, file: FileLine, count: int) -> Problem:
    """A refusal, with the name of the file if several came."""
    sentence = file.refusal or Text(zh="", en="")
    if count > 1:
        sentence = Text(zh=f"“{file.name}”：{sentence.zh}", en=f"“{file.name}”: {sentence.en}")
    return Problem(path, sentence)


def _refused(place: Place, problems: list[Problem], status: int) -> ResponseReturnValue:
    """The page again, with each sentence beside its paper; files that were sound are kept."""
    if wants_json():
        facts = _facts(place, _line(place))
        facts["sentence"] = " ".join(wording(problem.sentence) for problem in problems)
        return jsonify(facts | {"status": status}), status
    return _page(place.key, problems), status


def _line(place: Place) -> MaterialLine:
    """A paper of the actor's own case that is asked for and takes files."""
    with transaction() as session:
        _case, lines = material_files.lines_of(session, current_actor(), place.key, now())
    for line in lines:
        if line.code == place.code and line.material.takes_files:
            return line
    raise NotFoundError(NO_CASE)


def _page(key: CaseKey, problems: list[Problem] | None = None) -> str:
    at = now()
    with transaction() as session:
        _case, lines = material_files.lines_of(session, current_actor(), key, at)
        found = progress(session, current_actor(), key.district_code, key.case_id, at)
    said: dict[str, list[str]] = {}
    for problem in problems or ():
        said.setdefault(problem.path.partition(".")[2], []).append(wording(problem.sentence))
    return render_template(
        "materials/show.html",
        key=key,
        progress=found,
        lines=lines,
        said=said,
        types=types,
        problems=[
            {"id": f"files-{code}", "text": text} for code, texts in said.items() for text in texts
        ],
        is_error=bool(problems),
    )


def _facts(place: Place, line: MaterialLine) -> dict[str, Any]:
    """What a script shows: the files of a paper as the page would draw them."""
    return {
        "html": render_template("materials/files_answer.html", key=place.key, line=line),
        "status_html": render_template("materials/status_answer.html", line=line),
        "line_status": line.status.value,
        "room": line.room,
    }


def _back(place: Place) -> ResponseReturnValue:
    return redirect(
        url_for(
            "materials.index",
            district_code=place.key.district_code,
            case_id=place.key.case_id,
            _anchor=f"material-{place.code}",
        ),
        303,
    )
