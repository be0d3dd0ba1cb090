"""The application form: built from a section's definition, never by hand (一表申请).

One class of WTForms per section is made once and kept; a page fills one of it, or one per line of
a repeating section. What was typed is kept exactly; the catalogue says what it means.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from flask_babel import LazyString
from wtforms import Form, SelectChoice

from catalog import regions
from catalog.schema import Field, FieldKind, Option, Section
from core.errors import Problem
from core.text import Text
from forms import fields
from forms.accounts import locale_code
from forms.conditions import Condition
from forms.locked_answers import LockedAnswers, LockedLook

Choices = Callable[[Field], Sequence[SelectChoice]]
"""The choices of a field whose list is not in the definition: regions, makers, scope entries."""

_FORMS: dict[FieldKind, type[fields.Question]] = {
    FieldKind.LONG_TEXT: fields.LongTextField,
    FieldKind.DATE: fields.DateField,
    FieldKind.CHOICE: fields.RadiosField,
    FieldKind.CHOICES: fields.CheckboxesField,
    FieldKind.YES_NO: fields.RadiosField,
    FieldKind.PROMISE: fields.PromiseField,
    FieldKind.NAME_PREFIX: fields.SelectField,
    FieldKind.REGION: fields.SelectField,
    FieldKind.SCOPE_CODE: fields.SelectField,
    FieldKind.SCOPE_CODES: fields.CheckboxesField,
    FieldKind.MAKER: fields.RadiosField,
    FieldKind.DISTRICT: fields.SelectField,
}
_LOOKS: dict[FieldKind, dict[str, Any]] = {
    FieldKind.INTEGER: {"width": 5, "inputmode": "numeric"},
    FieldKind.MONEY: {"width": 10, "inputmode": "decimal", "suffix": Text(zh="元", en="yuan")},
    FieldKind.PERCENT: {"width": 4, "inputmode": "decimal", "suffix": Text(zh="%", en="%")},
    FieldKind.CHINESE_NAME: {"width": 20},
    FieldKind.RESIDENT_ID: {"width": 20, "spellcheck": "false"},
    FieldKind.CREDIT_CODE: {"width": 20, "spellcheck": "false"},
    FieldKind.MOBILE_PHONE: {"width": 20, "inputmode": "tel"},
    FieldKind.EMAIL: {"width": 30, "inputmode": "email"},
    FieldKind.POSTCODE: {"width": 5, "inputmode": "numeric"},
    FieldKind.SCOPE_CODES: {"filter": True},
}
_OFFERED = frozenset(
    {
        FieldKind.NAME_PREFIX,
        FieldKind.REGION,
        FieldKind.SCOPE_CODE,
        FieldKind.SCOPE_CODES,
        FieldKind.MAKER,
        FieldKind.DISTRICT,
    }
)
YES_NO = (("yes", Text(zh="是", en="Yes")), ("no", Text(zh="否", en="No")))
NOTHING_CHOSEN = Text(zh="请选择", en="Choose")
OPTIONAL = Text(zh="{label}（选填）", en="{label} (optional)")


class SectionForm:
    """One section as a page shows it: one form, or one per line if the section repeats."""

    def __init__(self, section: Section, lines: list[Form], titles: list[Text]) -> None:
        self.section = section
        self.lines = lines
        self.titles = titles
        self.problems: list[dict[str, str]] = []
        self.locked: LockedAnswers | None = None

    @property
    def can_add(self) -> bool:
        """True while one more line is allowed."""
        repeat = self.section.repeat
        return repeat is not None and len(self.lines) < repeat.maximum and self._lines_may_change()

    @property
    def can_remove(self) -> bool:
        """True while a line may go."""
        repeat = self.section.repeat
        return repeat is not None and len(self.lines) > repeat.minimum and self._lines_may_change()

    def _lines_may_change(self) -> bool:
        return self.locked is None or self.locked.places.is_open(self.section.code)

    def look_of(self, number: int, name: str) -> LockedLook:
        """How a question of a line stands on the page: open, shown as text, or not at all."""
        if self.locked is None:
            return LockedLook.OPEN
        return self.locked.look_of(self.section, number, name)

    def locked_value(self, number: int, name: str) -> str:
        """The answer in words of a question that is shown as text."""
        return self.locked.value(self.section, number, name) if self.locked else ""

    @property
    def is_all_locked(self) -> bool:
        """True if nothing of the section may be changed."""
        return self.locked is not None and not self.locked.places.has_open(self.section.code)

    def typed(self) -> dict[str, Any] | list[dict[str, Any]]:
        """Everything exactly as typed, in the shape that drafts are kept in."""
        found = [{field.short_name: field.data for field in line} for line in self.lines]
        return found if self.section.repeat else found[0]

    def blame(self, problems: Iterable[Problem]) -> bool:
        """Put each problem of this section beside its field; True if there was none."""
        locale = locale_code()
        for problem in problems:
            head, *rest = problem.path.split(".")
            if head != self.section.code:
                continue
            sentence = problem.sentence.to(locale)
            self.problems.append({"id": self._attach(rest, sentence), "text": sentence})
        return not self.problems

    def _attach(self, rest: list[str], sentence: str) -> str:
        number = int(rest[0]) if rest and rest[0].isdigit() else 0
        name = rest[-1] if rest and not rest[-1].isdigit() else ""
        if number >= len(self.lines) or name not in self.lines[number]:
            return f"{self.section.code}-{number}" if self.lines else "section"
        field = self.lines[number][name]
        if sentence not in field.errors:
            field.errors = [*field.errors, sentence]
        return str(field.first_id)


def section_form(section: Section, typed: object, formdata: Any, choices: Choices) -> SectionForm:
    """The form of ``section``, filled with what was ``typed`` before or is posted now.

    ``formdata`` is a MultiDict or None. A posted ``line_count`` says how many lines there are,
    ``add`` appends one, ``remove`` drops the one of that number.
    """
    stored = _stored(section, typed)
    count = _posted_count(section, formdata) if formdata is not None else len(stored)
    form_class = _form_class(section)
    lines = []
    for number in range(count):
        prefix = f"{section.code}-{number}-" if section.repeat else f"{section.code}-"
        data = stored[number] if number < len(stored) else {}
        lines.append(_filled(form_class(formdata, prefix=prefix, data=data), section, choices))
    _change_lines(section, lines, formdata, choices)
    title = section.repeat.line_title if section.repeat else section.title
    return SectionForm(section, lines, [title.format(number=n + 1) for n in range(len(lines))])


def _stored(section: Section, typed: object) -> list[Mapping[str, Any]]:
    if section.repeat is None:
        return [typed if isinstance(typed, Mapping) else _defaults(section)]
    rows = [row for row in typed if isinstance(row, Mapping)] if isinstance(typed, list) else []
    missing = max(section.repeat.minimum, 1 if typed is None else 0) - len(rows)
    return [*rows, *(_defaults(section) for _number in range(missing))]


def _defaults(section: Section) -> dict[str, Any]:
    return {
        field.code: field.default.split() if _is_many(field) else field.default
        for field in section.fields
        if field.default is not None
    }


def _posted_count(section: Section, formdata: Any) -> int:
    if section.repeat is None:
        return 1
    posted = str(formdata.get("line_count", "1"))
    count = int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 4 else 1  # noqa: PLR2004
    return min(max(count, posted_lines(section.code, formdata)), section.repeat.maximum)


def posted_lines(prefix: str, formdata: Iterable[str]) -> int:
    """How many lines the names of the fields themselves speak of; a lost count loses nothing."""
    line = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,3}})-", re.ASCII)
    names = (name or "" for name in formdata)  # a part of a broken body may have no name
    return max((int(found[1]) + 1 for name in names if (found := line.match(name))), default=0)


def _change_lines(section: Section, lines: list[Form], formdata: Any, choices: Choices) -> None:
    """Carry out a pressed "add" or "remove"."""
    if section.repeat is None or formdata is None:
        return
    rows = [{field.short_name: field.data for field in line} for line in lines]
    pressed = str(formdata.get("remove", ""))
    if pressed.isascii() and pressed.isdigit() and int(pressed) < len(rows):
        del rows[int(pressed)]
    elif "add" in formdata and len(rows) < section.repeat.maximum:
        rows.append(_defaults(section))
    else:
        return
    lines[:] = [
        _filled(
            _form_class(section)(None, prefix=f"{section.code}-{number}-", data=row),
            section,
            choices,
        )
        for number, row in enumerate(rows)
    ]


@lru_cache(maxsize=256)
def _form_class(section: Section) -> type[Form]:
    """The WTForms class of a section; sections are frozen, so equal ones share it."""
    members = {field.code: _unbound(field, section) for field in section.fields}
    return type(f"{section.code.title()}Form", (Form,), members)


def _unbound(field: Field, section: Section) -> Any:
    label = field.label if field.required else OPTIONAL.format(label=field.label)
    looks = dict(_LOOKS.get(field.kind, {}))
    if "suffix" in looks:
        looks["suffix"] = _lazy(looks["suffix"])
    if field.autocomplete:
        looks["autocomplete"] = field.autocomplete
    if field.suggestions:
        looks["list"] = field.suggestions
    condition = Condition.of(field.when)
    if condition:
        looks["condition"] = condition
        looks["condition_words"] = _lazy(condition.sentence(section))
    return _FORMS.get(field.kind, fields.TextField)(_lazy(label), hint=_lazy(field.hint), **looks)


def _lazy(text: Text | None) -> LazyString | None:
    return LazyString(lambda: text.to(locale_code())) if text else None


def _filled(form: Form, section: Section, choices: Choices) -> Form:
    locale = locale_code()
    for field in section.fields:
        control = form[field.code]
        if field.options:
            _offer_options(control, field.options, locale)
        elif field.kind is FieldKind.YES_NO:
            control.choices = [SelectChoice(value, text.to(locale)) for value, text in YES_NO]
        elif field.kind in _OFFERED:
            offered = list(choices(field))
            if field.only_served:
                offered += _typed_before(control, offered, locale)
            if isinstance(control, fields.SelectField):
                offered.insert(0, SelectChoice("", NOTHING_CHOSEN.to(locale)))
            control.choices = offered
    return form


def _typed_before(control: Any, offered: Sequence[SelectChoice], locale: str) -> list[SelectChoice]:
    """A county that was chosen while it was served: it stays to be seen, and a rule refuses it."""
    name = regions.full_name(str(control.data or ""))
    if name is None or control.data in {choice.value for choice in offered}:
        return []
    return [SelectChoice(control.data, name.to(locale))]


def _offer_options(control: Any, options: Sequence[Option], locale: str) -> None:
    control.choices = [SelectChoice(each.value, each.label.to(locale)) for each in options]
    control.hints = {each.value: each.hint.to(locale) for each in options if each.hint}
    control.unavailable = {
        each.value: each.unavailable.to(locale) for each in options if each.unavailable
    }


def _is_many(field: Field) -> bool:
    return field.kind in {FieldKind.CHOICES, FieldKind.SCOPE_CODES}
