"""The papers of a case: which are asked for, how each is met, which files are there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog.expressions import Facts
from catalog.promises import is_promised
from catalog.schema import Material, OneThing
from core.errors import Problem
from core.text import Text
from models.case import Case
from models.event import SENDS_THE_FORM, Event
from models.material_file import FileState, MaterialFile
from services import definitions, mend_requests
from services.case_keys import CaseKey
from services.definitions import Definition
from services.own_cases import EDITABLE
from workflows.case import CaseState

Answers = Mapping[str, Any]

PATH = "materials.{code}"
MISSING = Text(
    zh="还没有上传“{title}”。请先上传，再提交。", en="Upload “{title}” before you submit."
)
NOT_CHECKED = Text(
    zh="“{title}”里有文件还在检查，一般几秒钟就好。请稍等，刷新后再提交。",
    en="A file of “{title}” is still being checked, which takes a few seconds. Wait, reload and "
    "submit then.",
)
REFUSED = Text(
    zh="“{title}”里有文件没有通过检查。请换一个文件，或者把它移除。",
    en="A file of “{title}” was refused. Replace it or remove it.",
)


class LineStatus(StrEnum):
    """How far a paper is, for its applicant."""

    NOT_NEEDED = "not_needed"
    """Nothing to do: generated, shared, or replaced by a commitment."""
    OPTIONAL = "optional"
    PROMISED = "promised"
    """To be brought after acceptance, as the applicant promises (容缺)."""
    MISSING = "missing"
    CHECKING = "checking"
    REFUSED = "refused"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """One file of a paper."""

    id: UUID
    material_code: str
    name: str
    media_type: str | None
    size_bytes: int
    page_count: int | None
    state: FileState
    refusal: Text | None
    """Why it cannot be used."""
    hash: str | None
    """SHA-256, hexadecimal."""
    received_at: datetime

    @property
    def is_checked(self) -> bool:
        """True once it was opened and found sound."""
        return self.state is FileState.CHECKED


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialLine:
    """One paper that the answers ask for, with its files."""

    code: str
    title: Text
    material: Material
    is_required: bool
    """True if the case cannot be submitted without a file."""
    is_open: bool
    """True if files may be added, replaced and removed now."""
    files: tuple[FileLine, ...]
    is_promised: bool = False
    """True if the answers promise to bring it after acceptance."""

    @property
    def status(self) -> LineStatus:
        """The worst of its files decides: nothing may be sent by mistake."""
        states = {file.state for file in self.files}
        if FileState.REFUSED in states:
            return LineStatus.REFUSED
        if FileState.RECEIVED in states:
            return LineStatus.CHECKING
        if states:
            return LineStatus.COMPLETE
        if self.is_required:
            return LineStatus.MISSING
        if self.is_promised:
            return LineStatus.PROMISED
        return LineStatus.OPTIONAL if self.material.takes_files else LineStatus.NOT_NEEDED

    @property
    def room(self) -> int:
        """How many files may still be added."""
        return max(self.material.maximum_files - self.kept, 0)

    @property
    def kept(self) -> int:
        """How many files count: refused ones do not."""
        return sum(file.state is not FileState.REFUSED for file in self.files)

    @property
    def problem(self) -> Problem | None:
        """What keeps the case from being submitted, at ``materials.<code>``."""
        words = {
            LineStatus.MISSING: MISSING,
            LineStatus.CHECKING: NOT_CHECKED,
            LineStatus.REFUSED: REFUSED,
        }.get(self.status)
        return (
            Problem(PATH.format(code=self.code), words.format(title=self.title)) if words else None
        )


def material_lines(
    session: Session, case: Case, definition: Definition, answers: Answers
) -> tuple[MaterialLine, ...]:
    """Every paper that ``answers`` ask for, in the order of the definition.

    While the applicant may write these are the files as they now are; afterwards as they were
    sent. What `answers` no longer ask for is left out, and so are its files.
    """
    requests = mend_requests.standing(session, case)
    is_editable = case.state in EDITABLE or bool(requests)
    files = _current(session, case) if is_editable else _sent(session, case)
    sent_codes = {file.material_code for file in files if file.sent_event_number}
    named = {code for request in requests for code in request.papers}
    facts = Facts(answers)
    is_draft = case.state == CaseState.DRAFT

    def may_change(material: Material) -> bool:
        if not (is_editable and material.takes_files):
            return False
        is_fresh = material.code not in sent_codes
        # Beside the places that single parts named, only a paper that an answer now asks for.
        is_fresh = is_fresh and (case.state in EDITABLE or is_required(material, answers))
        return material.code in named or is_fresh or is_draft

    return tuple(
        _line(
            material,
            answers,
            [file for file in files if file.material_code == material.code],
            is_open=may_change(material),
        )
        for material in definition.thing.materials
        if material.when is None or facts.decide(material.when) is True
    )


def part_lines(
    session: Session, case: Case, definition: Definition, answers: Answers, others: frozenset[str]
) -> tuple[MaterialLine, ...]:
    """As `material_lines`, with the papers that others asked for as they were sent last."""
    files = _sent(session, case) if others else ()
    return tuple(
        replace(
            line,
            files=tuple(_file_line(file) for file in files if file.material_code == line.code),
        )
        if line.code in others
        else line
        for line in material_lines(session, case, definition, answers)
    )


def sent_lines(
    session: Session, case: Case, definition: Definition, item_code: str | None = None
) -> tuple[MaterialLine, ...]:
    """The papers with files as they were sent last: all, or those that an item may open."""
    files = _sent(session, case)
    found = []
    for material in definition.thing.materials:
        own = [file for file in files if file.material_code == material.code]
        if own and (item_code is None or item_code in material.items):
            found.append(_line(material, {}, own, is_open=False))
    return tuple(found)


def problems(lines: Sequence[MaterialLine]) -> tuple[Problem, ...]:
    """What keeps a case from being submitted."""
    return tuple(line.problem for line in lines if line.problem)


def to_send(lines: Sequence[MaterialLine]) -> list[dict[str, Any]]:
    """What a submission says of its papers: what its event commits to."""
    return [_document(file) for line in lines for file in line.files if file.is_checked]


def sent(session: Session, key: CaseKey) -> list[dict[str, Any]]:
    """The papers of the last submission, as `to_send` said it then."""
    case = session.execute(
        select(Case).where(Case.district_code == key.district_code, Case.id == key.case_id)
    ).scalar_one()
    definition = definitions.by_hash(session, case.definition_hash)
    return to_send(sent_lines(session, case, definition))


def was_sent(session: Session, file: MaterialFile) -> bool:
    """True for a file of any submission; False for one that was set aside before it was sent."""
    found = session.execute(
        select(Event.number).where(
            Event.district_code == file.district_code,
            Event.case_id == file.case_id,
            Event.number == file.sent_event_number,
            SENDS_THE_FORM,
        )
    ).scalar_one_or_none()
    return found is not None


def mark_sent(
    session: Session, case: Case, lines: Sequence[MaterialLine], event_number: int
) -> None:
    """Remember of which submission these files were part; from then on they are evidence."""
    ids = [file.id for line in lines for file in line.files if file.is_checked]
    if ids:
        session.execute(
            update(MaterialFile)
            .where(
                MaterialFile.district_code == case.district_code,
                MaterialFile.case_id == case.id,
                MaterialFile.id.in_(ids),
            )
            .values(sent_event_number=event_number)
        )


def _line(
    material: Material, answers: Answers, files: Sequence[MaterialFile], *, is_open: bool
) -> MaterialLine:
    return MaterialLine(
        code=material.code,
        title=material.title,
        material=material,
        is_required=is_required(material, answers),
        is_open=is_open,
        files=tuple(_file_line(file) for file in files),
        is_promised=is_promised(material, answers),
    )


def is_required(material: Material, answers: Answers) -> bool:
    """True if no case may be submitted without a file of it: no promise stands in for the paper.

    Neither one that it is true, nor one to bring it after acceptance.
    """
    if is_promised(material, answers):
        return False
    if material.tolerance is not None and _is_yes(answers, material.tolerance.promised_by):
        return False  # promised for after acceptance
    if material.exempt_by is None:
        return material.met_by == "upload" and material.required
    section, name = material.exempt_by.split(".")
    part = answers.get(section)
    # An untouched promise is told of at its own place; it does not ask for the paper as well.
    return isinstance(part, Mapping) and part.get(name) is False


def _is_yes(answers: Answers, path: str) -> bool:
    section, name = path.split(".")
    part = answers.get(section)
    return isinstance(part, Mapping) and part.get(name) is True


def asked(thing: OneThing, code: str, answers: Answers) -> Material | None:
    """The paper called ``code`` if ``answers`` ask for it and it takes files."""
    material = {each.code: each for each in thing.materials}.get(code)
    if material is None or not material.takes_files:
        return None
    if material.when is not None and Facts(answers).decide(material.when) is not True:
        return None
    return material


def _file_line(file: MaterialFile) -> FileLine:
    refusal = file.refusal
    return FileLine(
        id=file.id,
        material_code=file.material_code,
        name=file.original_name,
        media_type=file.media_type,
        size_bytes=file.size_bytes,
        page_count=file.page_count,
        state=file.state,
        refusal=Text(zh=refusal["zh"], en=refusal["en"]) if refusal else None,
        hash=bytes(file.content_hash).hex() if file.content_hash else None,
        received_at=file.received_at,
    )


def _document(file: FileLine) -> dict[str, Any]:
    return {
        "code": file.material_code,
        "id": str(file.id),
        "name": file.name,
        "hash": file.hash,
        "size": file.size_bytes,
        "pages": file.page_count,
    }


def _current(session: Session, case: Case) -> Sequence[MaterialFile]:
    """The files as the applicant has them now."""
    return (
        session.execute(
            select(MaterialFile)
            .where(
                MaterialFile.district_code == case.district_code,
                MaterialFile.case_id == case.id,
                MaterialFile.removed_at.is_(None),
            )
            .order_by(MaterialFile.material_code, MaterialFile.received_at, MaterialFile.id)
        )
        .scalars()
        .all()
    )


def _sent(session: Session, case: Case) -> Sequence[MaterialFile]:
    """The files of the last submission, whether or not they were replaced since."""
    last = (
        select(Event.number)
        .where(
            Event.district_code == case.district_code,
            Event.case_id == case.id,
            SENDS_THE_FORM,
        )
        .order_by(Event.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        session.execute(
            select(MaterialFile)
            .where(
                MaterialFile.district_code == case.district_code,
                MaterialFile.case_id == case.id,
                MaterialFile.sent_event_number == last,
            )
            .order_by(MaterialFile.material_code, MaterialFile.received_at, MaterialFile.id)
        )
        .scalars()
        .all()
    )
