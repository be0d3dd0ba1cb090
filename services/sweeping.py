"""What is cleared away every minute: facts about signing in that have run out."""

from datetime import datetime

from sqlalchemy.orm import Session

from services import attempts, sign_in


def sweep(session: Session, at: datetime) -> int:
    """Delete ended sessions and attempts that no window reaches; the number of rows deleted."""
    return attempts.forget_old(session, at) + sign_in.forget_ended(session, at)
