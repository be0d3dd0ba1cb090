"""What the players type where a definition asks for something: by the kind of each question."""

from collections.abc import Callable, Iterator, Mapping

from catalog.schema import Field, FieldKind
from core.clock import CIVIL_ZONE, now

REASON = "演示走查：情况属实，按规定办理。"
WORDS = "演示走查，符合要求"
_PLAIN: Mapping[FieldKind, Callable[[], str]] = {
    FieldKind.DATE: lambda: now().astimezone(CIVIL_ZONE).date().isoformat(),
    FieldKind.YES_NO: lambda: "yes",
    FieldKind.PROMISE: lambda: "yes",
    FieldKind.CHINESE_NAME: lambda: "演示人员",
    FieldKind.MOBILE_PHONE: lambda: "13900000000",
}


def typed(fields: tuple[Field, ...], given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Code and value of each question: as ``given``, else by its kind if it must be answered."""
    for field in fields:
        if field.code in given:
            yield field.code, given[field.code]
        elif field.required:
            yield field.code, _value(field)


def _value(field: Field) -> str:
    if field.options:
        return next(option.value for option in field.options if option.unavailable is None)
    if field.kind in _PLAIN:
        return _PLAIN[field.kind]()
    if field.kind in {FieldKind.TEXT, FieldKind.LONG_TEXT}:
        return WORDS.ljust(field.minimum or 0, "。")[: field.maximum]
    return str(field.minimum or 1)
