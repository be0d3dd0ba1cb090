"""One line and one measure for each request: who, which page, how it ended and how long it took."""

import logging
import time
from contextlib import ExitStack

from flask import Flask, Response, g, request

from core import logs, metrics
from views.actors import optional_identity

LOG = logging.getLogger("yichuang.request")
HEADER = "X-Request-ID"
"""Given back with each answer, so that who calls for help can say which it was."""
UNKNOWN = "none"


def init_app(app: Flask) -> None:
    """Mark what happens during a request with its id; told at its end. Goes before all others."""

    @app.before_request
    def begin() -> None:
        g.begun_at = time.perf_counter()
        g.request_context = ExitStack()
        # One of our own: what a visitor sends could be anything, a name too.
        g.request_id = g.request_context.enter_context(logs.on_behalf_of(None))

    @app.after_request
    def end(response: Response) -> Response:
        if "begun_at" in g:
            response.headers[HEADER] = g.request_id
            _tell(response.status_code, time.perf_counter() - g.begun_at)
        return response

    @app.teardown_request
    def leave(_error: BaseException | None) -> None:
        context = g.pop("request_context", None)
        if context is not None:
            context.close()


def _tell(status: int, seconds: float) -> None:
    route = request.endpoint or UNKNOWN
    method = request.method if request.method in KNOWN_METHODS else UNKNOWN
    metrics.request_answered(route, method, status, seconds)
    error = g.get("error_code")
    if error is not None:
        metrics.error_told(error)
    logs.tell(
        LOG,
        logging.DEBUG if route == "static" else logging.INFO,
        "request",
        route=route,
        method=method,
        status=status,
        duration_ms=round(seconds * 1000, 1),
        actor_id=_actor_id(),
        case=logs.case_of(request.view_args or {}),
        error=error,
    )


KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _actor_id() -> str | None:
    """Of whom the request turned out to be; nobody is looked up for the log."""
    if "_login_user" in g:
        identity = optional_identity()
        if identity is not None:
            return str(identity.person_id)
    loan = g.get("loan")
    return str(loan[0]) if loan else None
