"""Pages for coming in: sign in and out, sign up, and the one-time link of an invitation."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import now
from core.errors import (
    NotFoundError,
    NotPermittedError,
    Problem,
    RuleViolatedError,
    TooManyAttemptsError,
)
from core.text import Text
from forms.accounts import NewPasswordForm, SignInForm, SignUpForm, attach, locale_code
from forms.base import Form
from services import invitations, sign_up
from services import sign_in as sessions
from services.invitations import Invited
from services.people import NewPerson
from services.sign_in import WRONG_CREDENTIALS
from views.actors import (
    current_actor,
    entrance,
    forget,
    has_expired,
    optional_identity,
    public,
    remember,
)
from views.addresses import safe_path
from views.database import transaction
from views.page_owners import mark_of
from workflows.permissions import Actor, Role

bp = Blueprint("accounts", __name__)

HOMES = {
    Role.WINDOW: "/counter",
    Role.CLERK: "/queue",
    Role.HEAD: "/queue",
    Role.GOVERNMENT: "/extensions",
    Role.SUPERVISOR: "/supervision",
    Role.SEAL_MAKER: "/queue",
    Role.AUDITOR: "/savings",
    Role.ADMINISTRATOR: "/people",
    Role.OPERATOR: "/operations",
    Role.APPLICANT: "/cases",
}
"""Where each role begins its day; of several roles the first in this order."""

OTHER_PERSON = Text(
    zh="页面上的内容是用另一个账号填写的，不能用这个账号提交，现在没有登录。",
    en="What is on this page was typed under another account and cannot be sent under this one. "
    "You have not been signed in.",
)
SAME_ACCOUNT = Text(
    zh="请用填写时的账号登录；要用这个账号办事，请从首页进入。",
    en="Sign in with the account under which it was typed. To work with this account, start from "
    "home.",
)


def home_of(actor: Actor) -> str:
    """The first page of a person who has just signed in."""
    return next((path for role, path in HOMES.items() if actor.has_role(role)), "/account")


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Account and password; one sentence whatever was wrong."""
    form = SignInForm()
    if not form.is_submitted():
        return _go_on() if optional_identity() else _sign_in_page(form)
    if not form.submitted_and_valid():
        return _sign_in_page(form), 422
    try:
        token = prove(form, now())
    except TooManyAttemptsError as error:
        return _wait(form, error, _sign_in_page)
    if token is None:
        attach(form, (Problem("account", WRONG_CREDENTIALS),))
        return _sign_in_page(form), 422
    remember(token)
    return _go_on()


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this session; harmless when it has ended already."""
    identity = optional_identity()
    if identity is not None:
        with transaction() as session:
            sessions.sign_out(session, identity.session_id, now())
    forget()
    return redirect(url_for("accounts.signed_out"), 303)


@bp.get("/signed-out")
@public
def signed_out() -> ResponseReturnValue:
    """Says that it is done: on a shared computer people want to be sure."""
    return render_template("accounts/signed_out.html")


@bp.route("/sign-up", methods=["GET", "POST"], endpoint="sign_up")
@public
def sign_up_page() -> ResponseReturnValue:
    """An applicant's own account."""
    form = SignUpForm()
    if not form.is_submitted():
        return _go_on() if optional_identity() else _sign_up_page(form)
    if not (form.submitted_and_valid() and attach(form, form.problems())):
        return _sign_up_page(form), 422
    try:
        token = _sign_up(form, now())
    except TooManyAttemptsError as error:
        return _wait(form, error, _sign_up_page)
    except RuleViolatedError as error:
        attach(form, error.problems)
        return _sign_up_page(form), 422
    remember(token)
    return _go_on()


@bp.route("/invitations/<string:token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> ResponseReturnValue:
    """The one-time link: its owner chooses a password and is signed in."""
    at = now()
    with transaction() as session:
        invited = invitations.open_link(session, entrance(), token, request.remote_addr, at)
    if invited is None:
        raise NotFoundError(invitations.GONE, advice=invitations.ASK_AGAIN)
    form = NewPasswordForm()
    if not form.is_submitted():
        return _invitation_page(form, invited, token)
    if not (form.submitted_and_valid() and attach(form, form.problems(invited.account))):
        return _invitation_page(form, invited, token), 422
    password_hash = entrance().passwords.hash(form.password.data or "")
    with transaction() as session:
        session_token = invitations.accept(session, token, password_hash, at)
    remember(session_token)
    return _go_on()


def prove(form: SignInForm, at: datetime, owner: str | None = None) -> str | None:
    """A new session's token if account and password are right, otherwise None.

    ``owner`` is the mark of the one person who may come in here, if not everybody may.
    Raises `TooManyAttemptsError`, and `NotPermittedError` for anybody else.
    """
    with transaction() as session:
        candidate = sessions.begin(
            session, entrance(), form.account.data or "", request.remote_addr, at
        )
    checked = entrance().passwords.check(candidate.password_hash, form.password.data or "")
    is_other = owner is not None and candidate.person_id and mark_of(candidate.person_id) != owner
    if checked.is_right and is_other:
        raise NotPermittedError(OTHER_PERSON, advice=SAME_ACCOUNT)
    with transaction() as session:
        return sessions.complete(session, entrance(), candidate, checked, at)


def _sign_up(form: SignUpForm, at: datetime) -> str:
    with transaction() as session:
        sign_up.begin(session, entrance(), request.remote_addr, at)
    new = NewPerson(
        account=form.account.data or "",
        name=form.name.data or "",
        grants=sign_up.APPLICANT_GRANTS,
        password_hash=entrance().passwords.hash(form.password.data or ""),
        locale=locale_code(),
    )
    with transaction() as session:
        return sign_up.complete(session, new, at)


def _go_on() -> ResponseReturnValue:
    """To the page that was asked for, or to the person's first page."""
    target = safe_path(request.args.get("next"))
    return redirect(target or home_of(current_actor()), 303)


def _wait(
    form: Form, error: TooManyAttemptsError, page: Callable[[Form], str]
) -> ResponseReturnValue:
    """The form again, nothing typed lost, with how long to wait."""
    attach(form, (Problem("account", error.sentence),))
    return page(form), 429, {"Retry-After": str(error.wait_seconds)}


def _sign_in_page(form: Form) -> str:
    return render_template(
        "accounts/sign_in.html",
        form=form,
        next_page=safe_path(request.args.get("next")),
        has_expired=has_expired(),
    )


def _sign_up_page(form: Form) -> str:
    return render_template(
        "accounts/sign_up.html", form=form, next_page=safe_path(request.args.get("next"))
    )


def _invitation_page(form: Form, invited: Invited, token: str) -> str:
    return render_template(
        "accounts/invitation.html",
        form=form,
        invited=invited,
        token=token,
        next_page=safe_path(request.args.get("next")),
    )
