"""Why things were late: how often each reason for being overdue was given, by origin."""

from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from catalog import registry
from core.text import Text
from models.case import Case, Origin
from models.supervision import DelayReason
from services.case_scope import CaseFilters, of_cases
from services.delays import UNKNOWN
from services.ledger_words import ORIGIN_TAGS


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayFigures:
    """How many parts of cases of one origin were late for one reason."""

    origin: Origin
    origin_label: Text
    code: str
    label: Text
    count: int
    """Parts of cases; one that gave two reasons counts for both."""
    cases: int


def delay_figures(session: Session, filters: CaseFilters) -> tuple[DelayFigures, ...]:
    """The reasons given in the cases that ``filters`` mean, the most frequent first."""
    part = func.row(DelayReason.case_id, DelayReason.item_code)
    statement = (
        select(
            Case.origin,
            DelayReason.reason_code,
            func.count(part.distinct()),
            func.count(DelayReason.case_id.distinct()),
        )
        .select_from(Case)
        .join(
            DelayReason,
            and_(DelayReason.district_code == Case.district_code, DelayReason.case_id == Case.id),
        )
        .group_by(Case.origin, DelayReason.reason_code)
        .order_by(func.count(part.distinct()).desc(), DelayReason.reason_code)
    )
    if filters.item_code is not None:
        statement = statement.where(DelayReason.item_code == filters.item_code)
    rules = registry.catalogue().supervision
    found = []
    for origin, code, count, cases in session.execute(of_cases(statement, filters)):
        reason = rules.delay_reason(code)
        found.append(
            DelayFigures(
                origin=origin,
                origin_label=ORIGIN_TAGS[origin],
                code=code,
                label=reason.title if reason else UNKNOWN,
                count=count,
                cases=cases,
            )
        )
    return tuple(found)
