"""Answers as people read them: on the page where all are checked, and on the case page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from catalog import amounts, business_scope, regions
from catalog.schema import Field, FieldKind, Section
from core.clock import MONTHS
from core.text import CHINESE, Text

_NOT_GIVEN: Final = Text(zh="未填写", en="Not given")
_YES: Final = Text(zh="是", en="Yes")
_NO: Final = Text(zh="否", en="No")
_PROMISED: Final = Text(zh="已确认", en="Confirmed")


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One answered question. ``line_title`` is 股东 1 and the like, empty if nothing repeats."""

    path: str
    label: str
    value: str
    line_title: str = ""


def summary_rows(
    section: Section, answers: object, locale: str, names: Mapping[str, Text] | None = None
) -> tuple[SummaryRow, ...]:
    """The answers of one section (its part of the answers) as rows, in the order of the form.

    ``names`` gives the wording of values that the catalogue does not hold, such as seal makers.
    Masked values are shown as they are.
    """
    known = names or {}
    if isinstance(answers, Mapping):
        return tuple(_rows(section, section.code, answers, (locale, known, "")))
    if not isinstance(answers, list) or section.repeat is None:
        return ()
    return tuple(
        row
        for at, line in enumerate(answers)
        for row in _rows(
            section,
            f"{section.code}.{at}",
            line,
            (locale, known, section.repeat.line_title.format(number=at + 1).to(locale)),
        )
    )


def displayed(
    field: Field, value: object, locale: str, names: Mapping[str, Text] | None = None
) -> str:
    """The wording of one answer in ``locale``: labels for codes, yuan for fen, dates in full."""
    if value is None or value in ([], ""):
        return _NOT_GIVEN.to(locale)
    if isinstance(value, list):
        between = "、" if locale.startswith(CHINESE) else ", "
        return between.join(_one(field, part, locale, names or {}) for part in value)
    return _one(field, value, locale, names or {})


def day_in_words(day: str, locale: str) -> str:
    """``2026-03-27`` as 2026年3月27日 or 27 March 2026."""
    value = date.fromisoformat(day)
    if locale.startswith(CHINESE):
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def _rows(
    section: Section,
    path: str,
    line: Mapping[str, Any],
    wording: tuple[str, Mapping[str, Text], str],
) -> Iterator[SummaryRow]:
    locale, names, line_title = wording
    for question in section.fields:
        if question.code in line:
            yield SummaryRow(
                f"{path}.{question.code}",
                question.label.to(locale),
                displayed(question, line[question.code], locale, names),
                line_title,
            )


def _one(field: Field, value: object, locale: str, names: Mapping[str, Text]) -> str:
    match value:
        case bool():
            return _truth(field, value).to(locale)
        case int():
            return _number(field, value).to(locale)
        case str():
            return _text(field, value, locale, names)
    return str(value)


def _truth(field: Field, value: bool) -> Text:
    if field.kind is FieldKind.PROMISE and value:
        return _PROMISED
    return _YES if value else _NO


def _number(field: Field, value: int) -> Text:
    match field.kind:
        case FieldKind.MONEY:
            return Text(zh=f"{amounts.yuan(value)} 元", en=f"{amounts.yuan(value)} yuan")
        case FieldKind.PERCENT:
            return Text(zh=f"{amounts.hundredths(value)}%", en=f"{amounts.hundredths(value)} %")
    return Text(zh=f"{value:,}", en=f"{value:,}")


def _text(field: Field, value: str, locale: str, names: Mapping[str, Text]) -> str:
    match field.kind:
        case FieldKind.DATE if "*" not in value:
            return day_in_words(value, locale)
        case FieldKind.REGION:
            return (regions.full_name(value) or Text(zh=value, en=value)).to(locale)
        case FieldKind.SCOPE_CODE | FieldKind.SCOPE_CODES:
            entry = business_scope.get(value)
            return f"{value} {entry.name.to(locale)}" if entry else value
        case FieldKind.MAKER | FieldKind.DISTRICT:
            return names[value].to(locale) if value in names else value
    label = next((option.label for option in field.options if option.value == value), None)
    return label.to(locale) if label else value
