"""Bringing papers that were promised for after acceptance: one button for all that are here."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import now
from core.errors import ConflictError, DomainError, RuleViolatedError, TransitionRefusedError
from forms.posted import posted_id
from services import tolerance_promises, tolerances
from services.case_keys import CaseKey
from services.progress import progress
from views.actors import current_actor, requires
from views.database import transaction
from views.localisation import wording
from workflows.permissions import Permission

bp = Blueprint("promised_papers", __name__, url_prefix="/cases")

PAGE = "/<string:district_code>/<uuid:case_id>/promised-papers"


@bp.get(PAGE)
@requires(Permission.CASE_APPLY)
def show(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """What is awaited and until when; back to the case if nothing is."""
    return _page(CaseKey(district_code, case_id)) or _to_case(district_code, case_id)


@bp.post(PAGE)
@requires(Permission.CASE_APPLY)
def supply(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """Send what is here, once, and go to the receipt."""
    key, at = CaseKey(district_code, case_id), now()
    command_id = posted_id(request.form.get("command_id")) or UUID(int=0)
    try:
        with transaction() as session:
            tolerances.supply(session, current_actor(), key, command_id, at)
    except RuleViolatedError as error:
        sentences = [wording(problem.sentence) for problem in error.problems]
        page = _page(key, sentences)
        return (page, 422) if page else _to_case(district_code, case_id)
    except (ConflictError, TransitionRefusedError) as error:
        page = _page(key, [_said(error)])
        return (page, 409) if page else _to_case(district_code, case_id)
    return redirect(url_for("cases.receipt", district_code=district_code, case_id=case_id), 303)


def _said(error: DomainError) -> str:
    return wording(error.sentence)


def _page(key: CaseKey, refusals: list[str] | None = None) -> str | None:
    """The page; None if nothing is awaited any more."""
    at = now()
    with transaction() as session:
        found = tolerance_promises.awaited(session, current_actor(), key, at)
        stands = progress(session, current_actor(), key.district_code, key.case_id, at)
    if not found:
        return None
    return render_template(
        "promised_papers/show.html",
        progress=stands,
        papers=found,
        problems=[{"id": "send", "text": text} for text in refusals or ()],
        is_error=bool(refusals),
    )


def _to_case(district_code: str, case_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("cases.show", district_code=district_code, case_id=case_id), 303)
