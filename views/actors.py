"""Who is asking. Every page is closed unless its view says ``@public``.

Flask-Login keeps the token of the server-side session as the user's id in the signed cookie; a
request that needs to know its person asks the database once.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, current_user, login_user, logout_user

from core.clock import now
from core.errors import NotPermittedError, NotSignedInError
from core.settings import Settings
from core.text import Text
from services import loans, passwords, sign_in
from services.sign_in import Entrance, Identity
from views.database import transaction
from views.page_owners import bind_forms, forms_secret
from workflows.permissions import Actor, Grant, Permission

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")
View = TypeVar("View", bound=Callable[..., object])

KEPT_AT_SIGN_IN = ("guide_opened_at", "locale")
"""What a stranger did that counts afterwards; everything else of the cookie is dropped."""

POLL = "X-Poll"
"""The header of a page that asks for its own list again by itself."""

LENT = "lent_draft"
"""In the cookie of a phone that was lent a draft: its district and the token of the loan."""

NOT_SIGNED_IN = Text(zh="请先登录。", en="Sign in first.")
NOT_PERMITTED = Text(
    zh="您的账号没有打开这个页面的权限。", en="Your account has no right to open this page."
)
ASK_ADMINISTRATOR = Text(
    zh="如果工作需要，请联系管理员开通权限，或换一个账号登录。",
    en="If your work needs it, ask your administrator, or sign in with another account.",
)


class SignedIn:
    """What Flask-Login calls a user: one identity and the token that proved it."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, identity: Identity, token: str) -> None:
        self.identity = identity
        self._token = token

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie."""
        return self._token


def init_app(app: Flask) -> None:
    """Close every page that is not public, and set up the cookie."""
    settings: Settings = app.extensions["settings"]
    app.config.update(
        SESSION_COOKIE_NAME="__Host-yichuang" if settings.production else "yichuang",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.production,
        SESSION_COOKIE_PATH="/",
    )
    manager = LoginManager(app)
    manager.session_protection = None  # a phone changes its address; our sessions can be revoked
    manager.user_loader(_load)
    app.before_request(_close_doors)


def public(view: View) -> View:
    """Open ``view`` to people who have not signed in."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def passive(view: View) -> View:
    """Mark a view that pages ask by themselves: it keeps nobody's session alive."""
    view.is_passive = True  # type: ignore[attr-defined]
    return view


def requires(
    permission: Permission,
) -> Callable[[Callable[Parameters, Answer]], Callable[Parameters, Answer]]:
    """The first lock of a page: only people of whom some grant holds ``permission``; others 403.

    Written below the route. Which case it may be done to is the second lock, in the services.
    """

    def lock(view: Callable[Parameters, Answer]) -> Callable[Parameters, Answer]:
        @wraps(view)
        def locked(*arguments: Parameters.args, **options: Parameters.kwargs) -> Answer:
            if not current_actor().has(permission):
                raise NotPermittedError(NOT_PERMITTED, advice=ASK_ADMINISTRATOR)
            return view(*arguments, **options)

        locked.required_permission = permission  # type: ignore[attr-defined]
        return locked

    return lock


def current_identity() -> Identity:
    """The person signed in, with account and session. Raises `NotSignedInError`."""
    identity = optional_identity()
    if identity is None:
        raise NotSignedInError(NOT_SIGNED_IN)
    return identity


def optional_identity() -> Identity | None:
    """The person signed in, or None."""
    user = current_user._get_current_object()  # noqa: SLF001 -- the documented way past the proxy
    return user.identity if isinstance(user, SignedIn) else None


def current_actor() -> Actor:
    """The person signed in, as services know them, with the draft that this phone was lent.

    A phone may be lent a draft without anybody being signed in. Raises `NotSignedInError`.
    """
    identity, lent = optional_identity(), _loan()
    if identity is None:
        if lent is None:
            raise NotSignedInError(NOT_SIGNED_IN)
        return Actor(id=lent[0], name="", grants=(lent[1],))
    actor = identity.actor
    return replace(actor, grants=(*actor.grants, lent[1])) if lent else actor


def optional_actor() -> Actor | None:
    """The person signed in, as services know them, or None."""
    identity = optional_identity()
    return identity.actor if identity else None


def remember(token: str) -> None:
    """Begin a new cookie for a session just opened; nothing planted in the old one survives."""
    kept = {name: session[name] for name in KEPT_AT_SIGN_IN if name in session}
    owner, secret = owner_of_cookie(), forms_secret()
    session.clear()
    session.update(kept)
    user = _load(token)
    if user is None:
        raise NotSignedInError(NOT_SIGNED_IN)
    login_user(user)
    is_same = owner == user.identity.person_id
    bind_forms(user.identity.person_id, secret if is_same else None)
    session.setdefault("locale", user.identity.locale)


def owner_of_cookie() -> UUID | None:
    """Whose session this browser's cookie is of, or was until time ended it."""
    token, identity = session.get("_user_id"), optional_identity()
    if token is None or identity is not None:
        return identity.person_id if identity else None
    with transaction() as database_session:
        return sign_in.owner_of_ended(database_session, str(token))


def lend(district_code: str, grant: str) -> None:
    """Keep in this browser's cookie that it was lent a draft."""
    session[LENT] = f"{district_code} {grant}"


def forget() -> None:
    """Drop the cookie of a session that has ended; the language stays."""
    locale = session.get("locale")
    logout_user()
    session.clear()
    if locale:
        session["locale"] = locale


def entrance() -> Entrance:
    """What guards the door here: see `services.sign_in.Entrance`."""
    settings: Settings = current_app.extensions["settings"]
    return Entrance(
        secret=settings.secret_key,
        passwords=passwords.with_cost(settings.password_memory_kibibytes, settings.password_passes),
        demonstration=settings.demonstration,
    )


def has_expired() -> bool:
    """Whether the cookie is of a session that has ended: its person was signed in before."""
    return "_user_id" in session and optional_identity() is None


def _load(token: str) -> SignedIn | None:
    """Ask the database, once: if that fails, the page that says so must not ask again."""
    if "asked_for_identity" in g:
        return None
    g.asked_for_identity = True
    settings: Settings = current_app.extensions["settings"]
    with transaction() as database_session:
        identity = sign_in.identify(
            database_session,
            token,
            now(),
            demonstration=settings.demonstration,
            is_act=not _is_passive(),
        )
    g.pop("asked_for_identity")
    return SignedIn(identity, token) if identity else None


def _is_passive() -> bool:
    """Whether a script asks by itself: what it reads is no act of its person, what it sends is."""
    view = current_app.view_functions.get(request.endpoint or "")
    # Older browsers do not say who asks; the pages that ask by themselves do.
    is_said = request.headers.get("Sec-Fetch-Dest") == "empty" or POLL in request.headers
    by_script = request.method == "GET" and is_said
    return by_script or getattr(view, "is_passive", False)


def _close_doors() -> None:
    """A page that does not exist has no door: its own answer is 404."""
    if request.endpoint is None or request.endpoint == "static":
        return
    if _has_mark("is_public"):
        return
    if _has_mark("required_permission") is Permission.DRAFT_WRITE:
        owner = current_actor().id  # a phone that was lent a draft comes in without an account
    else:
        owner = current_identity().person_id
    if request.method == "GET":
        bind_forms(owner)


def _loan() -> tuple[UUID, Grant] | None:
    """The draft that this browser was lent: asked of the database once a request."""
    if LENT not in session:
        return None
    if "loan" not in g:
        district_code, _, grant = str(session[LENT]).partition(" ")
        with transaction() as database_session:
            g.loan = loans.loan(database_session, district_code, grant, now())
    found: tuple[UUID, Grant] | None = g.loan
    return found


def _has_mark(name: str) -> Any:
    """What a decorator wrote on the view of this request."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, name, None)
