"""Where an error page leads: back to the page before, to sign in, or to the person's own places."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import request, url_for
from flask_babel import gettext as _

from views.addresses import safe_path

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
TRY_AGAIN = (500, 503)
SIGN_IN = 401


@dataclass(frozen=True, slots=True)
class Way:
    """One link of an error page."""

    text: str
    href: str


def main_way(status: int, *, is_signed_in: bool) -> Way | None:
    """What most people want next: the button of the page. None: the person's own first place."""
    before = page_before()
    if status == SIGN_IN and not is_signed_in:
        return Way(_("去登录"), url_for("accounts.sign_in", next=before or _this_page()))
    if status in TRY_AGAIN and request.method in SAFE_METHODS:
        return Way(_("再试一次"), _this_page() or url_for("home.index"))
    if before and before != _this_page():
        return Way(_("回到刚才的页面"), before)
    return None


def page_before() -> str | None:
    """The page of this site that the request came from, if the browser says so."""
    try:
        came_from = urlsplit(request.referrer or "")
    except ValueError:
        return None
    if came_from.netloc != request.host:
        return None
    path = f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
    return safe_path(path)


def _this_page() -> str | None:
    if request.method not in SAFE_METHODS:
        return None
    return safe_path(request.full_path.rstrip("?"))
