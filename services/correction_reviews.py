"""What would be sent for one part's corrections: the changes, and what still stands against it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from catalog import answers as catalog_answers
from catalog.places import MATERIALS
from core.errors import Problem
from core.text import Text
from services import corrections, definitions, materials, mend_requests, mended_form, mending
from services.case_keys import CaseKey
from services.corrections import Correction
from services.form_days import form_day
from services.materials import MaterialLine
from services.own_cases import own_case
from services.returned import place_in_words
from services.set_aside import TypedChange, typed_changes
from services.windows import window_of_case
from workflows.permissions import Actor

NO_FILE = Text(zh="没有文件", en="No file")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindrance:
    """A mistake of the form with its place in words and in the form."""

    section_code: str | None
    """None for a paper, which ``path`` names."""
    path: str
    where: Text
    sentence: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One part's corrections before they are sent."""

    correction: Correction
    changes: tuple[TypedChange, ...]
    hindrances: tuple[Hindrance, ...]

    @property
    def may_be_sent(self) -> bool:
        """True if nothing in the form stands against it."""
        return not self.hindrances


def review(
    session: Session, actor: Actor, key: CaseKey, item_code: str, at: datetime
) -> Review | None:
    """What would be sent for a part of the actor's own case; None if it waits for nothing.

    Raises `NotFoundError` as `services.corrections.one`.
    """
    found = corrections.one(session, actor, key, item_code, at)
    if found is None:
        return None
    case = own_case(session, actor, key)
    definition = definitions.by_hash(session, case.definition_hash)
    requests = mend_requests.standing(session, case)
    own = next(each for each in requests if each.item_code == item_code)
    others = [each for each in requests if each is not own]
    day = form_day(case.accepted_at, case.submitted_at, at)
    typed = corrections.part_of_form(session, case, own, others, at)
    reading = catalog_answers.read(definition.thing, typed, on=day)
    broken = catalog_answers.check_rules(
        definition.thing,
        reading.answers,
        on=day,
        district=window_of_case(session, definition.thing, case, at),
        known=reading.problems,
    )
    lines = corrections.part_papers(session, case, definition, reading.answers, (own, others))
    sent = mended_form.last_sent(session, case) or {}
    wrong = (*reading.problems, *broken, *materials.problems(lines))
    return Review(
        correction=found,
        changes=(
            *typed_changes(definition.thing, sent, typed, day),
            *_papers(session, key, lines),
        ),
        hindrances=tuple(
            Hindrance(
                section_code=_section(problem),
                path=problem.path,
                where=place_in_words(definition.thing, problem.path),
                sentence=problem.sentence,
            )
            for problem in wrong
        ),
    )


def _section(problem: Problem) -> str | None:
    code = problem.path.partition(".")[0]
    return None if code == MATERIALS else code


def _papers(session: Session, key: CaseKey, lines: Sequence[MaterialLine]) -> Iterator[TypedChange]:
    before = mending.papers(materials.sent(session, key))
    after = mending.papers(materials.to_send(lines))
    for line in lines:
        old, new = before.get(line.code, []), after.get(line.code, [])
        if old != new:
            yield TypedChange(
                path=f"{MATERIALS}.{line.code}",
                where=line.title,
                before=_names(old),
                after=_names(new),
            )


def _names(files: Sequence[object]) -> Text:
    names = [str(file["name"]) for file in files if isinstance(file, dict)]
    return Text(zh="、".join(names), en=", ".join(names)) if names else NO_FILE
