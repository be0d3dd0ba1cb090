"""The case behind a figure, for auditors."""

from uuid import UUID

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from core.clock import now
from services import assessments, audit
from services.audit import CaseRecord
from services.case_keys import CaseKey
from services.ledger_documents import record_document
from views.actors import current_actor, requires
from views.database import transaction
from workflows.permissions import Permission

bp = Blueprint("audit", __name__, url_prefix="/audit")


@bp.get("/cases/<string:district_code>/<uuid:case_id>")
@requires(Permission.LEDGER_READ)
def case(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """Transfers, seals, times, events and the chain, recomputed while the page is made."""
    record = _record(district_code, case_id)
    with transaction() as session:
        assessed = assessments.of_task(session, CaseKey(district_code, case_id))
    return render_template("audit/case.html", record=record, assessed=assessed)


@bp.get("/cases/<string:district_code>/<uuid:case_id>/record.json")
@requires(Permission.LEDGER_READ)
def case_json(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """The same as a document to keep, with full hashes."""
    return jsonify(record_document(_record(district_code, case_id)))


def _record(district_code: str, case_id: UUID) -> CaseRecord:
    with transaction() as session:
        return audit.case_record(session, current_actor(), district_code, case_id, now())
