"""Reports asked for as files, in every state that they may be in, for ``prepared.py``."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from core.database import Database
from services import report_exports
from services.report_exports import BROKEN, Drawn, Request, Written
from services.report_writing import FileFormat, Wanted
from workflows.permissions import Actor

SHORT = timedelta(minutes=2)


def prepare_exports(database: Database, auditor: Actor, at: datetime) -> dict[str, str]:
    """The ids of exports by the names of their states."""
    made = {
        "export_expired": _asked(database, auditor, at - report_exports.KEPT - SHORT),
        "export_failed": _asked(database, auditor, at - SHORT * 3, "csv"),
        "export_ready": _asked(database, auditor, at - SHORT * 2),
        "export_waiting": _asked(database, auditor, at - SHORT, origin="live"),
    }
    _finish(database, made["export_expired"], at - report_exports.KEPT - SHORT)
    _finish(database, made["export_ready"], at - SHORT)
    with database.transaction() as session:
        report_exports.fail(session, made["export_failed"], BROKEN, at - SHORT)
    return {name: str(export_id) for name, export_id in made.items()}


def _asked(
    database: Database, auditor: Actor, at: datetime, ending: str = "xlsx", **typed: str
) -> UUID:
    wanted = Wanted(
        format=FileFormat(ending),
        language="zh",
        table_code="transfers" if ending == "csv" else None,
    )
    asked = Request(
        command_id=uuid4(),
        report_code="entries",
        typed={"from": "2026-01-01", "maker": "jincheng", **typed},
        wanted=wanted,
    )
    with database.transaction() as session:
        return report_exports.ask(session, auditor, asked, at)


def _finish(database: Database, export_id: UUID, at: datetime) -> None:
    drawn = Drawn(
        row_count=17_702,
        file_name="分录-2026-01-01起-截至2026-11-24-合成.xlsx",
        holds_synthetic=True,
        reach=None,
    )
    written = Written(drawn=drawn, content_hash=export_id.bytes * 2, size_bytes=2_411_724)
    with database.transaction() as session:
        report_exports.finish(session, export_id, written, at)
