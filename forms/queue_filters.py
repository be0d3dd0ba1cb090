"""The filter of a queue as it stands in an address: read with care, written with readable names."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, urlencode

from catalog.fields import Unreadable, clean
from core.text import Text
from forms.posted import posted_number
from services.queue_filters import (
    LONGEST_TEXT,
    PAGE_SIZE,
    PAGE_SIZES,
    DueBand,
    Holder,
    Owner,
    QueueFilter,
    Sort,
    Work,
)
from workflows.colours import Colour

LONGEST_QUERY = 1000
LAST_PAGE = 100_000

UNKNOWN = Text(
    zh="没有“{value}”这个选项，这一项没有起作用。请重新选择。",
    en='There is no option "{value}", so this filter was left out. Choose again.',
)
TOO_LONG = Text(
    zh="最多可以输入 {count} 个字，这一项没有起作用。请只输入编号或名称的一部分。",
    en="At most {count} characters, so this filter was left out. Type a part of the number or "
    "name.",
)
UNREADABLE = Text(
    zh="里面有无法识别的字符，这一项没有起作用。请重新输入。",
    en="It has characters that cannot be read, so this filter was left out. Type it again.",
)
SHOWN_CHARACTERS = 40

CHOICES: dict[str, type[StrEnum]] = {
    "work": Work,
    "due": DueBand,
    "colour": Colour,
    "claimed": Holder,
    "assigned": Owner,
    "sort": Sort,
}


@dataclass(frozen=True, slots=True)
class QueueQuery:
    """What an address asked for: what of it can be done, and a sentence for each other part."""

    chosen: QueueFilter
    problems: Mapping[str, Text] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    """As it stood in the address, so that nothing typed is lost."""


def read(
    arguments: Mapping[str, str], *, items: Collection[str], districts: Collection[str]
) -> QueueQuery:
    """Read a filter; a part that makes no sense is left out and has a sentence in ``problems``."""
    values: dict[str, Any] = {}
    problems: dict[str, Text] = {}
    for name, kind in CHOICES.items():
        _choose(arguments, name, {str(each): each for each in kind}, (values, problems))
    _choose(arguments, "item", {code: code for code in items}, (values, problems))
    _choose(arguments, "district", {code: code for code in districts}, (values, problems))
    _choose(arguments, "size", {str(size): size for size in PAGE_SIZES}, (values, problems))
    order: dict[str, Any] = {}
    _choose(arguments, "order", {"ascending": False, "descending": True}, (order, problems))
    values["descending"] = order.get("order", False)
    values["text"] = _text(arguments.get("text", ""), problems)
    values["page"] = page_number(arguments.get("page", "1"))
    return QueueQuery(QueueFilter(**values), problems, dict(arguments))


def read_query(
    query: str, *, items: Collection[str], districts: Collection[str]
) -> QueueFilter | None:
    """The list that a page was opened from; None if it was opened from none."""
    if not query or len(query) > LONGEST_QUERY:
        return None
    try:
        arguments = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=30))
    except ValueError:
        return None
    return read(arguments, items=items, districts=districts).chosen


def written(chosen: QueueFilter, **changes: object) -> dict[str, str]:
    """The filter as the arguments of an address; what is as usual is left out."""
    asked: dict[str, object] = {
        "item": chosen.item,
        "work": chosen.work,
        "due": chosen.due,
        "colour": chosen.colour,
        "district": chosen.district,
        "claimed": chosen.claimed,
        "assigned": chosen.assigned,
        "text": chosen.text,
        "sort": chosen.sort if chosen.sort is not Sort.DUE else None,
        "order": "descending" if chosen.descending else None,
        "size": chosen.size if chosen.size != PAGE_SIZE else None,
        "page": chosen.page if chosen.page > 1 else None,
    }
    asked |= changes
    return {name: str(value) for name, value in asked.items() if value}


def query(chosen: QueueFilter) -> str:
    """The filter as one text that a task page carries along; never empty, and without a page."""
    return urlencode(written(chosen, page=None, sort=chosen.sort))


def page_number(typed: str) -> int:
    """A page's number; whatever makes no sense is the first."""
    return min(posted_number(typed, len(str(LAST_PAGE))) or 1, LAST_PAGE)


def _choose(
    arguments: Mapping[str, str],
    name: str,
    options: Mapping[str, Any],
    found: tuple[dict[str, Any], dict[str, Text]],
) -> None:
    """Put the option asked for into the first of ``found``, or a sentence into the second."""
    typed = arguments.get(name, "").strip()
    values, problems = found
    if typed in options:
        values[name] = options[typed]
    elif typed:
        shown = clean(typed[:SHOWN_CHARACTERS])
        words = "…" if isinstance(shown, Unreadable) else shown
        problems[name] = UNKNOWN.format(value=words)


def _text(typed: str, problems: dict[str, Text]) -> str:
    text = clean(typed)
    if isinstance(text, Unreadable):
        problems["text"] = UNREADABLE
    elif len(text) > LONGEST_TEXT:
        problems["text"] = TOO_LONG.format(count=LONGEST_TEXT)
    else:
        return text
    return ""
