"""The keys of the queue: the help page, and the switch that turns single keys off."""

from flask import Blueprint, Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.settings import Settings
from views.actors import requires
from workflows.permissions import Permission

bp = Blueprint("queue_keys", __name__, url_prefix="/queue/keys")

COOKIE = "single_keys"
ONE_YEAR = 365 * 24 * 60 * 60
OFF = "off"


def init_app(app: Flask) -> None:
    """Let templates ask whether single keys are wanted in this browser."""
    app.jinja_env.globals["single_keys"] = single_keys


def single_keys() -> bool:
    """True unless somebody turned them off in this browser."""
    return request.cookies.get(COOKIE) != OFF


@bp.get("")
@requires(Permission.TASK_CLAIM)
def show() -> ResponseReturnValue:
    """Every key and what it does."""
    return render_template("queue/keys.html")


@bp.post("")
@requires(Permission.TASK_CLAIM)
def change() -> ResponseReturnValue:
    """Turn single keys on or off in this browser."""
    answer = current_app.make_response(redirect(url_for("queue_keys.show"), 303))
    settings: Settings = current_app.extensions["settings"]
    answer.set_cookie(
        COOKIE,
        OFF if request.form.get("single_keys") == OFF else "on",
        max_age=ONE_YEAR,
        samesite="Lax",
        secure=settings.production,
        httponly=True,
    )
    return answer
