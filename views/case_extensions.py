"""Requests for more time for a whole case, and the answer of the head of the government."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import now
from core.errors import ConflictError, TransitionRefusedError
from forms.case_extensions import AnswerForm
from services import case_extensions
from services.case_keys import CaseKey
from views.actors import current_actor, requires
from views.database import transaction
from views.pages import posted_slice
from workflows.permissions import Permission

bp = Blueprint("case_extensions", __name__, url_prefix="/extensions")

CASE = "/<string:district_code>/<uuid:case_id>"


@bp.get("")
@requires(Permission.CASE_EXTEND)
def index() -> ResponseReturnValue:
    """The requests that wait for an answer."""
    at = now()
    with transaction() as session:
        found = case_extensions.requests(session, current_actor(), at, posted_slice())
    return render_template("extensions/list.html", page=found)


@bp.get(CASE)
@requires(Permission.CASE_EXTEND)
def show(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """One request: who asks, why, how each part stands, and until when it would be."""
    asked = _asked(CaseKey(district_code, case_id), now())
    return render_template("extensions/show.html", asked=asked, form=AnswerForm(asked))


@bp.post(CASE)
@requires(Permission.CASE_EXTEND)
def answer(district_code: str, case_id: UUID) -> ResponseReturnValue:
    """Agree or decline, once."""
    key, at = CaseKey(district_code, case_id), now()
    form = AnswerForm(None, request.form)
    given = form.read()
    if given is None:
        page = render_template(
            "extensions/show.html", asked=_asked(key, at), form=form, is_error=True
        )
        return page, 422
    try:
        with transaction() as session:
            case_extensions.answer(session, current_actor(), key, given, at)
    except (ConflictError, TransitionRefusedError) as error:
        asked = _asked(key, at)
        form.renew(asked)
        page = render_template(
            "extensions/show.html", asked=asked, form=form, error=error, is_error=True
        )
        return page, 409
    done = _("已同意延长，并已通知申请人。") if given.agrees else _("已答复不同意延长。")
    flash(done, "success")
    return redirect(url_for("case_extensions.index"), 303)


def _asked(key: CaseKey, at: datetime) -> case_extensions.ExtensionRequest:
    with transaction() as session:
        return case_extensions.request(session, current_actor(), key, at)
