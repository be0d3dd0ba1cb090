"""Figures of the savings pages in words."""

from flask_babel import gettext as _
from flask_babel import ngettext

from services.ledger_scope import Filters
from views.localisation import day, number, yuan


def written(value: int, unit: str) -> str:
    """A value with its unit: yuan, companies or seals."""
    if unit == "fen":
        return yuan(value)
    count = number(value)
    if unit == "case":
        return str(ngettext("%(count)s 户", "%(count)s 户", value, count=count))
    return str(ngettext("%(count)s 枚", "%(count)s 枚", value, count=count))


def compared(value: int, before: int | None, unit: str) -> str:
    """How a value differs from that of the period before; nothing if there is none."""
    if before is None:
        return ""
    if value == before:
        return str(_("与上期持平"))
    difference = written(abs(value - before), unit)
    share = f"{100 * (value - before) / abs(before):+.1f}%" if before else _("上期为零")
    if value > before:
        return str(_("比上期多 %(amount)s（%(share)s）", amount=difference, share=share))
    return str(_("比上期少 %(amount)s（%(share)s）", amount=difference, share=share))


def period_words(filters: Filters) -> str:
    """The period of the filters, both days included."""
    first, last = filters.from_on, filters.to_on
    if first and last:
        words = _("%(first)s至%(last)s", first=day(first), last=day(last))
    elif first:
        words = _("自%(first)s起", first=day(first))
    elif last:
        words = _("至%(last)s止", last=day(last))
    else:
        words = _("全部时间")
    return str(words)
