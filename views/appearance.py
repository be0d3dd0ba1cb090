"""How a reader wants pages to look: by day or by night, and how large. Kept on their device."""

from dataclasses import dataclass

from flask import Blueprint, Flask, Response, current_app, g, redirect, request, url_for
from flask_babel import gettext as _

from core.errors import NotFoundError
from core.settings import Settings
from core.text import Text
from views.actors import public
from views.addresses import safe_path

bp = Blueprint("appearance", __name__)

THEMES = ("auto", "light", "dark")
TEXT_SIZES = ("standard", "large", "largest")
THEME_COOKIE = "yichuang-theme"
TEXT_SIZE_COOKIE = "yichuang-text-size"
ONE_YEAR_SECONDS = 365 * 24 * 60 * 60
"""Longer than a sign-in: the eyes of whoever holds this device do not change with it."""

UNKNOWN = Text(zh="没有这种显示方式。", en="There is no such way to display pages.")


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to display pages: its word, the address that chooses it, and whether it is on."""

    text: str
    href: str
    is_chosen: bool


def init_app(app: Flask) -> None:
    """Wire the switches, and tell every page what was chosen."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(
        theme=theme, text_size=text_size, theme_choices=theme_choices, size_choices=size_choices
    )


def theme() -> str:
    """One of ``THEMES``; what the device itself prefers unless somebody chose."""
    return _kept(THEME_COOKIE, THEMES)


def text_size() -> str:
    """One of ``TEXT_SIZES``."""
    return _kept(TEXT_SIZE_COOKIE, TEXT_SIZES)


def theme_choices() -> list[Choice]:
    """The switch for day and night, as every page offers it."""
    words = {"auto": _("自动"), "light": _("浅色"), "dark": _("深色")}
    return [
        Choice(words[mode], url_for("appearance.change", mode=mode, next=_here()), mode == theme())
        for mode in THEMES
    ]


def size_choices() -> list[Choice]:
    """The switch for the size of the text, as every page offers it."""
    words = {"standard": _("标准"), "large": _("大"), "largest": _("特大")}
    return [
        Choice(
            words[size], url_for("appearance.resize", size=size, next=_here()), size == text_size()
        )
        for size in TEXT_SIZES
    ]


@bp.get("/appearance/<string:mode>")
@public
def change(mode: str) -> Response:
    """Show pages by day, by night, or as the device prefers."""
    return _keep(THEME_COOKIE, mode, THEMES)


@bp.get("/text-size/<string:size>")
@public
def resize(size: str) -> Response:
    """Show text in the standard size, large or very large."""
    return _keep(TEXT_SIZE_COOKIE, size, TEXT_SIZES)


def _kept(name: str, known: tuple[str, ...]) -> str:
    value = request.cookies.get(name, "")
    return value if value in known else known[0]


def _keep(name: str, value: str, known: tuple[str, ...]) -> Response:
    if value not in known:
        raise NotFoundError(UNKNOWN)
    settings: Settings = current_app.extensions["settings"]
    answer = redirect(safe_path(request.args.get("next")) or url_for("home.index"), 303)
    assert isinstance(answer, Response)  # noqa: S101  what Flask's own redirect makes
    answer.set_cookie(
        name,
        value,
        max_age=ONE_YEAR_SECONDS,
        secure=settings.production,
        httponly=True,
        samesite="Lax",
    )
    return answer


def _here() -> str:
    if "address_of_page" not in g:
        g.address_of_page = (
            request.full_path.rstrip("?") if request.method == "GET" else url_for("home.index")
        )
    return str(g.address_of_page)
