"""A draft lent to a phone without an account: which one, for how long, and its end."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.counter import DraftHandOver
from services.case_keys import CaseKey
from services.sign_in import token_hash
from workflows.permissions import Grant, Role

LENT_FOR = timedelta(hours=2)
"""A long form, with papers to look for."""


def loan(
    session: Session, district_code: str, grant: str, at: datetime
) -> tuple[UUID, Grant] | None:
    """Which draft a phone was lent, by the token in its cookie: the loan's id and its grant.

    A loan that has ended or run out still says of which draft it was (``valid_until`` is set
    then), so that the phone learns in words why it cannot save; nothing can be read with it.
    """
    row = session.execute(
        select(DraftHandOver).where(
            DraftHandOver.district_code == district_code,
            DraftHandOver.grant_hash == token_hash(grant),
        )
    ).scalar_one_or_none()
    if row is None:
        return None
    runs_out_at = row.grant_expires_at
    has_run_out = runs_out_at is not None and runs_out_at <= at
    return row.id, Grant(
        role=Role.PHONE,
        district_code=row.district_code,
        case_id=row.case_id,
        valid_until=row.ended_at or (runs_out_at if has_run_out else None),
    )


def lend(session: Session, key: CaseKey, hand_over_id: UUID, grant: str, at: datetime) -> None:
    """Lend the draft to the phone that used a hand-over; ``grant`` is the token of its cookie."""
    session.execute(
        update(DraftHandOver)
        .where(
            DraftHandOver.district_code == key.district_code,
            DraftHandOver.case_id == key.case_id,
            DraftHandOver.id == hand_over_id,
        )
        .values(grant_hash=token_hash(grant), grant_expires_at=at + LENT_FOR)
        .execution_options(synchronize_session=False)
    )


def end(session: Session, key: CaseKey, at: datetime) -> None:
    """End every loan of a draft, at once."""
    session.execute(
        update(DraftHandOver)
        .where(
            DraftHandOver.district_code == key.district_code,
            DraftHandOver.case_id == key.case_id,
            DraftHandOver.grant_hash.is_not(None),
            DraftHandOver.ended_at.is_(None),
        )
        .values(ended_at=at)
        .execution_options(synchronize_session=False)
    )
