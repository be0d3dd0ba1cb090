"""What stands on a result as its owner prints it: the registered facts of the company."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import summaries
from catalog.schema import OneThing
from core.text import CHINESE, ENGLISH, Text
from models.case import CaseAnswers
from services import definitions
from services.cases import CaseKey
from services.own_cases import own_case
from services.results import Result
from services.returned import Fact
from workflows.permissions import Actor

NAME = Text(zh="名称", en="Name")
LICENCE: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (Text(zh="类型", en="Kind"), ("company.company_kind",)),
    (Text(zh="法定代表人", en="Legal representative"), ("legal_representative.name",)),
    (Text(zh="注册资本", en="Registered capital"), ("capital.registered",)),
    (Text(zh="住所", en="Address"), ("address.region", "address.street", "address.detail")),
    (Text(zh="营业期限", en="Term"), ("term.term_kind", "term.ends_on")),
    (Text(zh="经营范围", en="Business scope"), ("business_scope.entries",)),
)
"""The lines of a business licence, and the questions of the form that answer each."""


def facts(session: Session, actor: Actor, key: CaseKey, result: Result) -> tuple[Fact, ...]:
    """The lines of a result: the name, and on a licence what was registered.

    Raises `NotFoundError` if the case is not the actor's own. Answers that were erased, or that
    the form of the case did not ask, are left out.
    """
    case = own_case(session, actor, key)
    name = (Fact(label=NAME, value=Text(zh=case.title or "", en=case.title or "")),)
    if result.kind != "licence":
        return name
    answers = session.execute(
        select(CaseAnswers.answers).where(
            CaseAnswers.district_code == key.district_code, CaseAnswers.case_id == key.case_id
        )
    ).scalar_one_or_none()
    thing = definitions.by_hash(session, case.definition_hash).thing
    return name + tuple(_registered(thing, answers or {}))


def _registered(thing: OneThing, answers: Mapping[str, Any]) -> Iterator[Fact]:
    for label, paths in LICENCE:
        values = [value for path in paths if (value := _value(thing, answers, path))]
        if values:
            yield Fact(
                label=label,
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
