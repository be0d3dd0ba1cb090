"""How fields look: GOV.UK Frontend's classes, written out here, every word translated."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape

LOOKS = (
    "width",
    "suffix",
    "inputmode",
    "autocomplete",
    "list",
    "spellcheck",
    "rows",
    "maximum",
    "filter",
    "legend_class",
    "condition",
    "condition_words",
)
"""What a field may say of its looks, beside label, hint and choices."""
MOST_IN_A_ROW = 3


def text(field: Any, **_options: Any) -> Markup:
    """One line of text."""
    return _group(field, _label(field) + _hint(field) + _error(field) + _input(field, "text"))


def password(field: Any, **_options: Any) -> Markup:
    """A password, never filled in."""
    control = Markup(
        '<input class="govuk-input govuk-!-width-two-thirds{}" id="{}" name="{}" type="password"'
        ' spellcheck="false" autocapitalize="none"{}{}{}>'
    ).format(
        _wrong(field, "input"),
        field.id,
        field.name,
        _described(field),
        _invalid(field),
        _looks(field),
    )
    return _group(field, _label(field) + _hint(field) + _error(field) + control)


def hidden(field: Any, **_options: Any) -> Markup:
    """Nothing to be seen."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(
        field.name, field.data if field.data is not None else ""
    )


def long_text(field: Any, **_options: Any) -> Markup:
    """Several lines of text."""
    control = Markup(
        '<textarea class="govuk-textarea{}" id="{}" name="{}" rows="{}"{}{}>{}</textarea>'
    ).format(
        _wrong(field, "textarea"),
        field.id,
        field.name,
        field.look.get("rows", 4),
        _described(field),
        _invalid(field),
        field.data or "",
    )
    return _group(field, _label(field) + _hint(field) + _error(field) + control)


def radios(field: Any, **_options: Any) -> Markup:
    """Round buttons."""
    rows = [
        _choice(field, number, choice, is_chosen=choice.value == field.data)
        for number, choice in enumerate(field.choices)
    ]
    short = len(rows) <= MOST_IN_A_ROW and not (field.hints or field.unavailable)
    few = " govuk-radios--inline" if short else ""
    body = Markup('<div class="govuk-radios{}" data-module="govuk-radios">{}</div>').format(
        few, _join(rows)
    )
    return _group(field, _fieldset(field, body))


def checkboxes(field: Any, **_options: Any) -> Markup:
    """Boxes to tick; a long list scrolls, and a script adds a filter box."""
    chosen = set(field.data or ())
    rows = [
        _choice(field, number, choice, is_chosen=choice.value in chosen)
        for number, choice in enumerate(field.choices)
    ]
    is_long = field.look.get("filter")
    body = Markup('<div class="govuk-checkboxes{}" data-module="govuk-checkboxes">{}</div>').format(
        " govuk-checkboxes--small" if is_long else "", _join(rows)
    )
    if is_long:
        body = Markup(
            '<div class="app-choice-list" data-filter="{}" data-filter-none="{}">{}</div>'
        ).format(_("输入文字或代码筛选"), _("没有符合的条目"), body)
    return _group(field, _fieldset(field, body))


def select(field: Any, **_options: Any) -> Markup:
    """A list that opens."""
    rows = [
        Markup('<option value="{}"{}>{}</option>').format(
            choice.value,
            Markup(" selected") if str(choice.value) == str(field.data or "") else "",
            choice.label,
        )
        for choice in field.choices
    ]
    control = Markup('<select class="govuk-select{}" id="{}" name="{}"{}{}>{}</select>').format(
        _wrong(field, "select"),
        field.id,
        field.name,
        _described(field),
        _invalid(field),
        _join(rows),
    )
    return _group(field, _label(field) + _hint(field) + _error(field) + control)


def promise(field: Any, **_options: Any) -> Markup:
    """One box whose label is the promise itself."""
    box = Markup(
        '<div class="govuk-checkboxes" data-module="govuk-checkboxes">'
        '<div class="govuk-checkboxes__item"><input class="govuk-checkboxes__input" id="{}"'
        ' name="{}" type="checkbox" value="yes"{}{}{}>'
        '<label class="govuk-label govuk-checkboxes__label" for="{}">{}</label></div></div>'
    ).format(
        field.id,
        field.name,
        Markup(" checked") if field.data in {"yes", True} else "",
        _described(field),
        _invalid(field),
        field.id,
        field.label.text,
    )
    return _group(field, _hint(field) + _error(field) + box)


def day(field: Any, **_options: Any) -> Markup:
    """Three boxes: year, month, day."""
    names = {"year": _("年"), "month": _("月"), "day": _("日")}
    boxes = [
        Markup(
            '<div class="govuk-date-input__item"><div class="govuk-form-group">'
            '<label class="govuk-label govuk-date-input__label" for="{id}">{label}</label>'
            '<input class="govuk-input govuk-date-input__input govuk-input--width-{width}{wrong}"'
            ' id="{id}" name="{name}" type="text" inputmode="numeric" value="{value}"{invalid}>'
            "</div></div>"
        ).format(
            id=f"{field.id}-{part}",
            label=label,
            width=4 if part == "year" else 2,
            wrong=_wrong(field, "input"),
            name=f"{field.name}-{part}",
            value=(field.data or {}).get(part, ""),
            invalid=_invalid(field),
        )
        for part, label in names.items()
    ]
    body = Markup('<div class="govuk-date-input" id="{}">{}</div>').format(field.id, _join(boxes))
    return _group(field, _fieldset(field, body, role="group"))


def _input(field: Any, kind: str) -> Markup:
    width = field.look.get("width")
    classes = f" govuk-input--width-{width}" if width else ""
    control = Markup('<input class="govuk-input{}{}" id="{}" name="{}" type="{}" value="{}"{}{}{}>')
    filled = control.format(
        classes,
        _wrong(field, "input"),
        field.id,
        field.name,
        kind,
        field._value(),  # noqa: SLF001  WTForms' own name for what a text box shows
        _described(field),
        _invalid(field),
        _looks(field),
    )
    suffix = field.look.get("suffix")
    if not suffix:
        return filled
    return Markup(
        '<div class="govuk-input__wrapper">{}'
        '<div class="govuk-input__suffix app-input-suffix" aria-hidden="true">{}</div></div>'
    ).format(filled, suffix)


def _choice(field: Any, number: int, choice: Any, *, is_chosen: bool) -> Markup:
    many = isinstance(field.data, list) or field.type == "CheckboxesField"
    block, kind = ("checkboxes", "checkbox") if many else ("radios", "radio")
    identity = f"{field.id}-{number}"
    elsewhere = field.unavailable.get(str(choice.value))
    hint = elsewhere or field.hints.get(str(choice.value))
    described = Markup(' aria-describedby="{}-hint"').format(identity) if hint else Markup()
    return Markup(
        '<div class="govuk-{block}__item"><input class="govuk-{block}__input" id="{id}"'
        ' name="{name}" type="{kind}" value="{value}"{checked}{disabled}{described}>'
        '<label class="govuk-label govuk-{block}__label" for="{id}">{label}</label>{hint}</div>'
    ).format(
        block=block,
        id=identity,
        name=field.name,
        kind=kind,
        value=choice.value,
        checked=Markup(" checked") if is_chosen else "",
        disabled=Markup(" disabled") if elsewhere else "",
        described=described,
        label=choice.label,
        hint=Markup('<div id="{}-hint" class="govuk-hint govuk-{}__hint">{}</div>').format(
            identity, block, hint
        )
        if hint
        else "",
    )


def _group(field: Any, body: Markup) -> Markup:
    wrong = " govuk-form-group--error" if field.errors else ""
    condition = field.look.get("condition")
    marks = (
        Markup(' data-condition="{}" data-condition-sign="{}" data-condition-value="{}"').format(
            condition.field, condition.sign, condition.value
        )
        if condition
        else Markup()
    )
    return Markup('<div class="govuk-form-group{}"{}>{}</div>').format(wrong, marks, body)


def _fieldset(field: Any, body: Markup, role: str = "") -> Markup:
    legend_class = field.look.get("legend_class", "govuk-fieldset__legend")
    return Markup(
        '<fieldset class="govuk-fieldset"{}{}><legend class="govuk-fieldset__legend {}">{}'
        "</legend>{}{}{}</fieldset>"
    ).format(
        Markup(' role="{}"').format(role) if role else "",
        _described(field),
        legend_class,
        field.label.text,
        _hint(field),
        _error(field),
        body,
    )


def _label(field: Any) -> Markup:
    return Markup('<label class="govuk-label" for="{}">{}</label>').format(
        field.id, field.label.text
    )


def _hint(field: Any) -> Markup:
    words = field.look.get("condition_words")
    if not (field.hint or words):
        return Markup()
    when = Markup('<span class="app-condition-words">{} </span>').format(words) if words else ""
    return Markup('<div id="{}-hint" class="govuk-hint">{}{}</div>').format(
        field.id, when, field.hint or ""
    )


def _error(field: Any) -> Markup:
    if not field.errors:
        return Markup()
    return Markup(
        '<p id="{}-error" class="govuk-error-message">'
        '<span class="govuk-visually-hidden">{}</span> {}</p>'
    ).format(field.id, _("错误："), Markup("<br>").join(escape(str(each)) for each in field.errors))


def _described(field: Any) -> Markup:
    parts = [f"{field.id}-hint"] if field.hint or field.look.get("condition_words") else []
    parts += [f"{field.id}-error"] if field.errors else []
    return Markup(' aria-describedby="{}"').format(" ".join(parts)) if parts else Markup()


def _invalid(field: Any) -> Markup:
    return Markup(' aria-invalid="true"') if field.errors else Markup()


def _looks(field: Any) -> Markup:
    names = ("inputmode", "autocomplete", "spellcheck", "list")
    return _join(
        Markup(' {}="{}"').format(name, field.look[name]) for name in names if name in field.look
    )


def _wrong(field: Any, block: str) -> str:
    return f" govuk-{block}--error" if field.errors else ""


def _join(parts: Iterable[Markup]) -> Markup:
    return Markup().join(parts)
