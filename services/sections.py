"""The form as a list of tasks: which sections are asked, which are done, what is still wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from catalog import answers as catalog_answers
from catalog.schema import District, OneThing, Section
from core.errors import Problem
from core.text import Text
from services.cases import Draft
from services.returned import place, where

NOT_FILLED_IN = Text(zh="这一部分还没有填写。", en="This part has not been filled in yet.")


class SectionStatus(StrEnum):
    """How far a section is."""

    NOT_STARTED = "not_started"
    NEEDS_WORK = "needs_work"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedProblem:
    """A mistake with the section to open for it, and the place in words."""

    section_code: str
    path: str
    where: Text
    """With the section, for lists of the whole form."""
    place: Text
    """Without it, for the section's own page."""
    sentence: Text
    is_local: bool = True
    """True if it can be mended in this section alone; a rule across sections names several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionLine:
    """One section that this applicant is asked."""

    code: str
    title: Text
    status: SectionStatus
    problems: tuple[PlacedProblem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The whole form of one draft, as far as it is."""

    lines: tuple[SectionLine, ...]
    answers: Mapping[str, Any]
    """What could be read of it, by section."""

    @property
    def problems(self) -> tuple[PlacedProblem, ...]:
        """Every mistake, in the order of the form; an untouched section is one."""
        return tuple(problem for line in self.lines for problem in line.problems)

    @property
    def is_complete(self) -> bool:
        """True if it may be submitted."""
        return all(line.status is SectionStatus.DONE for line in self.lines)

    @property
    def done(self) -> int:
        """How many sections are complete and right."""
        return sum(line.status is SectionStatus.DONE for line in self.lines)

    def line(self, section_code: str) -> SectionLine | None:
        """One section; None if it is not asked."""
        return next((line for line in self.lines if line.code == section_code), None)

    def after(self, section_code: str) -> str | None:
        """The section that follows; None after the last one."""
        codes = [line.code for line in self.lines]
        position = codes.index(section_code) + 1 if section_code in codes else len(codes)
        return codes[position] if position < len(codes) else None


def overview(draft: Draft, on: date, district: District) -> Overview:
    """Read what was typed on the day ``on`` at the window ``district``; how far each section is.

    A section that the answers so far do not call for is left out. Rules across sections are
    asked too, but not of sections that nobody has touched yet.
    """
    thing = draft.definition.thing
    reading = catalog_answers.read(thing, draft.typed, on=on)
    broken = catalog_answers.check_rules(
        thing,
        reading.answers,
        on=on,
        district=district,
        known=reading.problems,
    )
    problems = [placed(thing, problem) for problem in reading.problems]
    problems += _across(thing, broken)
    return Overview(
        answers=reading.answers,
        lines=tuple(
            _line(
                section,
                tuple(problem for problem in problems if problem.section_code == section.code),
                is_touched=section.code in draft.typed,
            )
            for section in thing.sections
            if section.code in reading.answers
        ),
    )


def _across(thing: OneThing, broken: tuple[Problem, ...]) -> list[PlacedProblem]:
    """Broken rules at all their places; a rule names each, maybe in several sections."""
    problems = [placed(thing, problem) for problem in broken]
    reach: dict[Text, set[str]] = {}
    for problem in problems:
        reach.setdefault(problem.sentence, set()).add(problem.section_code)
    return [replace(problem, is_local=len(reach[problem.sentence]) == 1) for problem in problems]


def _line(
    section: Section, problems: tuple[PlacedProblem, ...], *, is_touched: bool
) -> SectionLine:
    if not is_touched:
        status = SectionStatus.NOT_STARTED
        problems = (
            PlacedProblem(
                section_code=section.code,
                path=section.code,
                where=section.title,
                place=section.title,
                sentence=NOT_FILLED_IN,
            ),
        )
    else:
        status = SectionStatus.NEEDS_WORK if problems else SectionStatus.DONE
    return SectionLine(code=section.code, title=section.title, status=status, problems=problems)


def placed(thing: OneThing, problem: Problem) -> PlacedProblem:
    """A problem with its place in words."""
    code, *rest = problem.path.split(".")
    return PlacedProblem(
        section_code=code,
        path=problem.path,
        where=where(thing.section(code), rest),
        place=place(thing.section(code), rest),
        sentence=problem.sentence,
    )
