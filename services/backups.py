"""What a backup must hold beside the tables, and whether what was restored is whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.districts import across_districts
from core.text import Text
from models.case import Case
from models.event import Event
from models.ledger import Transfer
from models.material_file import FileState, MaterialFile
from models.report_export import ReportExport
from services import balance, verification
from services.ledger_scope import Filters

REASON = "a backup is of all districts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much there is, to be compared after a restore."""

    cases: int
    events: int
    transfers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseToCheck:
    """One case whose chain is to be recomputed."""

    district_code: str
    case_id: UUID
    number: str | None


def counts(session: Session) -> Counts:
    """How many rows there are of what may never be lost."""

    def count(model: type[Case | Event | Transfer]) -> int:
        statement = select(func.count()).select_from(model)
        return session.execute(statement.prefix_with(across_districts(REASON))).scalar_one()

    return Counts(cases=count(Case), events=count(Event), transfers=count(Transfer))


def named_files(session: Session, at: datetime) -> list[bytes]:
    """The content hashes of all files that a row still needs at ``at``, each once, in order."""
    papers = session.execute(
        select(MaterialFile.content_hash)
        .prefix_with(across_districts(REASON))
        .where(MaterialFile.content_hash.is_not(None), MaterialFile.state != FileState.REFUSED)
        .distinct()
    ).scalars()
    exports = session.execute(
        select(ReportExport.content_hash)
        .where(ReportExport.content_hash.is_not(None), ReportExport.expires_at > at)
        .distinct()
    ).scalars()
    return sorted({bytes(each) for each in (*papers, *exports) if each is not None})


def cases_to_check(session: Session) -> list[CaseToCheck]:
    """Every case, in the order of the districts."""
    rows = session.execute(
        select(Case.district_code, Case.id, Case.number)
        .prefix_with(across_districts(REASON))
        .order_by(Case.district_code, Case.id)
    )
    return [CaseToCheck(district_code=row[0], case_id=row[1], number=row[2]) for row in rows]


def broken_chain(session: Session, case: CaseToCheck) -> Iterator[Text]:
    """What does not agree in the chain of one case; nothing if all does."""
    report = verification.verify_chain(session, case.district_code, case.case_id)
    name = case.number or str(case.case_id)
    for finding in report.findings:
        yield Text(zh=f"{name}：{finding.sentence.zh}", en=f"{name}: {finding.sentence.en}")


def unbalanced(session: Session) -> tuple[Text, ...]:
    """What does not agree in the ledger; nothing if all does."""
    return balance.check(session, Filters()).findings
