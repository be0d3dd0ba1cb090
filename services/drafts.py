"""Beginning a case: one draft for one press, and the drafts that are open already."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import answers as catalog_answers
from core.clock import CIVIL_ZONE
from models.person import Person
from services import cases
from services.cases import CaseKey, CaseLine, Opening
from workflows.permissions import Actor


def open_drafts(session: Session, actor: Actor, thing_code: str) -> list[CaseLine]:
    """What the actor may still write in, of one one-thing; the newest first."""
    return [
        line
        for line in cases.mine(session, actor)
        if line.thing_code == thing_code and line.state in cases.EDITABLE
    ]


def titled(
    session: Session, actor: Actor, lines: Iterable[CaseLine], at: datetime
) -> list[CaseLine]:
    """Drafts with the title that their answers give so far, so that people tell them apart."""
    found = []
    for line in lines:
        draft = cases.draft(session, actor, line.key)
        thing, day = draft.definition.thing, at.astimezone(CIVIL_ZONE).date()
        answers = catalog_answers.read(thing, draft.typed, on=day).answers
        found.append(replace(line, title=catalog_answers.title(thing, answers) or line.title))
    return found


def begin(
    session: Session, actor: Actor, opening: Opening, known: Collection[UUID], at: datetime
) -> CaseKey:
    """Begin a draft, or find the one that the same press has begun already.

    ``known`` are the drafts that the page had shown: another one of the same one-thing and
    district can only come from a second press of its button. The person's row is locked, so that
    presses at the same moment come one after the other.
    Raises as `services.cases.start`.
    """
    session.execute(select(Person.id).where(Person.id == actor.id).with_for_update())
    for line in open_drafts(session, actor, opening.thing_code):
        if line.key.case_id not in known and line.key.district_code == opening.district_code:
            return line.key
    return cases.start(session, actor, opening, at)
