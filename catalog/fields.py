"""How each kind of question is read: a value for the answers, or a sentence for the person.

Whatever is typed, by a person or by a program that wishes us ill, gives one of the two and never
an exception.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from catalog import amounts, business_scope, identifiers, regions
from catalog.amounts import Unreadable
from catalog.expressions import is_chinese
from catalog.schema import Field, FieldKind
from core.text import Text

__all__ = ["Unreadable", "Value", "clean", "parse"]

Value = str | int | bool | list[str]
"""What an answer may be; JSON holds it as it is."""

MOST_CHARACTERS = 10_000
MOST_CHOICES = 200
_SHORTEST_NAME = 2
_LONGEST_NAME = 50

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_NAME_DOTS = str.maketrans({"•": "·", "・": "·", "．": "·", "‧": "·", "∙": "·"})
_CODE = re.compile(r"^[a-z][a-z0-9_]{0,59}$")
_DISTRICT = re.compile(r"^[0-9]{6}(-[a-z]{2,8})?$")
_YES = frozenset({"yes", "true", "on", "1", "y"})
_NO = frozenset({"no", "false", "off", "0", "n"})
_CHOSEN: Final = frozenset(
    {
        FieldKind.CHOICE,
        FieldKind.CHOICES,
        FieldKind.YES_NO,
        FieldKind.NAME_PREFIX,
        FieldKind.REGION,
        FieldKind.SCOPE_CODE,
        FieldKind.SCOPE_CODES,
        FieldKind.MAKER,
        FieldKind.DISTRICT,
    }
)


def parse(field: Field, typed: object, *, on: date) -> Value | Unreadable | None:
    """Read what was ``typed`` for ``field`` on the day ``on``.

    Gives the value (see `catalog.schema.FieldKind` for units), None for an optional question left
    empty, or `Unreadable` with a sentence.
    """
    match field.kind:
        case FieldKind.CHOICES | FieldKind.SCOPE_CODES:
            return _several(field, typed)
        case FieldKind.YES_NO | FieldKind.PROMISE if isinstance(typed, bool):
            return _truth(field, "yes" if typed else "no")
        case FieldKind.DATE if isinstance(typed, Mapping):
            parts = {name: _halved(part) for name, part in typed.items()}
            return _within_days(field, _date(field, parts), on)
    text = clean(typed, lines=field.kind is FieldKind.LONG_TEXT)
    if isinstance(text, Unreadable):
        return text
    if not text:
        return _empty(field)
    return _one(field, text, on)


def clean(typed: object, *, lines: bool = False) -> str | Unreadable:
    """Text as typed, in composed Unicode, without outer spaces; refused if parts are unseen."""
    if typed is None:
        return ""
    if isinstance(typed, int) and not isinstance(typed, bool):
        return str(typed) if abs(typed) < 10**18 else _strange()
    if not isinstance(typed, str):
        return _strange()
    if len(typed) > MOST_CHARACTERS:
        return Unreadable(
            Text(
                zh=f"内容太长，请不要超过 {MOST_CHARACTERS} 个字。",
                en=f"This is too long; use at most {MOST_CHARACTERS} characters.",
            )
        )
    if any(_is_unseen(mark, lines=lines) for mark in typed):
        return Unreadable(
            Text(
                zh="内容里有看不见的特殊字符，请删去后重新输入。",
                en="There are invisible characters in it; please type it again without them.",
            )
        )
    composed = unicodedata.normalize("NFC", typed).strip()
    return composed if lines else re.sub(r"\s+", " ", composed)


def _one(field: Field, text: str, on: date) -> Value | Unreadable | None:
    if field.kind is FieldKind.RESIDENT_ID:
        return _resident_id(text, on)
    if field.kind is FieldKind.DATE:
        return _within_days(field, _date(field, _halved(text)), on)
    reader = _READERS.get(field.kind)
    return reader(field, text) if reader else _listed(field, text)


def _listed(field: Field, text: str) -> Value | Unreadable:
    """Kinds that are looked up or checked by their own standard."""
    match field.kind:
        case FieldKind.REGION:
            return _known(field, text, regions.name(text) is not None)
        case FieldKind.SCOPE_CODE:
            code = _halved(text).upper()
            return _known(field, code, business_scope.get(code) is not None)
        case FieldKind.MAKER:
            return _known(field, text, _CODE.match(text) is not None)
        case FieldKind.DISTRICT:
            return _known(field, text, _DISTRICT.match(text) is not None)
        case FieldKind.NAME_PREFIX:
            return _known(field, text, is_chinese(text))
    normalise, check = _IDENTIFIERS[field.kind]
    value = normalise(text)
    sentence = check(value)
    return value if sentence is None else Unreadable(sentence)


def _capitals(text: str) -> str:
    return identifiers.normalise(text).upper()


_IDENTIFIERS: Final[
    Mapping[FieldKind, tuple[Callable[[str], str], Callable[[str], Text | None]]]
] = {
    FieldKind.CREDIT_CODE: (_capitals, identifiers.check_credit_code),
    FieldKind.MOBILE_PHONE: (identifiers.normalise_mobile_phone, identifiers.check_mobile_phone),
    FieldKind.EMAIL: (identifiers.normalise, identifiers.check_email),
    FieldKind.POSTCODE: (identifiers.normalise, identifiers.check_postcode),
}


def _resident_id(text: str, on: date) -> str | Unreadable:
    value = _capitals(text)
    sentence = identifiers.check_resident_id(value, on=on)
    return value if sentence is None else Unreadable(sentence)


def _chinese_name(field: Field, text: str) -> str | Unreadable:
    name = text.replace(" ", "").translate(_NAME_DOTS)
    parts = name.split("·")
    if _SHORTEST_NAME <= len(name) <= _LONGEST_NAME and all(is_chinese(part) for part in parts):
        return name
    return Unreadable(
        Text(
            zh="请填写{label}：身份证件上的中文姓名，2 至 50 个字，中间可以有“·”。",
            en="{label}: write the Chinese name on the identity document, 2 to 50 characters, "
            "with · if it has one.",
        ).format(label=field.label)
    )


def _counted(field: Field, text: str) -> str | Unreadable:
    low, high = field.minimum or 1, field.maximum or MOST_CHARACTERS
    if low <= len(text) <= high:
        return text
    if low == high:
        return Unreadable(
            Text(zh=f"应是 {low} 个字。", en=f"It has exactly {low} characters."),
        )
    return Unreadable(
        Text(zh=f"请填写 {low} 至 {high} 个字。", en=f"Write {low} to {high} characters.")
    )


def _number(field: Field, text: str) -> int | Unreadable:
    read = {
        FieldKind.MONEY: amounts.money,
        FieldKind.PERCENT: amounts.percent,
        FieldKind.INTEGER: amounts.whole,
    }[field.kind]
    value = read(_halved(text))
    if isinstance(value, Unreadable):
        return value
    low, high = field.minimum, field.maximum
    if low is not None and value < low:
        return Unreadable(
            Text(zh="不能小于{bound}。", en="It must be at least {bound}.").format(
                bound=_bound(field.kind, low)
            )
        )
    if high is not None and value > high:
        return Unreadable(
            Text(zh="不能大于{bound}。", en="It must be at most {bound}.").format(
                bound=_bound(field.kind, high)
            )
        )
    return value


def _bound(kind: FieldKind, value: int) -> Text:
    match kind:
        case FieldKind.MONEY:
            return Text(zh=f" {amounts.yuan(value)} 元", en=f"{amounts.yuan(value)} yuan")
        case FieldKind.PERCENT:
            shown = amounts.hundredths(value)
            return Text(zh=f" {shown}%", en=f"{shown} %")
    return Text(zh=f" {value}", en=str(value))


def _date(field: Field, typed: str | Mapping[object, object]) -> str | Unreadable | None:
    value = amounts.day(typed)
    return _empty(field) if value is None else value


def _within_days(field: Field, value: str | Unreadable | None, on: date) -> str | Unreadable | None:
    """A day is bounded by days from the one on which it is typed."""
    if not isinstance(value, str):
        return value
    ahead = (date.fromisoformat(value) - on).days
    if field.minimum is not None and ahead < field.minimum:
        return _out_of_days(on, field.minimum, _NOT_BEFORE)
    if field.maximum is not None and ahead > field.maximum:
        return _out_of_days(on, field.maximum, _NOT_AFTER)
    return value


_NOT_BEFORE = Text(zh="请填写 {day} 或更晚的一天。", en="Enter {day} or a later day.")
_NOT_AFTER = Text(zh="请填写 {day} 或更早的一天。", en="Enter {day} or an earlier day.")


def _out_of_days(on: date, days: int, sentence: Text) -> Unreadable:
    return Unreadable(sentence.format(day=(on + timedelta(days=days)).isoformat()))


def _truth(field: Field, text: str) -> bool | Unreadable | None:
    word = text.lower()
    if word not in _YES | _NO:
        return _strange()
    if field.kind is FieldKind.PROMISE and word in _NO:
        return _empty(field)
    return word in _YES


def _choice(field: Field, value: str) -> str | Unreadable:
    for option in field.options:
        if option.value == value:
            return value if option.unavailable is None else _unavailable(option.unavailable)
    return _known(field, value, known=False)


def _several(field: Field, typed: object) -> list[str] | Unreadable | None:
    given = re.split(r"[\s,，、;；]+", typed) if isinstance(typed, str) else typed
    if given is None:
        given = []
    if not isinstance(given, list | tuple) or len(given) > MOST_CHOICES:
        return _strange()
    found: list[str] = []
    for part in given:
        text = clean(part)
        if isinstance(text, Unreadable):
            return text
        value = _single(field, text) if text else ""
        if isinstance(value, Unreadable):
            return value
        if value and value not in found:
            found.append(value)
    if not found:
        return _empty(field)
    return _few_enough(field, _ordered(field, found))


def _single(field: Field, text: str) -> str | Unreadable:
    if field.kind is FieldKind.CHOICES:
        return _choice(field, text)
    code = _halved(text).upper()
    return _known(field, code, business_scope.get(code) is not None)


def _ordered(field: Field, found: list[str]) -> list[str]:
    """Choices in the order of the options, so that the same answers are the same bytes."""
    order = [option.value for option in field.options]
    return sorted(found, key=order.index) if order else sorted(found)


def _few_enough(field: Field, found: list[str]) -> list[str] | Unreadable:
    low, high = field.minimum or 0, field.maximum or MOST_CHOICES
    if low <= len(found) <= high:
        return found
    return Unreadable(
        Text(zh=f"请选择 {low} 至 {high} 项。", en=f"Choose {low} to {high} of them.")
    )


def _known(field: Field, value: str, known: bool) -> str | Unreadable:
    if known:
        return value
    return Unreadable(
        Text(
            zh="列表中没有这一项，请重新选择{label}。",
            en='This is not in the list; choose again for "{label}".',
        ).format(label=field.label)
    )


def _unavailable(where_to_go: Text) -> Unreadable:
    return Unreadable(
        Text(zh="这里不能选这一项。{note}", en="This cannot be chosen here. {note}").format(
            note=where_to_go
        )
    )


def _empty(field: Field) -> Unreadable | None:
    if not field.required:
        return None
    if field.kind is FieldKind.PROMISE:
        sentence = Text(zh="请确认并勾选：{label}。", en="Please confirm and tick: {label}.")
    elif field.kind in _CHOSEN:
        sentence = Text(zh="请选择：{label}。", en="Please choose: {label}.")
    else:
        sentence = Text(zh="请填写{label}。", en="Please fill in: {label}.")
    return Unreadable(sentence.format(label=field.label))


def _halved(typed: object) -> str:
    """Full-width digits and letters as half-width ones."""
    if isinstance(typed, int) and not isinstance(typed, bool) and abs(typed) < 10**18:
        return str(typed)
    text = typed if isinstance(typed, str) and len(typed) <= MOST_CHARACTERS else ""
    return text.translate(_FULL_WIDTH).strip()


def _is_unseen(mark: str, *, lines: bool) -> bool:
    if lines and mark in "\n\r\t":
        return False
    # Control characters, invisible formatting (with right-to-left marks), lone surrogates,
    # private and unassigned code points.
    return unicodedata.category(mark) in {"Cc", "Cf", "Cs", "Co", "Cn"} and mark != "\t"


def _strange() -> Unreadable:
    return Unreadable(
        Text(
            zh="看不懂收到的内容，请重新填写。",
            en="What arrived could not be read; please fill it in again.",
        )
    )


_READERS: Final[Mapping[FieldKind, Callable[[Field, str], Value | Unreadable | None]]] = {
    FieldKind.TEXT: _counted,
    FieldKind.LONG_TEXT: _counted,
    FieldKind.CHINESE_NAME: _chinese_name,
    FieldKind.INTEGER: _number,
    FieldKind.MONEY: _number,
    FieldKind.PERCENT: _number,
    FieldKind.YES_NO: _truth,
    FieldKind.PROMISE: _truth,
    FieldKind.CHOICE: _choice,
}
