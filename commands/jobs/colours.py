"""The job that turns colours whose time has come."""

from uuid import UUID

from procrastinate import App

from commands.sweeps import sweep_each
from core.clock import now
from core.database import Database
from services import colour_turns
from services.cases import CaseKey
from services.door.colours import TELL_COLOUR


def register(app: App, database: Database) -> None:
    """Name the jobs of this module: ``turn_colours`` each minute, and ``tell_colour``."""

    @app.periodic(cron="* * * * *")
    @app.task(name="turn_colours", queueing_lock="turn_colours")
    def turn_colours(timestamp: int) -> None:
        """Turn every colour that is due; again and again turns nothing twice."""
        del timestamp  # the clock of this process says what is due
        turn_due(database)

    @app.task(name=TELL_COLOUR)
    def tell_colour(district_code: str, case_id: str, event_number: int) -> None:
        """Tell of a colour that was written down with an act; a second time changes nothing."""
        with database.transaction() as session:
            key = CaseKey(district_code, UUID(case_id))
            colour_turns.tell(session, key, event_number, now())


def turn_due(database: Database) -> int:
    """Turn what is due by now; how many. Each change has a transaction of its own.

    One that cannot be turned is left for the next time, and keeps none of the others back.
    """
    at = now()
    return sweep_each(
        database,
        lambda session, left: colour_turns.due_turns(session, at, skip=left),
        lambda session, each: colour_turns.turn(session, each, at),
        lambda each: f"a colour of case {each.key.case_id}",
    )
