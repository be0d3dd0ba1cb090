"""The applicant's page for the corrections of one part: what is asked, what changed, one button."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import now
from core.errors import ConflictError, DomainError, RuleViolatedError, TransitionRefusedError
from forms.posted import posted_id
from services import correction_reviews, corrections, counter
from services.case_keys import CaseKey
from services.progress import progress
from views.actors import current_actor, requires
from views.database import transaction
from views.localisation import wording
from workflows.clocks import due_words
from workflows.permissions import Permission

bp = Blueprint("corrections", __name__, url_prefix="/cases")

PART = "/<string:district_code>/<uuid:case_id>/parts/<string:item>/corrections"


@bp.get(PART)
@requires(Permission.CASE_APPLY)
def show(district_code: str, case_id: UUID, item: str) -> ResponseReturnValue:
    """What the part's department asks for, and what would be sent now."""
    key = CaseKey(district_code, case_id)
    return _page(key, item, now()) or _to_case(key)


@bp.post(PART)
@requires(Permission.CASE_APPLY)
def supply(district_code: str, case_id: UUID, item: str) -> ResponseReturnValue:
    """Send it once, however often the button is pressed, and go to the receipt."""
    key, at, actor = CaseKey(district_code, case_id), now(), current_actor()
    command_id = posted_id(request.form.get("command_id")) or UUID(int=0)
    try:
        with transaction() as session:
            if "confirmed" in request.form and actor.has(Permission.CASE_TAKE):
                counter.confirm(session, actor, key, command_id)
            corrections.supply(session, actor, key, (item, command_id), at)
    except RuleViolatedError as error:
        unconfirmed = [found for found in error.problems if found.path == "confirmed"]
        sentence = wording(unconfirmed[0].sentence) if unconfirmed else ""
        page = _page(key, item, at, unconfirmed=sentence)
        return (page, 422) if page else _to_case(key)
    except (ConflictError, TransitionRefusedError) as error:
        return _page(key, item, at, refusal=error) or "", 409
    return redirect(url_for("cases.receipt", district_code=district_code, case_id=case_id), 303)


def _page(
    key: CaseKey,
    item: str,
    at: datetime,
    *,
    unconfirmed: str = "",
    refusal: DomainError | None = None,
) -> str | None:
    """The page; None if nothing is asked any more and nothing was refused."""
    actor = current_actor()
    with transaction() as session:
        found = correction_reviews.review(session, actor, key, item, at)
        stands = progress(session, actor, key.district_code, key.case_id, at)
    if found is None and refusal is None:
        return None
    is_posted = request.method == "POST"
    stale = _("这个页面已经过期，没有提交任何内容。请再核对一遍，重新提交。")
    sentence = wording(refusal.sentence) if refusal else ""
    if is_posted and found and found.may_be_sent and not unconfirmed and not sentence:
        sentence = stale
    return render_template(
        "corrections/show.html",
        review=found,
        correction=found.correction if found else None,
        progress=stands,
        refusal=sentence,
        advice=wording(refusal.advice) if refusal and refusal.advice else "",
        unconfirmed=unconfirmed,
        due_words=due_words,
        at=at,
        is_error=is_posted,
    )


def _to_case(key: CaseKey) -> ResponseReturnValue:
    address = url_for("cases.show", district_code=key.district_code, case_id=key.case_id)
    return redirect(address, 303)
