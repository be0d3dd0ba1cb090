"""Going on by phone with a draft that a window handed over: by the QR code's link or its code."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import now
from core.errors import NotFoundError, Problem, TooManyAttemptsError
from core.settings import Settings
from core.text import Text
from forms.accounts import attach
from forms.counter import CodeForm
from services import draft_hand_overs
from services.draft_hand_overs import ASK_ANEW, GONE, Found
from views.actors import lend, optional_actor, public
from views.database import transaction

bp = Blueprint("continuations", __name__, url_prefix="/continue")


@bp.route("", methods=["GET", "POST"])
@public
def index() -> ResponseReturnValue:
    """Type the eight characters that the window's screen shows."""
    form, at = CodeForm(), now()
    if not form.is_submitted():
        return _code_page(form)
    if not form.submitted_and_valid():
        return _code_page(form), 422
    meter = draft_hand_overs.phone_meter(request.remote_addr, _secret())
    try:
        with transaction() as session:
            found = draft_hand_overs.find_by_code(
                session, form.code.data or "", _secret(), meter, at
            )
    except TooManyAttemptsError as error:
        attach(form, (Problem("code", error.sentence),))
        return _code_page(form), 429, {"Retry-After": str(error.wait_seconds)}
    if found is None:
        attach(form, (Problem("code", _gone()),))
        return _code_page(form), 422
    return _go_on(found)


@bp.route("/<string:token>", methods=["GET", "POST"])
@public
def link(token: str) -> ResponseReturnValue:
    """Opened, it only says what it is: programs that look at links must not use it up."""
    at = now()
    meter = draft_hand_overs.phone_meter(request.remote_addr, _secret())
    with transaction() as session:
        found = draft_hand_overs.open_link(session, token, meter, at)
        about = draft_hand_overs.about(session, found) if found else None
    if found is None or about is None:
        raise NotFoundError(GONE, advice=ASK_ANEW)
    if request.method == "GET":
        return render_template("draft_hand_overs/link.html", token=token, about=about)
    return _go_on(found)


@bp.get("/done")
@public
def done() -> ResponseReturnValue:
    """Says that the window has it again."""
    return render_template("draft_hand_overs/done.html")


def _go_on(found: Found) -> ResponseReturnValue:
    with transaction() as session:
        accepted = draft_hand_overs.accept_on_phone(session, found, optional_actor(), now())
    key = accepted.key
    if accepted.grant is not None:
        lend(key.district_code, accepted.grant)
    return redirect(
        url_for("cases.show", district_code=key.district_code, case_id=key.case_id), 303
    )


def _code_page(form: CodeForm) -> str:
    return render_template("draft_hand_overs/code.html", form=form)


def _gone() -> Text:
    return Text(zh=f"{GONE.zh}{ASK_ANEW.zh}", en=f"{GONE.en} {ASK_ANEW.en}")


def _secret() -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.secret_key
