"""Headers of every answer: a strict policy for scripts and styles, and nothing kept by others."""

from flask import Flask, Response, request

from core.errors import NotFoundError
from core.settings import Settings
from core.text import Text

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
ONE_YEAR = 365 * 24 * 60 * 60
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def init_app(app: Flask) -> None:
    """Add the headers to every answer; HTTPS alone in production."""
    settings: Settings = app.extensions["settings"]

    app.before_request(_refuse_nul)

    @app.after_request
    def guard(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.production:
            response.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}"
        _keep_or_not(response)
        return response


def _refuse_nul() -> None:
    """No address has a NUL character; the database would refuse it where nobody expects that."""
    if "\x00" in request.path:
        raise NotFoundError(Text(zh="没有这个页面。", en="There is no such page."))


def _keep_or_not(response: Response) -> None:
    """Pages are never kept by a shared computer; files with their hash in the address are."""
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    elif "v" in request.args:
        response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
