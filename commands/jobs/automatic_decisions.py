"""The jobs that let rules decide, and that stop them when people decide otherwise."""

from uuid import UUID

from procrastinate import App

from core.clock import now
from core.database import Database
from services import automatic_decisions
from services.cases import CaseKey
from services.door.automatic_decisions import ASSESS_JOB, WATCH_JOB


def register(app: App, database: Database) -> None:
    """Name the jobs of this module: ``assess_by_rule`` and ``watch_automatic_decisions``."""

    @app.task(name=ASSESS_JOB)
    def assess_by_rule(district_code: str, case_id: str, item_code: str) -> None:
        """Let the rules weigh what has come to wait for them; a second time changes nothing."""
        with database.transaction() as session:
            key = CaseKey(district_code, UUID(case_id))
            automatic_decisions.assess(session, key, item_code, now())

    @app.task(name=WATCH_JOB)
    def watch_automatic_decisions(district_code: str, case_id: str, event_number: int) -> None:
        """Stop the rules of an office if too many of their decisions were overturned."""
        with database.transaction() as session:
            key = CaseKey(district_code, UUID(case_id))
            automatic_decisions.watch(session, key, event_number, now())
