"""The web server: several workers that are replaced when they die. ``python -m commands.serve``.

Started by the supervisor (``commands/run.py``), in whose name it ends.
"""

import os
from pathlib import Path

from flask import Flask
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from app import create_app
from catalog import registry
from commands.processes import end_with_parent, environment_for_children
from core import logs
from core.settings import Settings

BLOCKING_THREADS = 4
"""Requests that one worker answers at once; the database pool of a worker is twice as large."""
BACKLOG = 1024
BACKPRESSURE = 64
RESPAWN_SECONDS = 0.2
KILL_SECONDS = 10


def web_application() -> Flask:
    """What each worker serves: made after the fork, gone with the server."""
    end_with_parent()
    app = create_app()
    _configure_logs(app.extensions["settings"])
    return app


def _configure_logs(settings: Settings) -> None:
    logs.configure(production=settings.production, level=settings.operators.log_level)


def serve(settings: Settings, workers: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    os.environ.update(environment_for_children({}))
    Granian(
        "commands.serve:web_application",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
        blocking_threads=BLOCKING_THREADS,
        backlog=BACKLOG,
        backpressure=BACKPRESSURE,
        respawn_failed_workers=True,
        respawn_interval=RESPAWN_SECONDS,
        workers_kill_timeout=KILL_SECONDS,
        log_level=LogLevels.warning,
        log_dictconfig={"loggers": {"_granian": {"handlers": [], "propagate": True}}},
        working_dir=Path(__file__).resolve().parents[1],
    ).serve()


def main() -> None:
    """Read the settings and serve; the number of workers is WEB_WORKERS, or one a core."""
    end_with_parent()
    production = os.environ.get("YICHUANG_PRODUCTION") == "1"
    settings = Settings.from_environment(os.environ, production=production)
    _configure_logs(settings)
    registry.catalogue()  # read once, before the fork: a broken definition stops us here
    serve(settings, int(os.environ.get("WEB_WORKERS") or max(2, os.cpu_count() or 2)))


if __name__ == "__main__":
    main()
