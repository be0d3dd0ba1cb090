"""What stands on a result as its owner prints it: the facts that its definition names."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import summaries
from catalog.schema import OneThing, OutputFact
from core.text import CHINESE, ENGLISH, Text
from models.case import CaseAnswers
from services import definitions
from services.cases import CaseKey
from services.own_cases import own_case
from services.results import Result
from services.returned import Fact
from workflows.permissions import Actor

NAME = Text(zh="名称", en="Name")


def facts(session: Session, actor: Actor, key: CaseKey, result: Result) -> tuple[Fact, ...]:
    """The lines of a result: the name, and what its definition puts on it.

    Raises `NotFoundError` if the case is not the actor's own. Answers that were erased, or that
    the form of the case did not ask, are left out.
    """
    case = own_case(session, actor, key)
    name = (Fact(label=NAME, value=Text(zh=case.title or "", en=case.title or "")),)
    if not result.facts:
        return name
    answers = session.execute(
        select(CaseAnswers.answers).where(
            CaseAnswers.district_code == key.district_code, CaseAnswers.case_id == key.case_id
        )
    ).scalar_one_or_none()
    thing = definitions.by_hash(session, case.definition_hash).thing
    return name + tuple(_lines(thing, result.facts, answers or {}))


def _lines(
    thing: OneThing, wanted: tuple[OutputFact, ...], answers: Mapping[str, Any]
) -> Iterator[Fact]:
    for line in wanted:
        values = [value for path in line.paths if (value := _value(thing, answers, path))]
        if values:
            yield Fact(
                label=line.label,
                value=Text(
                    zh="".join(value.zh for value in values),
                    en=", ".join(value.en for value in values),
                ),
            )


def _value(thing: OneThing, answers: Mapping[str, Any], path: str) -> Text | None:
    code, question = path.split(".")
    section = next((known for known in thing.sections if known.code == code), None)
    value = answers.get(code, {}).get(question)
    for field in section.fields if section and value is not None else ():
        if field.code == question:
            return Text(
                zh=summaries.displayed(field, value, CHINESE),
                en=summaries.displayed(field, value, ENGLISH),
            )
    return None
