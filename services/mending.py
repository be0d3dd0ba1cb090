"""What of a return's list has not been changed yet."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.answers import answer_at
from models.case import Case, CaseAnswers
from services import definitions, materials
from services.cases import CaseKey
from services.returned import Mend


def unmended(
    session: Session, key: CaseKey, mends: Iterable[Mend], answers: Mapping[str, Any]
) -> frozenset[str]:
    """The paths whose answers or papers, as they now are, are those of the last submission.

    ``answers`` is the form as it now reads.
    """
    found = tuple(mends)
    if not found:
        return frozenset()
    case, sent = session.execute(
        select(Case, CaseAnswers.answers)
        .join(
            CaseAnswers,
            (CaseAnswers.district_code == Case.district_code) & (CaseAnswers.case_id == Case.id),
        )
        .where(Case.district_code == key.district_code, Case.id == key.case_id)
    ).one()
    definition = definitions.by_hash(session, case.definition_hash)
    lines = materials.material_lines(session, case, definition, answers)
    before = papers(materials.sent(session, key))
    now = papers(materials.to_send(lines))
    return frozenset(
        mend.path
        for mend in found
        if (
            now.get(mend.material_code) == before.get(mend.material_code)
            if mend.material_code
            else answer_at(answers, mend.path) == answer_at(sent or {}, mend.path)
        )
    )


def papers(documents: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """The files of a submission by the paper that they are of."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for document in documents:
        found.setdefault(str(document["code"]), []).append(document)
    return found
