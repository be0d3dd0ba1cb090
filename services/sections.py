"""The form as a list of tasks: which sections are asked, which are done, what is still wrong."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from catalog import answers as catalog_answers
from catalog.expressions import Facts
from catalog.schema import OneThing, Section
from core.errors import Problem
from core.text import Text
from services.cases import Draft
from services.returned import where

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
    sentence: Text


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

    @property
    def problems(self) -> tuple[PlacedProblem, ...]:
        """Every mistake, in the order of the form; an untouched section is one."""
        return tuple(problem for line in self.lines for problem in line.problems)

    @property
    def done(self) -> int:
        """How many sections are complete and right."""
        return sum(line.status is SectionStatus.DONE for line in self.lines)

    def after(self, section_code: str) -> str | None:
        """The section that follows; None after the last one."""
        codes = [line.code for line in self.lines]
        position = codes.index(section_code) + 1 if section_code in codes else len(codes)
        return codes[position] if position < len(codes) else None


def overview(draft: Draft, on: date) -> Overview:
    """Read what was typed on the day ``on`` and say how far each section is.

    A section that the answers so far do not call for is left out; one whose condition cannot be
    decided yet is asked.
    """
    thing = draft.definition.thing
    reading = catalog_answers.read(thing, draft.typed, on=on)
    facts = Facts(reading.answers)
    return Overview(
        lines=tuple(
            _line(thing, section, draft, reading.problems)
            for section in thing.sections
            if section.when is None or facts.decide(section.when) is not False
        )
    )


def _line(
    thing: OneThing, section: Section, draft: Draft, problems: tuple[Problem, ...]
) -> SectionLine:
    if section.code not in draft.typed:
        return SectionLine(
            code=section.code,
            title=section.title,
            status=SectionStatus.NOT_STARTED,
            problems=(placed(thing, Problem(section.code, NOT_FILLED_IN)),),
        )
    own = tuple(
        placed(thing, problem) for problem in problems if problem.path.split(".")[0] == section.code
    )
    return SectionLine(
        code=section.code,
        title=section.title,
        status=SectionStatus.NEEDS_WORK if own else SectionStatus.DONE,
        problems=own,
    )


def placed(thing: OneThing, problem: Problem) -> PlacedProblem:
    """A problem with its place in words."""
    code, *rest = problem.path.split(".")
    return PlacedProblem(
        section_code=code,
        path=problem.path,
        where=where(thing.section(code), rest),
        sentence=problem.sentence,
    )
