"""What of a return's list has not been changed yet."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.answers import answer_at
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
        if mend.section_code and answer_at(answers, mend.path) == answer_at(sent or {}, mend.path)
    )
