"""Notices (通知): one message to the applicant for each event that concerns them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from catalog.summaries import day_in_words
from core.districts import across_districts
from core.text import CHINESE, ENGLISH, Text
from models.case import Case
from models.event import Event
from models.notice import Notice
from services import definitions
from services.cases import CaseKey
from services.definitions import Definition
from services.door.returns import DUE_INPUT
from services.door.tolerance import AWAITED, AWAITED_UNTIL
from workflows.permissions import Actor
from workflows.repairs import BY_TRIGGER

OF_PART = Text(zh="{part}：{state}", en="{part}: {state}")
LONGEST_LIST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """One unread notice, with the case that it is about."""

    key: CaseKey
    case_number: str | None
    case_title: str | None
    sentence: Text
    created_at: datetime


def tell(
    session: Session,
    district_code: str,
    case_id: UUID,
    event_numbers: Sequence[int],
    at: datetime,
) -> int:
    """Write a notice for each of these events of a case, once; how many were new.

    The sentence is the step's own in the definition that the case is under, or says the state
    reached. A step's own may hold ``{count}`` places to change and the last ``{day}`` for it.
    Events that are not there (their command was rolled back) are passed over.
    """
    case = session.execute(
        select(Case).where(Case.district_code == district_code, Case.id == case_id)
    ).scalar_one_or_none()
    if case is None:
        return 0
    definition = definitions.by_hash(session, case.definition_hash)
    events = session.execute(
        select(Event).where(
            Event.district_code == district_code,
            Event.case_id == case_id,
            Event.number.in_(event_numbers),
            Event.to_state.is_not(None),
        )
    ).scalars()
    rows = [
        {
            "district_code": district_code,
            "case_id": case_id,
            "event_number": event.number,
            "person_id": case.applicant_id,
            "sentence": _stored(_sentence(definition, event)),
            "created_at": at,
            "read_at": None,
        }
        for event in events
    ]
    if not rows:
        return 0
    written = session.execute(
        insert(Notice).on_conflict_do_nothing().returning(Notice.event_number), rows
    )
    return len(written.all())


def unread(session: Session, person: Actor) -> list[NoticeLine]:
    """The newest notices that a person has not marked as read, the newest first."""
    rows = session.execute(
        select(Notice, Case.number, Case.title)
        .prefix_with(across_districts("a person's own notices"))
        .join(
            Case,
            (Case.district_code == Notice.district_code) & (Case.id == Notice.case_id),
        )
        .where(Notice.person_id == person.id, Notice.read_at.is_(None))
        .order_by(Notice.created_at.desc(), Notice.event_number.desc())
        .limit(LONGEST_LIST)
    )
    return [
        NoticeLine(
            key=CaseKey(notice.district_code, notice.case_id),
            case_number=number,
            case_title=title,
            sentence=Text(**notice.sentence),
            created_at=notice.created_at,
        )
        for notice, number, title in rows
    ]


def mark_read(session: Session, person: Actor, until: datetime, at: datetime) -> int:
    """Mark a person's notices as read, those that the page showed and none that came later.

    ``until`` is when the newest one shown was written. How many were marked.
    """
    marked = session.execute(
        update(Notice)
        .prefix_with(across_districts("a person's own notices"))
        .where(
            Notice.person_id == person.id,
            Notice.read_at.is_(None),
            Notice.created_at <= until,
        )
        .values(read_at=at)
        .returning(Notice.event_number)
        .execution_options(synchronize_session=False)
    )
    return len(marked.all())


def _sentence(definition: Definition, event: Event) -> Text:
    item = definition.thing.item(event.item_code) if event.item_code else None
    repair = BY_TRIGGER.get(event.trigger)
    if repair is not None and repair.notice is not None:
        told = repair.notice
        return OF_PART.format(part=item.public_title, state=told) if item else told
    engine = definition.engine_of(item) if item else definition.case_engine
    row = engine.row(event.from_state or "", event.trigger)
    words = row.notice if row and row.notice else None
    if words is None:
        words = engine.state(str(event.to_state)).public_label
    else:
        words = filled(words, event.body)
    return OF_PART.format(part=item.public_title, state=words) if item else words


def filled(words: Text, body: Mapping[str, Any]) -> Text:
    """A step's own sentence with what its event says: ``{count}`` places, the last ``{day}``."""
    named = body.get("places") or body.get(AWAITED) or ()
    day = body.get(DUE_INPUT) or body.get(AWAITED_UNTIL)
    return words.format(count=len(named), day=day_words(day) if day else Text(zh="", en=""))


def day_words(day: str) -> Text:
    """A day as a sentence has it."""
    return Text(zh=day_in_words(day, CHINESE), en=day_in_words(day, ENGLISH))


def _stored(sentence: Text) -> dict[str, str]:
    return {"zh": sentence.zh, "en": sentence.en}
