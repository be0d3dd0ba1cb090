"""Verifying a paper: anybody who holds it learns that it is real, and nothing that is personal."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFoundError
from core.text import Text
from models.case import Case
from models.document import Document
from models.event import Event
from services import definitions, document_standings, documents, issuing_offices, verification
from services.case_keys import CaseKey
from services.document_standings import Standing

CODE_LENGTH = 20
"""Digits of the event's hash that stand in the address: nobody finds a paper by trying."""
NO_PAPER = Text(
    zh="没有查到这份文书。请核对文书上的查验地址；仍然查不到的，这份文书可能不是真的。",
    en="There is no such paper. Compare the address with the one printed on it; if it is the same, "
    "the paper may be a forgery.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCheck:
    """What is public of a paper: its kind, number, office and day, and whether the record holds."""

    title: Text
    serial: str
    organ: Text
    item_title: Text | None
    issued_at: datetime
    event_hash: str
    is_intact: bool
    """The record of the whole case was recomputed and agrees."""
    standing: Standing
    """Whether it is in force, or by which paper and when it ceased to be."""


def code_of(event_hash: str) -> str:
    """What stands in the address of a paper's check."""
    return event_hash[:CODE_LENGTH]


def check(session: Session, key: CaseKey, number: int, code: str) -> DocumentCheck:
    """What anybody may learn of the paper whose ``code`` they hold. Raises `NotFoundError`."""
    row = session.execute(
        select(Document, Event, Case)
        .join(
            Event,
            (Event.district_code == Document.district_code)
            & (Event.case_id == Document.case_id)
            & (Event.number == Document.event_number),
        )
        .join(Case, (Case.district_code == Document.district_code) & (Case.id == Document.case_id))
        .where(
            Document.district_code == key.district_code,
            Document.case_id == key.case_id,
            Document.event_number == number,
        )
    ).one_or_none()
    if row is None or not _is_right(row.Event.hash, code):
        raise NotFoundError(NO_PAPER)
    line = next(each for each in documents.lines(session, row.Case) if each.number == number)
    return DocumentCheck(
        title=line.title,
        serial=line.serial,
        organ=issuing_offices.organ(session, row.Case, row.Document),
        item_title=line.item_title,
        issued_at=line.issued_at,
        event_hash=bytes(row.Event.hash).hex(),
        is_intact=verification.verify_chain(session, key.district_code, key.case_id).valid,
        standing=_standing(session, row.Case, row.Event),
    )


def _is_right(event_hash: bytes, code: str) -> bool:
    return hmac.compare_digest(code_of(bytes(event_hash).hex()).encode(), code.encode())


def _standing(session: Session, case: Case, event: Event) -> Standing:
    definition = definitions.by_hash(session, case.definition_hash)
    steps = document_standings.read(session, [(case.district_code, case.id)])
    item_code = event.item_code
    engine = (
        definition.engine_of(definition.thing.item(item_code))
        if item_code
        else definition.case_engine
    )
    own = steps[case.district_code, case.id, item_code]
    return document_standings.standing(engine, own, event.number)
