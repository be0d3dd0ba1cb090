"""Addresses that leave the page: in QR codes, on paper, in links that are passed on."""

from typing import Any

from flask import current_app, url_for

from core.settings import Settings


def public_url_for(endpoint: str, **values: Any) -> str:
    """The whole address of a page, under the site's own name.

    Production says its name in PUBLIC_URL; what a request claims its host to be is believed in the
    demonstration alone.
    """
    settings: Settings = current_app.extensions["settings"]
    if not settings.public_url:
        return url_for(endpoint, _external=True, **values)
    return settings.public_url + url_for(endpoint, **values)
