"""One section of a draft, saved as it is typed: two devices never overwrite each other unseen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.errors import ConflictError
from core.text import Text
from models.case import CaseAnswers
from services import cases, draft_locks
from services.cases import CaseKey, Draft
from services.own_cases import own_case
from workflows.permissions import Actor, Permission

CHANGED_ELSEWHERE = Text(
    zh="这一部分在别的设备或页面上改过，您这里的内容还没有保存。",
    en="This part was changed on another device or page, and what you typed here is not saved yet.",
)
CHOOSE = Text(
    zh="请选择用哪一边的内容；在您选择之前，两边都不会丢。",
    en="Choose which of the two to use. Until you choose, nothing is lost on either side.",
)


class ChangedElsewhereError(ConflictError):
    """Somebody changed the section since the page was drawn; what is stored stays.

    ``saved`` is what is stored: its revision is what a page must know to save over it.
    """

    code = "changed_elsewhere"

    def __init__(self, saved: "SavedSection") -> None:
        super().__init__(CHANGED_ELSEWHERE, CHOOSE)
        self.saved = saved


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What the page that saves a section was drawn from.

    ``writer`` names one page in one window, and ``sequence`` counts what it has sent: what comes
    late and was overtaken by a newer text of the same page changes nothing.
    """

    revision: int
    writer: str = ""
    sequence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedSection:
    """One section as typed. Without ``basis`` it replaces whatever is stored."""

    code: str
    typed: object
    basis: Basis | None = None
    by_itself: bool = False
    """True if the page saved it without being asked: its mistakes are no mistakes yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSection:
    """What is known of a section's last change; revision 0 and no instant if there was none."""

    revision: int = 0
    at: datetime | None = None
    writer: str = ""
    sequence: int = 0
    by_itself: bool = False


def saved_section(draft: Draft, code: str) -> SavedSection:
    """When and from where the section was changed last."""
    mark = draft.saved.get(code)
    if not isinstance(mark, Mapping):
        return SavedSection()
    return SavedSection(
        revision=mark["revision"],
        at=datetime.fromisoformat(mark["at"]),
        writer=mark.get("writer", ""),
        sequence=mark.get("sequence", 0),
        by_itself=mark.get("by_itself", False),
    )


def save_section(
    session: Session, actor: Actor, key: CaseKey, part: TypedSection, at: datetime
) -> SavedSection:
    """Keep one section as typed; what is stored afterwards.

    A text that a newer one of the same page has overtaken is dropped: the newer one is stored.
    Raises `ChangedElsewhereError` if the section was changed since the page was drawn, by anybody
    but this page and to anything but this text; otherwise as `services.cases.save_sections`.
    """
    case = own_case(session, actor, key, Permission.DRAFT_WRITE, lock=True)
    draft = cases.draft(session, actor, key)
    stored = saved_section(draft, part.code)
    basis = part.basis
    is_new = draft.typed.get(part.code) != part.typed
    if draft.is_editable:
        draft_locks.require(session, key, draft_locks.side_of(actor, case), at)
    if basis is not None and draft.is_editable:
        is_own = bool(basis.writer) and stored.writer == basis.writer
        if is_own and basis.sequence <= stored.sequence:
            return stored
        if is_new and not is_own and basis.revision != stored.revision:
            raise ChangedElsewhereError(stored)
    cases.save_sections(session, actor, key, {part.code: part.typed}, at)
    if basis is not None:
        _sign(session, key, part, basis)
    session.expire_all()
    return saved_section(cases.draft(session, actor, key), part.code)


def _sign(session: Session, key: CaseKey, part: TypedSection, basis: Basis) -> None:
    """Note which page sent the text, so that its own next one is no surprise."""
    kept = session.execute(
        select(CaseAnswers.saved).where(
            CaseAnswers.district_code == key.district_code, CaseAnswers.case_id == key.case_id
        )
    ).scalar_one()
    mark: dict[str, Any] = {
        **kept[part.code],
        "writer": basis.writer,
        "sequence": basis.sequence,
        "by_itself": part.by_itself,
    }
    session.execute(
        update(CaseAnswers)
        .where(CaseAnswers.district_code == key.district_code, CaseAnswers.case_id == key.case_id)
        .values(saved={**kept, part.code: mark})
        .execution_options(synchronize_session=False)
    )
