"""Two languages, Chinese first: which one, how to change it, and how days and money are written."""

from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache

from babel.dates import format_date
from flask import Blueprint, Flask, Response, g, redirect, request, session, url_for
from flask_babel import Babel, get_locale, get_translations
from flask_babel import gettext as _
from markupsafe import Markup

from core.clock import CIVIL_ZONE
from core.errors import NotFoundError
from core.text import CHINESE, ENGLISH, LOCALES, Text
from services.time_words import short_words
from views.actors import public
from views.addresses import safe_path

bp = Blueprint("localisation", __name__)

KIBIBYTE = 1024
MIDNIGHT, END_OF_DAY = time(), "24:00"
WHOLE_IN_TENTHS = 1000
"""A hundred per cent, in tenths of one."""
MYRIAD_FEN = 1_000_000
"""10,000 yuan, the unit in which Chinese readers expect large sums."""


def init_app(app: Flask) -> None:
    """Wire the translations, the switch and the filters."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", CHINESE)
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Asia/Shanghai")
    Babel(app, locale_selector=choose)
    app.register_blueprint(bp)
    app.jinja_env.globals.update(t=wording, language_url=language_url)
    app.jinja_env.globals["_"] = translated  # a page asks some hundreds of times
    app.jinja_env.filters.update(
        t=wording,
        sentence=sentence,
        instant=instant,
        legal_instant=legal_instant,
        clock_time=clock_time,
        clock=clock,
        short_instant=short_instant,
        day=day,
        yuan=yuan,
        ten_thousand_yuan=ten_thousand_yuan,
        number=number,
        percent=percent,
        span=span,
        file_size=file_size,
    )


def choose() -> str:
    """The reader's language: chosen on this browser, else of the account, else the browser's."""
    chosen = session.get("locale")
    if chosen in LOCALES:
        return str(chosen)
    return request.accept_languages.best_match(LOCALES, default=CHINESE) or CHINESE


def locale() -> str:
    """The language of this request: one of `core.text.LOCALES`."""
    found: str | None = g.get("language") if g else None
    if found is None:
        found = ENGLISH if str(get_locale()).startswith(ENGLISH) else CHINESE
        if g:
            g.language = found
    return found


def translated(message: str, **variables: object) -> Markup:
    """A sentence of a template in the reader's language, ``variables`` escaped and put in."""
    return _sentence(locale(), message) % variables


@lru_cache(maxsize=16_384)
def _sentence(_language: str, message: str) -> Markup:
    return Markup(get_translations().ugettext(message))  # noqa: S704  a template's own words


def wording(text: Text) -> str:
    """A definition's or refusal's text in the reader's language."""
    return text.to(locale())


def sentence(words: str) -> str:
    """Words that stand by themselves: they begin as a sentence does."""
    return words[:1].upper() + words[1:]


def language_url(code: str) -> str:
    """The address that switches to ``code`` and comes back to this page."""
    here = request.full_path.rstrip("?") if request.method == "GET" else url_for("home.index")
    return url_for("localisation.switch", code=code, next=here)


@bp.get("/language/<string:code>")
@public
def switch(code: str) -> Response:
    """Change the language of this browser."""
    if code not in LOCALES:
        raise NotFoundError(Text(zh="没有这种语言。", en="There is no such language."))
    session["locale"] = code
    target = safe_path(request.args.get("next")) or url_for("home.index")
    answer = redirect(target, 303)
    assert isinstance(answer, Response)  # noqa: S101  what Flask's own redirect makes
    return answer


def instant(at: datetime | None) -> str:
    """An instant in Beijing time: 2026年11月24日 14:30."""
    if at is None:
        return "—"
    local = at.astimezone(CIVIL_ZONE)
    return f"{day(local.date())} {local:%H:%M}"


def short_instant(at: datetime) -> str:
    """A near instant in Beijing without its year: 11月24日 14:30 or 24 Nov 14:30."""
    local = at.astimezone(CIVIL_ZONE)
    if locale() == ENGLISH:
        return f"{local.day} {local:%b %H:%M}"
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def clock_time(at: datetime) -> str:
    """The time of an instant in Beijing: 14:30."""
    return f"{at.astimezone(CIVIL_ZONE):%H:%M}"


def clock(at: datetime) -> str:
    """The time of the day in Beijing, to the second: 14:30:05."""
    return f"{at.astimezone(CIVIL_ZONE):%H:%M:%S}"


def legal_instant(at: datetime | None) -> str:
    """An instant that counts in law, with its weekday and the zone it is said in.

    Midnight is said as the end of the day before it: that is how a last day is written.
    """
    if at is None:
        return "—"
    local, said = at.astimezone(CIVIL_ZONE), clock_time(at)
    if local.time() == MIDNIGHT:
        local, said = local - timedelta(days=1), END_OF_DAY
    pattern = "EEEE d MMMM y" if locale() == ENGLISH else "y年M月d日 EEEE"
    written = format_date(local.date(), pattern, locale=locale())
    return str(_("%(day)s %(time)s（北京时间）", day=written, time=said))


def day(when: date | None) -> str:
    """A day as it is written: 2026年11月24日 or 24 November 2026."""
    if when is None:
        return "—"
    pattern = "d MMMM y" if locale() == ENGLISH else "y年M月d日"
    return format_date(when, pattern, locale=locale())


def yuan(fen: int) -> str:
    """Fen as yuan with two decimals: ¥390.00."""
    sign, whole = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}¥{whole // 100:,}.{whole % 100:02d}"


def ten_thousand_yuan(fen: int) -> str:
    """A sum from 10,000 yuan on in the large unit of Chinese readers: 86.3 万元; else nothing.

    It stands beside the exact sum. Halves are rounded away from zero, in whole numbers.
    """
    if locale() == ENGLISH or abs(fen) < MYRIAD_FEN:
        return ""
    sign, tenths = ("-" if fen < 0 else ""), _rounded(abs(fen) * 10, MYRIAD_FEN)
    return f"{sign}{tenths // 10:,}.{tenths % 10} {_('万元')}"


def _rounded(whole: int, unit: int) -> int:
    """How many times ``unit`` goes into ``whole``, a half counting as one."""
    return (2 * whole + unit) // (2 * unit)


def number(value: int) -> Markup:
    """A whole number with separators."""
    return Markup(f"{value:,}")  # noqa: S704  digits and commas alone


def percent(share: Fraction | None) -> str:
    """A part of a whole: 87.5%. Only the whole is 100.0%, and only nothing is 0.0%."""
    if share is None:
        return "—"
    tenths = _rounded(share.numerator * 1000, share.denominator)
    if 0 < share < 1:
        tenths = min(max(tenths, 1), WHOLE_IN_TENTHS - 1)
    return f"{tenths // 10}.{tenths % 10}%"


def span(length: timedelta | None) -> str:
    """A length of time in its two largest units: 25 分 3 秒."""
    return "—" if length is None else wording(short_words(length))


def file_size(size_bytes: int) -> str:
    """A size as people read it: ``3.4 MB``, ``620 KB``, ``12 B``."""
    if size_bytes < KIBIBYTE:
        return f"{size_bytes} B"
    kibibytes = _rounded(size_bytes, KIBIBYTE)
    if kibibytes < KIBIBYTE:
        return f"{kibibytes} KB"
    tenths = _rounded(size_bytes * 10, KIBIBYTE * KIBIBYTE)
    return f"{tenths // 10:,}.{tenths % 10}".removesuffix(".0") + " MB"
