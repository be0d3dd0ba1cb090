"""Whether this process lives, and whether it can serve: for supervisors and load balancers."""

import logging
import threading
import time
from dataclasses import dataclass, field

from flask import Blueprint, Flask, current_app
from flask.typing import ResponseReturnValue

from core.clock import now
from core.database import Database
from core.errors import DomainError
from core.settings import Settings
from services import readiness
from services.readiness import Place, Readiness
from views.actors import public

bp = Blueprint("health", __name__)

LOG = logging.getLogger(__name__)
PLAIN = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
KEPT_SECONDS = 1.0
"""So long one answer serves all who ask: the page is open, and each answer costs a connection."""


@dataclass
class Probe:
    """The last answer of this process, and what it was last heard to complain of."""

    turn: threading.Lock = field(default_factory=threading.Lock)
    asked_of: Database | None = None
    asked_at: float = -KEPT_SECONDS
    answer: Readiness | None = None
    failing: frozenset[str] = frozenset()


def init_app(app: Flask) -> None:
    """Give the process its probe."""
    app.extensions["probe"] = Probe()


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process answers; asks nothing of the database and of no session."""
    return "ok\n", 200, PLAIN


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Whether to send anybody here, then what is not as it should be, by its code.

    The sentences, which name machines and folders, are on the operators' page alone.
    """
    found = current_readiness()
    lines = [
        "ready" if found.is_ready else "not ready",
        *(f"{each.code}: {'needed' if each.is_needed else 'amiss'}" for each in found.failing),
    ]
    return "\n".join(lines) + "\n", 200 if found.is_ready else 503, PLAIN


def current_readiness() -> Readiness:
    """What is so now, or was a second ago; whoever asks at once waits for one answer."""
    probe: Probe = current_app.extensions["probe"]
    database: Database = current_app.extensions["database"]
    with probe.turn:
        is_old = time.monotonic() - probe.asked_at >= KEPT_SECONDS
        if probe.answer is None or is_old or probe.asked_of is not database:
            probe.answer = _ask(database)
            probe.asked_of, probe.asked_at = database, time.monotonic()
            _tell(probe, probe.answer)
        return probe.answer


def _ask(database: Database) -> Readiness:
    settings: Settings = current_app.extensions["settings"]
    place = Place(
        key_folder=settings.key_folder,
        data_folder=settings.data_folder,
        may_create_keys=settings.demonstration,
    )
    try:
        with database.apart() as session:
            return readiness.check(session, place, now())
    except DomainError as refusal:
        return readiness.unreachable(place, refusal.sentence)


def _tell(probe: Probe, found: Readiness) -> None:
    """A line in the log for each change, not for each question."""
    failing = frozenset(each.code for each in found.failing)
    if failing == probe.failing:
        return
    probe.failing = failing
    told = ", ".join(sorted(failing)) or "nothing"
    LOG.warning("readiness: %s; amiss: %s", "ready" if found.is_ready else "not ready", told)
