"""Fields that keep exactly what was typed; what it means is read by the catalogue, not here."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from wtforms import Field, SelectChoice
from wtforms.validators import StopValidation

from forms import widgets


class Question(Field):
    """A field with a hint. ``data`` is text (or a list, or parts of a date) as it was typed."""

    widget = staticmethod(widgets.text)
    data: Any

    def __init__(
        self,
        label: Any = None,
        validators: Sequence[Any] = (),
        *,
        hint: Any = None,
        **options: Any,
    ) -> None:
        self.hint = hint
        self.look: dict[str, Any] = {
            name: options.pop(name) for name in tuple(options) if name in widgets.LOOKS
        }
        super().__init__(label, validators, **options)

    @property
    def first_id(self) -> str:
        """The id of the control that a mistake's link goes to."""
        return str(self.id)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep the text; a file or anything else in its place counts as nothing."""
        if valuelist:
            self.data = valuelist[0] if isinstance(valuelist[0], str) else ""

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)


class TextField(Question):
    """One line. Looks: width (characters), suffix, inputmode, autocomplete, spellcheck."""


class PasswordField(Question):
    """A password: never shown again once it was typed."""

    widget = staticmethod(widgets.password)


class HiddenField(Question):
    """What travels with the page unseen."""

    widget = staticmethod(widgets.hidden)


class LongTextField(Question):
    """Several lines. Looks: rows, maximum (shown as characters left, by script)."""

    widget = staticmethod(widgets.long_text)


class ChoiceQuestion(Question):
    """One of ``choices`` (`SelectChoice`); anything else that is posted is refused."""

    def __init__(self, *arguments: Any, choices: Sequence[SelectChoice] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.choices: Sequence[SelectChoice] = choices
        self.hints: dict[str, str] = {}
        self.unavailable: dict[str, str] = {}

    def pre_validate(self, _form: Any) -> None:
        """Only what was offered, or nothing, may come back."""
        offered = {str(choice.value) for choice in self.choices}
        if self.data and self.data not in offered:
            raise StopValidation(gettext("请从列出的选项中选择。"))


class RadiosField(ChoiceQuestion):
    """One of a few, all seen at once."""

    widget = staticmethod(widgets.radios)

    @property
    def first_id(self) -> str:
        """The first round button."""
        return f"{self.id}-0"


class SelectField(ChoiceQuestion):
    """One of many."""

    widget = staticmethod(widgets.select)


class CheckboxesField(ChoiceQuestion):
    """Several of a list; ``data`` is a list of their values."""

    widget = staticmethod(widgets.checkboxes)

    @property
    def first_id(self) -> str:
        """The first box."""
        return f"{self.id}-0"

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep every ticked value; an empty list is an answer too."""
        self.data = [value for value in valuelist if isinstance(value, str) and value]

    def pre_validate(self, _form: Any) -> None:
        """Only what was offered may come back."""
        offered = {str(choice.value) for choice in self.choices}
        if set(self.data or ()) - offered:
            raise StopValidation(gettext("请从列出的选项中选择。"))


class PromiseField(Question):
    """A box that says "I promise"; ``data`` is "yes" or empty."""

    widget = staticmethod(widgets.promise)


class DateField(Question):
    """Year, month and day in three boxes, in this order; ``data`` has them as typed."""

    widget = staticmethod(widgets.day)
    PARTS = ("year", "month", "day")

    @property
    def first_id(self) -> str:
        """The box of the year."""
        return f"{self.id}-year"

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read the three boxes, or an ISO date or their stored parts."""
        super().process(None, data, extra_filters)
        if formdata is None or not any(f"{self.name}-{part}" in formdata for part in self.PARTS):
            self.data = self._parts(data)
            return
        values = {part: formdata.get(f"{self.name}-{part}", "") for part in self.PARTS}
        self.data = {
            part: value if isinstance(value, str) else "" for part, value in values.items()
        }

    def _parts(self, data: Any) -> dict[str, str]:
        if isinstance(data, dict):
            return {part: str(data.get(part) or "") for part in self.PARTS}
        pieces = str(data).split("-") if data else []
        return dict(zip(self.PARTS, [*pieces, "", "", ""], strict=False))
