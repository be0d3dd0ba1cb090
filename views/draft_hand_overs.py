"""Who has the draft: handing it over by QR, giving it back, taking it, and how it stands now."""

import hashlib
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import now
from core.errors import RuleViolatedError
from core.settings import Settings
from forms.accounts import attach
from forms.counter import ReceiveForm
from services import brought_drafts, draft_hand_overs
from services.case_keys import CaseKey
from services.draft_hand_overs import ASK_ANEW, GONE, Offer
from services.hand_over_codes import shown_code
from services.progress import Progress, progress
from views.actors import current_actor, passive, requires
from views.database import transaction
from views.localisation import wording
from views.public_addresses import public_url_for
from views.qr_codes import qr_code
from workflows.permissions import Permission

bp = Blueprint("draft_hand_overs", __name__)

CASE = "/cases/<string:district_code>/<uuid:case_id>"
COUNTER_CASE = "/counter/<string:district_code>/<uuid:case_id>"
SHOWN = "shown_hand_over"
"""In the cookie of the browser that made a link and code: what its page shows again when it is
reloaded. The database has hashes of them only."""


@bp.post(f"{COUNTER_CASE}/hand-over")
@requires(Permission.CASE_TAKE)
def to_phone(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """Make a QR code with which the applicant goes on by phone."""
    key = CaseKey(district_code, case_id)
    _offer(key)
    return _to("draft_hand_overs.waiting", key)


@bp.get(f"{COUNTER_CASE}/hand-over")
@requires(Permission.CASE_TAKE)
def waiting(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """The QR code, until a phone has used it; then the case."""
    key = CaseKey(district_code, case_id)
    return _shown("counter/hand_over.html", key)


@bp.post(f"{COUNTER_CASE}/hand-over/revoke")
@requires(Permission.CASE_TAKE)
def cancel(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """Make the QR code stop working."""
    key = CaseKey(district_code, case_id)
    _revoke(key)
    return _to("cases.show", key)


@bp.post(f"{COUNTER_CASE}/take-back")
@requires(Permission.CASE_TAKE)
def take_back(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """Take the draft back to the window."""
    key = CaseKey(district_code, case_id)
    with transaction() as database_session:
        draft_hand_overs.take_back(database_session, current_actor(), key, now())
    flash(_("已取回，现在由窗口填写。"), "success")
    return _to("cases.show", key)


@bp.route("/counter/receive", methods=["GET", "POST"])
@requires(Permission.CASE_TAKE)
def receive() -> ResponseReturnValue:
    """Take in a draft whose code the applicant shows on a phone."""
    form, at, officer = ReceiveForm(), now(), current_actor()
    form.offer_documents()
    if not form.is_submitted():
        return render_template("counter/receive.html", form=form)
    is_shaped = form.submitted_and_valid()
    if not (attach(form, form.problems()) and is_shaped):
        return render_template("counter/receive.html", form=form), 422
    meter = draft_hand_overs.officer_meter(officer, _secret())
    with transaction() as database_session:
        found = draft_hand_overs.find_by_code(
            database_session, form.code.data or "", _secret(), meter, at
        )
        again = (
            None
            if found
            else brought_drafts.received_before(
                database_session, officer, form.code.data or "", _secret(), at
            )
        )
    if again is not None:
        return _received(again)
    if found is None:
        form.code.errors = [*form.code.errors, f"{wording(GONE)}{wording(ASK_ANEW)}"]
        return render_template("counter/receive.html", form=form), 422
    kind = form.document_kind.data or ""
    try:
        with transaction() as database_session:
            key = brought_drafts.receive(database_session, officer, found, kind, at)
    except RuleViolatedError as error:
        attach(form, error.problems)
        return render_template("counter/receive.html", form=form), 422
    return _received(key)


def _received(key: CaseKey) -> ResponseReturnValue:
    flash(_("已接过来，现在由窗口填写。"), "success")
    return _to("cases.show", key)


@bp.post(f"{CASE}/to-window")
@requires(Permission.CASE_APPLY)
def to_window(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """Make a code with which a window takes the draft in."""
    key = CaseKey(district_code, case_id)
    _offer(key)
    return _to("draft_hand_overs.code", key)


@bp.get(f"{CASE}/to-window")
@requires(Permission.CASE_APPLY)
def code(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """The code, until a window has used it; then the case."""
    return _shown("draft_hand_overs/to_window.html", CaseKey(district_code, case_id))


@bp.post(f"{CASE}/to-window/revoke")
@requires(Permission.CASE_APPLY)
def withdraw_code(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """Make the code stop working."""
    key = CaseKey(district_code, case_id)
    _revoke(key)
    return _to("cases.show", key)


@bp.post(f"{CASE}/give-back")
@requires(Permission.DRAFT_WRITE)
def give_back(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """Give the draft back to the window, from the phone."""
    key, actor = CaseKey(district_code, case_id), current_actor()
    with transaction() as database_session:
        found = progress(database_session, actor, district_code, case_id, now())
        draft_hand_overs.give_back(database_session, actor, key, now())
    if found.standing.is_lent:
        return redirect(url_for("continuations.done"), 303)
    flash(_("已交回窗口，现在由窗口填写。"), "success")
    return _to("cases.show", key)


@bp.post(f"{CASE}/take-home")
@requires(Permission.CASE_APPLY)
def take_home(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """Go on by oneself, signed in, with a draft that the window has."""
    key = CaseKey(district_code, case_id)
    with transaction() as database_session:
        draft_hand_overs.take_home(database_session, current_actor(), key, now())
    flash(_("现在由您自己填写，窗口不能再改。"), "success")
    return _to("cases.show", key)


@bp.get(f"{CASE}/standing.json")
@requires(Permission.DRAFT_WRITE)
@passive
def standing(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """Who has the draft and when it was last saved; 304 while nothing has changed."""
    key, at = CaseKey(district_code, case_id), now()
    with transaction() as database_session:
        found = progress(database_session, current_actor(), district_code, case_id, at)
        offered = draft_hand_overs.pending(database_session, key, at)
    answer = jsonify(_standing(found, is_offered=offered is not None))
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:32])
    return answer.make_conditional(request)


def _standing(found: Progress, *, is_offered: bool) -> dict[str, Any]:
    here = found.standing
    return {
        "state": found.state,
        "holder": here.holder.value if here.holder else None,
        "saved_at": here.saved_at.isoformat() if here.saved_at else None,
        "is_offered": is_offered,
    }


def _offer(key: CaseKey) -> None:
    with transaction() as database_session:
        made = draft_hand_overs.offer(database_session, current_actor(), key, _secret(), now())
    session[SHOWN] = {"id": str(made.id), "token": made.token, "code": made.code}


def _revoke(key: CaseKey) -> None:
    with transaction() as database_session:
        draft_hand_overs.revoke(database_session, current_actor(), key, now())
    session.pop(SHOWN, None)


def _shown(template: str, key: CaseKey) -> ResponseReturnValue:
    """The page of a hand-over that waits; the case once it was used, revoked or has run out."""
    at = now()
    with transaction() as database_session:
        found = progress(database_session, current_actor(), key.district_code, key.case_id, at)
        waits = draft_hand_overs.pending(database_session, key, at)
    if waits is None:
        return _to("cases.show", key)
    shown = session.get(SHOWN, {})
    offer = None
    if shown.get("id") == str(waits.id):
        offer = Offer(
            id=waits.id, token=shown["token"], code=shown["code"], expires_at=waits.expires_at
        )
    return render_template(
        template,
        progress=found,
        waits=waits,
        offer=offer,
        code=shown_code(offer.code) if offer else None,
        link=public_url_for("continuations.link", token=offer.token) if offer else None,
        typed_at=public_url_for("continuations.index"),
        qr_code=qr_code,
    )


def _secret() -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.secret_key


def _to(endpoint: str, key: CaseKey) -> ResponseReturnValue:
    return redirect(url_for(endpoint, district_code=key.district_code, case_id=key.case_id), 303)
