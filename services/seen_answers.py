"""What officers and makers see of the answers, and the places that a return can name."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import answers as catalog_answers
from catalog.places import MATERIALS
from catalog.schema import FieldKind, Section
from core.text import Text
from models.case import CaseAnswers
from services import returned
from services.opened_case import OpenedCase

WHOLE_SECTION = Text(zh="{title}（整个部分）", en="{title} (the whole section)")
PAPERS = Text(zh="材料", en="Papers")
WHOLE_LINE = Text(zh="{title}（全部内容）", en="{title} (everything of it)")
MAKES_NO_SEAL = frozenset({FieldKind.RESIDENT_ID, FieldKind.PROMISE, FieldKind.YES_NO})
"""Kinds that makers never see; they get the company, the name on a name seal, and the order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSection:
    """A section of the form with its answers, masked where the reader does not need them."""

    section: Section
    answers: Any
    """A mapping by question, or a list of them if the section repeats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceChoice:
    """A place of the form that a return can name: ``section``, or down to the question."""

    path: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceGroup:
    """The places of one section."""

    title: Text
    places: tuple[PlaceChoice, ...]


def seen_sections(session: Session, opened: OpenedCase) -> tuple[SeenSection, ...]:
    """The answers as sent that this reader needs, by section. None are left once erased."""
    answers = session.execute(
        select(CaseAnswers.answers).where(
            CaseAnswers.district_code == opened.case.district_code,
            CaseAnswers.case_id == opened.case.id,
        )
    ).scalar()
    thing = opened.definition.thing
    seen = catalog_answers.visible_to(thing, opened.item.code, answers or {})
    found = [
        SeenSection(section=section, answers=seen[section.code])
        for section in thing.sections
        if section.code in seen
    ]
    if opened.is_order:
        found = [_for_maker(opened, each) for each in found]
    return tuple(each for each in found if each.answers)


def places(sections: tuple[SeenSection, ...]) -> tuple[PlaceGroup, ...]:
    """Every place that a return can name: each section, and each question that was asked."""
    return tuple(
        PlaceGroup(
            title=seen.section.title,
            places=(
                PlaceChoice(
                    path=seen.section.code, label=WHOLE_SECTION.format(title=seen.section.title)
                ),
                *_questions(seen),
            ),
        )
        for seen in sections
    )


def papers_to_ask(opened: OpenedCase) -> tuple[PlaceGroup, ...]:
    """The papers that a return can name: those that take files and that this reader may open."""
    found = tuple(
        PlaceChoice(path=f"{MATERIALS}.{paper.code}", label=paper.title)
        for paper in opened.definition.thing.materials
        if paper.takes_files and opened.item.code in paper.items
    )
    return (PlaceGroup(title=PAPERS, places=found),) if found else ()


def _for_maker(opened: OpenedCase, seen: SeenSection) -> SeenSection:
    """Without what no seal needs; the order's own section has the address that it is sent to."""
    order = opened.item.seal_order
    is_order = order is not None and order.kinds.partition(".")[0] == seen.section.code
    kept = {
        field.code
        for field in seen.section.fields
        if is_order or not (field.personal or field.kind in MAKES_NO_SEAL)
    }
    if isinstance(seen.answers, list):
        return replace(seen, answers=[_only(line, kept) for line in seen.answers])
    return replace(seen, answers=_only(seen.answers, kept))


def _only(line: dict[str, Any], kept: set[str]) -> dict[str, Any]:
    return {code: value for code, value in line.items() if code in kept}


def _questions(seen: SeenSection) -> list[PlaceChoice]:
    section = seen.section
    repeats = isinstance(seen.answers, list)
    lines = seen.answers if repeats else [seen.answers]
    found = []
    for number, line in enumerate(lines):
        if repeats:
            whole = WHOLE_LINE.format(title=returned.where(section, [str(number)]))
            found.append(PlaceChoice(path=f"{section.code}.{number}", label=whole))
        for field in section.fields:
            if field.code in line:
                rest = [str(number), field.code] if repeats else [field.code]
                label = returned.where(section, rest)
                found.append(PlaceChoice(path=".".join([section.code, *rest]), label=label))
    return found
