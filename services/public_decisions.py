"""Decisions that anybody may look up: what was granted or revoked, by whom and when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from catalog import registry
from core.districts import across_districts
from core.text import Text
from models.case import Case, Origin
from models.document import Document
from models.task import Task
from services import definitions, issuing_offices
from services.case_measures import versions
from services.ledger_words import ORIGIN_TAGS
from workflows.process import StateKind

PAGE_SIZE = 50
REASON = "decisions that are open to the public"
IN_FORCE = Text(zh="有效", en="in force")
NOT_IN_FORCE = Text(zh="已失效", en="no longer in force")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision, without the person it was made for."""

    serial: str
    title: Text
    item_title: Text
    thing_title: Text
    organ: Text
    issued_at: datetime
    is_in_force: bool
    """The item is granted as it stands now."""
    standing: Text
    origin_label: Text | None
    """Said of decisions that nobody made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPage:
    """One page of the public list, the newest first."""

    lines: tuple[Decision, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


def decisions(
    session: Session, *, district_code: str | None = None, serial: str = "", page: int = 1
) -> DecisionPage:
    """Decisions of one district or of all, the newest first; ``serial`` finds one by its number.

    An unknown district, or a page that is not there, gives an empty page.
    """
    wanted = _wanted(session, district_code, serial)
    total = session.scalar(
        select(func.count())
        .select_from(Document)
        .prefix_with(across_districts(REASON))
        .where(*wanted)
    )
    rows = session.execute(
        select(Document, Case, Task)
        .prefix_with(across_districts(REASON))
        .join(Case, (Case.district_code == Document.district_code) & (Case.id == Document.case_id))
        .join(
            Task,
            (Task.district_code == Document.district_code)
            & (Task.case_id == Document.case_id)
            & (Task.item_code == Document.item_code),
        )
        .where(*wanted)
        .order_by(Document.issued_at.desc(), Document.number)
        .limit(PAGE_SIZE)
        .offset((max(page, 1) - 1) * PAGE_SIZE)
    )
    found = tuple(_line(session, document, case, task) for document, case, task in rows)
    return DecisionPage(lines=found, total=int(total or 0), page=max(page, 1))


def districts() -> tuple[tuple[str, Text], ...]:
    """The districts that a list may be narrowed to."""
    return tuple((code, each.name) for code, each in registry.catalogue().districts.items())


def _wanted(
    session: Session, district_code: str | None, serial: str
) -> tuple[ColumnElement[bool], ...]:
    kinds = {
        row.document.code
        for definition in versions(session)
        for process in definition.processes.values()
        for row in process.transitions
        if row.document is not None and row.document.is_public
    }
    found: list[ColumnElement[bool]] = [
        Document.kind.in_(sorted(kinds)),
        Document.item_code.is_not(None),
    ]
    if district_code is not None:
        found.append(Document.district_code == district_code)
    if serial:
        found.append(Document.number == serial)
    return tuple(found)


def _line(session: Session, document: Document, case: Case, task: Task) -> Decision:
    definition = definitions.by_hash(session, case.definition_hash)
    item = definition.thing.item(str(document.item_code))
    engine = definition.engine_of(item)
    kind = next(
        row.document
        for row in engine.process.transitions
        if row.document is not None and row.document.code == document.kind
    )
    is_in_force = engine.state(task.state).kind is StateKind.POSITIVE
    return Decision(
        serial=document.number,
        title=kind.title,
        item_title=item.title,
        thing_title=definition.thing.title,
        organ=issuing_offices.office(definition, task.item_code, task.handling_district_code),
        issued_at=document.issued_at,
        is_in_force=is_in_force,
        standing=IN_FORCE if is_in_force else NOT_IN_FORCE,
        origin_label=None if case.origin is Origin.LIVE else ORIGIN_TAGS[case.origin],
    )
