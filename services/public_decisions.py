"""Decisions that anybody may look up: what was granted or revoked, by whom and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session

from catalog import registry
from core.districts import across_districts
from core.text import Text
from models.case import Case, Origin
from models.document import Document
from models.task import Task
from services import definitions, document_standings, issuing_offices, pages
from services.case_measures import versions
from services.document_standings import Scope, Standing, Step
from services.ledger_words import ORIGIN_TAGS
from services.pages import Page, Slice

ACROSS = across_districts("decisions that are open to the public")

Listed = Row[Document, Case, Task]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision, without the person it was made for."""

    serial: str
    title: Text
    item_title: Text
    thing_title: Text
    organ: Text
    issued_at: datetime
    standing: Standing
    """Whether it is in force, or by which paper and when it ceased to be."""
    origin_label: Text | None
    """Said of decisions that nobody made."""

    @property
    def is_in_force(self) -> bool:
        """It was neither revoked nor replaced nor set aside."""
        return self.standing.is_in_force


def decisions(
    session: Session, *, district_code: str | None = None, serial: str = "", page: int = 1
) -> Page[Decision]:
    """Decisions of one district or of all, the newest first; ``serial`` finds one by its number.

    As many statements for a full page as for one line. An unknown district gives an empty page.
    """
    wanted = _wanted(session, district_code, serial)

    def count() -> int:
        counted = select(func.count()).select_from(Document)
        return int(session.scalar(counted.prefix_with(ACROSS).where(*wanted)) or 0)

    def lines(part: Slice) -> list[Decision]:
        rows = session.execute(_listed(wanted).limit(part.size).offset(part.offset)).all()
        cases = [(document.district_code, document.case_id) for document, *_ in rows]
        steps = document_standings.read(session, cases)
        return [_line(session, row, steps) for row in rows]

    return pages.read(count, lines, Slice(page=page))


def _listed(wanted: tuple[ColumnElement[bool], ...]) -> Select[Document, Case, Task]:
    return (
        select(Document, Case, Task)
        .prefix_with(ACROSS)
        .join(Case, (Case.district_code == Document.district_code) & (Case.id == Document.case_id))
        .join(
            Task,
            (Task.district_code == Document.district_code)
            & (Task.case_id == Document.case_id)
            & (Task.item_code == Document.item_code),
        )
        .where(*wanted)
        .order_by(Document.issued_at.desc(), Document.number)
    )


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


def _line(session: Session, row: Listed, steps: Mapping[Scope, Sequence[Step]]) -> Decision:
    document, case, task = row
    definition = definitions.by_hash(session, case.definition_hash)
    item = definition.thing.item(task.item_code)
    engine = definition.engine_of(item)
    kind = next(
        row.document
        for row in engine.process.transitions
        if row.document is not None and row.document.code == document.kind
    )
    own = steps[case.district_code, case.id, task.item_code]
    return Decision(
        serial=document.number,
        title=kind.title,
        item_title=item.title,
        thing_title=definition.thing.title,
        organ=issuing_offices.office(definition, task.item_code, task.handling_district_code),
        issued_at=document.issued_at,
        standing=document_standings.standing(engine, own, document.event_number),
        origin_label=None if case.origin is Origin.LIVE else ORIGIN_TAGS[case.origin],
    )
