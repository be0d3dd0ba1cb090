"""The one table from the domain's refusals to HTTP, and the pages that say what to do next."""

import logging
import secrets
from typing import Any

from flask import Flask, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from core.database import DatabaseUnreachableError
from core.errors import (
    ConflictError,
    DomainError,
    ForgedFormError,
    NotFoundError,
    NotPermittedError,
    NotSignedInError,
    RuleViolatedError,
    TooManyAttemptsError,
    TransitionRefusedError,
)
from core.text import Text
from views.actors import optional_identity
from views.error_words import LAST_PAGE, words_of
from views.kept_posts import KeptPost, is_signed_in_as, kept_post
from views.refusals import as_json, wants_json
from views.sessions import resume_page
from views.typed_words import typed_words
from views.ways_on import SAFE_METHODS, TRY_AGAIN, main_way

log = logging.getLogger(__name__)

STATUS: dict[type[DomainError], int] = {
    NotFoundError: 404,
    NotPermittedError: 403,
    NotSignedInError: 401,
    TransitionRefusedError: 409,
    ConflictError: 409,
    RuleViolatedError: 422,
    TooManyAttemptsError: 429,
}
UNAVAILABLE = 503


def init_app(app: Flask) -> None:
    """Answer every refusal and every mistake with a page that says what to do."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def _refused(error: DomainError) -> ResponseReturnValue:
    g.error_code = error.code
    is_page = request.method in {"GET", "HEAD"}
    if isinstance(error, NotSignedInError) and is_page and not wants_json():
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)
    kept = _kept() if isinstance(error, NotSignedInError) else None
    if kept is not None:
        return resume_page(kept), 401
    status = STATUS.get(type(error), UNAVAILABLE)
    headers = {}
    if isinstance(error, TooManyAttemptsError):
        headers["Retry-After"] = str(error.wait_seconds)
    page = _page(status, error.sentence, advice=error.advice, error=error)
    return page, status, headers


def _forged(_error: CSRFError) -> ResponseReturnValue:
    g.error_code = ForgedFormError.code
    kept = _kept()
    if kept is not None and is_signed_in_as(kept.owner):
        return render_template("sessions/send_again.html", kept=kept, is_error=True), 400
    sentence = words_of(400).sentence
    return _page(400, sentence, error=ForgedFormError(sentence)), 400


def _kept() -> KeptPost | None:
    """What a page had sent, if it may be sent again; nothing that is too large to be read."""
    try:
        return None if wants_json() else kept_post()
    except HTTPException:
        return None


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:  # noqa: PLR2004  redirects of the router are answers, not mistakes
        return error.get_response()
    g.error_code = f"http_{status}"
    page = _page(status, words_of(status).sentence)
    return page, status, _kept_headers(error)


def _kept_headers(error: HTTPException) -> dict[str, str]:
    """What a machine needs to know beside the status: which methods there are, how long to wait."""
    return {
        name: value
        for name, value in error.get_headers(request.environ)
        if name in {"Allow", "Retry-After", "Accept"}
    }


def _broken(error: Exception) -> ResponseReturnValue:
    """A bug: logged with a number and without what anybody typed."""
    number = secrets.token_hex(4)
    g.error_code = "unexpected"
    log.error(
        "unexpected error %s at %s: %s",
        number,
        request.endpoint,
        type(error).__name__,
        exc_info=error,
    )
    return _page(500, words_of(500).sentence, number=number), 500


def _page(
    status: int,
    sentence: Text,
    *,
    advice: Text | None = None,
    error: DomainError | None = None,
    number: str | None = None,
) -> Response | str:
    """The refusal as a page, or as JSON for a script; if neither can be made, the last page."""
    words = words_of(status)
    more: dict[str, Any] = {
        "advice": advice or words.advice,
        "problems": error.problems if isinstance(error, RuleViolatedError) else (),
        "number": number,
    }
    try:
        if wants_json():
            code = error.code if error else None
            return as_json(status, words.title, sentence, code=code, **more)
        return _drawn(status, sentence, **more)
    except Exception as failure:
        number = number or secrets.token_hex(4)
        log.exception("the error page failed %s: %s", number, type(failure).__name__)
        return LAST_PAGE.format(number=number)


def _drawn(status: int, sentence: Text, **more: object) -> str:
    words, is_signed_in = words_of(status), _is_signed_in()
    may_have_changed_something = request.method not in SAFE_METHODS or status in TRY_AGAIN
    return render_template(
        "errors/error.html",
        status=status,
        title=words.title,
        sentence=sentence,
        kept=words.kept if may_have_changed_something else None,
        typed=typed_words(),
        way=main_way(status, is_signed_in=is_signed_in),
        is_signed_in=is_signed_in,
        is_error=True,
        **more,
    )


def _is_signed_in() -> bool:
    """Whether somebody is; if the database cannot tell, nobody."""
    try:
        return optional_identity() is not None
    except DatabaseUnreachableError:
        return False
