"""What officers wrote to the applicant: the full list of a return, reasons, appointments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import summaries
from catalog.places import MATERIALS
from catalog.schema import Field, OneThing, Section
from core.text import CHINESE, ENGLISH, Text
from models.case import Case
from models.event import TEXT_OF_EVENT, Event, EventText
from services.definitions import Definition

PAPER = Text(zh="材料 › {title}", en="Papers › {title}")
WHOLE_FORM = Text(zh="整张表", en="The whole form")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """One line of a return: where, and what is wrong."""

    section_code: str | None
    """The section to open; None if the officer named no part of the form."""
    where: Text
    path: str
    reason: str
    suggestion: str = ""
    """What to write or bring instead."""
    new_fact: str = ""
    """Why it is asked although an earlier list had it."""
    material_code: str | None = None
    """The paper to change, if it is one and no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something an officer wrote down at a decision, with its label."""

    label: Text
    value: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The officer's words at the last step of a case or part by which its state changed."""

    reason: str | None
    mends: tuple[Mend, ...]
    facts: tuple[Fact, ...]
    legal_basis: Text | None = None
    """Law and article of the usual reason that the officer chose."""


def explanations(
    session: Session, case: Case, definition: Definition
) -> dict[str | None, Explanation]:
    """The words of the last change of state, by item code; the case itself is under None.

    Words that were erased are left out.
    """
    rows = session.execute(
        select(Event.item_code, Event.trigger, Event.reason_code, EventText.content)
        .outerjoin(EventText, TEXT_OF_EVENT)
        .where(
            Event.district_code == case.district_code,
            Event.case_id == case.id,
            Event.from_state != Event.to_state,
        )
        .order_by(Event.number)
    ).all()
    last = {row.item_code: row for row in rows}
    return {
        code: explanation(definition, code, (row.trigger, row.reason_code), row.content)
        for code, row in last.items()
        if row.content
    }


def explanation(
    definition: Definition,
    item_code: str | None,
    step: tuple[str, str | None],
    content: Mapping[str, Any],
) -> Explanation:
    """The words of one step, which is its trigger with the reason code that was chosen."""
    thing = definition.thing
    process = definition.process_of(item_code)
    inputs, chosen = process.inputs.get(step[0], ()), process.reason(*step)
    typed: Mapping[str, Any] = content.get("inputs", {})
    return Explanation(
        reason=content.get("reason"),
        mends=mends(thing, content),
        facts=tuple(
            Fact(label=field.label, value=_words(field, typed[field.code]))
            for field in inputs
            if typed.get(field.code)
        ),
        legal_basis=chosen.legal_basis if chosen else None,
    )


def _words(field: Field, value: object) -> Text:
    """An officer's input as people read it; as it was kept if it cannot be read."""
    try:
        return Text(
            zh=summaries.displayed(field, value, CHINESE),
            en=summaries.displayed(field, value, ENGLISH),
        )
    except ValueError:
        return Text(zh=str(value), en=str(value))


def standing_list(session: Session, case: Case, definition: Definition) -> tuple[Mend, ...]:
    """What the whole case was asked to change last; the places alone if the words are erased."""
    row = session.execute(
        select(Event.body, EventText.content)
        .outerjoin(EventText, TEXT_OF_EVENT)
        .where(
            Event.district_code == case.district_code,
            Event.case_id == case.id,
            Event.item_code.is_(None),
            Event.body.has_key("places"),
        )
        .order_by(Event.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return ()
    return mends(definition.thing, row.content or {}) or named(definition.thing, row.body["places"])


def mends(thing: OneThing, content: Mapping[str, Any]) -> tuple[Mend, ...]:
    """The entries of a return's list, from the erasable words of its event."""
    return tuple(_mend(thing, place) for place in content.get("places", ()))


def named(thing: OneThing, paths: Iterable[str]) -> tuple[Mend, ...]:
    """The entries of a list whose words were erased: the places alone."""
    return tuple(_mend(thing, {"path": path, "reason": ""}) for path in paths)


def _mend(thing: OneThing, place: Mapping[str, str]) -> Mend:
    path = place["path"]
    code, *rest = path.split(".")
    section = next((known for known in thing.sections if known.code == code), None)
    return Mend(
        section_code=section.code if section else None,
        where=place_in_words(thing, path),
        path=path,
        reason=place["reason"],
        suggestion=place.get("suggestion", ""),
        new_fact=place.get("new_fact", ""),
        material_code=rest[0] if code == MATERIALS and rest else None,
    )


def place_in_words(thing: OneThing, path: str) -> Text:
    """A place that a return names, as the form or the list of papers calls it."""
    code, *rest = path.split(".")
    if code == MATERIALS:
        found = [paper.title for paper in thing.materials if paper.code in rest]
        return PAPER.format(title=found[0]) if found else Text(zh=path, en=path)
    section = next((known for known in thing.sections if known.code == code), None)
    return where(section, rest) if section else WHOLE_FORM


def where(section: Section, rest: list[str]) -> Text:
    """A place of the form in words: section, line of a repeating section, field.

    ``rest`` is what follows the section in a path: ``[field]``, ``[line, field]``, or nothing.
    """
    return _joined([section.title, *_within(section, rest)])


def place(section: Section, rest: list[str]) -> Text:
    """The same without the section, for readers who are in it."""
    return _joined(_within(section, rest) or [section.title])


def _within(section: Section, rest: list[str]) -> list[Text]:
    parts = []
    if rest and rest[0].isdecimal() and section.repeat:
        parts.append(section.repeat.line_title.format(number=int(rest[0]) + 1))
        rest = rest[1:]
    return parts + [field.label for field in section.fields if rest and field.code == rest[0]]


def _joined(parts: list[Text]) -> Text:
    return Text(zh=" › ".join(part.zh for part in parts), en=" › ".join(part.en for part in parts))
