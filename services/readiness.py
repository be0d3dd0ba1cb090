"""Whether the service could serve somebody now."""

from sqlalchemy import exists, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from models.definition import CalendarVersion, DefinitionVersion


def is_ready(session: Session) -> bool:
    """True if the database answers, is migrated, and has a one-thing and a calendar published."""
    try:
        return session.execute(
            select(
                exists().where(DefinitionVersion.hash.is_not(None))
                & exists().where(CalendarVersion.hash.is_not(None))
            )
        ).scalar_one()
    except SQLAlchemyError:
        return False
