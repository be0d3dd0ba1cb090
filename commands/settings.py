"""The settings that a command works with, its database started if need be."""

from flask import current_app

from core.embedded_postgres import connected
from core.settings import Settings


def current_settings() -> Settings:
    """Those of the application, with the addresses of the database.

    Without DATABASE_URL the embedded server is started, or found running.
    """
    settings: Settings = current_app.extensions["settings"]
    return connected(settings)
