"""Jobs that tell applicants what happened to their cases, and officers of refused packages."""

from uuid import UUID

from procrastinate import App

from core.clock import now
from core.database import Database
from services import notices, packages
from services.door.notable import TELL_APPLICANT
from services.door.packages import TELL_SENDER


def register(app: App, database: Database) -> None:
    """Name the jobs of this module: ``tell_applicant`` and ``tell_sender``."""

    @app.task(name=TELL_APPLICANT)
    def tell_applicant(district_code: str, case_id: str, event_numbers: list[int]) -> None:
        """Write the notices of one command's events; writing them again changes nothing."""
        with database.transaction() as session:
            notices.tell(session, district_code, UUID(case_id), event_numbers, now())

    @app.task(name=TELL_SENDER)
    def tell_sender(district_code: str, case_id: str, event_number: int) -> None:
        """Write the notice of a refused package; writing it again changes nothing."""
        with database.transaction() as session:
            packages.tell_sender(session, district_code, UUID(case_id), event_number, now())
