"""What an applicant had changed and not sent when a request to mend was taken back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import open_places
from catalog.answers import answer_at
from catalog.fields import Unreadable, parse
from catalog.places import MATERIALS
from catalog.schema import Field, OneThing
from catalog.summaries import displayed
from core.clock import CIVIL_ZONE
from core.text import CHINESE, ENGLISH, Text
from models.case import Case
from models.event import Event
from models.submission import Submission
from services import returned
from services.definitions import Definition
from services.returned import Fact

LINES = Text(zh="共 {count} 项", en="entries: {count}")
NOTHING = Text(zh="未填写", en="Not given")


def set_aside(session: Session, case: Case, definition: Definition) -> tuple[Fact, ...]:
    """The last such changes of the case: each place with what was typed. Empty if there are none.

    It is for the applicant alone: officers see only what was sent.
    """
    rows = session.execute(
        select(Submission.typed, Submission.answers, Submission.materials, Event.at)
        .join(
            Event,
            (Event.district_code == Submission.district_code)
            & (Event.case_id == Submission.case_id)
            & (Event.number == Submission.event_number),
        )
        .where(Submission.district_code == case.district_code, Submission.case_id == case.id)
        .order_by(Submission.event_number)
    ).all()
    found: tuple[Fact, ...] = ()
    sent: Mapping[str, Any] = {}
    for row in rows:
        if row.answers is not None:
            sent = row.typed
        else:
            day = row.at.astimezone(CIVIL_ZONE).date()
            found = (
                *_facts(definition.thing, sent, row.typed, day),
                *_papers(definition.thing, row.materials),
            )
    return found


def _facts(
    thing: OneThing, sent: Mapping[str, Any], typed: Mapping[str, Any], on: date
) -> tuple[Fact, ...]:
    return tuple(
        Fact(label=change.where, value=change.after)
        for change in typed_changes(thing, sent, typed, on)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedChange:
    """A place that was typed otherwise than it was sent, in words."""

    path: str
    where: Text
    before: Text
    after: Text


def typed_changes(
    thing: OneThing, sent: Mapping[str, Any], typed: Mapping[str, Any], on: date
) -> Iterator[TypedChange]:
    """What stands differently in ``typed`` than in ``sent``, in the order of the form."""
    for path in open_places.changed(thing, sent, typed):
        code, *rest = path.split(".")
        section = thing.section(code)
        for field in section.fields if rest else ():
            if field.code == rest[-1]:
                yield TypedChange(
                    path=path,
                    where=returned.where(section, rest),
                    before=words_typed(field, answer_at(sent, path, None), on),
                    after=words_typed(field, answer_at(typed, path, None), on),
                )
        if not rest:
            yield TypedChange(
                path=path,
                where=section.title,
                before=_count(sent.get(code)),
                after=_count(typed.get(code)),
            )


def _count(lines: object) -> Text:
    return LINES.format(count=len(lines) if isinstance(lines, list) else 0)


def _papers(thing: OneThing, documents: list[Any]) -> Iterator[Fact]:
    """The files that were added, by paper."""
    for code in dict.fromkeys(document["code"] for document in documents):
        names = [document["name"] for document in documents if document["code"] == code]
        yield Fact(
            label=returned.place_in_words(thing, f"{MATERIALS}.{code}"),
            value=Text(zh="、".join(names), en=", ".join(names)),
        )


def words_typed(field: Field, typed: object, on: date) -> Text:
    """As people read it; as it was typed if it cannot be read."""
    value = parse(field, typed, on=on)
    if isinstance(value, Unreadable):
        parts = typed.values() if isinstance(typed, Mapping) else [typed]
        text = "-".join(str(part) for part in parts if part)
        return Text(zh=text, en=text) if text else NOTHING
    return Text(zh=displayed(field, value, CHINESE), en=displayed(field, value, ENGLISH))
