"""What of a return's list has not been changed yet."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import CaseAnswers
from services.cases import CaseKey
from services.returned import Mend


def unmended(
    session: Session, key: CaseKey, mends: Iterable[Mend], answers: Mapping[str, Any]
) -> frozenset[str]:
    """The paths whose answers, as they now read, are those of the last submission.

    ``answers`` is the form as it now reads. Places that are no part of the form are left out:
    nobody can see from outside whether they were mended.
    """
    sent = session.execute(
        select(CaseAnswers.answers).where(
            CaseAnswers.district_code == key.district_code, CaseAnswers.case_id == key.case_id
        )
    ).scalar_one()
    return frozenset(
        mend.path
        for mend in mends
        if mend.section_code and _at(answers, mend.path) == _at(sent or {}, mend.path)
    )


def _at(answers: Any, path: str) -> Any:
    """The answer at ``section``, ``section.field`` or ``section.0.field``, or None."""
    for step in path.split("."):
        if isinstance(answers, Mapping):
            answers = answers.get(step)
        elif isinstance(answers, list) and step.isdecimal() and int(step) < len(answers):
            answers = answers[int(step)]
        else:
            return None
    return answers
