"""One's own account: name and language, password, and the places where one is signed in."""

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import now
from core.errors import Problem, TooManyAttemptsError
from forms.accounts import ChangePasswordForm, ProfileForm, attach
from services import people
from services import sign_in as sessions
from services.sign_in import WRONG_PASSWORD, Identity
from views.actors import current_identity, entrance, forget
from views.database import transaction

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("")
def show() -> ResponseReturnValue:
    """The account page."""
    return _page()


@bp.post("/profile")
def profile() -> ResponseReturnValue:
    """Change name and language."""
    form = ProfileForm()
    if not (form.submitted_and_valid() and attach(form, form.problems())):
        return _page(profile_form=form), 422
    with transaction() as database_session:
        people.describe(
            database_session,
            current_identity().person_id,
            name=form.name.data or "",
            locale=form.locale.data or "",
        )
    session["locale"] = form.locale.data
    flash(_("已保存。"), "success")
    return redirect(url_for("account.show"), 303)


@bp.post("/password")
def password() -> ResponseReturnValue:
    """Change the password; all other sessions end."""
    form, identity = ChangePasswordForm(), current_identity()
    if not (form.submitted_and_valid() and attach(form, form.problems(identity.account))):
        return _page(password_form=form), 422
    try:
        is_changed = _change_password(form, identity)
    except TooManyAttemptsError as error:
        attach(form, (Problem("present", error.sentence),))
        return _page(password_form=form), 429, {"Retry-After": str(error.wait_seconds)}
    if not is_changed:
        attach(form, (Problem("present", WRONG_PASSWORD),))
        return _page(password_form=form), 422
    flash(_("密码已修改，其他地方的登录都已退出。"), "success")
    return redirect(url_for("account.show"), 303)


@bp.post("/sessions/end")
def end_sessions() -> ResponseReturnValue:
    """Sign out everywhere, here too."""
    with transaction() as database_session:
        sessions.sign_out_everywhere(database_session, current_identity().person_id, now())
    forget()
    return redirect(url_for("accounts.signed_out"), 303)


def _change_password(form: ChangePasswordForm, identity: Identity) -> bool:
    at, door = now(), entrance()
    with transaction() as database_session:
        candidate = sessions.begin_password_change(database_session, door, identity, at)
    if not door.passwords.check(candidate.password_hash, form.present.data or "").is_right:
        return False
    new_hash = door.passwords.hash(form.password.data or "")
    with transaction() as database_session:
        sessions.change_password(database_session, candidate, new_hash, identity.session_id, at)
    return True


def _page(
    profile_form: ProfileForm | None = None, password_form: ChangePasswordForm | None = None
) -> str:
    identity = current_identity()
    with transaction() as database_session:
        lines = sessions.sessions_of(database_session, identity, now())
    return render_template(
        "accounts/account.html",
        identity=identity,
        lines=lines,
        profile_form=profile_form
        or ProfileForm(formdata=None, name=identity.name, locale=identity.locale),
        password_form=password_form or ChangePasswordForm(formdata=None),
    )
