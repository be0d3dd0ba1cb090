"""A bare Flask view, served as the service is: what no page can be faster than."""

from flask import Flask
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from commands.processes import end_with_parent
from commands.serve import BACKLOG, BACKPRESSURE, BLOCKING_THREADS
from core.settings import Settings


def application() -> Flask:
    """One view that says hello."""
    end_with_parent()
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "hello")
    return app


def serve(settings: Settings) -> None:
    """Serve until it is told to stop."""
    Granian(
        "benchmarks.bare:application",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=1,
        blocking_threads=BLOCKING_THREADS,
        backlog=BACKLOG,
        backpressure=BACKPRESSURE,
        log_level=LogLevels.warning,
    ).serve()
