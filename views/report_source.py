"""Which server a report is read from, said on its page, and asked again if it breaks off."""

from typing import Any

from flask import Flask, Response, current_app, g

from core.reports_database import ReplicaLostError


def init_app(app: Flask) -> None:
    """Tell templates the source, and take up a page anew whose replica broke off."""
    app.register_error_handler(ReplicaLostError, _again)
    app.context_processor(lambda: {"report_source": g.get("report_source")})


def _again(error: ReplicaLostError) -> Response:
    """Draw the same page once more: the primary answers now. A page is only read here."""
    if g.get("is_drawn_again"):
        raise error
    g.is_drawn_again = True
    answer: Any = current_app.dispatch_request()
    return current_app.make_response(answer)
