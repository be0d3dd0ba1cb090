"""One's session as pages see it: how long it lasts, longer if asked, and begun again in place."""

from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import now
from core.errors import Problem, RuleViolatedError, TooManyAttemptsError, TransitionRefusedError
from core.text import Text
from forms.accounts import SignInForm, attach
from services.sign_in import WRONG_CREDENTIALS, seconds_left
from views import kept_posts
from views.accounts import prove
from views.actors import current_identity, optional_identity, passive, public, remember
from views.kept_posts import KeptPost
from views.page_owners import bind_forms, fresh_token, mark_of
from views.refusals import wants_json

bp = Blueprint("sessions", __name__)

SECONDS = "Session-Seconds"
"""The header of every answer to a script: seconds to the end if nothing is done, and to the end
however much is done, and whose session it is."""
GONE = Text(
    zh="这个页面放得太久，刚才的内容没法再带过来了。",
    en="This page was open too long; what it carried can no longer be used.",
)
START_AGAIN = Text(
    zh="请从首页重新进入；申请表里已保存的内容都在。",
    en="Start again from home. What was saved in the application form is still there.",
)


def init_app(app: Flask) -> None:
    """Tell scripts with each answer how long the session lasts."""

    @app.after_request
    def tell(response: Response) -> Response:
        if "_login_user" in g and wants_json():
            identity = optional_identity()
            if identity is not None:
                left = seconds_left(identity, now())
                facts = (left["idle_seconds"], left["end_seconds"], mark_of(identity.person_id))
                response.headers[SECONDS] = ",".join(map(str, facts))
        return response


@bp.get("/session")
@public
@passive
def state() -> ResponseReturnValue:
    """Who is signed in here, for how long, and a token for the forms of open pages."""
    return jsonify(_facts())


@bp.post("/session")
@public
def begin() -> ResponseReturnValue:
    """Sign in again under a page that stays open; only its own person may."""
    form = SignInForm()
    if not form.submitted_and_valid():
        raise RuleViolatedError((Problem("account", WRONG_CREDENTIALS),), WRONG_CREDENTIALS)
    token = prove(form, now(), request.form.get("owner", ""))
    if token is None:
        raise RuleViolatedError((Problem("password", WRONG_CREDENTIALS),), WRONG_CREDENTIALS)
    remember(token)
    return jsonify(_facts())


@bp.post("/account/session/extend")
def extend() -> ResponseReturnValue:
    """To ask is to go on: the session lasts as long again, up to its longest."""
    identity = current_identity()
    if wants_json():
        return jsonify(_facts())
    if identity.rests_until == identity.ends_at:
        flash(_("登录时间已经到了最长，不能再延长。请先保存，再退出重新登录。"))
    else:
        flash(_("已延长登录时间。"), "success")
    return redirect(url_for("account.show"), 303)


@bp.post("/session/resume")
@public
def resume() -> ResponseReturnValue:
    """Sign in with a form in hand that met a closed door; then it can be sent by a press."""
    kept = kept_posts.opened(request.form.get("kept", ""))
    if kept is None:
        raise TransitionRefusedError(GONE, advice=START_AGAIN)
    form = SignInForm()
    if not form.submitted_and_valid():
        return resume_page(kept, form), 422
    try:
        token = prove(form, now(), kept.owner)
    except TooManyAttemptsError as error:
        attach(form, (Problem("account", error.sentence),))
        return resume_page(kept, form), 429, {"Retry-After": str(error.wait_seconds)}
    if token is None:
        attach(form, (Problem("account", WRONG_CREDENTIALS),))
        return resume_page(kept, form), 422
    remember(token)
    return render_template("sessions/send_again.html", kept=kept)


def resume_page(kept: KeptPost, form: SignInForm | None = None) -> str:
    """The page to sign in on, with the form in hand."""
    return render_template(
        "sessions/resume.html", kept=kept, form=form or SignInForm(formdata=None), is_error=True
    )


def _facts() -> dict[str, Any]:
    identity = optional_identity()
    if identity is not None:
        bind_forms(identity.person_id)
    facts: dict[str, Any] = {"owner": None, "csrf_token": fresh_token()}
    if identity is not None:
        facts |= {"owner": mark_of(identity.person_id), **seconds_left(identity, now())}
    return facts
