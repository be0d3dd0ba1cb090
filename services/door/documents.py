"""The numbered papers that acts issue (文书): one for each event whose row names a document."""

from catalog.document_forms import mark_of
from core.clock import CIVIL_ZONE
from services.door.changes import EventDraft
from services.door.decision import Decision
from workflows.process import Transition


def issue_document(decision: Decision, event: EventDraft, row: Transition) -> None:
    """Number the paper of a transition, if it issues one; the hash of the event covers it.

    Numbers count by district, kind and civil year: ``620102-gx-ZY-2026-000012``.
    """
    if row.document is None:
        return
    kind, year = row.document.code, decision.at.astimezone(CIVIL_ZONE).year
    serial = decision.allocate(decision.district_code, f"document:{kind}:{year}", 1)
    number = f"{decision.district_code}-{mark_of(kind)}-{year}-{serial:06d}"
    event.wrote("documents", {"kind": kind, "number": number})
    decision.changes.documents.append(
        {
            "event_number": decision.event_number(event),
            "item_code": event.item_code,
            "kind": kind,
            "number": number,
            "issued_at": decision.at,
        }
    )
