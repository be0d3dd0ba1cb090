"""What is cleared away: facts about signing in that have run out, and files that nobody needs."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from core.file_store import FileStore
from services import (
    attempts,
    decision_drafts,
    draft_hand_overs,
    material_files,
    presences,
    queue_versions,
    report_exports,
    sign_in,
)


def sweep(session: Session, at: datetime) -> int:
    """Delete what has run out or that no window reaches; the number of rows deleted."""
    return (
        attempts.forget_old(session, at)
        + sign_in.forget_ended(session, at)
        + presences.forget_old(session, at)
        + queue_versions.forget_old(session, at)
        + decision_drafts.forget_out_of_reach(session, at)
        + draft_hand_overs.forget_old(session, at)
        + report_exports.forget_old(session, at)
    )


def sweep_files(session: Session, store: FileStore, at: datetime) -> int:
    """Remove files that no row has named for a day; the number of files and rows removed.

    Files come before their rows, so that a row never names a missing file; this takes away what
    was left when a row did not follow.
    """
    rows = material_files.forget_removed(session, at)
    session.flush()
    older_than = (at - material_files.KEPT).timestamp()

    def named(hashes: Collection[bytes]) -> set[bytes]:
        needed = material_files.named_content(session, hashes)
        return needed | report_exports.named_content(session, hashes, at)

    return rows + store.sweep(named, older_than)
